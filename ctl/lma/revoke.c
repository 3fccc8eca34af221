// SPDX-License-Identifier: GPL-2.0
/*
 * The anchor revokes bindings (RFC 5846 §8.1).  An entry stays as it is until its
 * gateway has answered or is silent for good; then it is gone, whatever the answer.
 * Meanwhile nobody extends it or hands it over: the gateway's requests are left
 * unanswered, it repeats them, and they meet what the revocation has left.
 */
#include "lma/revoke.h"

#include "lma/flows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

/* Entries that one BRI is about */
struct revoke {
	struct lma *lma;
	struct revocation *exchange;	/* NULL: it has ended */
	struct in6_addr mag;
	uint8_t trigger;
	bool one;			/* of the entries' prefixes only this one: */
	struct prefix hnp;
	bool bulk;
	struct mn_id realm;		/* bulk: of this one only; len 0: all */
	struct revoke *prev, *next;	/* bulk: all of them */
	unsigned int n, left;
	struct bce *entry[];		/* NULL: ended otherwise */
};

static bool is_handover(uint8_t trigger)
{
	return trigger >= BRI_HANDOVER_SAME_ATT && trigger <= BRI_HANDOVER_UNKNOWN_ATT;
}

static void drop(struct revoke *r)
{
	if (r->exchange)
		revocation_cancel(r->exchange);
	if (r->bulk)
		DL_DELETE(r->lma->bulks, r);
	free(r);
}

/**
 * revoke_forget() - an entry ends by another way, or is served no longer
 * @b: the entry, which may not be one that is being revoked
 *
 * RFC 5846 §8.1: a deregistration that comes first makes the answer needless.  Of a
 * whole gateway's bindings it does not: the gateway may have others.
 */
void revoke_forget(struct bce *b)
{
	struct revoke *r = b->revoke;

	if (!r)
		return;
	b->revoke = NULL;
	r->entry[b->revoke_at] = NULL;
	if (!--r->left && !r->bulk)
		drop(r);
}

/*
 * RFC 5846 §8.1: "MAY delete the mobile node(s) IP tunnel immediately after sending"
 * the BRI.  Newer packets go by the node's other gateways from before it on: the one
 * that hears it sends back what it holds, or still gets (draft: fault tolerant
 * multihoming §3.2), and by then that may come, and none is behind the end's mark.
 * So do those of flows that were moved there (draft: flow mobility §3.2.2), also to
 * prefixes that it only routes.
 */
static void divert(struct revoke *r)
{
	struct lma *l = r->lma;

	for (unsigned int i = 0; i < r->n; i++) {
		struct bce *b = r->entry[i];

		if (b->set->users == 1 && !b->common && !b->node->flows)
			continue;
		return_open(l, b, r->one ? &r->hnp : NULL,
			    revocation_patience_ms(&l->conf->revocation));
		forward_set(l, b);
		flows_changed(l, b->node);
	}
	/* what the kernel refuses is as it was, and the revocation goes on */
	l->env->ops->dp_commit(l->env->ctx);
}

/* The node is there after all, and its gateway sends nothing back. */
static void take_back(struct lma *l, struct bce *b)
{
	return_close(l, b);
	forward_set(l, b);
	flows_changed(l, b->node);
}

/**
 * revoke_concerns() - whether an entry is losing a prefix
 * @b: the entry
 * @p: the prefix
 *
 * Return: true from before the BRI leaves until it is answered.
 */
bool revoke_concerns(const struct bce *b, const struct prefix *p)
{
	return b->revoke && (!b->revoke->one || prefix_equal(&b->revoke->hnp, p));
}

/**
 * revoke_takes() - whether an entry is losing all that it has
 * @b: the entry
 *
 * Return: true from before the BRI leaves until it is answered.
 */
bool revoke_takes(const struct bce *b)
{
	return b->revoke && !b->revoke->one;
}

/*
 * RFC 5846 §6.2.2: "based on the initiator local policy how to handle the mobile node
 * binding".  Ours: whoever asked for it has decided, so that it ends in any case; but
 * a node that has been supposed to have left, and has not, keeps it.
 */
