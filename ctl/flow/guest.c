// SPDX-License-Identifier: GPL-2.0
/* A gateway's part of a node's flows, whichever dialect tells it of them. */
#include "flow/guest.h"

#include "core/log.h"
#include "flow/option.h"

#include <errno.h>
#include <string.h>
#include <utlist.h>

#define PREFIX_LEN	64	/* of home network prefixes that a selector shows */

static void set_prefixes(struct flow_guest *g, const struct prefix *p, unsigned int n)
{
	bool same = n == g->n_prefix;

	for (unsigned int i = 0; same && i < n; i++)
		same = prefix_equal(&p[i], &g->prefix[i]);
	if (same)
		return;
	memset(g->prefix, 0, sizeof(g->prefix));
	for (unsigned int i = 0; i < n; i++)
		g->prefix[i] = p[i];
	g->n_prefix = n;
	g->asked++;
	g->ops->prefixes(g->arg);
}

/* Those that are there for flows, and that none of the flows left has packets to, go. */
static void drop_unused(struct flow_guest *g)
{
	struct prefix rest[HNP_MAX];
	unsigned int n = 0;

	for (unsigned int i = 0; g->by_flows && i < g->n_prefix; i++) {
		const struct flow *f;

		DL_FOREACH(g->flows.flows, f)
			if (selector_reaches(&f->spec.selector, &g->prefix[i]))
				break;
		if (f)
			rest[n++] = g->prefix[i];
	}
	if (g->by_flows)
		set_prefixes(g, rest, n);
}

static void changed(void *arg, const struct flow *f)
{
	struct flow_guest *g = arg;

	g->asked++;
	g->ops->changed(g->arg, f);
}

static void ended(void *arg, const struct flow *f, enum flow_end why)
{
	struct flow_guest *g = arg;

	g->asked++;
	g->ops->ended(g->arg, f, why);
	drop_unused(g);
}

static const struct fmc_ops cache_ops = { .changed = changed, .ended = ended };

static void give_up(void *arg)
{
	set_prefixes(arg, NULL, 0);
}

/**
 * flow_guest_trust() - what is kept is what the anchor wants
 * @g: the guest; of its flows, those that an update has named since they were doubted
 */
void flow_guest_trust(struct flow_guest *g)
{
	g->doubted = false;
	timerq_cancel(g->flows.env->timers, &g->doubt);
}

/**
 * flow_guest_init() - a node without flows
 * @g: the guest
 * @env: its world
 * @ops: what the gateway does about its flows; must outlive it
 * @arg: for @ops
 */
void flow_guest_init(struct flow_guest *g, struct env *env,
		     const struct flow_guest_ops *ops, void *arg)
{
	memset(g, 0, sizeof(*g));
	g->ops = ops;
	g->arg = arg;
	timer_init(&g->doubt, give_up, g);
	fmc_init(&g->flows, env, &cache_ops, g);
}

/**
 * flow_guest_clear() - nothing is kept of a node any more
 * @g: the guest, still good afterwards
 */
void flow_guest_clear(struct flow_guest *g)
{
	flow_guest_trust(g);
	fmc_clear(&g->flows);
	set_prefixes(g, NULL, 0);
	g->heard = false;
}

/**
 * flow_guest_doubt() - the anchor may not know of it any more
 * @g: the guest
 * @seconds: what it does not tell again meanwhile ends then
 *
 * An anchor that has begun anew says what holds, and takes back nothing that it does
 * not know of; and an UPN's flows and prefixes have no lifetime (RFC 7864 §4.2).
 */
void flow_guest_doubt(struct flow_guest *g, uint16_t seconds)
{
	struct env *env = g->flows.env;
	uint64_t at = env->ops->now(env->ctx) + seconds * NSEC_PER_SEC;

	g->heard = false;
	g->doubted = true;
	if (fmc_limit(&g->flows, seconds) ||
	    (g->n_prefix && timerq_set(env->timers, &g->doubt, at)))
		log_err("no memory for the timer of a flow's end");
}

/**
 * flow_guest_lose() - a prefix is not to be routed to the node any more
 * @g: the guest
 * @p: the prefix
 */
void flow_guest_lose(struct flow_guest *g, const struct prefix *p)
{
	struct prefix rest[HNP_MAX], lost = *p;
	unsigned int n = 0;

	for (unsigned int i = 0; i < g->n_prefix; i++)
		if (!prefix_equal(&g->prefix[i], &lost))
			rest[n++] = g->prefix[i];
	set_prefixes(g, rest, n);
}

/* RFC 6089 §5.3.2.1, §5.3.2.2: what a known flow's option lacks stays as it is. */
static uint8_t read_one(const struct flow_guest *g, const struct mh_msg *m,
			unsigned int i, struct flow_spec *s)
{
	const struct mh_flow *f = &m->opts.flow[i];
	const struct flow *known = fmc_find(&g->flows, f->fid);

	memset(s, 0, sizeof(*s));
	if (known)
		*s = known->spec;
	flow_option_apply(f, s);
	if (flow_option_twice(&m->opts, i))
		return FLOW_UNSPECIFIED;
	if (!(f->present & MH_FLOW_HAS_SELECTOR))
		return known ? FLOW_OK : FLOW_NO_FID;
	if (!selector_known(f->selector.format))
		return FLOW_TS_UNSUPPORTED;
	return FLOW_OK;
}

