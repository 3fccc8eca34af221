/* SPDX-License-Identifier: GPL-2.0 */
/* Tunnels between gateways: one per pair of addresses. */
#ifndef _PMIP_TUNNEL_H
#define _PMIP_TUNNEL_H

#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/rbtree.h>
#include <linux/rhashtable.h>
#include <linux/u64_stats_sync.h>
#include "dst.h"
#include "path.h"

struct pmip_net;

struct pmip_tunnel_key {
	struct in6_addr local;
	struct in6_addr remote;
};

/* What each CPU has of a tunnel: route to the far end, and counters */
struct pmip_tunnel_cpu {
	struct pmip_dst route;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t redirected;
	struct u64_stats_sync syncp;
};

/* One of a tunnel's addresses, in order with those of the others */
struct pmip_tunnel_end {
	struct rb_node node;
	const struct in6_addr *addr;
};

/**
 * struct pmip_tunnel - a pair of gateway addresses
 * @node: in the namespace's table of address pairs
 * @key: the addresses
 * @path: the path into this tunnel; its state is the tunnel's
 * @cpu: what each CPU has of it
 * @flags: PMIP_TUNNEL_F_*
 * @hop_limit: of the outer header
 * @role: enum pmip_tunnel_role: for people, and of multicast packets it says where
 *	  they may go
 * @id: the name user space gave it
 * @generation: of the controller that made it
 * @ends: its addresses in the namespace's order
 * @uplinks: bindings whose uplink this is, and groups whose upstream; with the
 *	     path's users, why it stays
 * @rcu: readers may hold it until a grace period after its removal
 */
struct pmip_tunnel {
	struct rhash_head node;
	struct pmip_tunnel_key key;
	struct pmip_path path;
	struct pmip_tunnel_cpu __percpu *cpu;
	u32 flags;
	u8 hop_limit;
	u8 role;
	u32 id;
	u32 generation;
	struct pmip_tunnel_end ends[2];
	u32 uplinks;
	struct rcu_head rcu;
};

/* What a request may say of a tunnel; the rest has the default. */
struct pmip_tunnel_conf {
	u32 id;
	u32 flags;
	u32 generation;
	struct pmip_tunnel_key key;
	u8 role;
	u8 hop_limit;
	bool up;
};

extern const struct rhashtable_params pmip_tunnel_params;

struct pmip_tunnel *pmip_tunnel_new(struct pmip_net *pn,
				    const struct pmip_tunnel_conf *conf,
				    struct netlink_ext_ack *extack);
int pmip_tunnel_del(struct pmip_net *pn, struct pmip_tunnel *t,
		    struct netlink_ext_ack *extack);
void pmip_tunnel_set_state(struct pmip_net *pn, struct pmip_tunnel *t, bool up);
struct pmip_tunnel *pmip_tunnel_find(struct pmip_net *pn,
				     const struct in6_addr *local,
				     const struct in6_addr *remote);
bool pmip_tunnel_inside(struct pmip_net *pn, const struct in6_addr *prefix,
			u8 plen);
struct dst_entry *pmip_tunnel_dst(struct pmip_net *pn, struct pmip_tunnel *t);
unsigned int pmip_tunnel_mtu(struct pmip_net *pn, struct pmip_tunnel *t);
void pmip_tunnel_sum(const struct pmip_tunnel *t, u64 sum[5]);

static inline void pmip_tunnel_count_tx(struct pmip_tunnel *t,
					unsigned int len, bool redirected)
{
	struct pmip_tunnel_cpu *s = this_cpu_ptr(t->cpu);

	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->tx_packets);
	u64_stats_add(&s->tx_bytes, len);
	if (redirected)
		u64_stats_inc(&s->redirected);
	u64_stats_update_end(&s->syncp);
}

static inline void pmip_tunnel_count_rx(struct pmip_tunnel *t, unsigned int len)
{
	struct pmip_tunnel_cpu *s = this_cpu_ptr(t->cpu);

	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->rx_packets);
	u64_stats_add(&s->rx_bytes, len);
	u64_stats_update_end(&s->syncp);
}

static inline struct pmip_tunnel *pmip_path_tunnel(struct pmip_path *p)
{
	return container_of(p, struct pmip_tunnel, path);
}

#endif /* _PMIP_TUNNEL_H */
