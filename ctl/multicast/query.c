// SPDX-License-Identifier: GPL-2.0
/* What every query says of its querier (RFC 3810 §5.1.3, §5.1.8, §5.1.9). */
#include "multicast/query.h"

#define MSEC_PER_SEC	1000

static void fill(const struct mcast_conf *conf, struct mld_query *q, uint32_t delay_ms)
{
	q->version = 2;
	q->max_delay_ms = delay_ms;
	q->robustness = conf->robustness > UINT8_MAX ? UINT8_MAX : (uint8_t)conf->robustness;
	q->interval_s = conf->query_interval_ms / MSEC_PER_SEC;
}

/**
 * mcast_query_general() - send a General Query
 * @conf: what it says of times
 * @send: called once
 * @arg: for @send
 */
void mcast_query_general(const struct mcast_conf *conf, mcast_send_query_t *send, void *arg)
{
	struct mld_query q = { .version = 2 };

	fill(conf, &q, conf->response_ms);
	send(arg, &q);
}

/**
 * mcast_query_specific() - send a query about a group, or about sources of it
 * @conf: what it says of times
 * @q: group, S flag and sources; the rest is filled in
 * @send: called for each message
 * @arg: for @send
 *
 * RFC 3810 §9.8: their Maximum Response Delay is the Last Listener Query Interval;
 * §5.1.10: the number of sources "is limited by the MTU".
 */
void mcast_query_specific(const struct mcast_conf *conf, struct mld_query *q,
			  mcast_send_query_t *send, void *arg)
{
	unsigned int fit = (conf->mtu - MLD_HEADERS - MLD_QUERY_LEN) / sizeof(struct in6_addr);
	unsigned int left = q->sources.n;

	fill(conf, q, conf->last_listener_ms);
	for (;;) {
		q->sources.n = left < fit ? left : fit;
		send(arg, q);
		left -= q->sources.n;
		if (!left)
			break;
		q->sources.bytes += q->sources.n * sizeof(struct in6_addr);
	}
}
