/* SPDX-License-Identifier: GPL-2.0 */
/* Queries as a querier sends them */
#ifndef CTL_MULTICAST_QUERY_H
#define CTL_MULTICAST_QUERY_H

#include "mld/mld.h"
#include "multicast/conf.h"

typedef void mcast_send_query_t(void *arg, const struct mld_query *q);

void mcast_query_general(const struct mcast_conf *conf, mcast_send_query_t *send, void *arg);
/* Group, S flag and sources are filled in; in as many messages as it takes */
void mcast_query_specific(const struct mcast_conf *conf, struct mld_query *q,
			  mcast_send_query_t *send, void *arg);

#endif
