// SPDX-License-Identifier: GPL-2.0
/*
 * Which binding cache entry a request is about (RFC 5213 §5.4.1, updated by
 * RFC 7864 §3).  Pure: nothing changes here.
 *
 * "Sharing" is what these texts leave to policy: a request with Handoff
 * Indicator 6, unless the profile says otherwise, or any but a handoff of a node
 * whose profile says so, gets an entry of its own with the prefixes of the entry
 * that is there.
 */
#include "lma/bce.h"

#include <string.h>
#include <utlist.h>

struct query {
	struct lma *l;
	const struct in6_addr *src;
	const struct mh_opts *o;
	bool dereg;
	uint8_t hi;		/* as far as the profile allows it */
	struct llid llid;
	bool has_llid;
	bool shared;		/* the profile says so */
	bool own;		/* it says that each attachment has prefixes of its own */
	struct node *node;
};

static const struct lookup create = { .verdict = LOOKUP_CREATE };
static const struct lookup ignore = { .verdict = LOOKUP_IGNORE };

static struct lookup with(enum lookup_verdict verdict, struct bce *b)
{
	struct lookup r = { .verdict = verdict, .bce = b };

	return r;
}

static struct lookup refused(uint8_t status)
{
	struct lookup r = { .verdict = LOOKUP_REFUSE, .status = status };

	return r;
}

/**
 * hnp_given() - whether a Home Network Prefix option names a prefix
 * @h: the option
 *
 * Return: false for ALL_ZERO, which asks for one (RFC 5213 §8.3).
 */
bool hnp_given(const struct mh_hnp *h)
{
	return !IN6_IS_ADDR_UNSPECIFIED(&h->prefix.addr);
}

/**
 * request_llid() - the Link-layer Identifier of a request
 * @o: its options
 * @llid: the identifier; len 0 if there is none, or ALL_ZERO
 *
 * Return: true if there is one with a NON_ZERO value (§5.4.1.2).
 */
bool request_llid(const struct mh_opts *o, struct llid *llid)
{
	unsigned int i;

	memset(llid, 0, sizeof(*llid));
	if (!(o->present & MH_HAS_LLID) || o->llid.len > LLID_MAX)
		return false;
	for (i = 0; i < o->llid.len; i++)
		if (o->llid.id[i]) {
			*llid = o->llid;
			return true;
		}
	return false;
}

/* MN-ID, access technology and link-layer identifier, in one set if given */
static struct bce *same_interface(const struct query *q,
				  const struct hnp_set *set)
{
	struct bce *b;

	if (!q->has_llid)
		return NULL;
	DL_FOREACH(q->node->bces, b)
		if ((!set || b->set == set) && b->att == q->o->att &&
		    llid_equal(&b->llid, &q->llid))
			return b;
	return NULL;
}

/*
 * The same gateway's entry for the same technology, names not in conflict: rather one
 * without a name, so that a request that has none does not take another interface's
 */
static struct bce *same_gateway(const struct query *q,
				const struct hnp_set *set)
{
	struct bce *b, *named = NULL;

	DL_FOREACH(q->node->bces, b) {
		if ((set && b->set != set) || b->att != q->o->att ||
		    !IN6_ARE_ADDR_EQUAL(&b->proxy_coa, q->src))
			continue;
		if (!b->llid.len)
			return b;
		if (!named)
			named = b;
	}
	return q->has_llid && (q->shared || q->own) ? NULL : named;
}

/* Handoff Indicator 6 without an identifier: a repeated one is known by this */
static struct bce *same_nameless(const struct query *q,
				 const struct hnp_set *set)
{
	struct bce *b;

	if (q->has_llid)
		return NULL;
	b = same_gateway(q, set);
	return b && !b->llid.len ? b : NULL;
}

/* §5.4.1.1 rule 5, third condition */
static struct bce *nameless_handoff(const struct query *q,
				    const struct hnp_set *set)
{
	struct bce *b;

	if (q->has_llid || q->hi != HI_BETWEEN_MAGS)
		return NULL;
	DL_FOREACH(q->node->bces, b)
		if (b->set == set && !b->llid.len && b->att == q->o->att)
			return b;
	return NULL;
}

