/* SPDX-License-Identifier: GPL-2.0 */
/* Where the packets to a home network prefix go, as a path of copies for a group. */
#ifndef _PMIP_HOME_H
#define _PMIP_HOME_H

#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>

#include "binding.h"
#include "path.h"

struct pmip_net;

/**
 * struct pmip_home - a home network prefix, whether or not it has a binding now
 * @node: in the namespace's table
 * @key: the prefix
 * @path: the path; its users are listeners
 * @seams: of those of them to what another access gateway forwards
 * @rcu: readers may hold it until a grace period after its removal
 */
struct pmip_home {
	struct rhash_head node;
	struct pmip_binding_key key;
	struct pmip_path path;
	struct hlist_head seams;
	struct rcu_head rcu;
};

extern const struct rhashtable_params pmip_home_params;

struct pmip_path *pmip_home_get(struct pmip_net *pn,
				const struct pmip_binding_key *key,
				struct netlink_ext_ack *extack);
struct pmip_path *pmip_home_find(struct pmip_net *pn,
				 const struct pmip_binding_key *key);
void pmip_home_gone(struct pmip_net *pn, struct pmip_path *p);
void pmip_home_send(struct pmip_net *pn, struct pmip_path *p,
		    struct sk_buff *skb, unsigned int flags);
void pmip_home_queue(struct pmip_net *pn, struct pmip_path *p,
		     struct sk_buff *skb, unsigned int flags);

static inline struct pmip_home *pmip_path_home(struct pmip_path *p)
{
	return container_of(p, struct pmip_home, path);
}

#endif /* _PMIP_HOME_H */
