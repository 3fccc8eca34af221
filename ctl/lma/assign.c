// SPDX-License-Identifier: GPL-2.0
/*
 * A new session is assigned to another anchor (RFC 6463 §5.3.2): this one, the rfLMA, asks
 * that one, the r2LMA, as a 'proxy-MAG', and tells the gateway what it was answered.
 */
#include "lma/anchoring.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdlib.h>

#define SILENT_MS	3000	/* the gateway has repeated itself twice by then */

/* "the rfLMA creates a proxy state based on the received PBU" */
struct assignment {
	struct lma *lma;
	struct mn_id id;
	struct in6_addr mag, to;
	struct mh_msg pbu;
	struct timer timer;
	unsigned int next_at;		/* of the neighbours; one too many: only @to */
	UT_hash_handle hh;
};

static void drop(struct assignment *a)
{
	timerq_cancel(a->lma->env->timers, &a->timer);
	HASH_DEL(a->lma->assignments, a);
	free(a);
}

/**
 * assign_free() - forget whom the anchor has asked
 * @l: the anchor, which is going
 */
void assign_free(struct lma *l)
{
	struct assignment *a, *tmp;

	HASH_ITER(hh, l->assignments, a, tmp)
		drop(a);
}

/* "includes all non-security related mobility options from the original PBU and an Alternate */
/* Care-of Address (ACoA) option" */
static void ask(struct assignment *a)
{
	struct mh_msg m = a->pbu;
	struct lma *l = a->lma;

	m.opts.present &= ~(uint32_t)MH_HAS_REDIRECTABLE;
	if (!(m.opts.present & MH_HAS_ALT_COA))
		m.opts.alt_coa = a->mag;
	m.opts.present |= MH_HAS_ALT_COA;
	l->counters.handover.assign_asked++;
	l->env->ops->send_mh(l->env->ctx, &l->conf->address, &a->to, &m);
}

static void end(struct assignment *a, const struct mh_msg *pba)
{
	struct lma *l = a->lma;

	l->counters.pba_tx++;
	l->counters.status[pba->status]++;
	l->env->ops->send_mh(l->env->ctx, &l->conf->address, &a->mag, pba);
	drop(a);
}

static int arm(struct assignment *a)
{
	struct env *env = a->lma->env;

	return timerq_set(env->timers, &a->timer,
			  env->ops->now(env->ctx) + SILENT_MS * NSEC_PER_MSEC);
}

/* "SHOULD assign the MAG to a new r2LMA and rerun the procedure" */
static bool next(struct assignment *a)
{
	const struct lma_conf *c = a->lma->conf;

	while (a->next_at < c->n_neighbours) {
		a->to = c->neighbour[a->next_at++];
		if (!neighbour_alive(a->lma, &a->to))
			continue;
		arm(a);
		ask(a);
		return true;
	}
	return false;
}

/* "or to 130 (Insufficient resources) in case of no responses" */
static void on_timer(void *arg)
{
	struct assignment *a = arg;
	struct lma *l = a->lma;
	const struct in6_addr mag = a->mag;
	struct mh_msg pbu;

	if (next(a))
		return;
	pbu = a->pbu;
	drop(a);
	refuse(l, &mag, &l->conf->address, &pbu, PBA_NO_RESOURCES, NULL);
}

static struct assignment *find(const struct lma *l, const struct mn_id *id)
{
	const struct mn_id key = mn_id_key(id);
	struct assignment *a;

	HASH_FIND(hh, l->assignments, &key, sizeof(key), a);
	return a;
}

/* An anchor that the profile names, or any, if there are too many sessions here */
static bool wanted(const struct lma *l, const struct profile *prof, struct in6_addr *to)
{
	*to = in6addr_any;
	if (!prof || !prof->allowed)
		return false;
	if (!IN6_IS_ADDR_UNSPECIFIED(&prof->lma)) {
		*to = prof->lma;
		return neighbour_has(l, to);
	}
	return l->conf->redirect_above && l->n_bces >= l->conf->redirect_above;
}

