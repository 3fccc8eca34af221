// SPDX-License-Identifier: GPL-2.0
/*
 * From what a node's flows are to be to what they are (draft: flow mobility
 * §3.2.2): gateways first, then the paths, then the flows, and what a flow has
 * left is taken back last.  What cannot be goes back to what was.
 */
#include "lma/flows.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <utlist.h>

static const char *loss_str(uint8_t why)
{
	static const char * const text[] = {
		[FLOW_LOSS_REFUSED] = "refused",
		[FLOW_LOSS_NOT_ATTACHED] = "not-attached",
		[FLOW_LOSS_SELECTOR] = "selector-unsupported",
		[FLOW_LOSS_SILENCE] = "no-answer",
		[FLOW_LOSS_UNSUPPORTED] = "unsupported",
		[FLOW_LOSS_REVOKED] = "revoked",
	};

	return why < sizeof(text) / sizeof(*text) ? text[why] : "unknown";
}

static void end_move(struct lma_flow *f)
{
	f->waiting = false;
	f->ready = false;
	free(f->was);
	f->was = NULL;
}

/* To what it was before; one that is new is not there */
static void go_back(struct node_flows *nf, struct lma_flow *f)
{
	struct flow *e = fmc_find(&nf->cache, f->fid);
	struct flow_spec was;

	if (!f->was) {
		flows_remove(nf, f->fid);
		return;
	}
	was = *f->was;
	/* the kernel has been told otherwise only once all else was ready */
	f->stale |= f->ready;
	end_move(f);
	/* the cache has room for what it had, and its priority is still free:
	 * one that has been taken meanwhile ends the flow
	 */
	if (fmc_update(&nf->cache, &was, 1, (uint16_t)flow_remaining(&nf->cache, e),
		       FMC_KEEP, NULL))
		flows_remove(nf, f->fid);
}

static bool leads_to(const struct node_flows *nf, uint16_t bid, const struct in6_addr *mag)
{
	const struct bce *b;

	DL_FOREACH(nf->node->bces, b)
		if (b->bid == bid)
			return IN6_ARE_ADDR_EQUAL(&b->proxy_coa, mag);
	return false;
}

/* Without the attachments by a gateway; whether there were any */
static bool prune(const struct node_flows *nf, struct flow_spec *s,
		  const struct in6_addr *mag)
{
	const unsigned int had = s->n_bid;
	unsigned int i;

	s->n_bid = 0;
	for (i = 0; i < had; i++)
		if (!leads_to(nf, s->bid[i], mag))
			s->bid[s->n_bid++] = s->bid[i];
	return s->n_bid != had;
}

static bool same_packets(const struct flow_spec *a, const struct flow_spec *b)
{
	return a->pri == b->pri && a->verdict == b->verdict &&
	       selector_equal(&a->selector, &b->selector);
}

/*
 * Neither what a flow is to be nor what it was goes through a gateway that has lost
 * it; without any attachment it is not.  Only if the gateway has refused to take the
 * flow as another than it was, it is asked for that once more: so each loss takes an
 * attachment from the one or the other, and there is an end to asking.
 */
static void leave_gateway(struct node_flows *nf, struct lma_flow *f,
			  const struct in6_addr *mag, const struct told *t)
{
	struct flow *e = fmc_find(&nf->cache, f->fid);
	struct flow_spec s = e->spec;

	if (f->was && same_packets(f->was, &t->spec) && prune(nf, f->was, mag) &&
	    !f->was->n_bid) {
		free(f->was);
		f->was = NULL;
	}
	if (!prune(nf, &s, mag))
		return;
	if (!s.n_bid || fmc_update(&nf->cache, &s, 1,
				   (uint16_t)flow_remaining(&nf->cache, e), FMC_KEEP, NULL))
		go_back(nf, f);
}

static void lose(struct node_flows *nf, const struct in6_addr *mag, const struct told *t)
{
	struct lma_flow *f = flows_find(nf, t->spec.fid);
	char text[INET6_ADDRSTRLEN], id[MN_ID_STRLEN];
	struct mn_id mn = node_id(nf->node);

	if (!f)
		return;
	nf->lma->counters.flows_lost++;
	log_ratelimited(LOG_WARNING, "%s: gateway %s does not take flow %u: %s",
			mn_id_str(&mn, id, sizeof(id)),
			inet_ntop(AF_INET6, mag, text, sizeof(text)), f->fid,
			loss_str(t->why));
	flows_notify(nf, "flow-lost", f->fid, mag, loss_str(t->why));
	leave_gateway(nf, f, mag, t);
}

