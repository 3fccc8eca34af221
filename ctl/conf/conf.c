// SPDX-License-Identifier: GPL-2.0
/* pmipd's configuration file: the keys outside the roles, and the whole. */
#include "conf/conf.h"

#include "conf/gateways.h"
#include "conf/lenient.h"
#include "conf/readable.h"
#include "conf/roles.h"
#include "core/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATE_DIR	"/var/lib/pmipd"

#define sizeof_conf(field) sizeof(((struct conf *)0)->field)
#define KEY(name, fn, field, lo, hi) \
	{ name, fn, offsetof(struct conf, field), lo, hi }

static int set_log_level(struct conf_parser *x, config_setting_t *s,
			 const struct conf_key *k, void *to)
{
	static const struct { const char *name; int level; } levels[] = {
		{ "error", LOG_ERR }, { "warning", LOG_WARNING },
		{ "info", LOG_INFO }, { "debug", LOG_DEBUG },
	};
	const char *text = config_setting_get_string(s);
	size_t i;

	(void)k;
	for (i = 0; text && i < sizeof(levels) / sizeof(*levels); i++) {
		if (!strcmp(text, levels[i].name)) {
			*(int *)to = levels[i].level;
			return 0;
		}
	}
	return conf_error(x, s, "must be \"error\", \"warning\", \"info\" or \"debug\"");
}

/* RFC 6275's own and IANA's end at 23; 255 is kept out of private use. */
static int set_mh_types(struct conf_parser *x, config_setting_t *s,
			const struct conf_key *k, void *to)
{
	static const struct conf_key keys[] = {
		KEY("shi", conf_set_u8, types.shi, 24, 254),
		KEY("shack", conf_set_u8, types.shack, 24, 254),
		KEY("fmi", conf_set_u8, types.fmi, 24, 254),
		KEY("fma", conf_set_u8, types.fma, 24, 254),
		KEY("lma-ho-req", conf_set_u8, types.lma_ho_req, 24, 254),
		KEY("lma-ho-resp", conf_set_u8, types.lma_ho_resp, 24, 254),
		KEY("lma-ho-init", conf_set_u8, types.lma_ho_init, 24, 254),
		KEY("lma-hack", conf_set_u8, types.lma_hack, 24, 254),
	};
	const size_t n = sizeof(keys) / sizeof(*keys);
	const uint8_t *type;
	struct conf *c = to;
	size_t i, j;

	(void)k;
	if (conf_group(x, s, keys, n, c))
		return -1;
	/* a number that is not given is taken all the same */
	for (i = 0; i < n; i++) {
		type = (const uint8_t *)c + keys[i].offset;
		for (j = 0; j < i; j++)
			if (*((const uint8_t *)c + keys[j].offset) == *type)
				return conf_error(x, s, "%s and %s are both %u", keys[j].name,
						  keys[i].name, *type);
	}
	return 0;
}

static int set_ports(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to)
{
	static const struct conf_key keys[] = {
		{ "name", conf_set_device, offsetof(struct conf_port, name), 0, 0 },
		{ "stack", conf_set_bool, offsetof(struct conf_port, stack), 0, 0 },
	};
	struct conf *c = to;
	int i, j, len;

	(void)k;
	len = conf_list(x, s, CONF_PORTS_MAX);
	if (len < 0)
		return -1;
	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (conf_group(x, e, keys, sizeof(keys) / sizeof(*keys), &c->port[i]))
			return -1;
		if (!c->port[i].name[0])
			return conf_error(x, e, "name is missing");
		for (j = 0; j < i; j++)
			if (!strcmp(c->port[j].name, c->port[i].name))
				return conf_error(x, e, "\"%s\" is there twice", c->port[i].name);
	}
	c->n_ports = (unsigned int)len;
	return 0;
}

/* RFC 5847 §5 wants 30 to 3600 s; faster is allowed and documented. */
static int set_heartbeat(struct conf_parser *x, config_setting_t *s,
			 const struct conf_key *k, void *to)
{
	static const struct conf_key keys[] = {
		KEY("interval-ms", conf_set_u32, peer.heartbeat_ms, 0, 3600000),
		KEY("missing-allowed", conf_set_u32, peer.missing_allowed, 1, 100),
	};
	struct conf *c = to;

	(void)k;
	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), c))
		return -1;
	if (c->peer.heartbeat_ms && c->peer.heartbeat_ms < 50)
		return conf_error(x, config_setting_get_member(s, "interval-ms"),
				  "%u is neither 0 nor within 50 to 3600000", c->peer.heartbeat_ms);
	return 0;
}

