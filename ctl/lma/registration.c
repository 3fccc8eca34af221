// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a binding cache entry: RFC 5213 §5.3.2 to §5.3.5 as a table of
 * states and events.  Forwarding state always changes before the answer
 * leaves.
 */
#include "lma/authority.h"
#include "lma/flows.h"

#include <string.h>
#include <utlist.h>

/* RFC 6543 §3: the address that a MAG has on every access link */
static const struct in6_addr fixed_lla = {
	.s6_addr = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0,
		     0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x52, 0x13 },
};

static uint32_t granted(const struct lma *l, const struct request *r)
{
	uint32_t s = r->pbu->lifetime * MH_LIFETIME_UNIT;

	if (l->conf->max_lifetime && s > l->conf->max_lifetime)
		s = l->conf->max_lifetime;
	if (r->prof->lifetime && s > r->prof->lifetime)
		s = r->prof->lifetime;
	return s < MH_LIFETIME_UNIT ? 1 : s / MH_LIFETIME_UNIT;
}

static int arm(struct lma *l, struct bce *b, uint64_t ns)
{
	return timerq_set(l->env->timers, &b->timer,
			  l->env->ops->now(l->env->ctx) + ns);
}

/* A deregistration, accepted */
static void acknowledge_end(struct lma *l, const struct request *r, struct bce *b)
{
	struct reply reply = { .bce = b, .seq = r->pbu->seq };

	reply_send(l, r->src, r->dst, r->pbu, &reply);
}

/*
 * The answer says which flows are to come this way (RFC 7864 §3.3), so that these are
 * decided before it leaves.  It is on its way before anybody else hears of them: the
 * gateway knows the node then.
 */
static void acknowledge(struct lma *l, const struct request *r,
			struct bce *b, uint32_t lifetime, bool anew)
{
	struct reply reply = {
		.lifetime = (uint16_t)lifetime, .bce = b, .seq = r->pbu->seq,
	};
	uint8_t status[FLOWS_ASKED];

	if (r->pbu->opts.n_flow) {
		flows_wanted(l, b, r->prof, &r->pbu->opts, anew, status);
		reply.flow_status = status;
	}
	if (anew && b->hi != HI_REREGISTRATION)
		anchoring_attached(b);
	flows_review(l, b->node, r->prof);
	reply_send(l, r->src, r->dst, r->pbu, &reply);
	if (b->node->flows)
		flows_settle(b->node->flows);
}

/* "the accepted registration values" (§5.3.2 rule 4, §5.3.3, §5.3.4) */
static void take_order(struct lma *l, const struct request *r, struct bce *b)
{
	const struct mh_opts *o = &r->pbu->opts;

	b->seq = r->pbu->seq;
	b->updated = l->env->ops->now(l->env->ctx);
	if ((o->present & MH_HAS_TIMESTAMP) &&
	    o->timestamp > b->node->timestamp)
		b->node->timestamp = o->timestamp;
}

/* RFC 5648 §4.1: 1 to 127; what the profile does not prefer comes last */
static uint8_t priority(const struct profile *prof, uint8_t att)
{
	unsigned int i;

	for (i = 0; i < prof->n_prefer; i++)
		if (prof->prefer[i] == att)
			return (uint8_t)(8 * (i + 1));
	return 127;
}

static void take_values(struct lma *l, const struct request *r, struct bce *b)
{
	const struct mh_opts *o = &r->pbu->opts;

	take_order(l, r, b);
	b->att = o->att;
	b->hi = o->hi;
	b->pri = priority(r->prof, o->att);
	b->speaks = r->pbu->flags & PBU_F_S;
	request_llid(o, &b->llid);
	if ((o->present & MH_HAS_LLA) && !IN6_IS_ADDR_UNSPECIFIED(&o->lla))
		b->lla = o->lla;
	else if (IN6_IS_ADDR_UNSPECIFIED(&b->lla))
		b->lla = fixed_lla;
}