/*
 * §5.4.1.1 rule 5, second condition: "that Binding Cache entry".  Where
 * several share the prefixes it is the one that has been deregistered; none
 * is named if there is no such one.
 */
static struct bce *interface_handoff(const struct query *q,
				     const struct hnp_set *set)
{
	struct bce *b;

	if (q->hi != HI_BETWEEN_INTERFACES)
		return NULL;
	DL_FOREACH(q->node->bces, b)
		if (b->set == set &&
		    (set->users == 1 || b->state == BCE_DEREGISTERED))
			return b;
	return NULL;
}

static struct bce *first_of(const struct query *q, const struct hnp_set *set)
{
	struct bce *b;

	DL_FOREACH(q->node->bces, b)
		if (!set || b->set == set)
			return b;
	return NULL;
}

/*
 * §5.4.1.1 rule 4: all of one in the other, and the same count; its gateway may not have
 * heard yet of what has been revoked
 */
static bool same_prefixes(const struct mh_opts *o, const struct bce *b)
{
	struct prefix p[HNP_MAX];
	unsigned int i, j, apart = 0, n = bce_prefixes(b, p);

	/* RFC 7864 §4.1: those with L are not of the attachment */
	for (j = 0; j < o->n_hnp; j++)
		apart += o->hnp[j].off_link || (part_had(b, &o->hnp[j].prefix) &&
						!part_find(b, &o->hnp[j].prefix));
	if (o->n_hnp - apart != n)
		return false;
	for (i = 0; i < n; i++) {
		for (j = 0; j < o->n_hnp; j++)
			if (!o->hnp[j].off_link && prefix_equal(&p[i], &o->hnp[j].prefix))
				break;
		if (j == o->n_hnp)
			return false;
	}
	return true;
}

/* Of the entries with a prefix, one that has just those of the request */
static struct bce *with_prefixes(const struct query *q, const struct hnp_set *set)
{
	struct bce *b;

	DL_FOREACH(q->node->bces, b)
		if (bce_has(b, set) && same_prefixes(q->o, b))
			return b;
	return NULL;
}

/* §5.4.1.1 rules 3 to 6, with RFC 7864 §3 */
static struct lookup by_prefix(const struct query *q, const struct hnp *h)
{
	const struct hnp_set *set;
	struct bce *b;

	if (h->set->node != q->node)
		return refused(PBA_NOT_AUTHORIZED_FOR_HNP);
	b = with_prefixes(q, h->set);
	/* whose gateway does not know what the others have: see hnp.c */
	if (!b && q->own && !q->dereg && q->has_llid && !same_interface(q, NULL))
		return create;
	if (!b)
		return refused(PBA_PREFIX_SET_MISMATCH);
	set = b->set;
	b = same_interface(q, set);
	if (b)
		return with(LOOKUP_UPDATE, b);
	if (q->hi == HI_SHARED_PREFIXES) {
		b = same_nameless(q, set);
		if (b)
			return with(LOOKUP_UPDATE, b);
		return q->dereg ? ignore :
			with(LOOKUP_SHARE, first_of(q, set));
	}
	b = interface_handoff(q, set);
	if (!b)
		b = nameless_handoff(q, set);
	if (!b)
		b = same_gateway(q, set);
	if (b)
		return with(LOOKUP_UPDATE, b);
	if (q->dereg)
		return ignore;
	return q->shared ? with(LOOKUP_SHARE, first_of(q, set)) : create;
}

/* Policy and RFC 7864 §3: an attachment beside those that are there */
static bool wants_share(const struct query *q)
{
	return q->hi == HI_SHARED_PREFIXES ||
	       (q->shared && q->hi != HI_BETWEEN_INTERFACES &&
		q->hi != HI_BETWEEN_MAGS);
}

