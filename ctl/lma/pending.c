// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that wait for a deregistration: Handoff Indicator 4 and exactly
 * one entry (RFC 5213 §5.4.1.2 rule 4, §5.4.1.3 rule 3).  A node has at most
 * one; a repeated request takes the place of the first, not its timer.
 */
#include "lma/bce.h"

#include <stdlib.h>
#include <utlist.h>

static struct pending *take(struct lma *l, struct node *n)
{
	struct pending *p = n->pending;

	if (!p)
		return NULL;
	timerq_cancel(l->env->timers, &p->timer);
	if (p->asked)
		revocation_cancel(p->asked);
	DL_DELETE(l->pending, p);
	n->pending = NULL;
	return p;
}

/**
 * request_resume() - a request has waited, and goes on
 * @l: the anchor
 * @src: its source
 * @dst: its destination
 * @pbu: the request
 *
 * If nothing was deregistered within MaxDelayBeforeNewBCEAssign "the request MUST be
 * considered as a request for creating a new mobility session" (RFC 5213 §5.4.1.2).
 */
void request_resume(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		    const struct mh_msg *pbu)
{
	const struct profile *prof = policy_find(l->policy, &pbu->opts.mn_id);
	struct request r = { src, dst, pbu, prof };
	struct lookup k;

	if (!prof || !prof->allowed) {
		refuse(l, src, dst, pbu, PBA_NOT_LMA_FOR_THIS_MN, NULL);
		return;
	}
	k = bce_lookup(l, src, pbu, prof);
	switch (k.verdict) {
	case LOOKUP_UPDATE:
		register_update(l, &r, k.bce);
		break;
	case LOOKUP_SHARE:
		register_new(l, &r, k.bce);
		break;
	default:
		register_new(l, &r, NULL);
	}
}

static void timeout(void *arg)
{
	struct pending *p = arg;

	pending_run(p->lma, p->node);
}

static int wait_for(struct pending *p, uint64_t ms)
{
	struct env *env = p->lma->env;

	ms += p->lma->conf->max_delay_before_new_bce_assign_ms;
	return timerq_set(env->timers, &p->timer, env->ops->now(env->ctx) + ms * NSEC_PER_MSEC);
}

/*
 * RFC 5846 §8.1: success is as good as a deregistration, and so is that there is no
 * such binding; that the node "is Attached", or silence, means a session of its own.
 * From a gateway that does not know what it was asked the deregistration may come.
 */
static void told(void *arg, const struct revocation_result *result)
{
	struct pending *p = arg;
	bool answered = result->outcome == REVOCATION_ANSWERED;
	struct node *n = p->node;

	p->asked = NULL;
	if (answered && result->status <= BRA_NO_BINDING && n->n_bces == 1 && n->bces->gw &&
	    IN6_ARE_ADDR_EQUAL(&n->bces->proxy_coa, &p->before))
		bce_happen(p->lma, NULL, n->bces, EV_RELEASE);
	else if (result->outcome == REVOCATION_SILENCE || result->status == BRA_ATTACHED)
		pending_run(p->lma, n);
	else
		wait_for(p, 0);
}

/* The gateway's answer, or its silence, comes before the timer. */
static void ask(struct pending *p)
{
	p->before = p->node->bces->proxy_coa;
	p->asked = revoke_ask(p->node->bces, told, p);
	if (p->asked)
		wait_for(p, revocation_patience_ms(&p->lma->conf->revocation));
}

/**
 * pending_set() - let a request wait
 * @l: the anchor
 * @r: the request
 * @n: the node it is for
 */
void pending_set(struct lma *l, const struct request *r, struct node *n)
{
	struct pending *p = n->pending;
	struct notice note = {
		.event = "binding-pending", .mn = &r->pbu->opts.mn_id, .peer = r->src,
	};

	if (!p) {
		p = calloc(1, sizeof(*p));
		if (!p)
			goto no_memory;
		p->lma = l;
		p->node = n;
		timer_init(&p->timer, timeout, p);
		if (wait_for(p, 0))
			goto no_memory;
		n->pending = p;
		DL_APPEND(l->pending, p);
		l->env->ops->notify(l->env->ctx, &note);
		handed_ask(l, r, n->bces);
		ask(p);
	}
	p->src = *r->src;
	p->dst = *r->dst;
	p->pbu = *r->pbu;
	return;

no_memory:
	free(p);
	refuse(l, r->src, r->dst, r->pbu, PBA_NO_RESOURCES, NULL);
}

/**
 * pending_run() - let a waiting request go on, if there is one
 * @l: the anchor
 * @n: the node; may be gone afterwards only if it has no entry
 */
void pending_run(struct lma *l, struct node *n)
{
	struct pending *p = take(l, n);

	if (!p)
		return;
	request_resume(l, &p->src, &p->dst, &p->pbu);
	free(p);
}

/**
 * pending_drop() - forget a waiting request
 * @l: the anchor
 * @n: the node
 */
void pending_drop(struct lma *l, struct node *n)
{
	free(take(l, n));
}

/**
 * pending_drop_of() - forget what a gateway has waiting (RFC 5846 §8)
 * @l: the anchor
 * @mag: the gateway: all that it has asked for is revoked
 */
void pending_drop_of(struct lma *l, const struct in6_addr *mag)
{
	struct pending *p, *tmp;
	struct node *n;

	DL_FOREACH_SAFE(l->pending, p, tmp) {
		if (!IN6_ARE_ADDR_EQUAL(&p->src, mag))
			continue;
		n = p->node;
		pending_drop(l, n);
		node_put(l, n);
	}
}