/* Each loss may remove flows, but neither grants nor what they were told. */
static void handle_losses(struct node_flows *nf)
{
	struct lma_grant *g;
	unsigned int i;

	DL_FOREACH(nf->grants, g) {
		for (i = 0; i < g->n_told;) {
			struct told t = g->told[i];

			if (!t.lost) {
				i++;
				continue;
			}
			g->told[i] = g->told[--g->n_told];
			/* what has lingered is missed by nobody */
			if (!t.until)
				lose(nf, &g->mag, &t);
		}
	}
}

/* Every gateway to which the flow is to go knows it as it is to be. */
static bool all_know(const struct node_flows *nf, const struct lma_flow *f)
{
	const struct flow_spec *s = flow_wish(nf, f);
	struct prefix p[HNP_MAX];
	const struct told *t;
	const struct bce *b;
	unsigned int n;

	if (s->verdict == FLOW_DROP)
		return true;
	DL_FOREACH(nf->node->bces, b) {
		if (!b->gw || !flow_has_bid(s, b->bid) || !flow_told(b, s, p, &n))
			continue;
		t = grant_told(nf, b, f->fid);
		if (!t || !t->known || t->asked)
			return false;
	}
	return true;
}

static void find_ready(struct node_flows *nf)
{
	const struct flow_spec *s;
	struct lma_flow *f;

	DL_FOREACH(nf->flows, f) {
		if (!f->waiting || f->ready || !all_know(nf, f))
			continue;
		s = flow_wish(nf, f);
		f->ready = true;
		f->stale |= f->was && (f->was->verdict != s->verdict ||
				       !selector_equal(&f->was->selector, &s->selector));
	}
}

/* All of its gateways are without a path: others have as many as there can be. */
static bool no_path(const struct node_flows *nf, const struct lma_flow *f)
{
	const struct flow *e = fmc_find(&nf->cache, f->fid);

	return e->active && !f->in_kernel && e->spec.verdict == FLOW_FORWARD &&
	       e->spec.selector.format != SELECTOR_IPV4;
}

/*
 * It is in force, or as it was before: the kernel's word counts.  What it may not have
 * taken it is told again when the flows are settled next.
 */
static void finish(struct node_flows *nf, int err)
{
	struct lma_flow *f, *tmp;

	DL_FOREACH_SAFE(nf->flows, f, tmp) {
		f->stale |= f->asked && err;
		f->asked = false;
		if (!f->ready)
			continue;
		nf->again = true;
		if (err) {
			flows_notify(nf, "flow-refused", f->fid, NULL, "kernel");
			go_back(nf, f);
			continue;
		}
		if (no_path(nf, f)) {
			flows_notify(nf, "flow-refused", f->fid, NULL, "no-path");
			go_back(nf, f);
			continue;
		}
		end_move(f);
		flows_notify(nf, "flow-set", f->fid, NULL, NULL);
	}
}

static void step(struct node_flows *nf)
{
	struct lma *l = nf->lma;
	const struct bce *b;
	int err = 0;

	handle_losses(nf);
	grants_sync(nf);
	find_ready(nf);
	if (grants_open(nf)) {
		forward_set(l, nf->node->bces);
		nf->asked_kernel = true;
	} else if (nf->node->n_bces > PMIP_BINDING_PATHS) {
		/* which gateways have a path is the flows' to say, too */
		DL_FOREACH(nf->node->bces, b)
			forward_set(l, b);
		nf->asked_kernel = true;
	}
	dpflow_sync(nf);
	if (nf->asked_kernel)
		err = l->env->ops->dp_commit(l->env->ctx);
	nf->asked_kernel = false;
	if (err)
		forward_refused(l, nf->node, err);
	finish(nf, err);
}

/**
 * flows_settle() - do all that can be done about a node's flows now
 * @nf: the flows
 *
 * The rest waits for gateways to answer.  Answers that come meanwhile, as from a
 * gateway that is known not to know flows, are seen to before it returns.  It does:
 * each round but the last ends a flow's wait or takes attachments from a flow, and
 * no round begins the one or gives it the other.
 */
void flows_settle(struct node_flows *nf)
{
	if (nf->busy) {
		nf->again = true;
		return;
	}
	nf->busy = true;
	do {
		nf->again = false;
		step(nf);
	} while (nf->again);
	nf->busy = false;
	record_keep(nf->lma, nf->node);
}

/**
 * flows_settle_timer() - the same, outside of what the flow cache does
 * @arg: the flows
 */
void flows_settle_timer(void *arg)
{
	flows_settle(arg);
}
