/* SPDX-License-Identifier: GPL-2.0 */
/* The only place that knows kernel versions: Debian 12 ships 6.1 and 6.12. */
#ifndef _PMIP_COMPAT_H
#define _PMIP_COMPAT_H

#ifndef CONFIG_64BIT
#error "pmip is for 64-bit kernels: its tables store 64-bit words at once"
#endif

#include <linux/version.h>
#include <linux/netdevice.h>
#include <net/net_namespace.h>

/* 6.5 moved what is known of segments there. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif

/* A variable that the compiler need not fill first (CONFIG_INIT_STACK_ALL_ZERO) */
#if __has_attribute(__uninitialized__)
#define __pmip_uninitialized	__attribute__((__uninitialized__))
#else
#define __pmip_uninitialized
#endif

/* 6.12 turned the lockless-transmit feature bit into a device flag. */
static inline void pmip_dev_set_lltx(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

static inline bool pmip_dev_lltx(const struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	return dev->lltx;
#else
	return dev->features & NETIF_F_LLTX;
#endif
}

/* 6.6 gave traffic control and BPF one way in. */
static inline bool pmip_dev_has_tc_egress(const struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0) && defined(CONFIG_NET_XGRESS)
	return rcu_access_pointer(dev->tcx_egress);
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0) && defined(CONFIG_NET_CLS_ACT)
	return rcu_access_pointer(dev->miniq_egress);
#else
	return false;
#endif
}

/* Can a packet that an ingress hook took go on behind the hooks? */
static inline bool pmip_skb_can_resume(void)
{
	return IS_ENABLED(CONFIG_NET_CLS_ACT);
}

static inline void pmip_skb_resume(struct sk_buff *skb)
{
#ifdef CONFIG_NET_CLS_ACT
	skb->tc_skip_classify = 1;
#endif
	netif_receive_skb_core(skb);
}

/* Routing by more than the destination may not be configured in at all. */
static inline bool pmip_fib6_has_rules(const struct net *net)
{
#ifdef CONFIG_IPV6_MULTIPLE_TABLES
	return net->ipv6.fib6_has_custom_rules;
#else
	return false;
#endif
}

static inline bool pmip_fib6_has_sources(const struct net *net)
{
#ifdef CONFIG_IPV6_SUBTREES
	return net->ipv6.fib6_routes_require_src;
#else
	return false;
#endif
}

/* And the one that keeps a device in its namespace. */
static inline void pmip_dev_set_immutable(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	dev->netns_immutable = true;
#else
	dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

/* 6.10 dropped the source argument of __assign_str(). */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define PMIP_ASSIGN_STR(dst, src)	__assign_str(dst)
#else
#define PMIP_ASSIGN_STR(dst, src)	__assign_str(dst, src)
#endif

#endif /* _PMIP_COMPAT_H */
