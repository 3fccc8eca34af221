// SPDX-License-Identifier: GPL-2.0
/* Tunnels between gateways: identity, route, state and counters. */
#include <linux/slab.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>

#include "binding.h"
#include "device.h"
#include "event.h"
#include "generation.h"
#include "hold.h"
#include "netns.h"
#include "return.h"
#include "tunnel.h"

const struct rhashtable_params pmip_tunnel_params = {
	.key_len = sizeof(struct pmip_tunnel_key),
	.key_offset = offsetof(struct pmip_tunnel, key),
	.head_offset = offsetof(struct pmip_tunnel, node),
	.automatic_shrinking = true,
};

/**
 * pmip_tunnel_find() - the tunnel between two addresses
 * @pn: the namespace
 * @local: this gateway's address
 * @remote: the other's
 *
 * Context: RCU read side. Return: the tunnel or NULL.
 */
struct pmip_tunnel *pmip_tunnel_find(struct pmip_net *pn,
				     const struct in6_addr *local,
				     const struct in6_addr *remote)
{
	struct pmip_tunnel_key key = { .local = *local, .remote = *remote };

	return rhashtable_lookup(&pn->tunnel_hash, &key, pmip_tunnel_params);
}

/**
 * pmip_tunnel_inside() - does a prefix hold a gateway's address
 * @pn: the namespace
 * @prefix: the prefix
 * @plen: its length in bits
 *
 * Such a binding would draw the tunnel's own packets into a tunnel.
 *
 * Context: @pn->lock held. Return: true if it does.
 */
bool pmip_tunnel_inside(struct pmip_net *pn, const struct in6_addr *prefix,
			u8 plen)
{
	const struct rb_node *n = pn->tunnel_ends.rb_node;
	const struct pmip_tunnel_end *end;

	/* What begins with the prefix lies together in the order. */
	while (n) {
		end = rb_entry(n, struct pmip_tunnel_end, node);
		if (ipv6_prefix_equal(end->addr, prefix, plen))
			return true;
		n = ipv6_addr_cmp(prefix, end->addr) < 0 ? n->rb_left :
							    n->rb_right;
	}
	return false;
}

static bool pmip_tunnel_end_less(struct rb_node *a, const struct rb_node *b)
{
	return ipv6_addr_cmp(rb_entry(a, struct pmip_tunnel_end, node)->addr,
			     rb_entry(b, struct pmip_tunnel_end, node)->addr) < 0;
}

static void pmip_tunnel_add_ends(struct pmip_net *pn, struct pmip_tunnel *t)
{
	int i;

	t->ends[0].addr = &t->key.local;
	t->ends[1].addr = &t->key.remote;
	for (i = 0; i < ARRAY_SIZE(t->ends); i++)
		rb_add(&t->ends[i].node, &pn->tunnel_ends,
		       pmip_tunnel_end_less);
}

static void pmip_tunnel_del_ends(struct pmip_net *pn, struct pmip_tunnel *t)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(t->ends); i++)
		rb_erase(&t->ends[i].node, &pn->tunnel_ends);
}

static int pmip_tunnel_check(struct pmip_net *pn,
			     const struct pmip_tunnel_conf *conf,
			     struct netlink_ext_ack *extack)
{
	const struct in6_addr *local = &conf->key.local;
	const struct in6_addr *remote = &conf->key.remote;
	const int bad = IPV6_ADDR_MULTICAST | IPV6_ADDR_LOOPBACK |
			IPV6_ADDR_LINKLOCAL | IPV6_ADDR_MAPPED;
	struct pmip_tunnel_key key = conf->key;