static const struct conf_key conf_keys[] = {
	KEY("control", conf_set_string, control, 0, sizeof_conf(control)),
	KEY("policy", conf_set_string, policy, 0, sizeof_conf(policy)),
	KEY("device", conf_set_device, device, 0, 0),
	KEY("state-dir", conf_set_string, state_dir, 0, sizeof_conf(state_dir)),
	KEY("sessions-dir", conf_set_string, sessions_dir, 0, sizeof_conf(sessions_dir)),
	KEY("keep-sessions", conf_set_bool, keep_sessions, 0, 0),
	KEY("log-level", set_log_level, log_level, 0, 0),
	KEY("kernel", conf_set_bool, kernel, 0, 0),
	KEY("fixed-link-layer-address", conf_set_bool, fixed_lladdr, 0, 0),
	{ "mh-types", set_mh_types, 0, 0, 0 },
	{ "ports", set_ports, 0, 0, 0 },
	{ "heartbeat", set_heartbeat, 0, 0, 0 },
	{ "lenient", conf_set_lenient, 0, 0, 0 },
	KEY("require-ipsec", conf_set_bool, require_ipsec, 0, 0),
	{ "gateways", conf_set_gateways, 0, 0, 0 },
	KEY("limits", conf_set_limits, limits, 0, 0),
	KEY("redis", conf_set_redis, redis, 0, 0),
	KEY("radius", conf_set_radius, radius, 0, 0),
	KEY("hold", conf_set_hold, hold, 0, 0),
	KEY("lma", conf_set_lma, lma, 0, 0),
	KEY("mag", conf_set_mag, mag, 0, 0),
};

/*
 * An access gateway has the stack route everything that comes out of a tunnel
 * back to the device; an anchor has it routed to where it is going.  So it does
 * where there are IPsec policies, see device.c.
 */
static int check_stack(struct conf_parser *x, config_setting_t *root, const struct conf *c)
{
	unsigned int i;
	bool stack = false;

	for (i = 0; i < c->n_ports; i++)
		stack |= c->port[i].stack;
	for (i = 0; i < c->mag.n_links; i++)
		stack |= c->mag.link[i].stack;
	if (!c->lma.enabled || !c->mag.enabled || (!stack && !conf_ipsec(c)))
		return 0;
	return conf_error(x, config_setting_get_member(root, "mag"),
			  "%s needs the roles lma and mag apart",
			  stack ? "stack" : "require-ipsec");
}

/*
 * Tunnels and bindings are one gateway's: at a node's own anchor those of the access
 * gateway would take the place of the anchor's.
 */
static int check_anchor(struct conf_parser *x, config_setting_t *root, const struct conf *c)
{
	config_setting_t *mag = config_setting_get_member(root, "mag");

	if (!c->lma.enabled || !c->mag.enabled ||
	    !IN6_ARE_ADDR_EQUAL(&c->mag.lma, &c->lma.address))
		return 0;
	return conf_error(x, config_setting_get_member(mag, "lma"),
			  "is this gateway itself: a node's anchor is another one");
}

/* Groups come by a device that the module knows */
static int check_upstream(struct conf_parser *x, config_setting_t *root, const struct conf *c)
{
	unsigned int i;

	if (!c->lma.mcast.enabled)
		return 0;
	for (i = 0; i < c->n_ports; i++)
		if (!strcmp(c->port[i].name, c->lma.mcast.upstream))
			return 0;
	return conf_error(x, config_setting_lookup(root, "lma.multicast.upstream"),
			  "\"%s\" is none of the ports", c->lma.mcast.upstream);
}