/* Lifetime, gateway and values; the entry is active then, or unchanged. */
static int activate(struct lma *l, const struct request *r, struct bce *b,
		    uint32_t lifetime)
{
	/* an entry with a timer running gets it moved, which cannot fail */
	bool had_timer = timer_pending(&b->timer);

	if (!had_timer &&
	    arm(l, b, (uint64_t)lifetime * MH_LIFETIME_UNIT * NSEC_PER_SEC))
		return -1;
	if (bce_serve(b, r->dst, r->src)) {
		if (!had_timer)
			timerq_cancel(l->env->timers, &b->timer);
		return -1;
	}
	arm(l, b, (uint64_t)lifetime * MH_LIFETIME_UNIT * NSEC_PER_SEC);
	b->state = BCE_ACTIVE;
	take_values(l, r, b);
	return_close(l, b);
	return 0;
}

/* An entry as it was, should the kernel refuse what it is to become */
struct before {
	struct bce bce;
	uint64_t timestamp;	/* of the node */
};

static struct before remember(const struct bce *b)
{
	return (struct before){ .bce = *b, .timestamp = b->node->timestamp };
}

/* Back among its node's entries, where it was */
static void put_back(struct bce *b, const struct bce *was)
{
	if (b->next == was->next)
		return;
	DL_DELETE(b->node->bces, b);
	DL_PREPEND_ELEM(b->node->bces, was->next, b);
}

/*
 * RFC 6275 §9.5.1: a refused update leaves the entry as it was; so must the
 * forwarding state be.
 */
static void roll_back(struct lma *l, struct bce *b, const struct before *was)
{
	struct gateway *tried = b->gw;

	bce_unserve(b);
	put_back(b, &was->bce);
	b->gw = was->bce.gw;
	if (b->gw)
		DL_APPEND2(b->gw->bces, b, gw_prev, gw_next);
	b->tunnel = was->bce.tunnel;
	b->proxy_coa = was->bce.proxy_coa;
	b->lla = was->bce.lla;
	b->llid = was->bce.llid;
	b->updated = was->bce.updated;
	b->bid = was->bce.bid;
	b->seq = was->bce.seq;
	b->att = was->bce.att;
	b->pri = was->bce.pri;
	b->hi = was->bce.hi;
	b->speaks = was->bce.speaks;
	b->state = was->bce.state;
	b->node->timestamp = was->timestamp;
	timerq_set(l->env->timers, &b->timer, was->bce.timer.deadline);
	return_close(l, b);
	/* what the kernel refused to change is there as it was anyway */
	forward_set(l, b);
	bce_put_tunnel(l, tried);
}

/* What is taken over is forwarded before it is answered, or nothing has changed. */
static bool put_in_force(struct lma *l, const struct request *r, struct bce *b,
			 const struct before *was)
{
	forward_set(l, b);
	if (!forward_settle(l, b))
		return true;
	roll_back(l, b, was);
	refuse(l, r->src, r->dst, r->pbu, PBA_NO_RESOURCES, NULL);
	return false;
}

/* §5.3.3; what somebody has removed from the kernel is there again then */
static void extend(struct lma *l, const struct request *r, struct bce *b)
{
	uint32_t lifetime = granted(l, r);

	forward_set(l, b);
	if (forward_settle(l, b)) {
		refuse(l, r->src, r->dst, r->pbu, PBA_NO_RESOURCES, NULL);
		return;
	}
	arm(l, b, (uint64_t)lifetime * MH_LIFETIME_UNIT * NSEC_PER_SEC);
	take_values(l, r, b);
	lma_notify(l, "binding-extended", b);
	acknowledge(l, r, b, lifetime, false);
}

/* §5.3.4: the new tunnel's routes first, then the old tunnel goes */
static void hand_over(struct lma *l, const struct request *r, struct bce *b)
{
	uint32_t lifetime = granted(l, r);
	struct before was = remember(b);
	struct gateway *old = b->gw;

	if (handed_defers(l, r, b))
		return;
	bce_unserve(b);
	if (activate(l, r, b, lifetime)) {
		/* cannot fail: the gateway and its tunnel are held by old */
		b->gw = old;
		b->tunnel = was.bce.tunnel;
		b->proxy_coa = was.bce.proxy_coa;
		DL_APPEND2(old->bces, b, gw_prev, gw_next);
		refuse(l, r->src, r->dst, r->pbu, PBA_NO_RESOURCES, NULL);
		return;
	}
	return_left(l, b, &was.bce);
	if (!put_in_force(l, r, b, &was))
		return;
	lma_multicast_told(l, b->gw, r->pbu);
	handed_here(l, r, b);
	lma_multicast_stay(l, old, r->pbu);
	bce_put_tunnel(l, old);
	lma_notify(l, "binding-handoff", b);
	acknowledge(l, r, b, lifetime, true);
	revoke_left(l, b, &was.bce);
}