	if (ipv6_addr_any(local) || ipv6_addr_any(remote) ||
	    (ipv6_addr_type(local) & bad) || (ipv6_addr_type(remote) & bad)) {
		NL_SET_ERR_MSG(extack, "gateway addresses must be global unicast");
		return -EINVAL;
	}
	if (ipv6_addr_equal(local, remote)) {
		NL_SET_ERR_MSG(extack, "tunnel to itself");
		return -ELOOP;
	}
	if (rhashtable_lookup_fast(&pn->tunnel_hash, &key,
				   pmip_tunnel_params)) {
		NL_SET_ERR_MSG(extack, "a tunnel between these gateways exists");
		return -EEXIST;
	}
	if (pmip_binding_lookup(pn, local) || pmip_binding_lookup(pn, remote)) {
		NL_SET_ERR_MSG(extack,
			       "gateway address lies inside a bound prefix");
		return -ELOOP;
	}
	return 0;
}

/**
 * pmip_tunnel_new() - make a tunnel
 * @pn: the namespace
 * @conf: what it shall be
 * @extack: where to say what is wrong
 *
 * RFC 5213 §5.6.1: the tunnel between an anchor and an access gateway is
 * shared by all mobile nodes.
 *
 * Context: process, @pn->lock held.
 * Return: the tunnel, or ERR_PTR of -EINVAL, -EEXIST, -ELOOP, -ENOMEM.
 */
struct pmip_tunnel *pmip_tunnel_new(struct pmip_net *pn,
				    const struct pmip_tunnel_conf *conf,
				    struct netlink_ext_ack *extack)
{
	struct pmip_tunnel *t;
	int err;

	rcu_read_lock();
	err = pmip_tunnel_check(pn, conf, extack);
	rcu_read_unlock();
	if (err)
		return ERR_PTR(err);

	t = kzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);
	if (!t)
		return ERR_PTR(-ENOMEM);
	t->key = conf->key;
	t->id = conf->id;
	t->flags = conf->flags;
	t->role = conf->role;
	t->hop_limit = conf->hop_limit;
	pmip_generation_set(pn, &t->generation, conf->generation);
	err = -ENOMEM;
	t->cpu = __netdev_alloc_pcpu_stats(struct pmip_tunnel_cpu,
					   GFP_KERNEL_ACCOUNT);
	if (!t->cpu)
		goto err_free;
	pmip_path_init(pn, &t->path, PMIP_PATH_TUNNEL);
	pmip_path_declare(&t->path, conf->up, PMIP_REASON_OPERATOR);
	err = xa_insert(&pn->tunnels, t->id, t, GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_path;
	err = rhashtable_lookup_insert_fast(&pn->tunnel_hash, &t->node,
					    pmip_tunnel_params);
	if (err)
		goto err_erase;
	pmip_tunnel_add_ends(pn, t);
	pn->n_tunnels++;
	pn->tunnel_changes++;
	return t;

err_erase:
	xa_erase(&pn->tunnels, t->id);
err_path:
	pmip_path_fini(pn, &t->path);
	free_percpu(t->cpu);
err_free:
	kfree(t);
	return ERR_PTR(err);
}

static void pmip_tunnel_free_rcu(struct rcu_head *head)
{
	struct pmip_tunnel *t = container_of(head, struct pmip_tunnel, rcu);
	int cpu;

	for_each_possible_cpu(cpu)
		pmip_dst_set(&per_cpu_ptr(t->cpu, cpu)->route, NULL);
	free_percpu(t->cpu);
	kfree(t);
}

/**
 * pmip_tunnel_del() - remove a tunnel that no binding and no listener uses
 * @pn: the namespace
 * @t: the tunnel
 * @extack: where to say what is wrong
 *
 * Context: process, @pn->lock held. Return: 0 or -EBUSY.
 */
int pmip_tunnel_del(struct pmip_net *pn, struct pmip_tunnel *t,
		    struct netlink_ext_ack *extack)
{
	if (t->uplinks || t->path.users) {
		NL_SET_ERR_MSG(extack, "bindings or listeners use this tunnel");
		return -EBUSY;
	}
	pmip_return_forget(pn, t);
	rhashtable_remove_fast(&pn->tunnel_hash, &t->node, pmip_tunnel_params);
	xa_erase(&pn->tunnels, t->id);
	pmip_tunnel_del_ends(pn, t);
	pmip_path_fini(pn, &t->path);
	pn->n_tunnels--;
	pn->tunnel_changes++;
	call_rcu(&t->rcu, pmip_tunnel_free_rcu);
	return 0;
}

