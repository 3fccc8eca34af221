// SPDX-License-Identifier: GPL-2.0
/* The group "multicast" of the groups "lma" and "mag" (RFC 6224, RFC 7161) */
#include "conf/prefixes.h"
#include "conf/roles.h"

#define KEY(name, fn, field, lo, hi) \
	{ name, conf_set_##fn, offsetof(struct mcast_role, field), lo, hi }
#define SUBSCRIPTION(name, field, lo, hi) \
	{ name, conf_set_u32, offsetof(struct subscription_conf, field), lo, hi }
#define SEC_MS		1000
/* RFC 7161 §4.4: "a value that ensures that the nMAG does not enter the retry mode" */
#define PBA_TIMER_MAX	999
/* RFC 3810 §5.1.9: what a Querier's Query Interval Code can say, in s */
#define INTERVAL_MAX	31744
/* RFC 3810 §5.1.3: what a Maximum Response Code can say, in ms */
#define DELAY_MAX	8387584

/* Prefixes of groups */
static int set_groups(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		      void *to)
{
	struct mcast_role *c = to;

	(void)k;
	if (conf_groups(x, s, MCAST_ALLOWED_MAX, &c->down.allowed, &c->down.n_allowed))
		return -1;
	if (!c->down.n_allowed)
		return conf_error(x, s, "is empty: no group could be listened to");
	return 0;
}

/* RFC 7161; its presence has what a node listens to handed on */
static int set_subscription(struct conf_parser *x, config_setting_t *s,
			    const struct conf_key *k, void *to)
{
	static const struct conf_key timers[] = {
		SUBSCRIPTION("query-ms", query_ms, 10, 60 * SEC_MS),
		SUBSCRIPTION("query-retries", query_retries, 0, 10),
		SUBSCRIPTION("pba-timer-ms", pba_timer_ms, 0, PBA_TIMER_MAX),
	};
	struct subscription_conf *c = to;

	(void)k;
	c->enabled = true;
	return conf_group(x, s, timers, sizeof(timers) / sizeof(*timers), c);
}

static const struct conf_key keys[] = {
	{ "groups", set_groups, 0, 0, 0 },
	KEY("upstream", device, upstream, 0, sizeof(((struct mcast_role *)0)->upstream)),
	KEY("robustness", u32, down.robustness, 1, 7),
	KEY("query-interval-ms", u32, down.query_interval_ms, SEC_MS, INTERVAL_MAX * SEC_MS),
	KEY("response-ms", u32, down.response_ms, 1, DELAY_MAX),
	KEY("last-listener-ms", u32, down.last_listener_ms, 1, DELAY_MAX),
	KEY("last-listener-count", u32, down.last_listener_count, 0, 7),
	KEY("unsolicited-ms", u32, up.unsolicited_ms, 1, 60 * SEC_MS),
	KEY("max-groups", u32, down.max_groups, 1, 1U << 20),
	KEY("max-sources", u32, down.max_sources, 1, 1U << 16),
	KEY("report-rate", u32, down.report_rate, 0, 1U << 20),
	KEY("report-burst", u32, down.report_burst, 1, 1U << 20),
	{ "subscription", set_subscription, offsetof(struct mcast_role, subscription), 0, 0 },
};

/**
 * conf_multicast_defaults() - RFC 3810 §9's values, and limits
 * @c: filled
 * @anchor: whether the listeners are gateways, each with all that its nodes listen to
 *
 * A node is alone on its link, and a gateway in its tunnel: who leaves a group is believed.
 */
void conf_multicast_defaults(struct mcast_role *c, bool anchor)
{
	mcast_conf_default(&c->down);
	mcast_conf_default(&c->up);
	c->down.last_listener_count = 0;
	c->subscription.query_ms = 300;
	c->subscription.query_retries = 2;
	if (!anchor)
		return;
	c->down.max_groups = 65536;
	c->down.max_sources = 1024;
	c->down.report_rate = 10000;
	c->down.report_burst = 20000;
}

static int set(struct conf_parser *x, config_setting_t *s, struct mcast_role *c)
{
	if (conf_group(x, s, keys, sizeof(keys) / sizeof(*keys), c))
		return -1;
	if (c->down.response_ms >= c->down.query_interval_ms)
		return conf_error(x, s, "response-ms %u is not below query-interval-ms %u",
				  c->down.response_ms, c->down.query_interval_ms);
	c->down.startup_interval_ms = c->down.query_interval_ms / 4;
	c->down.startup_count = c->down.robustness;
	c->up.robustness = c->down.robustness;
	c->up.query_interval_ms = c->down.query_interval_ms;
	c->up.response_ms = c->down.response_ms;
	c->enabled = true;
	return 0;
}

/**
 * conf_set_lma_multicast() - the group "multicast" of an anchor; its presence has the
 * gateways asked
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct mcast_role
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_lma_multicast(struct conf_parser *x, config_setting_t *s,
			   const struct conf_key *k, void *to)
{
	struct mcast_role *c = to;

	(void)k;
	if (set(x, s, c))
		return -1;
	if (!c->upstream[0])
		return conf_error(x, s, "upstream is missing: which port does multicast come by?");
	return 0;
}

/**
 * conf_set_mag_multicast() - the group "multicast" of an access gateway; its presence has
 * the nodes asked
 * @x: the parser
 * @s: the group
 * @k: the key, unused
 * @to: a struct mcast_role
 *
 * Return: 0, or -1 with the error set.
 */
int conf_set_mag_multicast(struct conf_parser *x, config_setting_t *s,
			   const struct conf_key *k, void *to)
{
	config_setting_t *timer = config_setting_lookup(s, "subscription.pba-timer-ms");
	struct mcast_role *c = to;

	(void)k;
	if (set(x, s, c))
		return -1;
	if (c->upstream[0])
		return conf_error(x, config_setting_get_member(s, "upstream"),
				  "is an anchor's: to a MAG multicast comes by its tunnels");
	if (timer)
		return conf_error(x, timer, "is an anchor's: a MAG answers no PBU");
	return 0;
}