/* What no key alone can tell */
static int check_whole(struct conf_parser *x, config_setting_t *root, struct conf *c)
{
	unsigned int i, j;

	if (!c->lma.enabled && !c->mag.enabled)
		return conf_error(x, root, "neither lma nor mag: nothing to do");
	if (c->redis.enabled && c->policy[0])
		return conf_error(x, config_setting_get_member(root, "redis"),
				  "profiles are either there or in the file \"policy\"");
	if (c->radius.enabled && (c->policy[0] || c->redis.enabled))
		return conf_error(x, config_setting_get_member(root, "radius"),
				  "profiles are either there or in %s",
				  c->policy[0] ? "the file \"policy\"" : "\"redis\"");
	if (!c->control[0])
		return conf_error(x, config_setting_get_member(root, "control"), "is empty");
	if (!c->state_dir[0])
		return conf_error(x, config_setting_get_member(root, "state-dir"), "is empty");
	for (i = 0; i < c->n_ports; i++)
		for (j = 0; j < c->mag.n_links; j++)
			if (!strcmp(c->port[i].name, c->mag.link[j].name))
				return conf_error(x, config_setting_get_member(root, "ports"),
						  "\"%s\" is an access link as well",
						  c->port[i].name);
	return conf_check_learn(x, root, c) || check_stack(x, root, c) ||
	       check_anchor(x, root, c) || check_upstream(x, root, c) ||
	       conf_check_pair(x, root, c) ? -1 : 0;
}

static void defaults(struct conf *c)
{
	memset(c, 0, sizeof(*c));
	snprintf(c->control, sizeof(c->control), "/run/pmipd/control");
	snprintf(c->device, sizeof(c->device), "pmip0");
	snprintf(c->state_dir, sizeof(c->state_dir), STATE_DIR);
	c->keep_sessions = true;
	c->log_level = LOG_INFO;
	c->kernel = true;
	c->fixed_lladdr = true;
	c->types = mh_default_types;
	c->peer.heartbeat_ms = 60000;
	c->peer.missing_allowed = 3;
	limit_defaults(&c->limits);
	conf_redis_defaults(&c->redis);
	conf_radius_defaults(&c->radius);
	conf_hold_defaults(&c->hold);
	conf_lma_defaults(&c->lma);
	conf_mag_defaults(&c->mag);
}

/* What the file has not said, and what it has decides */
static void complete(struct conf *c)
{
	if (!c->sessions_dir[0])
		snprintf(c->sessions_dir, sizeof(c->sessions_dir), "%s",
			 strcmp(c->state_dir, STATE_DIR) ? c->state_dir : "/run/pmipd");
}

static int read_file(config_t *cfg, const char *path, char *err, size_t size)
{
	const char *file;

	if (conf_readable(path, err, size))
		return -1;
	if (config_read_file(cfg, path) == CONFIG_TRUE)
		return 0;
	if (config_error_type(cfg) == CONFIG_ERR_FILE_IO) {
		snprintf(err, size, "%s:0: cannot be read: %s", path, strerror(errno));
		return -1;
	}
	file = config_error_file(cfg);
	snprintf(err, size, "%s:%d: %s", file ? file : path, config_error_line(cfg),
		 config_error_text(cfg));
	return -1;
}

/**
 * conf_load() - read a configuration file and check all of it
 * @c: filled with the file's values over the defaults
 * @path: the file
 * @err: where to say what is wrong
 * @size: bytes in @err
 *
 * Return: 0, and conf_free() is due; or -1 with "file:line: key: what".
 */
int conf_load(struct conf *c, const char *path, char *err, size_t size)
{
	struct conf_parser x = { .path = path, .err = err, .size = size };
	config_setting_t *root;

	defaults(c);
	snprintf(c->path, sizeof(c->path), "%s", path);
	c->source = malloc(sizeof(*c->source));
	if (!c->source) {
		snprintf(err, size, "%s:0: no memory", path);
		return -1;
	}
	config_init(c->source);
	if (read_file(c->source, path, err, size))
		goto out;
	root = config_root_setting(c->source);
	if (conf_group(&x, root, conf_keys, sizeof(conf_keys) / sizeof(*conf_keys), c) ||
	    check_whole(&x, root, c))
		goto out;
	complete(c);
	return 0;
out:
	conf_free(c);
	return -1;
}

struct prefix_check {
	const struct lma_conf *conf;
	const char *from;	/* what it is elsewhere */
	char *err;
	size_t size;
	bool failed;
};

/*
 * Nobody sees all profiles of a store that is shared.  So that none of them overlaps with
 * another, or with what a pool has given out, all are of one length and outside of the pools.
 */
