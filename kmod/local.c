// SPDX-License-Identifier: GPL-2.0
/*
 * What the gateway itself sends to a mobile node - an answer to ping, an
 * ICMPv6 error - takes the same way as what it forwards, and passes the chains
 * that its other packets pass.
 */
#include <linux/bottom_half.h>
#include <linux/netfilter_ipv6.h>
#include <linux/percpu.h>
#include <net/ipv6.h>

#include "binding.h"
#include "device.h"
#include "forward.h"
#include "local.h"
#include "netns.h"

/* This CPU is sending one already: what comes now is its own outer packet. */
static DEFINE_PER_CPU(bool, pmip_local_busy);

static void pmip_local_forward(struct pmip_net *pn, struct pmip_binding *b,
			       struct sk_buff *skb)
{
	local_bh_disable();
	skb->dev = skb_dst(skb)->dev;
	if (__this_cpu_read(pmip_local_busy)) {
		pmip_drop_skb(pn, skb, PMIP_DROP_LOOP);
	} else {
		__this_cpu_write(pmip_local_busy, true);
		pmip_forward_down(pn, b, skb, PMIP_FWD_STACK);
		__this_cpu_write(pmip_local_busy, false);
	}
	local_bh_enable();
}

/* A rule of POSTROUTING may have had the packet for a while. */
static int pmip_local_finish(struct net *net, struct sock *sk,
			     struct sk_buff *skb)
{
	struct pmip_net *pn = pmip_pernet(net);
	struct pmip_binding *b;

	rcu_read_lock();
	b = pmip_binding_lookup(pn, &ipv6_hdr(skb)->daddr);
	if (b)
		pmip_local_forward(pn, b, skb);
	else
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_PATH);
	rcu_read_unlock();
	return 0;
}

static unsigned int pmip_local_out(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	struct pmip_net *pn = pmip_pernet(state->net);
	struct net_device *out;
	struct pmip_binding *b;

	if (!READ_ONCE(pn->n_bindings) || READ_ONCE(pn->dead) ||
	    !skb_dst(skb) || pmip_device_is(skb_dst(skb)->dev) ||
	    dst_xfrm(skb_dst(skb)))
		return NF_ACCEPT;
	b = pmip_binding_lookup(pn, &ipv6_hdr(skb)->daddr);
	/* An address of our own inside the prefix is not the node's. */
	if (!b || (skb_dst(skb)->dev->flags & IFF_LOOPBACK))
		return NF_ACCEPT;
	/* As by the route to the pmip device, which it has no need of. */
	out = rcu_dereference(pn->dev) ?: skb_dst(skb)->dev;
	skb->dev = out;
	skb->protocol = htons(ETH_P_IPV6);
	NF_HOOK(NFPROTO_IPV6, NF_INET_POST_ROUTING, state->net, state->sk, skb,
		NULL, out, pmip_local_finish);
	return NF_STOLEN;
}

static const struct nf_hook_ops pmip_local_ops = {
	.hook		= pmip_local_out,
	.pf		= NFPROTO_IPV6,
	.hooknum	= NF_INET_LOCAL_OUT,
	/* After the filter rules of OUTPUT. */
	.priority	= NF_IP6_PRI_LAST,
};

/**
 * pmip_local_register() - take a namespace's own packets to mobile nodes
 * @net: the namespace
 *
 * Context: process. Return: 0 or a negative errno.
 */
int pmip_local_register(struct net *net)
{
	return nf_register_net_hook(net, &pmip_local_ops);
}

/**
 * pmip_local_unregister() - leave them alone again
 * @net: the namespace
 *
 * Context: process.
 */
void pmip_local_unregister(struct net *net)
{
	nf_unregister_net_hook(net, &pmip_local_ops);
}