/* §5.3.5: "then the Binding Cache entry MUST NOT be deleted" */
static void revive(struct lma *l, const struct request *r, struct bce *b)
{
	uint32_t lifetime = granted(l, r);
	struct before was = remember(b);

	if (activate(l, r, b, lifetime)) {
		refuse(l, r->src, r->dst, r->pbu, PBA_NO_RESOURCES, NULL);
		return;
	}
	bce_make_youngest(b, &was.bce);
	if (!put_in_force(l, r, b, &was))
		return;
	lma_multicast_told(l, b->gw, r->pbu);
	handed_here(l, r, b);
	lma_notify(l, "binding-revived", b);
	acknowledge(l, r, b, lifetime, true);
}

/*
 * Draft: LMA handover §4.2 (f) to (i): another anchor has told of it.  The interface is the
 * same, and keeps its name and its place among the node's others.
 */
static void take_over(struct lma *l, const struct request *r, struct bce *b)
{
	uint32_t lifetime = granted(l, r);
	struct before was = remember(b);

	if (activate(l, r, b, lifetime)) {
		refuse(l, r->src, r->dst, r->pbu, PBA_NO_RESOURCES, NULL);
		return;
	}
	if (!put_in_force(l, r, b, &was))
		return;
	lma_multicast_told(l, b->gw, r->pbu);
	lma_notify(l, "binding-taken-over", b);
	anchoring_registered(b);
	acknowledge(l, r, b, lifetime, true);
}

/* The flow moves to the other attachments, or is dropped, from here on. */
static void withdraw(struct lma *l, struct bce *b, bool now)
{
	struct gateway *old = b->gw;

	revoke_forget(b);
	bce_unserve(b);
	b->state = BCE_DEREGISTERED;
	forward_leave(l, b, old, now);
	arm(l, b, l->conf->min_delay_before_bce_delete_ms * NSEC_PER_MSEC);
	flows_changed(l, b->node);
}

/* §5.3.5 rule 2; whoever is answered sends back what it holds, which has its new way then */
static void deregister(struct lma *l, const struct request *r, struct bce *b)
{
	take_order(l, r, b);
	return_open(l, b, NULL, 0);
	withdraw(l, b, true);
	lma_notify(l, "binding-deregistered", b);
	handed_left(l, r, b);
	pending_run(l, b->node);
	handed_run(b);
	acknowledge_end(l, r, b);
}

/* A repeated deregistration: the answer was lost; the wait goes on. */
static void repeat(struct lma *l, const struct request *r, struct bce *b)
{
	take_order(l, r, b);
	handed_left(l, r, b);
	return_again(l, b);
	acknowledge_end(l, r, b);
}

/* RFC 7161 §5.2.3: what it says of the node counts all the same. */
static void ignore(struct lma *l, const struct request *r, struct bce *b)
{
	handed_left(l, r, b);
}

static void nothing(struct lma *l, const struct request *r, struct bce *b)
{
	(void)l;
	(void)r;
	(void)b;
}

static void end(struct lma *l, struct bce *b, const char *event)
{
	struct gateway *old = b->gw;
	struct node *n = b->node;

	lma_notify(l, event, b);
	part_leave(l, b);
	if (old)
		bce_unserve(b);
	if (b->set->users == 1) {
		forward_end(l, b);
		if (old)
			bce_put_tunnel(l, old);
	} else if (old) {
		forward_leave(l, b, old, false);
	}
	bce_free(l, b);
	n->holds++;
	flows_changed(l, n);
	pending_run(l, n);
	anchoring_entry_gone(n);
	n->holds--;
	node_put(l, n);
}

/*
 * The end of an entry: the wait of §5.3.5, or its lifetime, is over.  Nobody
 * has asked to wait in the second case.
 */
static void delete(struct lma *l, const struct request *r, struct bce *b)
{
	(void)r;
	end(l, b, b->gw ? "binding-expired" : "binding-deleted");
}

/* RFC 5846 §6.2.2: "MUST delete [...] the mobile node(s) binding(s)" */
static void remove_now(struct lma *l, const struct request *r, struct bce *b)
{
	(void)r;
	l->counters.revoked++;
	end(l, b, "binding-revoked");
}

