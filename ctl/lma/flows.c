// SPDX-License-Identifier: GPL-2.0
/* The flows of mobile nodes: who may have which, and who is told. */
#include "lma/flows.h"

#include "core/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

/**
 * flow_has_bid() - whether a flow may go through an attachment
 * @s: the flow
 * @bid: the attachment's identifier
 *
 * Return: true if it names it.
 */
bool flow_has_bid(const struct flow_spec *s, uint16_t bid)
{
	unsigned int i;

	for (i = 0; i < s->n_bid; i++)
		if (s->bid[i] == bid)
			return true;
	return false;
}

/**
 * flows_find() - what else is known of a flow in the cache
 * @nf: the node's flows
 * @fid: the flow
 *
 * Return: that, NULL if there is no such flow.
 */
struct lma_flow *flows_find(const struct node_flows *nf, uint16_t fid)
{
	struct lma_flow *f;

	DL_FOREACH(nf->flows, f)
		if (f->fid == fid)
			return f;
	return NULL;
}

/**
 * flow_wish() - what a flow is to be
 * @nf: the node's flows
 * @f: one of them
 *
 * Return: its entry in the cache.
 */
const struct flow_spec *flow_wish(const struct node_flows *nf, const struct lma_flow *f)
{
	return &fmc_find(&nf->cache, f->fid)->spec;
}

/**
 * flows_notify() - tell whoever watches what happened to a flow
 * @nf: the node's flows
 * @event: its name
 * @fid: the flow
 * @mag: the gateway that is concerned, or NULL
 * @why: or NULL
 */
void flows_notify(const struct node_flows *nf, const char *event, uint16_t fid,
		  const struct in6_addr *mag, const char *why)
{
	const struct env *env = nf->lma->env;
	struct mn_id id = node_id(nf->node);
	char detail[80];
	struct notice n = { .event = event, .mn = &id, .peer = mag, .detail = detail };

	snprintf(detail, sizeof(detail), "fid=%u%s%s", fid, why ? " why=" : "",
		 why ? why : "");
	env->ops->notify(env->ctx, &n);
}

static bool registered(const struct node_flows *nf, uint16_t bid)
{
	const struct bce *b;

	DL_FOREACH(nf->node->bces, b)
		if (b->gw && b->bid == bid)
			return true;
	return false;
}

/* One that is about to go is not: what names it as well as others goes by these. */
static bool lasts(void *arg, uint16_t bid)
{
	const struct node_flows *nf = arg;
	const struct bce *b;

	DL_FOREACH(nf->node->bces, b)
		if (b->gw && b->bid == bid)
			return !revoke_takes(b);
	return false;
}

/* What it means is seen to when all is settled. */
static void changed(void *arg, const struct flow *f)
{
	(void)arg;
	(void)f;
}

static void ended(void *arg, const struct flow *e, enum flow_end why)
{
	struct node_flows *nf = arg;
	struct lma_flow *f = flows_find(nf, e->spec.fid);
	struct env *env = nf->lma->env;

	if (!nf->silent) {
		dpflow_del(nf, f);
		flows_notify(nf, why == FLOW_EXPIRED ? "flow-expired" : "flow-removed",
			     f->fid, NULL, NULL);
	}
	DL_DELETE(nf->flows, f);
	free(f->was);
	free(f);
	if (why == FLOW_EXPIRED &&
	    timerq_set(env->timers, &nf->timer, env->ops->now(env->ctx)))
		log_err("no memory for the timer of a node's flows");
}

static const struct fmc_ops cache_ops = {
	.registered = lasts,
	.changed = changed,
	.ended = ended,
};

static struct node_flows *flows_get(struct lma *l, struct node *n)
{
	struct node_flows *nf = n->flows;

	if (nf)
		return nf;
	nf = calloc(1, sizeof(*nf));
	if (!nf)
		return NULL;
	nf->lma = l;
	nf->node = n;
	fmc_init(&nf->cache, l->env, &cache_ops, nf);
	timer_init(&nf->timer, flows_settle_timer, nf);
	n->flows = nf;
	return nf;
}

/**
 * flows_free() - a node leaves, and its flows with it
 * @n: the node; gateways forget it by themselves
 */
void flows_free(struct node *n)
{
	struct node_flows *nf = n->flows;

	if (!nf)
		return;
	fmc_clear(&nf->cache);
	grants_free(nf);
	timerq_cancel(nf->lma->env->timers, &nf->timer);
	n->flows = NULL;
	free(nf);
}

/**
 * flows_forget() - the same for a node that does not leave
 * @n: the node: what the kernel has of its flows outlives the process
 */
void flows_forget(struct node *n)
{
	if (n->flows)
		n->flows->silent = true;
	flows_free(n);
}

