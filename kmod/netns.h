/* SPDX-License-Identifier: GPL-2.0 */
/* What the module keeps for one network namespace. */
#ifndef _PMIP_NETNS_H
#define _PMIP_NETNS_H

#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rbtree.h>
#include <linux/rhashtable.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>

#include "drop.h"
#include "hash.h"
#include "hold.h"
#include "table.h"

#define PMIP_PLEN_MAX	128

struct pmip_cache;
struct pmip_fragments;
struct pmip_index;

/* What a purge looks at, in this order */
enum pmip_purge_table {
	PMIP_PURGE_FLOWS,
	PMIP_PURGE_BINDINGS,
	PMIP_PURGE_LISTENERS,
	PMIP_PURGE_TABLES
};

/**
 * struct pmip_purge - how far a purge has come
 * @at: behind the last object that was looked at
 * @generation: older ones are deleted
 * @table: the one that is looked at, PMIP_PURGE_*
 */
struct pmip_purge {
	struct pmip_cursor at;
	u32 generation;
	enum pmip_purge_table table;
};

/**
 * struct pmip_policies - which IPsec policies have a say
 * @concern: PMIP_POLICY_*, of those that have
 * @changes: how often one has come or gone
 * @lock: of both
 * @work: looks at them all
 */
struct pmip_policies {
	unsigned int concern;
	unsigned long changes;
	spinlock_t lock;	/* of both */
	struct work_struct work;
};

/**
 * struct pmip_net - all state of a namespace
 * @net: the namespace
 * @lock: serialises every change to the tables; readers use RCU
 * @dead: the namespace is going; packets are no longer taken
 * @label_key: of the outer flow labels' hash
 * @dev: the namespace's device of kind "pmip", or NULL
 * @drops: packets dropped, by reason and CPU
 * @policies: whether IPsec policies have a say
 * @tunnels: tunnels by identifier
 * @tunnel_hash: tunnels by address pair
 * @tunnel_ends: addresses of all tunnels, in order
 * @links: links by interface index
 * @paths: paths to neighbours by link and link-layer address
 * @gone_paths: of these, some that are to be freed after a grace period
 * @drop_path: the path of kind drop, shared by all
 * @hold_path: the path of kind hold, likewise
 * @homes: paths of kind home, by prefix
 * @holds: packets that wait
 * @n_seam_packets: packets of groups that wait for what another gateway forwards
 * @bindings: bindings by prefix
 * @plen_64: all bindings' prefixes are /64s
 * @plens: prefix lengths in use, one bit each
 * @plen_users: bindings of each prefix length
 * @flows: flows by node and identifier
 * @nodes: mobile nodes that have flows, by name
 * @index: bindings of other nodes by their name, NULL before the first flow
 * @cache: of packets' flows, NULL before the first flow
 * @fragments: flows of fragmented packets, NULL before the first flow
 * @groups: multicast groups by upstream and address
 * @channels: what they have of each source, or of any
 * @listeners: who listens, by channel and path
 * @marks: how many marks nodes have got
 * @moves: how often a flow has got other binding identifiers
 * @numbers: how many numbers nodes have got
 * @generation: the latest that an object was given, 0 if none was
 * @purge: where a purge that came to its limit goes on
 * @n_tunnels: tunnels held, as the next six counted under @lock
 * @n_links: links held
 * @n_paths: paths held
 * @n_bindings: bindings held
 * @n_flows: flows held
 * @n_channels: channels held
 * @n_listeners: listeners held; packets read it
 * @tunnel_changes: how often a tunnel has come or gone, as the next six for
 *	dumps
 * @link_changes: how often a link has
 * @path_changes: how often a path has
 * @binding_changes: how often a binding has
 * @flow_changes: how often a flow has
 * @channel_changes: how often a channel has
 * @listener_changes: how often a listener has
 */
struct pmip_net {
	struct net *net;
	struct mutex lock;	/* of all tables below */
	bool dead;
	struct pmip_hash_key label_key;
	struct net_device __rcu *dev;
	struct pmip_drops __percpu *drops;
	struct pmip_policies policies;

	struct xarray tunnels;
	struct rhashtable tunnel_hash;
	struct rb_root tunnel_ends;
	struct xarray links;
	struct pmip_table paths;
	struct pmip_path_batch *gone_paths;
	struct pmip_path *drop_path;
	struct pmip_path *hold_path;
	struct rhashtable homes;
	struct pmip_holds holds;
	atomic_t n_seam_packets;
	struct pmip_table bindings;
	bool plen_64;
	DECLARE_BITMAP(plens, PMIP_PLEN_MAX + 1);
	u32 plen_users[PMIP_PLEN_MAX + 1];

	struct pmip_table flows;
	struct pmip_table nodes;
	struct pmip_index *index;
	struct pmip_cache *cache;
	struct pmip_fragments *fragments;
	struct pmip_table groups;
	struct pmip_table channels;
	struct pmip_table listeners;
	u64 marks;
	u32 moves;
	u32 numbers;
	u32 generation;
	struct pmip_purge purge;

	u32 n_tunnels;
	u32 n_links;
	u32 n_paths;
	u32 n_bindings;
	u32 n_flows;
	u32 n_channels;
	u32 n_listeners;

	u32 tunnel_changes;
	u32 link_changes;
	u32 path_changes;
	u32 binding_changes;
	u32 flow_changes;
	u32 channel_changes;
	u32 listener_changes;
};

struct pmip_net *pmip_pernet(const struct net *net);
int pmip_netns_init(void);
void pmip_netns_exit(void);

#endif /* _PMIP_NETNS_H */