/* Its gateway has lost the node before it has registered it. */
static void leave_unseen(struct lma *l, const struct request *r, struct bce *b)
{
	take_order(l, r, b);
	acknowledge_end(l, r, b);
	end(l, b, "binding-deregistered");
}

static void move_away(struct lma *l, const struct request *r, struct bce *b)
{
	(void)r;
	end(l, b, "binding-moved");
}

/* RFC 5846 §8.1: "as if it received a de-registration message" */
static void release(struct lma *l, const struct request *r, struct bce *b)
{
	(void)r;
	l->counters.revoked++;
	/* its gateway sends back what it holds once it is answered */
	return_open(l, b, NULL, 0);
	withdraw(l, b, false);
	lma_notify(l, "binding-released", b);
	pending_run(l, b->node);
}

static void invalidate(struct lma *l, const struct request *r, struct bce *b)
{
	(void)r;
	withdraw(l, b, false);
	lma_notify(l, "binding-invalid", b);
	pending_run(l, b->node);
}

/* What happens to an entry; @r is NULL where no message caused it. */
static void (*const table[BCE_STATES][BCE_EVENTS])(struct lma *l,
						   const struct request *r,
						   struct bce *b) = {
	[BCE_ACTIVE] = {
		[EV_EXTEND]		= extend,
		[EV_HANDOFF]		= hand_over,
		[EV_DEREGISTER]		= deregister,
		[EV_FOREIGN_DEREGISTER]	= ignore,
		[EV_TIMER]		= delete,
		[EV_INVALID]		= invalidate,
		[EV_REVOKED]		= remove_now,
		[EV_RELEASE]		= release,
		[EV_MOVED]		= move_away,
	},
	[BCE_DEREGISTERED] = {
		[EV_EXTEND]		= revive,
		[EV_HANDOFF]		= revive,
		[EV_DEREGISTER]		= repeat,
		[EV_FOREIGN_DEREGISTER]	= ignore,
		[EV_TIMER]		= delete,
		[EV_INVALID]		= nothing,
		[EV_REVOKED]		= nothing,
		[EV_RELEASE]		= nothing,
		[EV_MOVED]		= move_away,
	},
	[BCE_HANDED] = {
		[EV_EXTEND]		= take_over,
		[EV_HANDOFF]		= take_over,
		[EV_DEREGISTER]		= leave_unseen,
		[EV_FOREIGN_DEREGISTER]	= nothing,
		[EV_TIMER]		= delete,
		[EV_INVALID]		= nothing,
		[EV_REVOKED]		= remove_now,
		[EV_RELEASE]		= nothing,
		[EV_MOVED]		= move_away,
	},
};

/**
 * bce_happen() - let something happen to an entry
 * @l: the anchor
 * @r: the request that did; NULL: none
 * @b: the entry, which may be gone afterwards, its node too
 * @ev: what
 */
void bce_happen(struct lma *l, const struct request *r, struct bce *b, enum bce_event ev)
{
	struct node *n = b->node;

	n->holds++;
	table[b->state][ev](l, r, b);
	n->holds--;
	record_keep(l, n);
	node_put(l, n);
}

/**
 * register_update() - a valid request about an entry (§5.3.1 rule 13)
 * @l: the anchor
 * @r: the request
 * @b: the entry
 */
void register_update(struct lma *l, const struct request *r, struct bce *b)
{
	struct prefix p[HNP_MAX];
	bool same;

	if (r->pbu->lifetime &&
	    !authority_has_prefixes(authority_find(l->conf, r->src), p, bce_prefixes(b, p))) {
		refuse(l, r->src, r->dst, r->pbu, PBA_NOT_AUTHORIZED_FOR_HNP, NULL);
		return;
	}
	handed_other(r, b);
	same = IN6_ARE_ADDR_EQUAL(&b->proxy_coa, r->src);
	if (!r->pbu->lifetime)
		bce_happen(l, r, b, same ? EV_DEREGISTER : EV_FOREIGN_DEREGISTER);
	else
		bce_happen(l, r, b, same ? EV_EXTEND : EV_HANDOFF);
}

/**
 * bce_timer() - an entry's time is over
 * @arg: the entry
 */
void bce_timer(void *arg)
{
	struct bce *b = arg;

	bce_happen(b->lma, NULL, b, EV_TIMER);
}