/**
 * flows_remove() - end a flow; to be settled
 * @nf: the node's flows
 * @fid: the flow
 */
void flows_remove(struct node_flows *nf, uint16_t fid)
{
	fmc_remove(&nf->cache, fid);
}

/* What the cache does not check, and the kernel or a gateway could not do */
static int check(const struct flow_spec *s)
{
	if (!selector_known(s->selector.format))
		return -EPROTONOSUPPORT;
	return s->n_bid > PMIP_FLOW_BIDS ? -E2BIG : 0;
}

static int all_registered(const struct node_flows *nf, const struct flow_spec *s)
{
	unsigned int i;

	for (i = 0; i < s->n_bid; i++)
		if (!registered(nf, s->bid[i]))
			return -ENODEV;
	return 0;
}

static int add(struct node_flows *nf, const struct flow_spec *s, uint16_t lifetime,
	       enum lma_flow_origin origin)
{
	struct lma_flow *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return -ENOMEM;
	err = fmc_update(&nf->cache, s, 1, lifetime, FMC_KEEP, NULL);
	if (err) {
		free(f);
		return err;
	}
	f->fid = s->fid;
	f->origin = (uint8_t)origin;
	f->waiting = true;
	DL_APPEND(nf->flows, f);
	return 0;
}

/* As it is now is what it goes back to, unless it has never been anything. */
static int change(struct node_flows *nf, struct lma_flow *f, const struct flow_spec *s,
		  uint16_t lifetime)
{
	struct flow_spec *was = f->waiting ? NULL : malloc(sizeof(*was));
	int err;

	if (!was && !f->waiting)
		return -ENOMEM;
	if (was)
		*was = *flow_wish(nf, f);
	err = fmc_update(&nf->cache, s, 1, lifetime, FMC_KEEP, NULL);
	if (err || (was && flow_spec_equal(was, flow_wish(nf, f)))) {
		free(was);
		return err;
	}
	if (was)
		f->was = was;
	f->waiting = true;
	f->ready = false;
	return 0;
}

/**
 * flows_put() - a flow is to be there, or another than it is
 * @l: the anchor
 * @n: the node
 * @s: the flow
 * @lifetime: seconds, FLOW_FOREVER
 * @origin: who wants it
 *
 * To be settled; then in force at once, or when the gateways concerned have answered:
 * the notice "flow-set" or "flow-lost" says which.
 *
 * Return: 0; -ENODEV for an attachment that is not there; -E2BIG for more of them
 * than PMIP_FLOW_BIDS; -EPROTONOSUPPORT for a selector of an unknown format; what
 * fmc_update() returns.
 */
int flows_put(struct lma *l, struct node *n, const struct flow_spec *s,
	      uint16_t lifetime, enum lma_flow_origin origin)
{
	struct node_flows *nf = flows_get(l, n);
	struct lma_flow *f;
	int err;

	if (!nf)
		return -ENOMEM;
	err = check(s);
	if (!err)
		err = all_registered(nf, s);
	if (err)
		return err;
	f = flows_find(nf, s->fid);
	return f ? change(nf, f, s, lifetime) : add(nf, s, lifetime, origin);
}

static bool has_session(const struct node *n, uint16_t bid)
{
	const struct bce *b;

	DL_FOREACH(n->bces, b)
		if (b->bid == bid)
			return true;
	return false;
}

/* A node's wish ends with the last session that has it: no one else can end it. */
static void drop_orphans(struct node_flows *nf)
{
	struct lma_flow *f, *tmp;
	unsigned int i, n;

	DL_FOREACH_SAFE(nf->flows, f, tmp) {
		if (f->origin != LMA_FLOW_NODE)
			continue;
		for (i = 0, n = 0; i < f->n_asker; i++)
			if (has_session(nf->node, f->asker[i]))
				f->asker[n++] = f->asker[i];
		f->n_asker = (uint8_t)n;
		if (!n)
			flows_remove(nf, f->fid);
	}
}

/**
 * flows_review() - attachments of a node have come or moved: its flows as they are to be
 * @l: the anchor
 * @n: the node, which has an attachment
 * @prof: its profile, NULL: it has none
 *
 * To be settled.
 */
void flows_review(struct lma *l, struct node *n, const struct profile *prof)
{
	if (n->flows) {
		drop_orphans(n->flows);
		fmc_bids_changed(&n->flows->cache);
	}
	if (prof)
		rules_apply(l, n, prof);
}

/**
 * flows_changed() - attachments of a node have gone, or what its flows go by
 * @l: the anchor
 * @n: the node, which may have no flows, and does not get any by this
 */
void flows_changed(struct lma *l, struct node *n)
{
	struct mn_id id;

	if (!n->bces) {
		flows_free(n);
		return;
	}
	if (!n->flows)
		return;
	id = node_id(n);
	flows_review(l, n, policy_find(l->policy, &id));
	flows_settle(n->flows);
}