static const char *unlike_pools(const struct lma_conf *c, const struct prefix *p)
{
	unsigned int i;

	if (p->len != c->pool_prefix_len)
		return "is not of the length pool-prefix-length";
	for (i = 0; i < c->n_pools; i++)
		if (prefix_contains(&c->pool[i], p))
			return "lies in a pool";
	return NULL;
}

static bool spared(struct prefix_check *x, const struct profile *pr, const char *key,
		   const struct prefix *p, unsigned int n)
{
	char id[MN_ID_STRLEN], text[PREFIX_STRLEN];
	unsigned int i;

	for (i = 0; i < n; i++) {
		const char *why = unlike_pools(x->conf, &p[i]);

		if (!why)
			continue;
		snprintf(x->err, x->size, "%s: %s: %s of %s %s", x->from, key,
			 prefix_str(&p[i], text, sizeof(text)),
			 mn_id_str(&pr->mn_id, id, sizeof(id)), why);
		x->failed = true;
		return false;
	}
	return true;
}

static bool spares_pools(void *arg, const struct profile *pr)
{
	return spared(arg, pr, "hnps", pr->hnp, pr->n_hnp) &&
	       spared(arg, pr, "shared-hnps", pr->shared_hnp, pr->n_shared_hnp);
}

static struct policy_own own_addresses(const struct conf *c)
{
	struct policy_own own = { 0 };

	if (c->mag.enabled) {
		own.anchor[own.n_anchor++] = c->mag.address;
		own.address[own.n_address++] = c->mag.address;
	}
	if (c->lma.enabled)
		own.address[own.n_address++] = c->lma.address;
	if (c->mag.enabled && c->lma.enabled)
		own.anchor[own.n_anchor++] = c->lma.address;
	return own;
}

/**
 * conf_policy_read() - a profile that a store elsewhere has
 * @c: the configuration
 * @t: what it has, see policy_text_read(); own is filled in
 * @err: where to say what is wrong
 * @size: bytes in @err
 *
 * The rules are those for the file.  Beyond them all prefixes of an anchor's have the length
 * of those in the pools, and are in none.
 *
 * Return: a table of that one profile; NULL with @err set.
 */
struct policy_table *conf_policy_read(const struct conf *c, struct policy_text *t, char *err,
				      size_t size)
{
	struct prefix_check check = {
		.conf = &c->lma, .from = t->from, .err = err, .size = size,
	};
	const struct policy_own own = own_addresses(c);
	struct policy p = { 0 };
	struct policy_table *table;

	t->own = &own;
	table = policy_text_read(t, err, size);
	t->own = NULL;
	if (!table || !c->lma.enabled)
		return table;
	table_open(&p, table);
	policy_each(&p, spares_pools, &check);
	if (!check.failed)
		return table;
	policy_free(&p);
	return NULL;
}

/**
 * conf_policy_open() - open the policy that a configuration names
 * @c: the configuration; without a policy file, the store is empty
 * @p: the store; an open one is replaced, on success only
 * @err: where to say what is wrong
 * @size: bytes in @err
 *
 * In an access gateway no profile names the gateway itself as the node's anchor.
 * Nobody's prefix holds the gateway's own address.
 *
 * Return: 0; or -1 with "file:line: key: what".
 */
int conf_policy_open(const struct conf *c, struct policy *p, char *err, size_t size)
{
	const struct policy_own own = own_addresses(c);

	if (!c->policy[0]) {
		snprintf(err, size, "%s", strerror(ENOMEM));
		return policy_table_open(p, NULL, 0);
	}
	if (conf_readable(c->policy, err, size))
		return -1;
	return policy_file_open(p, c->policy, &own, err, size);
}

/**
 * conf_free() - give back what conf_load() took
 * @c: the configuration, empty afterwards
 */
void conf_free(struct conf *c)
{
	if (c->source)
		config_destroy(c->source);
	free(c->source);
	free(c->gateway);
	free(c->lma.mag);
	free(c->lma.learn);
	conf_authority_free(&c->lma);
	conf_flow_free(&c->lma.flow);
	free(c->lma.meter);
	free(c->lma.bulk);
	free(c->mag.peer);
	free(c->lma.mcast.down.allowed);
	free(c->mag.mcast.down.allowed);
	free(c->mag.signal.rule);
	free(c->mag.anchors.anchor);
	free(c->mag.anchors.rule);
	memset(c, 0, sizeof(*c));
}