/* HI 4: the old gateway's deregistration tells a handoff from a new session */
static struct lookup unknown_handoff(const struct query *q, struct bce *b)
{
	if (q->dereg)
		return with(LOOKUP_UPDATE, b);
	if (b->state == BCE_DEREGISTERED)
		return with(LOOKUP_UPDATE, b);
	return with(LOOKUP_WAIT, b);
}

/* §5.4.1.2 */
static struct lookup by_llid(const struct query *q)
{
	struct bce *b = same_interface(q, NULL);

	if (b)
		return with(LOOKUP_UPDATE, b);
	if (q->dereg)
		return ignore;
	b = q->node->bces;
	if (wants_share(q))
		return with(LOOKUP_SHARE, b);
	if (q->node->n_bces == 1 && q->hi == HI_BETWEEN_INTERFACES)
		return with(LOOKUP_UPDATE, b);
	/* of a node with several interfaces another name is another interface */
	if (q->node->n_bces == 1 && q->hi == HI_UNKNOWN && !q->own)
		return unknown_handoff(q, b);
	return create;
}

/* §5.4.1.3 */
static struct lookup by_node(const struct query *q)
{
	struct bce *b = q->node->bces;
	bool only = q->node->n_bces == 1;

	if (only && (q->hi == HI_BETWEEN_INTERFACES ||
		     q->hi == HI_BETWEEN_MAGS))
		return with(LOOKUP_UPDATE, b);
	if (wants_share(q)) {
		b = same_nameless(q, NULL);
		if (b)
			return with(LOOKUP_UPDATE, b);
		if (!q->dereg)
			return with(LOOKUP_SHARE, q->node->bces);
		return ignore;
	}
	if (only && q->hi == HI_UNKNOWN)
		return unknown_handoff(q, b);
	return q->dereg ? ignore : create;
}

/*
 * Draft: flow mobility §3.2.1 has the gateway say that prefixes are shared, but the
 * three scenarios of §3.1 are the policy's: a node that it gives prefixes of its own by
 * each interface has attached over a new one, no more.
 */
static uint8_t indicator(const struct mh_opts *o, const struct profile *prof)
{
	if (o->hi == HI_SHARED_PREFIXES && !profile_may_share(prof))
		return HI_NEW_INTERFACE;
	return o->hi;
}

/**
 * bce_lookup() - the binding cache entry existence test
 * @l: the anchor
 * @src: source of the request, the Proxy-CoA
 * @pbu: the request; MN-ID, prefix, handoff and technology options are there
 * @prof: the node's profile
 *
 * RFC 5213 §5.4.1.  A request with lifetime zero that is about no session is
 * ignored.
 *
 * Return: what to do, and with which entry.
 */
struct lookup bce_lookup(struct lma *l, const struct in6_addr *src,
			 const struct mh_msg *pbu, const struct profile *prof)
{
	const struct mh_opts *o = &pbu->opts;
	struct query q = {
		.l = l, .src = src, .o = o, .dereg = !pbu->lifetime,
		.shared = prof->multihoming == MULTIHOMING_SHARED,
		.hi = indicator(o, prof),
		.own = prof->multihoming == MULTIHOMING_DIFFERENT ||
		       prof->multihoming == MULTIHOMING_COMBINED,
		.node = lma_node_find(l, &o->mn_id),
	};
	bool given = false;
	unsigned int i;

	q.has_llid = request_llid(o, &q.llid);
	for (i = 0; i < o->n_hnp; i++) {
		struct hnp *h;

		if (!hnp_given(&o->hnp[i]) || o->hnp[i].off_link)
			continue;
		given = true;
		h = hnp_find(l, &o->hnp[i].prefix);
		if (h)
			return by_prefix(&q, h);
	}
	/* of a node that shares, every attachment has the same prefixes */
	if (given && q.shared && q.node && q.node->bces)
		return q.dereg ? ignore : refused(PBA_PREFIX_SET_MISMATCH);
	/* a node may be known only because a request of it waits */
	if (given || !q.node || !q.node->bces)
		return q.dereg ? ignore : create;
	return q.has_llid ? by_llid(&q) : by_node(&q);
}
