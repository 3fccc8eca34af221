// SPDX-License-Identifier: GPL-2.0
/*
 * An anchor revokes bindings (RFC 5846 §9.1).  Nodes that are still there hear that
 * router and prefixes are no more, and can attach again like anybody who comes.
 */
#include "mag/revoke.h"

#include "core/log.h"
#include "mag/session.h"

#include <arpa/inet.h>
#include <string.h>

/* What of the sessions that are meant there is */
struct tally {
	unsigned int revoked, released;
};

static bool has_binding(const struct session *s)
{
	return session_attached(s) || s->state == SESSION_LEAVING ||
	       s->state == SESSION_DEREGISTERING;
}

/*
 * Service ends.  A gateway that holds may hold already what the interface could not
 * take, and gets more until the anchor has heard its answer: all that goes back, as
 * after a deregistration (draft: fault tolerant multihoming §3.2).
 */
static void drop(struct session *s)
{
	struct mag *m = s->mag;

	m->counters.detach++;
	if (m->conf->hold) {
		timerq_cancel(m->env->timers, &s->timer);
		advert_withdraw(s);
		s->expelled = true;
		s->expires = 0;
		forward_update(s->node);
		hold_release(s, PMIP_HOLD_TO_RETURN);
	} else {
		registration_drop(s);
	}
	if (!node_attached(s->node))
		assoc_end_all(s->node);
	mag_notify(m, "revoked", &s->node->id, &s->lma, NULL);
}

/**
 * act_revoked() - a session ends whose node is still there (RFC 5846 §9.1)
 * @s: the session, in state lingering, gone afterwards unless packets go back; the
 *	anchor knows
 */
void act_revoked(struct session *s)
{
	drop(s);
	if (s->tunnel)
		session_linger(s);
	else
		session_free(s);
}

/**
 * act_revoked_midway() - the same, while the binding is being refreshed
 * @s: the session
 *
 * The anchor may get that request after the answer to its BRI, and then it is one for
 * a binding anew: so that one is deregistered, if it comes to be.
 */
void act_revoked_midway(struct session *s)
{
	drop(s);
	registration_start(s, HI_UNKNOWN);
}

/**
 * act_revoked_anew() - a binding is revoked while another is asked for
 * @s: the session; what the PBA on its way would say is not so any more
 */
void act_revoked_anew(struct session *s)
{
	registration_drop(s);
	registration_again(s);
}

/**
 * act_yield() - a session that will be revoked with others (RFC 5846 §9.2)
 * @s: the session; its node is told now
 */
void act_yield(struct session *s)
{
	timerq_cancel(s->mag->env->timers, &s->timer);
	advert_withdraw(s);
	mag_notify(s->mag, "detach", &s->node->id, NULL, "to be revoked");
}

/**
 * mag_end_revoked() - a session's binding has been revoked
 * @s: the session; may be gone on return
 *
 * Who has left, and is about to be deregistered, need not be any more.  One that has
 * been asked for goes on: what came before it may be on its way still.
 */
void mag_end_revoked(struct session *s)
{
	bool left = !session_attached(s);
	struct node *n = s->node;

	handover_revoked(n);
	session_event(s, EVENT_REVOKED);
	if (left)
		forward_update(n);
}

static void end(struct session *s, struct tally *t)
{
	if (!has_binding(s)) {
		t->released += s->state == SESSION_LINGERING;
		return;
	}
	t->revoked++;
	s->mag->counters.revoked++;
	mag_end_revoked(s);
}

static bool of_anchor(const struct session *s, const struct in6_addr *lma)
{
	return IN6_ARE_ADDR_EQUAL(&s->lma, lma);
}

static void end_all(struct mag *m, const struct in6_addr *lma, const struct mn_id *realm,
		    struct tally *t)
{
	struct session *s, *tmp;

	HASH_ITER(hh, m->sessions, s, tmp)
		if (of_anchor(s, lma) && (!realm || revocation_realm_of(&s->node->id, realm)))
			end(s, t);
}

/* §9.1: "MUST validate that [...] no mobility options are included" */
static uint8_t revoke_all(void *arg, const struct in6_addr *src, const struct mh_msg *bri)
{
	struct tally t = { 0 };

	if (bri->opts.present)
		return BRA_FUNCTION_UNSUPPORTED;
	end_all(arg, src, NULL, &t);
	return t.revoked || t.released ? BRA_OK : BRA_NO_BINDING;
}

static bool ours(const struct mag *m, const struct mh_opts *o)
{
	return !(o->present & MH_HAS_ALT_COA) ||
	       IN6_ARE_ADDR_EQUAL(&o->alt_coa, &m->conf->address);
}

