// SPDX-License-Identifier: GPL-2.0
/* A message of words, and what is done to its bytes then. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include "mhsend.h"
#include "tool.h"

struct bytes {
	uint8_t *buf;
	size_t len;
	int keep_sum;
};

static const struct {
	const char *name;
	enum mh_kind kind;
} kinds[] = {
	{ "pbu", MH_PBU }, { "pba", MH_PBA }, { "be", MH_BE },
	{ "heartbeat", MH_HEARTBEAT }, { "shi", MH_SHI }, { "shack", MH_SHACK },
	{ "fmi", MH_FMI }, { "fma", MH_FMA }, { "bri", MH_BRI }, { "bra", MH_BRA },
	{ "upn", MH_UPN }, { "upa", MH_UPA }, { "hi", MH_HI }, { "hack", MH_HACK },
	{ "subscription-query", MH_SUBSCRIPTION_QUERY },
	{ "subscription-response", MH_SUBSCRIPTION_RESPONSE },
	{ "lma-ho-req", MH_LMA_HO_REQ }, { "lma-ho-resp", MH_LMA_HO_RESP },
	{ "lma-ho-init", MH_LMA_HO_INIT }, { "lma-hack", MH_LMA_HACK },
};

/**
 * build_hex() - bytes that are written in hexadecimal
 * @text: the digits
 * @buf: where they go
 * @size: how many fit
 *
 * Return: how many they are.
 */
size_t build_hex(const char *text, uint8_t *buf, size_t size)
{
	size_t n = strlen(text) / 2, i;

	if (strlen(text) % 2 || n > size)
		errx(2, "%s: an odd number of digits, or too many", text);
	for (i = 0; i < n; i++)
		if (sscanf(text + 2 * i, "%2hhx", buf + i) != 1)
			errx(2, "%s is not hexadecimal", text);
	return n;
}

static struct in6_addr parse_address(const char *text)
{
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		errx(2, "%s is not an address", text);
	return a;
}