static void ended(void *arg, const struct revocation_result *result)
{
	struct revoke *r = arg;
	struct lma *l = r->lma;
	bool keep = is_handover(r->trigger) && result->outcome == REVOCATION_ANSWERED &&
		    result->status == BRA_ATTACHED;
	unsigned int i;

	r->exchange = NULL;
	r->left++;
	for (i = 0; i < r->n; i++) {
		struct bce *b = r->entry[i];

		if (!b)
			continue;
		revoke_forget(b);
		if (keep)
			take_back(l, b);
		else if (!r->one || !part_lose(l, b, &r->hnp))
			bce_happen(l, NULL, b, EV_REVOKED);
	}
	drop(r);
}

static struct revoke *revoke_new(struct lma *l, const struct in6_addr *mag, uint8_t trigger,
				 unsigned int n)
{
	struct revoke *r = calloc(1, sizeof(*r) + n * sizeof(*r->entry));

	if (!r)
		return NULL;
	r->lma = l;
	r->mag = *mag;
	r->trigger = trigger;
	return r;
}

static void add(struct revoke *r, struct bce *b)
{
	b->revoke = r;
	b->revoke_at = r->n;
	r->entry[r->n++] = b;
	r->left++;
}

/* Without the entries, which go on as before */
static void undo(struct revoke *r)
{
	for (unsigned int i = 0; i < r->n; i++)
		r->entry[i]->revoke = NULL;
	free(r);
}

static int launch(struct revoke *r, const struct revocation_order *o)
{
	r->exchange = revocation_prepare(&r->lma->revocations, o, ended, r);
	if (!r->exchange) {
		undo(r);
		return -ENOBUFS;
	}
	divert(r);
	revocation_send(r->exchange);
	return 0;
}

static bool share(const struct bce *a, const struct bce *b)
{
	return bce_has(a, b->set) || (b->common && bce_has(a, b->common));
}

/* Whether a gateway serves another entry of these prefixes that is not meant */
static bool ambiguous(const struct bce *b, const struct in6_addr *mag, const struct revoke *r)
{
	const struct bce *o;

	DL_FOREACH(b->node->bces, o)
		if (o != b && o->gw && share(o, b) && (!r || o->revoke != r) &&
		    IN6_ARE_ADDR_EQUAL(&o->proxy_coa, mag))
			return true;
	return false;
}

/*
 * RFC 5846 §8.1: the MN-ID, and "an HNP option for each registered HNP"; where these
 * are of several bindings, BIDs, and the interface's own name, since a gateway that
 * was never told the BID cannot know it.
 */
static void describe(struct revocation_order *o, const struct bce *b, const struct in6_addr *mag,
		     const struct mn_id *id, uint8_t trigger)
{
	memset(o, 0, sizeof(*o));
	o->peer = *mag;
	o->trigger = trigger;
	o->mn_id = id;
	o->n_hnp = bce_prefixes(b, o->hnp);
}

static int tell(struct revoke *r, const struct bce *b)
{
	struct mn_id id = node_id(b->node);
	struct revocation_order o;

	describe(&o, b, &r->mag, &id, r->trigger);
	if (r->one) {
		o.n_hnp = 1;
		o.hnp[0] = r->hnp;
	}
	if (!ambiguous(b, &r->mag, r))
		return launch(r, &o);
	for (; o.n_bid < r->n; o.n_bid++)
		o.bid[o.n_bid] = r->entry[o.n_bid]->bid;
	if (r->n == 1)
		o.llid = b->llid;
	return launch(r, &o);
}

static bool meant(const struct lma_revocation *v, const struct bce *b)
{
	if (!b->gw || b->revoke || (v->bid && v->bid != b->bid))
		return false;
	if (v->proxy_coa && !IN6_ARE_ADDR_EQUAL(v->proxy_coa, &b->proxy_coa))
		return false;
	return !v->hnp || part_find(b, v->hnp);
}