/* §9.1: "not able to identify the impacted mobile nodes bindings": 131 */
static uint8_t revoke_realm(void *arg, const struct in6_addr *src, const struct mh_msg *bri)
{
	struct tally t = { 0 };
	struct mag *m = arg;

	if (ours(m, &bri->opts))
		end_all(m, src, &bri->opts.mn_id, &t);
	return t.revoked || t.released ? BRA_OK : BRA_MISSING_MN_ID;
}

/* Its own, or one that is only routed to it */
static bool has_prefix(const struct session *s, const struct prefix *p)
{
	for (unsigned int i = 0; i < s->n_hnp + s->n_off; i++)
		if (prefix_equal(&s->hnp[i], p))
			return true;
	return false;
}

/* An FMI or an UPN has brought it, of this anchor */
static bool guest_has(const struct node *n, const struct in6_addr *lma, const struct prefix *p)
{
	const struct session *s;
	bool serves = false, has = false;

	DL_FOREACH(n->sessions, s)
		serves |= of_anchor(s, lma);
	for (unsigned int i = 0; n->guest && i < n->guest->n_prefix; i++)
		has |= prefix_equal(&n->guest->prefix[i], p);
	return serves && has;
}

/* Who registers may have been given any prefix: its PBA may be on its way. */
static bool meant(const struct session *s, const struct in6_addr *src, const struct mh_opts *o)
{
	bool named = !o->n_hnp ||
		     (s->state == SESSION_REGISTERING && (s->ask_any || !s->n_hnp));

	for (unsigned int i = 0; i < o->n_hnp; i++)
		named |= has_prefix(s, &o->hnp[i].prefix);
	if ((o->present & MH_HAS_LLID) && o->llid.len)
		named &= llid_equal(&s->key.lladdr, &o->llid);
	return named && of_anchor(s, src);
}

/*
 * No PBA tells us a BID: where that of one binding of several is all that is said,
 * nobody knows which it is.
 */
static bool puzzling(const struct node *n, const struct in6_addr *src, const struct mh_opts *o)
{
	const struct session *s;
	unsigned int count = 0;

	if (!o->n_bid)
		return false;
	DL_FOREACH(n->sessions, s)
		count += has_binding(s) && meant(s, src, o);
	return count > o->n_bid;
}

static void list_unknown(const struct node *n, const struct in6_addr *src,
			 const struct mh_opts *o, struct mh_opts *failed)
{
	const struct session *s;

	for (unsigned int i = 0; i < o->n_hnp; i++) {
		DL_FOREACH(n->sessions, s)
			if (of_anchor(s, src) && has_prefix(s, &o->hnp[i].prefix))
				break;
		if (!s && !guest_has(n, src, &o->hnp[i].prefix))
			failed->hnp[failed->n_hnp++] = o->hnp[i];
	}
	failed->present = failed->n_hnp ? MH_HAS_HNP : 0;
}

static bool is_handover(uint8_t trigger)
{
	return trigger >= BRI_HANDOVER_SAME_ATT && trigger <= BRI_HANDOVER_UNKNOWN_ATT;
}

/*
 * §9.1: "SHOULD ensure that the mobile node is no longer attached": it is asked.  If it
 * does not answer it has left, and the anchor hears of that in the usual way; by then
 * the BRI is answered.
 */
static bool still_there(const struct node *n, const struct in6_addr *src,
			const struct mh_opts *o)
{
	struct session *s;
	bool there = false;

	DL_FOREACH(n->sessions, s) {
		if (!session_attached(s) || !meant(s, src, o))
			continue;
		there = true;
		if (s->tunnel && s->mag->conf->probe_ms)
			advert_probe(s, 0);
	}
	for (unsigned int i = 0; i < o->n_hnp; i++)
		there |= node_attached(n) && guest_has(n, src, &o->hnp[i].prefix);
	return there;
}

static void say_prefix(struct node *n, const struct in6_addr *lma, const struct prefix *p)
{
	char text[PREFIX_STRLEN];

	mag_notify(n->mag, "prefix-revoked", &n->id, lma, prefix_str(p, text, sizeof(text)));
}

static void lose_prefix(struct session *s, const struct prefix *p, struct tally *t)
{
	struct node *n = s->node;
	struct session *o;
	bool elsewhere = false;

	DL_FOREACH(n->sessions, o)
		elsewhere |= o != s && o->tunnel && (prefix_own(o, p) || prefix_routed(o, p));
	if (!elsewhere)
		forward_fade(s, p);
	t->revoked++;
	s->mag->counters.revoked_prefixes++;
	say_prefix(n, &s->lma, p);
	prefix_lose(s, p);
	forward_update(n);
}