static int put_and_settle(struct lma *l, struct node *n, const struct flow_spec *s,
			  uint16_t lifetime)
{
	int err = flows_put(l, n, s, lifetime, LMA_FLOW_OPERATOR);

	if (!err)
		flows_settle(n->flows);
	return err;
}

/* Whether flows of this node are the anchor's to decide about */
static int may_decide(struct lma *l, const struct mn_id *id, struct node **n)
{
	const struct profile *prof = policy_find(l->policy, id);

	*n = lma_node_find(l, id);
	if (!*n || !(*n)->bces || !prof)
		return -ESRCH;
	if (!profile_moves_flows(prof))
		return -EOPNOTSUPP;
	return prof->decides == FLOW_DECIDES_NODE ? -EPERM : 0;
}

/**
 * lma_flow_add() - a flow of a mobile node, by the operator
 * @l: the anchor
 * @id: the node
 * @s: the flow
 * @lifetime: seconds, FLOW_FOREVER
 *
 * Return: 0, in force or to be told to gateways first; -ESRCH if the node is not
 * attached; -EOPNOTSUPP if its policy is "single", -EPERM if it decides itself;
 * -EEXIST if the flow is there, or its priority; what flows_put() returns.
 */
int lma_flow_add(struct lma *l, const struct mn_id *id, const struct flow_spec *s,
		 uint16_t lifetime)
{
	struct node *n;
	int err = may_decide(l, id, &n);

	if (err)
		return err;
	if (n->flows && flows_find(n->flows, s->fid))
		return -EEXIST;
	return put_and_settle(l, n, s, lifetime);
}

/**
 * lma_flow_move() - a flow is to go through other attachments
 * @l: the anchor
 * @id: the node
 * @fid: the flow
 * @bid: the attachments' identifiers, the best one first
 * @n_bid: how many
 *
 * Return: as lma_flow_add(); -ENOENT for a flow that is not there.
 */
int lma_flow_move(struct lma *l, const struct mn_id *id, uint16_t fid,
		  const uint16_t *bid, unsigned int n_bid)
{
	struct flow_spec s;
	struct flow *e;
	struct node *n;
	int err = may_decide(l, id, &n);

	if (err)
		return err;
	e = n->flows ? fmc_find(&n->flows->cache, fid) : NULL;
	if (!e)
		return -ENOENT;
	if (n_bid > PMIP_FLOW_BIDS)
		return -E2BIG;
	s = e->spec;
	s.n_bid = (uint8_t)n_bid;
	memcpy(s.bid, bid, n_bid * sizeof(*bid));
	return put_and_settle(l, n, &s, (uint16_t)flow_remaining(&n->flows->cache, e));
}

/**
 * lma_flow_del() - end a flow
 * @l: the anchor
 * @id: the node
 * @fid: the flow
 *
 * Return: as lma_flow_add(); -ENOENT for a flow that is not there.
 */
int lma_flow_del(struct lma *l, const struct mn_id *id, uint16_t fid)
{
	struct node *n;
	int err = may_decide(l, id, &n);

	if (err)
		return err;
	if (!n->flows || fmc_remove(&n->flows->cache, fid))
		return -ENOENT;
	flows_settle(n->flows);
	return 0;
}

static bool show(const struct node_flows *nf, bool (*fn)(void *arg,
							 const struct lma_flow_view *v),
		 void *arg)
{
	struct mn_id id = node_id(nf->node);
	const struct flow *e;

	DL_FOREACH(nf->cache.flows, e) {
		const struct lma_flow *f = flows_find(nf, e->spec.fid);
		struct lma_flow_view v = {
			.mn_id = &id, .spec = &e->spec, .active = e->active,
			.waiting = f->waiting, .origin = f->origin,
			.lifetime = flow_remaining(&nf->cache, e),
			.n_bid = f->in_kernel ? f->n_bid : 0, .bid = f->bid,
		};

		v.n_lingers = linger_at(nf, f->fid, v.lingers_at);
		if (!fn(arg, &v))
			return false;
	}
	return true;
}

/**
 * lma_each_flow() - show flows
 * @l: the anchor
 * @id: of this node alone, NULL: of all
 * @fn: called for each, by priority; false stops
 * @arg: its first argument
 */
void lma_each_flow(struct lma *l, const struct mn_id *id,
		   bool (*fn)(void *arg, const struct lma_flow_view *v), void *arg)
{
	const struct node *n;

	if (id) {
		n = lma_node_find(l, id);
		if (n && n->flows)
			show(n->flows, fn, arg);
		return;
	}
	DL_FOREACH(l->nodes, n)
		if (n->flows && !show(n->flows, fn, arg))
			return;
}
