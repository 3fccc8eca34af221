// SPDX-License-Identifier: GPL-2.0
/* The group "redis": where the profiles of mobile nodes are, if not in a file. */
#include "conf/roles.h"
#include "conf/server.h"

#include <string.h>

#define sizeof_redis(field) sizeof(((struct redis_conf *)0)->field)
#define KEY(name, fn, field, lo, hi) \
	{ name, fn, offsetof(struct redis_conf, field), lo, hi }

/* Names would have to be looked up, for which everybody would wait. */
static int set_servers(struct conf_parser *x, config_setting_t *s, uint16_t port,
		       struct redis_server *v, unsigned int *n)
{
	int i, len = conf_list(x, s, REDIS_SERVERS_MAX);

	for (i = 0; i < len; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);
		const char *text = config_setting_get_string(e);

		v[i].port = port;
		if (!text || conf_server(text, true, v[i].host, sizeof(v[i].host), &v[i].port))
			return conf_error(x, e, "\"%s\" is neither a path nor as \"[::1]:%u\"",
					  text ? text : "", port);
	}
	*n = len < 0 ? 0 : (unsigned int)len;
	return len < 0 ? -1 : 0;
}

static int set_redis_servers(struct conf_parser *x, config_setting_t *s,
			     const struct conf_key *k, void *to)
{
	struct redis_conf *c = to;

	(void)k;
	return set_servers(x, s, 6379, c->server, &c->n_servers);
}

static int set_sentinels(struct conf_parser *x, config_setting_t *s,
			 const struct conf_key *k, void *to)
{
	struct redis_conf *c = to;

	(void)k;
	return set_servers(x, s, 26379, c->sentinel, &c->n_sentinels);
}

static const struct conf_key redis_keys[] = {
	{ "servers", set_redis_servers, 0, 0, 0 },
	{ "sentinels", set_sentinels, 0, 0, 0 },
	KEY("master", conf_set_string, master, 0, sizeof_redis(master)),
	KEY("prefix", conf_set_string, prefix, 0, sizeof_redis(prefix)),
	KEY("database", conf_set_u32, database, 0, 65535),
	KEY("user", conf_set_string, user, 0, sizeof_redis(user)),
	KEY("password", conf_set_string, password, 0, sizeof_redis(password)),
	KEY("sentinel-password", conf_set_string, sentinel_password, 0,
	    sizeof_redis(sentinel_password)),
	KEY("timeout-ms", conf_set_u32, cache.timeout_ms, 50, 60000),
	KEY("refresh", conf_set_u32, cache.refresh_s, 1, 86400),
	KEY("keep", conf_set_u32, cache.keep_s, 60, 86400 * 30),
};

/**
 * conf_redis_defaults() - what holds where nothing is said
 * @c: filled
 */
void conf_redis_defaults(struct redis_conf *c)
{
	memcpy(c->prefix, "pmip:", sizeof("pmip:"));
	c->cache.timeout_ms = 500;
	c->cache.refresh_s = 60;
	c->cache.keep_s = 3600;
}

/**
 * conf_set_redis() - the group "redis"
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct redis_conf
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_redis(struct conf_parser *x, config_setting_t *s,
		   const struct conf_key *k, void *to)
{
	struct redis_conf *c = to;

	(void)k;
	if (conf_group(x, s, redis_keys, sizeof(redis_keys) / sizeof(*redis_keys), c))
		return -1;
	if (!c->n_servers == !c->n_sentinels)
		return conf_error(x, s, "either servers or sentinels are wanted");
	if (!c->n_sentinels != !c->master[0])
		return conf_error(x, s, "sentinels and the name of their master go together");
	if (c->user[0] && !c->password[0])
		return conf_error(x, s, "a user without a password");
	c->enabled = true;
	return 0;
}
