// SPDX-License-Identifier: GPL-2.0
/*
 * Which IPsec policies have a say.  Gateways protect their signalling by policies for
 * Mobility Headers alone, which no packet of a mobile node's can meet: for these the stack
 * need not be asked.  The kernel tells key managers of changes, so the module is one, that
 * manages nothing.
 */
#include <net/net_namespace.h>

#include "netns.h"
#include "policy.h"

#define PMIP_POLICY_ALL	(PMIP_POLICY_IN | PMIP_POLICY_FORWARD)

/**
 * pmip_policy_concerns() - do policies stand for more than Mobility Headers
 * @net: the namespace
 * @which: PMIP_POLICY_IN or PMIP_POLICY_FORWARD
 *
 * Context: any. Return: true if so, or if it is not known yet.
 */
bool pmip_policy_concerns(const struct net *net, unsigned int which)
{
	const struct netns_xfrm *x = &net->xfrm;
	u8 none = which == PMIP_POLICY_IN ? x->policy_default[XFRM_POLICY_IN] :
		  x->policy_default[XFRM_POLICY_FWD] | x->policy_default[XFRM_POLICY_OUT];

	return (none & XFRM_USERPOLICY_BLOCK) ||
	       (READ_ONCE(pmip_pernet(net)->policies.concern) & which);
}

/* What a gateway says has its own address as the source: what it forwards has not. */
static unsigned int pmip_policy_of(const struct xfrm_policy *xp, int dir)
{
	bool mh = xp->selector.family == AF_INET6 && xp->selector.proto == IPPROTO_MH;

	switch (dir) {
	case XFRM_POLICY_IN:
		return mh ? 0 : PMIP_POLICY_IN;
	case XFRM_POLICY_OUT:
		return mh && xp->selector.prefixlen_s == 128 ? 0 : PMIP_POLICY_FORWARD;
	case XFRM_POLICY_FWD:
		return PMIP_POLICY_FORWARD;
	default:
		return 0;	/* a socket's */
	}
}

static int pmip_policy_see(struct xfrm_policy *xp, int dir, int count, void *arg)
{
	unsigned int *concern = arg;

	*concern |= pmip_policy_of(xp, dir);
	return 0;
}

static void pmip_policy_work(struct work_struct *work)
{
	struct pmip_policies *p = container_of(work, struct pmip_policies, work);
	struct pmip_net *pn = container_of(p, struct pmip_net, policies);
	struct xfrm_policy_walk walk;
	unsigned int concern = 0;
	unsigned long changes;

	changes = READ_ONCE(p->changes);
	/* Pairs with the lock: what is seen is not older than what was counted. */
	smp_rmb();
	xfrm_policy_walk_init(&walk, XFRM_POLICY_TYPE_ANY);
	xfrm_policy_walk(pn->net, &walk, pmip_policy_see, &concern);
	xfrm_policy_walk_done(&walk, pn->net);
	spin_lock_bh(&p->lock);
	if (p->changes == changes)
		WRITE_ONCE(p->concern, concern);
	spin_unlock_bh(&p->lock);
}

/* All have a say until they have been looked at. */
static void pmip_policy_changed(struct pmip_net *pn)
{
	struct pmip_policies *p = &pn->policies;

	spin_lock_bh(&p->lock);
	WRITE_ONCE(p->changes, p->changes + 1);
	WRITE_ONCE(p->concern, PMIP_POLICY_ALL);
	if (!READ_ONCE(pn->dead))
		schedule_work(&p->work);
	spin_unlock_bh(&p->lock);
}

static int pmip_policy_notify(struct xfrm_policy *xp, int dir, const struct km_event *c)
{
	struct net *net = xp ? xp_net(xp) : c->net;

	if (net)
		pmip_policy_changed(pmip_pernet(net));
	return 0;
}

static int pmip_policy_acquire(struct xfrm_state *x, struct xfrm_tmpl *t,
			       struct xfrm_policy *xp)
{
	return -EOPNOTSUPP;
}

/* The error stays what others have said. */
static struct xfrm_policy *pmip_policy_compile(struct sock *sk, int opt, u8 *data, int len,
					       int *dir)
{
	return NULL;
}

static struct xfrm_mgr pmip_policy_mgr = {
	.acquire	= pmip_policy_acquire,
	.compile_policy	= pmip_policy_compile,
	.notify_policy	= pmip_policy_notify,
};

/**
 * pmip_policy_start() - begin in a namespace
 * @pn: the module's state of it
 *
 * Context: process.
 */
void pmip_policy_start(struct pmip_net *pn)
{
	spin_lock_init(&pn->policies.lock);
	INIT_WORK(&pn->policies.work, pmip_policy_work);
	pn->policies.concern = PMIP_POLICY_ALL;
}

/**
 * pmip_policy_stop() - end in a namespace
 * @pn: the module's state of it, which is marked as dead
 *
 * Context: process.
 */
void pmip_policy_stop(struct pmip_net *pn)
{
	/* Whoever has not seen the mark has let go of the lock then. */
	spin_lock_bh(&pn->policies.lock);
	spin_unlock_bh(&pn->policies.lock);
	cancel_work_sync(&pn->policies.work);
}

/**
 * pmip_policy_init() - be told of policies, and look at those that are there
 *
 * Context: process.
 */
void __init pmip_policy_init(void)
{
	struct net *net;

	xfrm_register_km(&pmip_policy_mgr);
	down_read(&net_rwsem);
	for_each_net(net)
		pmip_policy_changed(pmip_pernet(net));
	up_read(&net_rwsem);
}

/**
 * pmip_policy_exit() - be told no more
 *
 * Context: process.
 */
void pmip_policy_exit(void)
{
	xfrm_unregister_km(&pmip_policy_mgr);
}