/**
 * pmip_tunnel_set_state() - declare a tunnel's peer alive or dead
 * @pn: the namespace
 * @t: the tunnel
 * @up: whether packets may take it
 *
 * Context: process, @pn->lock held.
 */
void pmip_tunnel_set_state(struct pmip_net *pn, struct pmip_tunnel *t, bool up)
{
	if (!pmip_path_declare(&t->path, up, PMIP_REASON_OPERATOR))
		return;
	pmip_event_tunnel(pn, t, up);
	if (up)
		pmip_hold_kick(&pn->holds);
}

static struct dst_entry *pmip_tunnel_route(struct pmip_net *pn,
					   struct pmip_tunnel *t)
{
	struct flowi6 fl6 = {
		.saddr = t->key.local,
		.daddr = t->key.remote,
		.flowi6_proto = IPPROTO_IPV6,
	};
	struct dst_entry *dst;

	dst = ip6_route_output(pn->net, NULL, &fl6);
	if (dst->error)
		goto err;
	/* Releases the route itself on failure. */
	dst = xfrm_lookup(pn->net, dst, flowi6_to_flowi(&fl6), NULL, 0);
	if (IS_ERR(dst))
		return NULL;
	/* Into our own device, or to ourselves: the packet would come back. */
	if (pmip_device_is(dst->dev) || (dst->dev->flags & IFF_LOOPBACK))
		goto err;
	return dst;
err:
	dst_release(dst);
	return NULL;
}

/**
 * pmip_tunnel_dst() - the cached route to a tunnel's far end
 * @pn: the namespace
 * @t: the tunnel
 *
 * Context: RCU read side, bottom halves off.
 * Return: a route, without a reference, or NULL where there is none.
 */
struct dst_entry *pmip_tunnel_dst(struct pmip_net *pn, struct pmip_tunnel *t)
{
	struct pmip_dst *own = &this_cpu_ptr(t->cpu)->route;
	struct dst_entry *dst;

	dst = pmip_dst_get(own);
	if (likely(dst))
		return dst;
	dst = pmip_tunnel_route(pn, t);
	pmip_dst_set(own, dst);
	return dst;
}

/**
 * pmip_tunnel_mtu() - the largest inner packet of a tunnel
 * @pn: the namespace
 * @t: the tunnel
 *
 * Context: process. Return: bytes, 0 where there is no route.
 */
unsigned int pmip_tunnel_mtu(struct pmip_net *pn, struct pmip_tunnel *t)
{
	struct dst_entry *dst;
	unsigned int mtu = 0;

	local_bh_disable();
	rcu_read_lock();
	dst = pmip_tunnel_dst(pn, t);
	if (dst)
		mtu = dst_mtu(dst) - sizeof(struct ipv6hdr);
	rcu_read_unlock();
	local_bh_enable();
	return mtu;
}

/**
 * pmip_tunnel_sum() - a tunnel's counters over all CPUs
 * @t: the tunnel
 * @sum: packets and bytes sent, packets and bytes received, packets redirected
 *
 * Context: any.
 */
void pmip_tunnel_sum(const struct pmip_tunnel *t, u64 sum[5])
{
	int cpu;

	memset(sum, 0, 5 * sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct pmip_tunnel_cpu *s = per_cpu_ptr(t->cpu, cpu);
		unsigned int start;
		u64 v[5];
		int i;

		do {
			start = u64_stats_fetch_begin(&s->syncp);
			v[0] = u64_stats_read(&s->tx_packets);
			v[1] = u64_stats_read(&s->tx_bytes);
			v[2] = u64_stats_read(&s->rx_packets);
			v[3] = u64_stats_read(&s->rx_bytes);
			v[4] = u64_stats_read(&s->redirected);
		} while (u64_stats_fetch_retry(&s->syncp, start));
		for (i = 0; i < 5; i++)
			sum[i] += v[i];
	}
}
