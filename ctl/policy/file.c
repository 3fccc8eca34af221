// SPDX-License-Identifier: GPL-2.0
/* Policy back end "file": a list of nodes, read whole and checked whole. */
#include "policy/file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct key {
	const char *name;
	int (*set)(struct reader *r, config_setting_t *s, struct profile *pr);
};

static int set_mn_id(struct reader *r, config_setting_t *s, struct profile *pr)
{
	const char *t = file_text(r, s);

	if (!t)
		return -1;
	if (!mn_id_from_nai(&pr->mn_id, t))
		return file_refuse(r, s, "\"%s\" is no network access identifier", t);
	return 0;
}

static int set_lladdrs(struct reader *r, config_setting_t *s,
		       struct profile *pr)
{
	int i, n = file_list_len(r, s, PROFILE_LLADDRS);

	for (i = 0; i < n; i++) {
		config_setting_t *e = config_setting_get_elem(s, i);
		const char *t = file_text(r, e);

		if (!t)
			return -1;
		if (!llid_parse(&pr->lladdr[i], t))
			return file_refuse(r, e, "\"%s\" is no link-layer address", t);
	}
	pr->n_lladdrs = n < 0 ? 0 : n;
	return n < 0 ? -1 : 0;
}

/* Neither in, nor around, what is no mobile node's global unicast address */
static bool for_nodes(const struct prefix *p)
{
	static const struct prefix others[] = {
		{ .len = 8 },	/* unspecified, loopback, those with an IPv4 one inside */
		{ .addr.s6_addr = { 0xfe, 0x80 }, .len = 10 },	/* link-local */
		{ .addr.s6_addr = { 0xff }, .len = 8 },		/* multicast */
	};
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (prefix_contains(p, &others[i]) || prefix_contains(&others[i], p))
			return false;
	return true;
}

/* Packets to this gateway are no mobile node's. */
static bool spares_gateway(const struct reader *r, const struct prefix *p)
{
	for (unsigned int i = 0; i < r->own->n_address; i++)
		if (prefix_any_has(p, 1, &r->own->address[i]))
			return false;
	return true;
}

static int prefixes(struct reader *r, config_setting_t *s, struct prefix *p,
		    unsigned int *count)
{
	int i, n = file_list_len(r, s, HNP_MAX);

	for (i = 0; i < n; i++) {
		config_setting_t *e = config_setting_get_elem(s, i);
		const char *t = file_text(r, e);

		if (!t)
			return -1;
		if (!prefix_parse(&p[i], t) || !p[i].len)
			return file_refuse(r, e, "\"%s\" is no prefix", t);
		if (!for_nodes(&p[i]))
			return file_refuse(r, e, "\"%s\" is no global unicast prefix", t);
		if (!spares_gateway(r, &p[i]))
			return file_refuse(r, e, "\"%s\" holds this gateway's own address", t);
		if (owned_add(&r->hnps, &p[i], e))
			return file_refuse(r, e, "out of memory");
	}
	*count = n < 0 ? 0 : n;
	return n < 0 ? -1 : 0;
}

static int set_hnps(struct reader *r, config_setting_t *s, struct profile *pr)
{
	return prefixes(r, s, pr->hnp, &pr->n_hnp);
}

static int set_shared_hnps(struct reader *r, config_setting_t *s, struct profile *pr)
{
	return prefixes(r, s, pr->shared_hnp, &pr->n_shared_hnp);
}

static int set_lma(struct reader *r, config_setting_t *s, struct profile *pr)
{
	const char *t = file_text(r, s);
	unsigned int i;

	if (!t)
		return -1;
	if (inet_pton(AF_INET6, t, &pr->lma) != 1 ||
	    IN6_IS_ADDR_UNSPECIFIED(&pr->lma) || IN6_IS_ADDR_MULTICAST(&pr->lma))
		return file_refuse(r, s, "\"%s\" is no unicast IPv6 address", t);
	for (i = 0; i < r->own->n_anchor; i++)
		if (IN6_ARE_ADDR_EQUAL(&pr->lma, &r->own->anchor[i]))
			return file_refuse(r, s, "%s is this gateway itself", t);
	return 0;
}

static int set_multihoming(struct reader *r, config_setting_t *s,
			   struct profile *pr)
{
	static const char * const names[] = {
		[MULTIHOMING_SINGLE] = "single",
		[MULTIHOMING_SHARED] = "shared",
		[MULTIHOMING_DIFFERENT] = "different",
		[MULTIHOMING_COMBINED] = "combined",
	};
	const char *t = file_text(r, s);
	size_t i;

