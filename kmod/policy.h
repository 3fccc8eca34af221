/* SPDX-License-Identifier: GPL-2.0 */
/* Whether IPsec policies (RFC 4301 §4.4.1) have a say: then the stack is to ask. */
#ifndef _PMIP_POLICY_H
#define _PMIP_POLICY_H

#include <net/xfrm.h>

struct pmip_net;

#define PMIP_POLICY_IN		1
#define PMIP_POLICY_FORWARD	2

bool pmip_policy_concerns(const struct net *net, unsigned int which);
void pmip_policy_start(struct pmip_net *pn);
void pmip_policy_stop(struct pmip_net *pn);
void pmip_policy_init(void);
void pmip_policy_exit(void);

/**
 * pmip_policy_in() - do policies stand for what this host takes in
 * @net: the namespace
 *
 * Context: any. Return: true if so.
 */
static __always_inline bool pmip_policy_in(const struct net *net)
{
	const struct netns_xfrm *x = &net->xfrm;

	if (likely(!(x->policy_count[XFRM_POLICY_IN] |
		     (x->policy_default[XFRM_POLICY_IN] & XFRM_USERPOLICY_BLOCK))))
		return false;
	return pmip_policy_concerns(net, PMIP_POLICY_IN);
}

/**
 * pmip_policy_forward() - do policies stand for what this host sends on
 * @net: the namespace
 *
 * Context: any. Return: true if so.
 */
static __always_inline bool pmip_policy_forward(const struct net *net)
{
	const struct netns_xfrm *x = &net->xfrm;

	/* One branch, not four: this is asked for each packet. */
	if (likely(!(x->policy_count[XFRM_POLICY_FWD] |
		     x->policy_count[XFRM_POLICY_OUT] |
		     ((x->policy_default[XFRM_POLICY_FWD] |
		       x->policy_default[XFRM_POLICY_OUT]) & XFRM_USERPOLICY_BLOCK))))
		return false;
	return pmip_policy_concerns(net, PMIP_POLICY_FORWARD);
}

#endif /* _PMIP_POLICY_H */