static uint64_t stamp(const char *text)
{
	struct timespec ts;
	double offset;

	if (!strncmp(text, "0x", 2))
		return strtoull(text, NULL, 16);
	clock_gettime(CLOCK_REALTIME, &ts);
	offset = strtod(text, NULL) * 1e9;
	return mh_timestamp((uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec +
			    (uint64_t)(int64_t)offset);
}

static int set_field(struct mh_msg *m, const char *key, const char *value)
{
	unsigned long n = strtoul(value, NULL, 0);

	if (!strcmp(key, "seq")) {
		m->seq = (uint16_t)n;
		m->hb_seq = (uint32_t)n;
	} else if (!strcmp(key, "flags")) {
		m->flags = (uint16_t)n;
	} else if (!strcmp(key, "lifetime")) {
		m->lifetime = (uint16_t)n;
	} else if (!strcmp(key, "status")) {
		m->status = (uint8_t)n;
	} else if (!strcmp(key, "trigger")) {
		m->trigger = (uint8_t)n;
	} else if (!strcmp(key, "code")) {
		m->code = (uint8_t)n;
	} else if (!strcmp(key, "reason")) {
		m->reason = (uint16_t)n;
	} else if (!strcmp(key, "home")) {
		m->home = parse_address(value);
	} else {
		return 0;
	}
	return 1;
}

static void take_hnp(struct mh_opts *o, const char *value, bool off_link)
{
	struct mh_hnp *h = &o->hnp[o->n_hnp++];

	if (o->n_hnp > HNP_MAX || !prefix_parse(&h->prefix, value))
		errx(2, "hnp=%s", value);
	h->off_link = off_link;
	o->present |= MH_HAS_HNP;
}

static void take_bid(struct mh_opts *o, uint32_t bid)
{
	if (o->n_bid == PEERS_MAX)
		errx(2, "too many bid=");
	o->bid[o->n_bid++].bid = (uint16_t)bid;
	o->present |= MH_HAS_BID;
}

static void take_mag(struct mh_opts *o, const char *value)
{
	if (o->n_mag == PEERS_MAX)
		errx(2, "too many mag=");
	o->mag[o->n_mag++] = parse_address(value);
	o->present |= MH_HAS_MAG_ADDR;
}

static int set_option(struct mh_opts *o, const char *key, const char *value)
{
	uint32_t n = (uint32_t)strtoul(value, NULL, 0);
	uint32_t bit = 0;

	if (!strcmp(key, "hnp") || !strcmp(key, "off-link")) {
		take_hnp(o, value, *key == 'o');
	} else if (!strcmp(key, "mag")) {
		take_mag(o, value);
	} else if (!strcmp(key, "mn-id")) {
		bit = mn_id_from_nai(&o->mn_id, value) ? MH_HAS_MN_ID : 0;
	} else if (!strcmp(key, "llid")) {
		bit = llid_parse(&o->llid, value) ? MH_HAS_LLID : 0;
	} else if (!strcmp(key, "hi")) {
		o->hi = (uint8_t)n;
		bit = MH_HAS_HI;
	} else if (!strcmp(key, "att")) {
		o->att = (uint8_t)n;
		bit = MH_HAS_ATT;
	} else if (!strcmp(key, "lla")) {
		o->lla = parse_address(value);
		bit = MH_HAS_LLA;
	} else if (!strcmp(key, "alt-coa")) {
		o->alt_coa = parse_address(value);
		bit = MH_HAS_ALT_COA;
	} else if (!strcmp(key, "ipv4")) {
		o->ipv4_len = 32;
		bit = inet_pton(AF_INET, value, &o->ipv4) == 1 ? MH_HAS_IPV4_REQUEST : 0;
	} else if (!strcmp(key, "restart")) {
		o->restart = n;
		bit = MH_HAS_RESTART;
	} else if (!strcmp(key, "bid")) {
		take_bid(o, n);
	} else if (!strcmp(key, "lma")) {
		o->n_lma = 1;
		o->lma[0] = parse_address(value);
		bit = MH_HAS_LMA;
	} else if (!strcmp(key, "redirectable")) {
		bit = MH_HAS_REDIRECTABLE;
	} else if (!strcmp(key, "redirect")) {
		o->redirect = parse_address(value);
		bit = MH_HAS_REDIRECT;
	} else if (!strcmp(key, "timestamp")) {
		o->timestamp = stamp(value);
		bit = MH_HAS_TIMESTAMP;
	} else {
		return build_flow(o, key, value);
	}
	o->present |= bit;
	return 1;
}

static void resize(struct bytes *b, size_t len)
{
	if (len > MHSEND_MAX)
		errx(2, "longer than %d bytes", MHSEND_MAX);
	if (len > b->len)
		memset(b->buf + b->len, 0, len - b->len);
	b->len = len;
}

static int is_spoiler(const char *key)
{
	static const char *const keys[] = { "patch", "append", "cut", "pad", "fit", "sum" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(keys[i], key))
			return 1;
	return 0;
}

/* What no encoder would do */
static void spoil(struct bytes *b, const char *key, const char *value)
{
	size_t n = strtoul(value, NULL, 0);

	if (!strcmp(key, "patch")) {
		const char *hex = strchr(value, ':');

		if (!hex || n > MHSEND_MAX)
			errx(2, "patch=%s", value);
		n += build_hex(hex + 1, b->buf + n, MHSEND_MAX - n);
		if (n > b->len)
			errx(2, "patch=%s is beyond the end", value);
	} else if (!strcmp(key, "append")) {
		b->len += build_hex(value, b->buf + b->len, MHSEND_MAX - b->len);
	} else if (!strcmp(key, "cut")) {
		resize(b, n);
	} else if (!strcmp(key, "pad")) {
		resize(b, b->len + n);
	} else if (!strcmp(key, "fit")) {
		b->buf[MH_AT_LEN] = (uint8_t)(b->len / MH_UNIT - 1);
	} else {
		b->keep_sum = 1;
	}
}

/* First those of the message into @m, then those of its bytes into @b */
static void each_word(int argc, char **argv, struct mh_msg *m, struct bytes *b)
{
	char key[32];
	int i;

	for (i = 0; i < argc; i++) {
		size_t n = strcspn(argv[i], "=");
		const char *value = argv[i][n] ? argv[i] + n + 1 : "";

		snprintf(key, sizeof(key), "%.*s", (int)n, argv[i]);
		if (is_spoiler(key)) {
			if (b)
				spoil(b, key, value);
		} else if (m && !set_field(m, key, value) && !set_option(&m->opts, key, value)) {
			errx(2, "what is \"%s\"?", argv[i]);
		}
	}
}

static void write_sum(struct bytes *b, const struct in6_addr *src, const struct in6_addr *dst)
{
	size_t len = ((size_t)b->buf[MH_AT_LEN] + 1) * MH_UNIT;

	put16(b->buf + MH_AT_CHECKSUM, 0);
	put16(b->buf + MH_AT_CHECKSUM,
	      mh_checksum(b->buf, len < b->len ? len : b->len, src, dst));
}

/**
 * build() - the bytes of a message
 * @buf: MHSEND_MAX bytes for it
 * @argc: the number of words
 * @argv: the kind, then the words
 * @src: whom it is to come from
 * @dst: whom it goes to
 *
 * Return: its length; does not return from a word that it does not know.
 */
size_t build(uint8_t *buf, int argc, char **argv, const struct in6_addr *src,
	     const struct in6_addr *dst)
{
	struct bytes b = { .buf = buf };
	struct mh_msg m = { 0 };
	struct mh_result r;
	size_t i;
	int len;

	if (!strcmp(argv[0], "raw") && argc > 1) {
		b.len = build_hex(argv[1], buf, MHSEND_MAX);
		each_word(argc - 2, argv + 2, NULL, &b);
	} else {
		for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
			if (!strcmp(kinds[i].name, argv[0]))
				break;
		if (i == sizeof(kinds) / sizeof(*kinds))
			errx(2, "no message is called \"%s\"", argv[0]);
		m.kind = kinds[i].kind;
		each_word(argc - 1, argv + 1, &m, NULL);
		len = mh_encode(&m, buf, MHSEND_MAX, src, dst, &r);
		if (len < 0)
			errx(2, "%s: %s", argv[0], mh_strerror(r.error));
		b.len = (size_t)len;
		each_word(argc - 1, argv + 1, NULL, &b);
	}
	if (!b.keep_sum && b.len >= MH_AT_DATA)
		write_sum(&b, src, dst);
	return b.len;
}
