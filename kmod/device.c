// SPDX-License-Identifier: GPL-2.0
/*
 * The device of kind "pmip".  Whatever the stack routes to it meets the same
 * bindings as a packet taken from a link: prefixes of the anchor's pools, and
 * at an access gateway what the operator wants to pass the FORWARD chain.
 */
#include <linux/icmpv6.h>
#include <net/dst.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/rtnetlink.h>

#include "binding.h"
#include "compat.h"
#include "device.h"
#include "forward.h"
#include "link.h"
#include "netns.h"
#include "route.h"
#include "tunnel.h"

static bool pmip_device_from_access(struct pmip_net *pn,
				    const struct sk_buff *skb)
{
	struct pmip_link *link = NULL;

	if (skb->skb_iif)
		link = xa_load(&pn->links, skb->skb_iif);
	return link && link->type == PMIP_LINK_ACCESS;
}

static void pmip_device_forward(struct pmip_net *pn, struct sk_buff *skb)
{
	struct pmip_tunnel *t = NULL;
	struct pmip_binding *b;

	if (pmip_device_from_access(pn, skb)) {
		b = pmip_binding_lookup(pn, &ipv6_hdr(skb)->saddr);
		if (b)
			t = rcu_dereference(b->uplink);
		if (t) {
			pmip_forward_up(pn, b, t, skb, PMIP_FWD_STACK);
			return;
		}
	}
	b = pmip_binding_lookup(pn, &ipv6_hdr(skb)->daddr);
	if (b) {
		pmip_forward_down(pn, b, skb, PMIP_FWD_STACK);
		return;
	}
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_NOROUTE, 0);
	pmip_drop_skb(pn, skb, PMIP_DROP_NO_BINDING);
}

static netdev_tx_t pmip_device_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct pmip_net *pn = pmip_pernet(dev_net(dev));

	if (skb->protocol != htons(ETH_P_IPV6) || READ_ONCE(pn->dead) ||
	    !pskb_inet_may_pull(skb) ||
	    ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr)) {
		DEV_STATS_INC(dev, tx_dropped);
		kfree_skb(skb);
		return NETDEV_TX_OK;
	}
	dev_sw_netstats_tx_add(dev, 1, skb->len);
	rcu_read_lock();
	pmip_device_forward(pn, skb);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static int pmip_device_ndo_init(struct net_device *dev)
{
	int err;

	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!dev->tstats)
		return -ENOMEM;
	err = pmip_routes_init(netdev_priv(dev));
	if (err) {
		free_percpu(dev->tstats);
		dev->tstats = NULL;
	}
	return err;
}

static void pmip_device_ndo_uninit(struct net_device *dev)
{
	struct pmip_net *pn = pmip_pernet(dev_net(dev));

	if (rtnl_dereference(pn->dev) == dev)
		RCU_INIT_POINTER(pn->dev, NULL);
}

static const struct net_device_ops pmip_device_ops = {
	.ndo_init	= pmip_device_ndo_init,
	.ndo_uninit	= pmip_device_ndo_uninit,
	.ndo_start_xmit	= pmip_device_xmit,
	.ndo_get_stats64 = dev_get_tstats64,
};

/**
 * pmip_device_is() - is a device of kind "pmip"
 * @dev: the device
 *
 * Context: any. Return: true if it is.
 */
bool pmip_device_is(const struct net_device *dev)
{
	return dev->netdev_ops == &pmip_device_ops;
}

static void pmip_device_free(struct net_device *dev)
{
	pmip_routes_destroy(netdev_priv(dev));
	free_percpu(dev->tstats);
}

static void pmip_device_setup(struct net_device *dev)
{
	const netdev_features_t features = NETIF_F_SG | NETIF_F_FRAGLIST |
					   NETIF_F_HIGHDMA | NETIF_F_HW_CSUM |
					   NETIF_F_GSO_SOFTWARE;

	dev->netdev_ops = &pmip_device_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = pmip_device_free;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_NOARP;
	dev->addr_len = 0;
	dev->mtu = ETH_DATA_LEN - sizeof(struct ipv6hdr);
	dev->min_mtu = IPV6_MIN_MTU;
	dev->max_mtu = IP6_MAX_MTU;
	dev->needed_headroom = LL_MAX_HEADER + sizeof(struct ipv6hdr);
	dev->features |= features;
	dev->hw_features |= features;
	dev->priv_flags |= IFF_NO_QUEUE;
	netif_keep_dst(dev);
	pmip_dev_set_lltx(dev);
	/* It serves the bindings of the namespace that it was made in. */
	pmip_dev_set_immutable(dev);
}

static int pmip_device_newlink(struct net *src_net, struct net_device *dev,
			       struct nlattr *tb[], struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	struct pmip_net *pn = pmip_pernet(dev_net(dev));
	int err;

	if (rtnl_dereference(pn->dev)) {
		NL_SET_ERR_MSG(extack, "the namespace has a pmip device");
		return -EEXIST;
	}
	err = register_netdevice(dev);
	if (err)
		return err;
	rcu_assign_pointer(pn->dev, dev);
	return 0;
}

static struct rtnl_link_ops pmip_device_link_ops __read_mostly = {
	.kind		= "pmip",
	.priv_size	= sizeof(struct pmip_routes),
	.setup		= pmip_device_setup,
	.newlink	= pmip_device_newlink,
};

/**
 * pmip_device_init() - offer the kind "pmip" to rtnetlink
 *
 * Context: process. Return: 0 or a negative errno.
 */
int __init pmip_device_init(void)
{
	return rtnl_link_register(&pmip_device_link_ops);
}

/**
 * pmip_device_exit() - remove all devices of the kind, and the kind
 *
 * Context: process.
 */
void pmip_device_exit(void)
{
	rtnl_link_unregister(&pmip_device_link_ops);
}
