/* SPDX-License-Identifier: GPL-2.0 */
/* Whether IPsec policies (RFC 4301 §4.4.1) have a say: then the stack is to ask. */
#ifndef _PMIP_POLICY_H
#define _PMIP_POLICY_H

#include <net/xfrm.h>

static inline bool pmip_policy_any(const struct net *net, int dir)
{
	return net->xfrm.policy_count[dir] ||
	       net->xfrm.policy_default[dir] == XFRM_USERPOLICY_BLOCK;
}

/**
 * pmip_policy_in() - do policies stand for what this host takes in
 * @net: the namespace
 *
 * Context: any. Return: true if so.
 */
static inline bool pmip_policy_in(const struct net *net)
{
	return pmip_policy_any(net, XFRM_POLICY_IN);
}

/**
 * pmip_policy_forward() - do policies stand for what this host sends on
 * @net: the namespace
 *
 * Context: any. Return: true if so.
 */
static inline bool pmip_policy_forward(const struct net *net)
{
	return pmip_policy_any(net, XFRM_POLICY_FWD) ||
	       pmip_policy_any(net, XFRM_POLICY_OUT);
}

#endif /* _PMIP_POLICY_H */