/*
 * RFC 5846 §8.1, draft: flow mobility §3.2.2, figure 6: BRI[pref2]: of a session that has
 * others only that prefix goes.  One that leaves, leaves with all; what is asked for may
 * come to be what the anchor knew before.
 */
static bool lose_some(struct session *s, const struct mh_opts *o, struct tally *t)
{
	unsigned int left = 0, i;

	for (i = 0; i < s->n_hnp; i++)
		left += mh_find_hnp(o, &s->hnp[i]) < 0;
	if (!o->n_hnp || !left || !s->tunnel || s->state == SESSION_REGISTERING)
		return false;
	if (!session_attached(s)) {
		forward_update(s->node);
		hold_release(s, PMIP_HOLD_TO_RETURN);
		t->revoked++;
		return true;
	}
	for (i = s->n_hnp + s->n_off; i--;)
		if (mh_find_hnp(o, &s->hnp[i]) >= 0)
			lose_prefix(s, &s->hnp[i], t);
	if (s->state == SESSION_REFRESHING)
		registration_again(s);
	return true;
}

/* By way of whichever session it is routed, unless one has it anyway */
static void fade_routed(struct node *n, const struct in6_addr *src, const struct prefix *p)
{
	struct session *s, *way = NULL;

	DL_FOREACH(n->sessions, s) {
		if (has_prefix(s, p))
			return;
		if (s->tunnel && of_anchor(s, src))
			way = s;
	}
	if (way)
		forward_fade(way, p);
}

/* What an FMI or an UPN has brought: the node's sessions stay */
static void lose_routed(struct node *n, const struct in6_addr *src, const struct mh_opts *o,
			struct tally *t)
{
	for (unsigned int i = 0; i < o->n_hnp; i++) {
		const struct prefix p = o->hnp[i].prefix;

		if (!guest_has(n, src, &p))
			continue;
		fade_routed(n, src, &p);
		flow_guest_lose(n->guest, &p);
		if (!n->guest->n_prefix)
			fmc_clear(&n->guest->flows);
		t->revoked++;
		n->mag->counters.revoked_prefixes++;
		say_prefix(n, src, &p);
	}
}

/* The node goes with its last session */
static struct session *next(struct mag *m, const struct in6_addr *src, const struct mh_opts *o)
{
	struct node *n = mag_node_find(m, &o->mn_id);
	struct session *s;

	if (!n)
		return NULL;
	DL_FOREACH(n->sessions, s)
		if (s->revoking && meant(s, src, o))
			return s;
	return NULL;
}

static uint8_t revoke_node(void *arg, const struct in6_addr *src, const struct mh_msg *bri,
			   struct mh_opts *failed)
{
	const struct mh_opts *o = &bri->opts;
	struct mag *m = arg;
	struct node *n = mag_node_find(m, &o->mn_id);
	struct tally t = { 0 };
	struct session *s;

	if (!n || !ours(m, o) || puzzling(n, src, o))
		return BRA_NO_BINDING;
	if (is_handover(bri->trigger) && still_there(n, src, o))
		return BRA_ATTACHED;
	list_unknown(n, src, o, failed);
	lose_routed(n, src, o, &t);
	DL_FOREACH(n->sessions, s)
		s->revoking = true;
	for (s = next(m, src, o); s; s = next(m, src, o)) {
		s->revoking = false;
		if (!lose_some(s, o, &t))
			end(s, &t);
	}
	if (!t.revoked && !t.released)
		return BRA_NO_BINDING;
	return t.released || failed->present ? BRA_PARTIAL : BRA_OK;
}

static const struct revocation_ops ops = { revoke_all, revoke_realm, revoke_node };

/**
 * mag_revoked_init() - no anchor has revoked anything
 * @m: the gateway
 */
void mag_revoked_init(struct mag *m)
{
	revocation_responder_init(&m->revoked, m->env, &ops, m, &m->counters.revocation,
				  &m->conf->address);
}

/**
 * mag_on_bri() - a Binding Revocation Indication (RFC 5846 §9.1)
 * @m: the gateway
 * @src: the anchor; of anybody that we do not deal with it is discarded
 * @dst: our address
 * @bri: the message
 */
void mag_on_bri(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *bri)
{
	struct peer *p = peer_find(m->peers, dst, src);
	char text[INET6_ADDRSTRLEN];

	if (!IN6_ARE_ADDR_EQUAL(dst, &m->conf->address) ||
	    (!p && !IN6_ARE_ADDR_EQUAL(src, &m->conf->lma))) {
		m->counters.revocation.bri_discarded++;
		log_ratelimited(LOG_WARNING, "BRI of %s: no anchor of ours",
				inet_ntop(AF_INET6, src, text, sizeof(text)));
		return;
	}
	if (p)
		peer_heard(p);
	revocation_on_bri(&m->revoked, src, bri);
}