static bool is_new(struct lma *l, const struct mh_msg *pbu)
{
	const struct node *n = lma_node_find(l, &pbu->opts.mn_id);

	return pbu->lifetime && (pbu->opts.present & MH_HAS_HI) &&
	       pbu->opts.hi == HI_NEW_INTERFACE && !(n && (n->bces || n->anchoring));
}

/**
 * assign_takes() - whether a request is another anchor's to answer
 * @l: this anchor, the rfLMA
 * @src: the gateway, which may register nodes here
 * @pbu: its request
 *
 * RFC 6463 §5.2: the option is in "a PBU that establishes a new mobility session (i.e.,
 * Handoff Indicator Option in the PBU has the value of 1)".  A repeated one is asked again.
 *
 * Return: true if that has been asked: it is answered later.  False: it is this one's.
 */
bool assign_takes(struct lma *l, const struct in6_addr *src, const struct mh_msg *pbu)
{
	struct assignment *a;
	struct in6_addr to;

	if (!l->conf->redirect || !(pbu->opts.present & MH_HAS_REDIRECTABLE) || !is_new(l, pbu))
		return false;
	a = find(l, &pbu->opts.mn_id);
	if (a && IN6_ARE_ADDR_EQUAL(&a->mag, src)) {
		a->pbu = *pbu;
		ask(a);
		return true;
	}
	if (a || !wanted(l, policy_find(l->policy, &pbu->opts.mn_id), &to))
		return false;
	a = calloc(1, sizeof(*a));
	if (!a)
		return false;
	a->lma = l;
	a->mag = *src;
	a->pbu = *pbu;
	timer_init(&a->timer, on_timer, a);
	if (arm(a)) {
		free(a);
		return false;
	}
	a->id = mn_id_key(&pbu->opts.mn_id);
	HASH_ADD(hh, l->assignments, id, sizeof(a->id), a);
	if (!IN6_IS_ADDR_UNSPECIFIED(&to)) {
		a->to = to;
		a->next_at = l->conf->n_neighbours;
		ask(a);
	} else if (!next(a)) {
		drop(a);
		return false;
	}
	return true;
}

/**
 * lma_on_pba() - the anchor that was asked has answered (RFC 6463 §5.3.2)
 * @l: this anchor
 * @src: its source
 * @dst: its destination
 * @pba: the message
 *
 * "The PBA MUST contain the r2LMA [...] unicast address in the Redirect mobility option.  Other
 * non-security-related mobility options [...] are copied".
 */
void lma_on_pba(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *pba)
{
	struct assignment *a = NULL;
	struct mh_msg m = *pba;

	(void)dst;
	if (pba->opts.present & MH_HAS_MN_ID)
		a = find(l, &pba->opts.mn_id);
	if (!a || !IN6_ARE_ADDR_EQUAL(&a->to, src) || a->pbu.seq != pba->seq) {
		l->counters.handover.stray++;
		return;
	}
	if (pba->status >= PBA_UNSPECIFIED && next(a))
		return;
	m.opts.present &= ~(uint32_t)MH_HAS_ALT_COA;
	if (pba->status < PBA_UNSPECIFIED) {
		m.opts.present |= MH_HAS_REDIRECT;
		m.opts.redirect = *src;
		l->counters.handover.assigned++;
	}
	end(a, &m);
}

/**
 * assign_sender() - whose request it is that another anchor passes on (RFC 6463 §5.3.2)
 * @l: this anchor, the r2LMA
 * @src: the request's source
 * @pbu: the request
 *
 * RFC 5213 has the source be the Proxy-CoA; here it is in the Alternate Care-of Address.
 *
 * Return: the gateway's address; NULL: it is the sender's own.
 */
const struct in6_addr *assign_sender(const struct lma *l, const struct in6_addr *src,
				     const struct mh_msg *pbu)
{
	if (!l->conf->redirect_accept || !(pbu->opts.present & MH_HAS_ALT_COA) ||
	    !neighbour_has(l, src) || !mh_is_unicast(&pbu->opts.alt_coa))
		return NULL;
	return &pbu->opts.alt_coa;
}