	if (!t)
		return -1;
	for (i = MULTIHOMING_SINGLE; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(t, names[i])) {
			pr->multihoming = (enum multihoming)i;
			return 0;
		}
	}
	return file_refuse(r, s,
		      "\"%s\" is not \"single\", \"shared\", \"different\" or \"combined\"", t);
}

static int set_access(struct reader *r, config_setting_t *s, struct profile *pr)
{
	int i, n = file_list_len(r, s, PROFILE_ATTS);
	uint8_t att = 0;

	for (i = 0; i < n; i++) {
		if (file_access(r, config_setting_get_elem(s, i), &att))
			return -1;
		pr->att_mask |= 1U << att;
	}
	return n < 0 ? -1 : 0;
}

static int set_prefer(struct reader *r, config_setting_t *s, struct profile *pr)
{
	int i, j, n = file_list_len(r, s, PROFILE_ATTS);

	for (i = 0; i < n; i++) {
		config_setting_t *e = config_setting_get_elem(s, i);

		if (file_access(r, e, &pr->prefer[i]))
			return -1;
		for (j = 0; j < i; j++)
			if (pr->prefer[j] == pr->prefer[i])
				return file_refuse(r, e, "a technology is there twice");
	}
	pr->n_prefer = n < 0 ? 0 : n;
	return n < 0 ? -1 : 0;
}

static int set_decides(struct reader *r, config_setting_t *s, struct profile *pr)
{
	const char *t = file_text(r, s);

	if (!t)
		return -1;
	if (!strcmp(t, "node"))
		pr->decides = FLOW_DECIDES_NODE;
	else if (!strcmp(t, "lma"))
		pr->decides = FLOW_DECIDES_LMA;
	else
		return file_refuse(r, s, "\"%s\" is neither \"lma\" nor \"node\"", t);
	return 0;
}

/* Its own, even if there are none, take the place of those for all nodes. */
static int set_flows(struct reader *r, config_setting_t *s, struct profile *pr)
{
	pr->rule = NULL;
	pr->n_rules = 0;
	return file_flows(r, s, &pr->rule, &pr->n_rules);
}

static int set_vendor(struct reader *r, config_setting_t *s, struct profile *pr)
{
	return file_vendors(r, s, &pr->vendor, &pr->n_vendor);
}

static int set_lifetime(struct reader *r, config_setting_t *s,
			struct profile *pr)
{
	int v = config_setting_get_int(s);

	if (config_setting_type(s) != CONFIG_TYPE_INT)
		return file_refuse(r, s, "a number of seconds is wanted");
	/* 16 bits of 4 s units, RFC 5213 §8.1; 65535 would mean infinity */
	if (v < 4 || v > 65534 * 4)
		return file_refuse(r, s, "%d is out of 4 to %d", v, 65534 * 4);
	pr->lifetime = v;
	return 0;
}

static int set_bool(struct reader *r, config_setting_t *s, bool *to)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return file_refuse(r, s, "true or false is wanted");
	*to = config_setting_get_bool(s);
	return 0;
}

static int set_allowed(struct reader *r, config_setting_t *s,
		       struct profile *pr)
{
	return set_bool(r, s, &pr->allowed);
}

static int set_keep_order(struct reader *r, config_setting_t *s,
			  struct profile *pr)
{
	return set_bool(r, s, &pr->keep_order);
}

static const struct key node_keys[] = {
	{ "mn-id", set_mn_id },
	{ "lladdrs", set_lladdrs },
	{ "hnps", set_hnps },
	{ "shared-hnps", set_shared_hnps },
	{ "lma", set_lma },
	{ "multihoming", set_multihoming },
	{ "access", set_access },
	{ "prefer", set_prefer },
	{ "decides", set_decides },
	{ "flows", set_flows },
	{ "vendor", set_vendor },
	{ "lifetime", set_lifetime },
	{ "allowed", set_allowed },
	{ "keep-order", set_keep_order },
};

static int read_key(struct reader *r, config_setting_t *s, struct profile *pr)
{
	size_t i;

	for (i = 0; i < sizeof(node_keys) / sizeof(*node_keys); i++)
		if (!strcmp(node_keys[i].name, config_setting_name(s)))
			return node_keys[i].set(r, s, pr);
	return file_refuse(r, s, "no such key");
}

/* Interfaces and prefixes are one node's, never all nodes'. */
static bool is_realm(const struct mn_id *id)
{
	return id->len > 1 && id->id[0] == '*' && id->id[1] == '@';
}

