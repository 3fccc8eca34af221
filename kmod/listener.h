/* SPDX-License-Identifier: GPL-2.0 */
/* Who gets the packets of a channel: one entry for each path. */
#ifndef _PMIP_LISTENER_H
#define _PMIP_LISTENER_H

#include <linux/atomic.h>
#include <linux/in6.h>
#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>

#include "group.h"

struct pmip_net;
struct pmip_path;
struct pmip_seam;
struct pmip_tunnel;

/**
 * struct pmip_listener - an entry
 * @channel: the group and source that it is of
 * @path: by which packets go, or not
 * @node: among the channel's others
 * @live: packets may find it
 * @block: packets do not go by @path
 * @generation: of the controller that made it
 * @seam: where the anchor's packets meet what it has (path of kind home, from another
 *	access gateway), or NULL
 * @packets: copies that were sent because of it
 * @bytes: their bytes
 * @rcu: readers may hold it until a grace period after its removal
 */
struct pmip_listener {
	struct pmip_channel *channel;
	struct pmip_path *path;
	struct list_head node;
	bool live;
	bool block;
	u32 generation;
	struct pmip_seam *seam;
	atomic64_t packets;
	atomic64_t bytes;
	struct rcu_head rcu;
};

/* A listener as a request describes it */
struct pmip_listener_conf {
	struct pmip_tunnel *upstream;
	struct in6_addr addr;
	struct in6_addr source;
	u32 generation;
	bool block;
	bool has_generation;
};

u64 pmip_listener_hash(const void *object);
struct pmip_listener *pmip_listener_find(struct pmip_net *pn,
					 const struct pmip_channel *c,
					 const struct pmip_path *p);
int pmip_listener_check(const struct pmip_listener_conf *conf,
			struct netlink_ext_ack *extack);
int pmip_listener_new(struct pmip_net *pn, const struct pmip_listener_conf *conf,
		      struct pmip_path *p, struct netlink_ext_ack *extack);
void pmip_listener_change(struct pmip_net *pn, struct pmip_listener *l,
			  const struct pmip_listener_conf *conf);
void pmip_listener_del(struct pmip_net *pn, struct pmip_listener *l);
void pmip_listener_init(void);

#endif /* _PMIP_LISTENER_H */