/* One BRI: entries of one gateway that have the same prefixes; how many, or -errno */
static int revoke_some(struct lma *l, const struct lma_revocation *v, struct bce *first)
{
	struct revoke *r = revoke_new(l, &first->proxy_coa, v->trigger, PEERS_MAX);
	struct bce *b;
	int n, err;

	if (!r)
		return -ENOMEM;
	r->one = v->hnp;
	if (r->one)
		r->hnp = *v->hnp;
	DL_FOREACH(first->node->bces, b)
		if (r->n < PEERS_MAX && meant(v, b) && b->set == first->set &&
		    IN6_ARE_ADDR_EQUAL(&b->proxy_coa, &r->mag))
			add(r, b);
	n = (int)r->n;
	err = tell(r, first);
	return err ? err : n;
}

/**
 * lma_revoke() - revoke bindings of a node (RFC 5846 §8.1)
 * @l: the anchor
 * @v: which, and why
 *
 * With a prefix only that is revoked, of whichever of the entries has it: those that have
 * others go on with these.  If none has it, but gateways route it for flows that were moved
 * to them, these end.
 *
 * Return: how many binding cache entries it is about; -EINVAL for a trigger that is
 * not for one node's bindings, -ENOENT if there is no such entry, -EALREADY if all
 * are being revoked, -ENOMEM, or -ENOBUFS with more outstanding than have numbers.
 */
int lma_revoke(struct lma *l, const struct lma_revocation *v)
{
	struct node *n = lma_node_find(l, v->mn_id);
	struct bce *b, *again = NULL;
	int count = 0, ret;

	if (v->trigger > BRI_OUT_OF_SYNC)
		return -EINVAL;
	if (!n)
		return -ENOENT;
	DL_FOREACH(n->bces, b) {
		if (b->revoke)
			again = b;
		if (!meant(v, b))
			continue;
		ret = revoke_some(l, v, b);
		if (ret < 0)
			return count ? count : ret;
		count += ret;
	}
	if (!count && v->hnp && !v->bid)
		count = revoke_granted(l, n, v);
	return count ? count : again ? -EALREADY : -ENOENT;
}

static struct revoke *bulk_of(const struct lma *l, const struct in6_addr *mag)
{
	struct revoke *r;

	DL_FOREACH(l->bulks, r)
		if (IN6_ARE_ADDR_EQUAL(&r->mag, mag))
			return r;
	return NULL;
}

static bool in_realm(const struct node *n, const struct mn_id *realm)
{
	const struct mn_id id = node_id(n);

	return !realm->len || revocation_realm_of(&id, realm);
}

/*
 * Also those that a BRI of their own is about: that one may be answered with 132, and
 * this one then revoke them.
 */
static unsigned int gather(struct revoke *r, const struct gateway *gw, const struct mn_id *realm)
{
	unsigned int n = 0;
	struct bce *b;

	for (b = gw->bces; b; b = b->gw_next) {
		if (!in_realm(b->node, realm))
			continue;
		n++;
		if (!r)
			continue;
		revoke_forget(b);
		add(r, b);
	}
	return n;
}

/**
 * lma_revoke_gateway() - revoke all bindings that a gateway serves (RFC 5846 §8.1)
 * @l: the anchor
 * @mag: the gateway
 * @realm: of nodes of this realm only, "@" before it; NULL: of all nodes
 *
 * Return: how many binding cache entries it is about; -ENOENT if there are none,
 * -EALREADY if it is under way, -ENOMEM, -ENOBUFS as lma_revoke().
 */
int lma_revoke_gateway(struct lma *l, const struct in6_addr *mag, const struct mn_id *realm)
{
	static const struct mn_id anybody;
	struct gateway *gw = bce_gateway(l, mag);
	struct revocation_order o = {
		.peer = *mag, .trigger = realm ? BRI_NODE_POLICY : BRI_PEER_POLICY,
		.mn_id = realm,
	};
	struct revoke *r;
	unsigned int n;

	if (bulk_of(l, mag))
		return -EALREADY;
	if (!realm)
		realm = &anybody;
	n = gw ? gather(NULL, gw, realm) : 0;
	if (!n)
		return -ENOENT;
	r = revoke_new(l, mag, o.trigger, n);
	if (!r)
		return -ENOMEM;
	r->exchange = revocation_prepare(&l->revocations, &o, ended, r);
	if (!r->exchange) {
		free(r);
		return -ENOBUFS;
	}
	/* what waits would be answered meanwhile; repeated, it waits for this as well */
	pending_drop_of(l, mag);
	handed_drop_of(l, mag);
	gather(r, gw, realm);
	r->bulk = true;
	r->realm = *realm;
	DL_APPEND(l->bulks, r);
	divert(r);
	revocation_send(r->exchange);
	return (int)n;
}