/*
 * RFC 7864 §3.2: "the decision on IP flow mobility MUST be taken either by the MN or
 * the LMA, but it MUST NOT be taken by both"
 */
static int check_decider(struct reader *r, config_setting_t *s, const struct profile *pr)
{
	config_setting_t *flows = config_setting_get_member(s, "flows");

	if (pr->n_rules && flows && !profile_moves_flows(pr))
		return file_refuse(r, flows, "not with multihoming \"single\"");
	if (!pr->n_rules || pr->decides != FLOW_DECIDES_NODE)
		return 0;
	if (flows)
		return file_refuse(r, flows, "the node decides: then the anchor must not");
	return file_refuse(r, config_setting_get_member(s, "decides"),
			   "the anchor would, too, by line %d; flows = () exempts this node",
			   (int)config_setting_source_line(r->flows));
}

/* What no key of a node alone can tell */
static int check_node(struct reader *r, config_setting_t *s, const struct profile *pr)
{
	if (!pr->mn_id.len)
		return file_refuse(r, s, "a node lacks \"mn-id\"");
	if (is_realm(&pr->mn_id) && (pr->n_lladdrs || pr->n_hnp || pr->n_shared_hnp))
		return file_refuse(r, config_setting_get_member(s, "mn-id"),
			      "a realm has neither \"lladdrs\" nor \"hnps\" nor \"shared-hnps\"");
	if (pr->n_shared_hnp && pr->multihoming != MULTIHOMING_COMBINED)
		return file_refuse(r, config_setting_get_member(s, "shared-hnps"),
			      "only with multihoming \"combined\"");
	/* one place is for a prefix of the attachment's own */
	if (pr->n_shared_hnp == HNP_MAX)
		return file_refuse(r, config_setting_get_member(s, "shared-hnps"),
			      "%d entries, at most %d fit", HNP_MAX, HNP_MAX - 1);
	return check_decider(r, s, pr);
}

static int read_keys(struct reader *r, config_setting_t *s, struct profile *pr)
{
	int i, n = config_setting_length(s);

	for (i = 0; i < n; i++)
		if (read_key(r, config_setting_get_elem(s, (unsigned int)i), pr))
			return -1;
	return check_node(r, s, pr);
}

static int add_node(struct reader *r, config_setting_t *s, const struct profile *pr)
{
	char buf[MN_ID_STRLEN];

	switch (table_add(r->table, pr)) {
	case 0:
		return 0;
	case -EEXIST:
		return file_refuse(r, config_setting_get_member(s, "mn-id"),
			      "\"%s\" is there twice",
			      mn_id_str(&pr->mn_id, buf, sizeof(buf)));
	case -EADDRINUSE:
		return file_refuse(r, config_setting_get_member(s, "lladdrs"),
			      "an address is there twice");
	}
	return file_refuse(r, s, "out of memory");
}

static int read_node(struct reader *r, config_setting_t *s)
{
	struct profile pr = { .allowed = true, .rule = r->rule, .n_rules = r->n_rules };

	if (!config_setting_is_group(s))
		return file_refuse(r, s, "a group { ... } is wanted");
	return read_keys(r, s, &pr) ? -1 : add_node(r, s, &pr);
}

/* Of two nodes, or one: what is in both would be of neither */
static int check_overlap(struct reader *r)
{
	config_setting_t *at, *other;
	const struct owned *a, *b;
	char text[2][PREFIX_STRLEN];

	if (!owned_overlap(&r->hnps, &a, &b))
		return 0;
	at = b->where;
	other = a->where;
	if (config_setting_source_line(other) > config_setting_source_line(at))
		at = other;
	prefix_str(&a->prefix, text[0], sizeof(text[0]));
	prefix_str(&b->prefix, text[1], sizeof(text[1]));
	if (prefix_equal(&a->prefix, &b->prefix))
		return file_refuse(r, at, "\"%s\" is there twice", text[0]);
	return file_refuse(r, at, "\"%s\" and \"%s\" overlap", text[0], text[1]);
}

