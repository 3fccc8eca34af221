// SPDX-License-Identifier: GPL-2.0
/* pmipctl ipsec: security associations with keys of a file, as lines for ip-xfrm(8) */
#include "cli/ipsec_keys.h"
#include "cli/parse.h"
#include "mh/mh.h"

#include <arpa/inet.h>

static const char usage[] =
	"Usage: pmipctl ipsec lines local ADDR keys FILE [ all ] [ data ] [ delete ]\n"
	"        FILE: lines \"FROM TO SPI KEY [ENCRYPTION-KEY]\", the same for both gateways\n"
	"        all: one policy for all types of messages, not one for each\n"
	"        data: for the tunnel between the gateways as well\n"
	"       pmipctl ipsec lines ... | ip -batch -\n";

#define PROTO_MH	"135"
#define PROTO_TUNNEL	"41"

struct lines {
	struct cli *cli;
	struct in6_addr local;
	const char *keys;
	bool all, data, delete;
	unsigned int n;
};

static void address(FILE *out, const char *word, const struct in6_addr *a)
{
	char text[INET6_ADDRSTRLEN];

	fprintf(out, " %s %s", word, inet_ntop(AF_INET6, a, text, sizeof(text)));
}

static void from_to(FILE *out, const struct ipsec_key *k)
{
	address(out, "src", &k->from);
	address(out, "dst", &k->to);
}

/* Without a key for it nothing is encrypted: RFC 5213 §4 asks for integrity alone */
static void put_state(const struct lines *l, const struct ipsec_key *k)
{
	FILE *out = l->cli->out;

	fprintf(out, "xfrm state %s", l->delete ? "delete" : "add");
	from_to(out, k);
	fprintf(out, " proto esp spi 0x%x", k->spi);
	if (l->delete) {
		fputc('\n', out);
		return;
	}
	fprintf(out, " reqid %u mode transport auth-trunc hmac(sha256) 0x%s 128", k->spi,
		k->integrity);
	if (k->encryption[0])
		fprintf(out, " enc cbc(aes) 0x%s", k->encryption);
	else
		fputs(" enc ecb(cipher_null) \"\"", out);
	fputs(" sel", out);
	from_to(out, k);
	fputs(l->data ? "\n" : " proto " PROTO_MH "\n", out);
}

/* A type of 0: of all, there is no message that has it (a Binding Refresh Request) */
static void put_policy(const struct lines *l, const struct ipsec_key *k, const char *proto,
		       uint8_t type)
{
	bool leaves = IN6_ARE_ADDR_EQUAL(&k->from, &l->local);
	FILE *out = l->cli->out;

	fprintf(out, "xfrm policy %s", l->delete ? "delete" : "add");
	from_to(out, k);
	fprintf(out, " proto %s", proto);
	if (type)
		fprintf(out, " type %u", type);
	fprintf(out, " dir %s", leaves ? "out" : "in");
	if (!l->delete) {
		fputs(" tmpl", out);
		from_to(out, k);
		fprintf(out, " proto esp reqid %u mode transport", k->spi);
	}
	fputc('\n', out);
}

/* A number may be that of two kinds, as that of BRI and BRA */
static bool is_first(enum mh_kind kind)
{
	unsigned int i;

	for (i = 0; i < kind; i++)
		if (mh_type((enum mh_kind)i) == mh_type(kind))
			return false;
	return true;
}

static void policies(const struct lines *l, const struct ipsec_key *k)
{
	unsigned int kind;

	if (l->all)
		put_policy(l, k, PROTO_MH, 0);
	for (kind = 0; !l->all && kind < MH_KINDS; kind++)
		if (is_first((enum mh_kind)kind))
			put_policy(l, k, PROTO_MH, mh_type((enum mh_kind)kind));
	if (l->data)
		put_policy(l, k, PROTO_TUNNEL, 0);
}

static int association(void *arg, const struct ipsec_key *k)
{
	struct lines *l = arg;

	if (!IN6_ARE_ADDR_EQUAL(&k->from, &l->local) && !IN6_ARE_ADDR_EQUAL(&k->to, &l->local))
		return 0;
	l->n++;
	put_state(l, k);
	policies(l, k);
	return 0;
}

static int parse_one(struct cli *c, struct args *a, struct lines *l)
{
	bool *flag = NULL;

	if (args_are(a, "local"))
		return arg_addr(c, a, &l->local);
	if (args_are(a, "keys")) {
		l->keys = args_value(c, a, NULL);
		return l->keys ? 0 : CLI_USAGE;
	}
	if (args_are(a, "all"))
		flag = &l->all;
	else if (args_are(a, "data"))
		flag = &l->data;
	else if (args_are(a, "delete"))
		flag = &l->delete;
	if (!flag)
		return args_unknown(c, a);
	*flag = true;
	a->argc--;
	a->argv++;
	return 0;
}

static int ipsec_lines(struct cli *c, struct args *a)
{
	struct lines l = { .cli = c };
	int err = 0;

	while (a->argc && !err)
		err = parse_one(c, a, &l);
	if (err)
		return err;
	if (IN6_IS_ADDR_UNSPECIFIED(&l.local) || !l.keys)
		return cli_usage(c, "which local address, and which file with keys?");
	err = ipsec_keys_read(c, l.keys, association, &l);
	if (!err && !l.n)
		return cli_fail(c, "%s: nothing in it is of the local address", l.keys);
	return err;
}

static const struct cli_verb verbs[] = {
	{ "lines", ipsec_lines },
	{ NULL, NULL }
};

const struct cli_object cli_ipsec = { "ipsec", verbs, NULL, usage };