/**
 * revoke_defers() - whether a request has to wait for a revocation's end
 * @l: the anchor
 * @r: the request
 * @b: the entry that it would update, NULL: none
 *
 * RFC 5846 §8.1 leaves to policy what a request meets that crosses a BRI.  Answered, it
 * could bring back what the gateway is about to remove, or has removed: we cannot tell
 * which it saw first.  A deregistration is what was wanted, and need not wait.
 *
 * Return: true if it is not to be answered now; its sender will repeat it.
 */
bool revoke_defers(struct lma *l, const struct request *r, const struct bce *b)
{
	const struct revoke *bulk = bulk_of(l, r->src);

	if (!r->pbu->lifetime)
		return false;
	if (bulk && bulk->realm.len && !revocation_realm_of(&r->pbu->opts.mn_id, &bulk->realm))
		bulk = NULL;
	if (!bulk && !(b && b->revoke))
		return false;
	l->counters.deferred++;
	return true;
}

/**
 * revoke_left() - a node has left a gateway for another (RFC 5846 §3.4.1)
 * @l: the anchor
 * @b: its entry, as it is now
 * @was: as it was
 *
 * Nothing waits for the answer: the entry is the new gateway's already.
 */
void revoke_left(struct lma *l, const struct bce *b, const struct bce *was)
{
	struct mn_id id = node_id(b->node);
	struct revocation_order o;
	uint8_t trigger;

	if (!l->conf->revoke_handover)
		return;
	trigger = b->hi == HI_UNKNOWN ? BRI_HANDOVER_UNKNOWN_ATT :
		  b->att == was->att ? BRI_HANDOVER_SAME_ATT : BRI_HANDOVER_OTHER_ATT;
	describe(&o, b, &was->proxy_coa, &id, trigger);
	if (ambiguous(b, &was->proxy_coa, NULL)) {
		o.n_bid = 1;
		o.bid[0] = was->bid;
		o.llid = was->llid;
	}
	revocation_start(&l->revocations, &o, NULL, NULL);
}

/**
 * revoke_ask() - ask the gateway of a node whether it is still there
 * @b: its only entry
 * @done: told what it said
 * @arg: for @done
 *
 * RFC 5846 §8.1: "SHOULD proactively send a Binding Revocation Indication message to
 * the previous mobile access gateway instead of waiting for a de-registration".
 *
 * Return: the revocation; NULL if there is none: not configured, or no memory.
 */
struct revocation *revoke_ask(struct bce *b, revocation_ended_t *done, void *arg)
{
	struct mn_id id = node_id(b->node);
	struct revocation_order o;

	if (!b->lma->conf->revoke_handover || !b->gw || b->revoke)
		return NULL;
	describe(&o, b, &b->proxy_coa, &id, BRI_HANDOVER_UNKNOWN_ATT);
	return revocation_start(&b->lma->revocations, &o, done, arg);
}

/**
 * revoke_init() - nothing is being revoked
 * @l: the anchor
 */
void revoke_init(struct lma *l)
{
	revocation_initiator_init(&l->revocations, l->env, &l->conf->revocation,
				  &l->counters.revocation, &l->conf->address);
	revoked_init(l);
}

/**
 * revoke_free() - wait for no answer any more
 * @l: the anchor, without entries
 */
void revoke_free(struct lma *l)
{
	struct revoke *r, *tmp;

	revocation_initiator_free(&l->revocations);
	DL_FOREACH_SAFE(l->bulks, r, tmp)
		free(r);
	l->bulks = NULL;
}