static int read_root(struct reader *r, config_t *cfg)
{
	config_setting_t *root = config_root_setting(cfg), *s, *nodes = NULL;
	int i, n = config_setting_length(root);

	for (i = 0; i < n; i++) {
		s = config_setting_get_elem(root, i);
		if (!strcmp(config_setting_name(s), "nodes"))
			nodes = s;
		else if (!strcmp(config_setting_name(s), "flows"))
			r->flows = s;
		else
			return file_refuse(r, s, "no such key");
	}
	if (!nodes)
		return file_refuse(r, NULL, "missing");
	if (!config_setting_is_list(nodes))
		return file_refuse(r, nodes, "a list ( ... ) is wanted");
	if (r->flows && file_flows(r, r->flows, &r->rule, &r->n_rules))
		return -1;
	n = config_setting_length(nodes);
	for (i = 0; i < n; i++)
		if (read_node(r, config_setting_get_elem(nodes, i)))
			return -1;
	return check_overlap(r);
}

/**
 * policy_file_open() - open or reload the policy file
 * @p: the store; an open one is replaced, on success only
 * @path: file in libconfig's grammar (Documentation/samples/policy.conf)
 * @own: the gateway's own addresses (see conf_policy_open())
 * @err: receives "file:line: key: what" on error
 * @size: of @err, bytes
 *
 * Unknown keys, doubled nodes and interfaces, prefixes that overlap, flows that
 * both the node and the anchor would decide about, and bad values are refused.
 *
 * Return: 0, or -1 with @err set.
 */
int policy_file_open(struct policy *p, const char *path, const struct policy_own *own,
		     char *err, size_t size)
{
	struct reader r = {
		.path = path, .own = own, .err = err, .size = size,
		.table = table_new(),
	};
	struct policy fresh = { 0 };
	config_t cfg;
	int ret = -1;

	config_init(&cfg);
	if (!r.table) {
		snprintf(err, size, "%s:0: nodes: out of memory", path);
	} else if (!config_read_file(&cfg, path)) {
		if (config_error_type(&cfg) == CONFIG_ERR_FILE_IO)
			snprintf(err, size, "%s:0: file: cannot be read", path);
		else
			snprintf(err, size, "%s:%d: syntax: %s", path,
				 config_error_line(&cfg), config_error_text(&cfg));
	} else {
		ret = read_root(&r, &cfg);
	}
	owned_free(&r.hnps);
	config_destroy(&cfg);
	if (ret) {
		table_free(r.table);
		return -1;
	}
	table_open(&fresh, r.table);
	policy_replace(p, &fresh);
	policy_free(&fresh);
	return 0;
}

static const struct mn_id any_realm = { .subtype = 1, .len = 2, .id = "*@" };

static int read_one(struct reader *r, config_setting_t *root, const struct policy_text *t)
{
	config_setting_t *name = config_setting_get_member(root, "mn-id");
	struct profile pr = { .mn_id = t->realm ? any_realm : t->id, .allowed = true };
	unsigned int i;

	if (name)
		return file_refuse(r, name, "not here: whose it is says where it is");
	if (read_keys(r, root, &pr) || check_overlap(r))
		return -1;
	pr.mn_id = t->id;
	pr.before = t->before;
	pr.serving = !IN6_IS_ADDR_UNSPECIFIED(&t->lma);
	for (i = 0; pr.serving && i < r->own->n_anchor; i++)
		if (IN6_ARE_ADDR_EQUAL(&t->lma, &r->own->anchor[i]))
			return file_refuse(r, root, "this gateway itself is said to serve it");
	if (pr.serving)
		pr.lma = t->lma;
	return add_node(r, root, &pr);
}

/**
 * policy_text_read() - read what a store elsewhere has of one node
 * @t: what it has, and of whom
 * @err: receives "from:line: key: what" on error
 * @size: of @err, bytes
 *
 * A line that includes a file is refused: what is elsewhere has no say in what is read here.
 *
 * Return: a table with that one profile, or NULL with @err set.
 */
struct policy_table *policy_text_read(const struct policy_text *t, char *err, size_t size)
{
	static const struct policy_own nothing;
	struct reader r = {
		.path = t->from, .own = t->own ? t->own : &nothing, .err = err, .size = size,
	};
	config_t cfg;
	int ret = -1;

	if (strstr(t->text, "@include")) {
		snprintf(err, size, "%s:1: @include: not here", t->from);
		return NULL;
	}
	r.table = table_new();
	config_init(&cfg);
	if (!r.table)
		snprintf(err, size, "%s:0: nodes: out of memory", t->from);
	else if (!config_read_string(&cfg, t->text))
		snprintf(err, size, "%s:%d: syntax: %s", t->from, config_error_line(&cfg),
			 config_error_text(&cfg));
	else
		ret = read_one(&r, config_root_setting(&cfg), t);
	owned_free(&r.hnps);
	config_destroy(&cfg);
	if (!ret)
		return r.table;
	table_free(r.table);
	return NULL;
}
