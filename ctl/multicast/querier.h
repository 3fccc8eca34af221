/* SPDX-License-Identifier: GPL-2.0 */
/* General Queries on one link (RFC 3810 §7.6.2, RFC 6224 §4.2) */
#ifndef CTL_MULTICAST_QUERIER_H
#define CTL_MULTICAST_QUERIER_H

#include "multicast/query.h"

struct mcast_querier {
	struct env *env;
	const struct mcast_conf *conf;
	mcast_send_query_t *send;
	void *arg;
	unsigned int startup;		/* still to come at the shorter interval */
	struct timer timer;
};

void mcast_querier_init(struct mcast_querier *q, struct env *env,
			const struct mcast_conf *conf, mcast_send_query_t *send, void *arg);
/* Now, and from now on; also once more from the beginning.  0 or -ENOMEM */
int mcast_querier_start(struct mcast_querier *q);
void mcast_querier_stop(struct mcast_querier *q);

#endif