/**
 * guest_read() - what a message asks for
 * @g: the guest
 * @m: FMI or UPN
 * @rq: the result
 *
 * Return: 0, or -EINVAL with the status of each flow that is the reason.
 */
int guest_read(const struct flow_guest *g, const struct mh_msg *m,
	       struct guest_request *rq)
{
	int err = 0;

	memset(rq, 0, sizeof(*rq));
	rq->n = m->opts.n_flow;
	for (unsigned int i = 0; i < rq->n; i++) {
		rq->status[i] = read_one(g, m, i, &rq->spec[i]);
		if (rq->status[i])
			err = -EINVAL;
	}
	return err;
}

static unsigned int add_prefix(struct prefix *p, unsigned int n, const struct prefix *new)
{
	for (unsigned int i = 0; i < n; i++)
		if (prefix_equal(&p[i], new))
			return n;
	if (n < HNP_MAX)
		p[n++] = *new;
	return n;
}

/* Draft §3.2.2: the option "can convey prefix or full flow information" */
static bool destination_prefix(const struct selector *s, struct prefix *p)
{
	if (s->format != SELECTOR_IPV6 || !(s->fields & SELECTOR_HAS(SELECTOR_DST)) ||
	    memcmp(&s->dst[0], &s->dst[1], PREFIX_LEN / 8))
		return false;
	memset(p, 0, sizeof(*p));
	memcpy(&p->addr, &s->dst[0], PREFIX_LEN / 8);
	p->len = PREFIX_LEN;
	return !IN6_IS_ADDR_UNSPECIFIED(&p->addr);
}

/*
 * The off-link prefixes that are to be there: those that the message's Home
 * Network Prefix options have (RFC 7864 §4.1: L).  An FMI may do without such
 * options: then those that the destinations of its flows are in, beside the
 * others.
 */
static unsigned int prefixes_after(const struct flow_guest *g, const struct mh_msg *m,
				   const struct guest_request *rq, struct prefix *p)
{
	unsigned int n = 0;
	struct prefix one;

	for (unsigned int i = 0; i < m->opts.n_hnp; i++)
		if (m->opts.hnp[i].off_link &&
		    !IN6_IS_ADDR_UNSPECIFIED(&m->opts.hnp[i].prefix.addr))
			n = add_prefix(p, n, &m->opts.hnp[i].prefix);
	if (m->opts.n_hnp || m->kind == MH_UPN)
		return n;
	for (n = 0; n < g->n_prefix; n++)
		p[n] = g->prefix[n];
	for (unsigned int i = 0; i < rq->n; i++)
		if (destination_prefix(&rq->spec[i].selector, &one))
			n = add_prefix(p, n, &one);
	return n;
}

/**
 * guest_apply() - keep what a message asks for
 * @g: the guest
 * @rq: the request, which guest_read() has found good
 * @lifetime: seconds, FLOW_FOREVER
 * @m: the message: flows that an UPN has not are removed
 *
 * All or nothing; but of what the kernel refuses, nothing stays.
 *
 * Return: 0 or -errno, with the status of the flow that was the reason.
 */
int guest_apply(struct flow_guest *g, struct guest_request *rq, uint16_t lifetime,
		const struct mh_msg *m)
{
	enum fmc_rest rest = m->kind == MH_UPN ? FMC_REMOVE : FMC_KEEP;
	unsigned int n_before = g->n_prefix;
	struct prefix p[HNP_MAX], before[HNP_MAX];
	uint64_t asked = g->asked;
	unsigned int which;
	int err;

	err = fmc_update(&g->flows, rq->spec, rq->n, lifetime, rest, &which);
	if (err) {
		if (which < rq->n && err != -ENOMEM)
			rq->status[which] = FLOW_PROHIBITED;
		return err;
	}
	g->by_flows = m->kind == MH_FMI;
	memcpy(before, g->prefix, sizeof(before));
	set_prefixes(g, p, prefixes_after(g, m, rq, p));
	/* a flow that is other than before may have left its prefix */
	if (!m->opts.n_hnp)
		drop_unused(g);
	/* a repetition asks for nothing, so that nothing can be refused */
	if (g->ops->settle && g->asked != asked)
		err = g->ops->settle(g->arg);
	if (!err) {
		flow_guest_trust(g);
		return 0;
	}
	for (unsigned int i = 0; i < rq->n; i++)
		fmc_remove(&g->flows, rq->spec[i].fid);
	/* those of other flows are there for them still */
	set_prefixes(g, before, m->kind == MH_UPN ? 0 : n_before);
	drop_unused(g);
	return err;
}

/**
 * guest_copy() - the flows of a message, each with its status, for the answer
 * @rq: what became of them
 * @m: the message
 * @o: options of the answer
 */
void guest_copy(const struct guest_request *rq, const struct mh_msg *m,
		struct mh_opts *o)
{
	if (!m->opts.n_flow)
		return;
	o->present |= MH_HAS_FLOW;
	o->n_flow = m->opts.n_flow;
	memcpy(o->flow, m->opts.flow, sizeof(o->flow));
	for (unsigned int i = 0; i < o->n_flow; i++)
		o->flow[i].status = rq->status[i];
}
