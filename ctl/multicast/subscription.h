/* SPDX-License-Identifier: GPL-2.0 */
/* What nodes listen to goes from gateway to gateway by their anchor (RFC 7161). */
#ifndef CTL_MULTICAST_SUBSCRIPTION_H
#define CTL_MULTICAST_SUBSCRIPTION_H

#include <stdbool.h>
#include <stdint.h>

struct subscription_conf {
	bool enabled;
	uint32_t query_ms;		/* until a Query is repeated, 300 */
	unsigned int query_retries;	/* 2 */
	uint32_t pba_timer_ms;		/* an anchor's: so long a PBA waits for the answer, 0 */
};

struct subscription_counters {
	uint64_t query_tx, query_retransmitted, query_rx, response_tx, response_rx;
	uint64_t silent, unsupported;	/* Queries that nobody answered, or a Binding Error did */
	uint64_t stray;			/* Responses that answer nothing, Queries of strangers */
	uint64_t waited;		/* requests that did, for an answer */
	uint64_t told;			/* PBUs and PBAs with what a node listens to */
};

#endif