/**
 * bce_invalidate() - the gateway that served an entry has forgotten it
 * @l: the anchor
 * @b: the entry
 */
void bce_invalidate(struct lma *l, struct bce *b)
{
	bce_happen(l, NULL, b, EV_INVALID);
}

/* The kernel has refused a new entry: as if it had never been */
static void undo_new(struct lma *l, struct bce *b, uint64_t timestamp)
{
	struct gateway *gw = b->gw;

	bce_unserve(b);
	b->node->timestamp = timestamp;
	part_leave(l, b);
	forward_end(l, b);
	b->set->refused = b->set->users == 1;
	if (b->common)
		b->common->refused = b->common->users == 1;
	bce_put_tunnel(l, gw);
	bce_free(l, b);
}

/* What nobody uses after all goes back whence it came. */
static void leave_prefixes(struct lma *l, struct hnp_set *found[2])
{
	hnp_set_unused(l, found[0]);
	if (found[1])
		hnp_set_unused(l, found[1]);
}

static bool has_set(const struct lma_authority *a, const struct hnp_set *set)
{
	unsigned int i;

	for (i = 0; set && i < set->n; i++)
		if (!authority_has_prefixes(a, &set->hnp[i].prefix, 1))
			return false;
	return true;
}

static int take_prefixes(struct lma *l, const struct request *r, struct node *n,
			 const struct bce *share, struct hnp_set *found[2], uint8_t *status)
{
	const bool combined = r->prof->multihoming == MULTIHOMING_COMBINED;

	found[0] = share ? share->set : hnp_set_new(l, n, r->prof, &r->pbu->opts, status);
	found[1] = share ? share->common : NULL;
	if (!found[0])
		return -1;
	if (share || !combined)
		return 0;
	found[1] = hnp_set_common(l, n, r->prof, status);
	if (found[1] && found[0]->n + found[1]->n <= HNP_MAX)
		return 0;
	if (found[1])
		*status = PBA_NO_RESOURCES;
	leave_prefixes(l, found);
	return -1;
}

/* The prefixes of a new session, with no more users than before, if the gateway may have them */
static int find_prefixes(struct lma *l, const struct request *r, struct node *n,
			 const struct bce *share, struct hnp_set *found[2], uint8_t *status)
{
	const struct lma_authority *a = authority_find(l->conf, r->src);
	int ret;

	l->asking = a;
	ret = take_prefixes(l, r, n, share, found, status);
	l->asking = NULL;
	if (ret || (has_set(a, found[0]) && has_set(a, found[1])))
		return ret;
	leave_prefixes(l, found);
	*status = PBA_NOT_AUTHORIZED_FOR_HNP;
	return -1;
}

/**
 * register_new() - a new mobility session (§5.3.2)
 * @l: the anchor
 * @r: the request, its lifetime not zero
 * @share: an entry whose prefixes it shares (RFC 7864 §3), NULL: none
 */
void register_new(struct lma *l, const struct request *r, struct bce *share)
{
	uint32_t lifetime = granted(l, r);
	uint8_t status = PBA_NO_RESOURCES;
	struct hnp_set *found[2];
	struct node *n = NULL;
	struct bce *b = NULL;
	uint64_t timestamp;

	if (l->conf->max_sessions && l->n_bces >= l->conf->max_sessions)
		goto out;
	n = node_get(l, &r->pbu->opts.mn_id);
	if (!n)
		goto out;
	timestamp = n->timestamp;
	if (find_prefixes(l, r, n, share, found, &status))
		goto out;
	status = PBA_NO_RESOURCES;
	b = bce_new(l, n, found[0], found[1]);
	if (!b) {
		leave_prefixes(l, found);
		goto out;
	}
	if (activate(l, r, b, lifetime)) {
		bce_free(l, b);
		goto out;
	}
	forward_set(l, b);
	if (forward_settle(l, b)) {
		undo_new(l, b, timestamp);
		goto out;
	}
	lma_multicast_told(l, b->gw, r->pbu);
	lma_notify(l, "binding-new", b);
	node_claim(l, n, r->prof);
	acknowledge(l, r, b, lifetime, true);
	record_keep(l, n);
	return;
out:
	if (n)
		node_put(l, n);
	refuse(l, r->src, r->dst, r->pbu, status, NULL);
}
