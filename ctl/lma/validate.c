// SPDX-License-Identifier: GPL-2.0
/*
 * Whether a Proxy Binding Update is to be answered at all, and with which
 * status: RFC 5213 §5.3.1 in its order, and §5.5.
 */
#include "lma/authority.h"

#include <stdlib.h>

/**
 * validate_addresses() - whether a message can be answered
 * @l: the anchor
 * @src: its source
 * @dst: its destination
 * @pbu: the message
 *
 * Return: false if it is not a PBU to this anchor from an address that an
 * answer could go to: nothing is sent then.
 */
bool validate_addresses(struct lma *l, const struct in6_addr *src,
			const struct in6_addr *dst, const struct mh_msg *pbu)
{
	if (pbu->kind != MH_PBU || !(pbu->flags & PBU_F_P))
		return false;
	if (!IN6_ARE_ADDR_EQUAL(dst, &l->conf->address))
		return false;
	return !IN6_IS_ADDR_UNSPECIFIED(src) && !IN6_IS_ADDR_MULTICAST(src) &&
	       !IN6_IS_ADDR_LOOPBACK(src) && !IN6_IS_ADDR_LINKLOCAL(src);
}

/**
 * validate_mag() - whether a gateway may register nodes (RFC 5213 §5.3.1 rule 4)
 * @c: the anchor's configuration
 * @src: the gateway
 *
 * Return: whether it may.
 */
bool validate_mag(const struct lma_conf *c, const struct in6_addr *src)
{
	return prefix_any_has(c->mag, c->n_mags, src) ||
	       prefix_any_has(c->learn, c->n_learn, src);
}

/* Of a node that has a session, and no profile any more */
static const struct profile gone = { .allowed = true };

/* Draft: LMA handover §4.1: the profile names the anchor that it comes from a while yet. */
static bool our_node(struct lma *l, const struct mn_id *id, const struct profile *prof)
{
	const struct node *n;

	if (!prof)
		return false;
	if (IN6_IS_ADDR_UNSPECIFIED(&prof->lma) ||
	    IN6_ARE_ADDR_EQUAL(&prof->lma, &l->conf->address))
		return true;
	n = lma_node_find(l, id);
	return n && n->anchoring;
}

/* §5.5, by timestamp: items 6, 8 and 9 */
static uint8_t check_timestamp(struct lma *l, const struct mh_opts *o)
{
	uint64_t window = l->conf->timestamp_window_ms * NSEC_PER_MSEC;
	uint64_t wall = l->came ? l->came : l->env->ops->wall(l->env->ctx);
	uint64_t t = mh_timestamp_ns(o->timestamp);
	uint64_t diff = t > wall ? t - wall : wall - t;
	const struct node *n = lma_node_find(l, &o->mn_id);

	if (n && n->timestamp && o->timestamp <= n->timestamp)
		return PBA_TIMESTAMP_LOWER_THAN_PREV;
	return diff > window ? PBA_TIMESTAMP_MISMATCH : PBA_ACCEPTED;
}

/**
 * validate_sender() - who asks, and that it says for whom
 * @l: the anchor
 * @src: the request's source
 * @pbu: the request
 *
 * RFC 5213 §5.3.1 rules 4 and 5: nothing is asked of the policy store for others, nor for
 * nodes of realms that are not the gateway's (§4).
 *
 * Return: 0, or the status to refuse with.
 */
uint8_t validate_sender(const struct lma *l, const struct in6_addr *src,
			const struct mh_msg *pbu)
{
	const struct mh_opts *o = &pbu->opts;

	if (!(o->present & MH_HAS_MN_ID) || !o->mn_id.len)
		return PBA_MISSING_MN_ID;
	return validate_mag(l->conf, src) &&
	       authority_has_node(authority_find(l->conf, src), &o->mn_id) ?
	       PBA_ACCEPTED : PBA_MAG_NOT_AUTHORIZED;
}

/**
 * validate_leaves() - whether a request ends what is there
 * @l: the anchor
 * @pbu: the request
 *
 * A node that the policy has no more, or has let go elsewhere, may leave all the same, and
 * nobody need be asked who it is (RFC 5213 §5.3.5).
 *
 * Return: true for a deregistration of a node that has bindings.
 */
bool validate_leaves(struct lma *l, const struct mh_msg *pbu)
{
	const struct node *n = pbu->lifetime ? NULL : lma_node_find(l, &pbu->opts.mn_id);

	return n && n->bces;
}

/**
 * validate_request() - for whom a sender asks, and when
 * @l: the anchor
 * @pbu: the request, of a sender that may
 * @prof: set to the node's profile
 *
 * RFC 5213 §5.3.1 rules 6 to 9, the last as far as it concerns timestamps.
 *
 * Return: 0, or the status to refuse with.
 */
uint8_t validate_request(struct lma *l, const struct mh_msg *pbu, const struct profile **prof)
{
	const struct mh_opts *o = &pbu->opts;

	*prof = policy_find(l->policy, &o->mn_id);
	if (validate_leaves(l, pbu)) {
		*prof = *prof ? *prof : &gone;
	} else {
		if (!our_node(l, &o->mn_id, *prof))
			return PBA_NOT_LMA_FOR_THIS_MN;
		if (!(*prof)->allowed)
			return PBA_PROXY_REG_NOT_ENABLED;
	}
	if ((o->present & MH_HAS_TIMESTAMP) && l->conf->timestamps)
		return check_timestamp(l, o);
	return PBA_ACCEPTED;
}

/**
 * validate_sequence() - the Sequence-Number-based approach of §5.5
 * @pbu: the request
 * @c: the anchor's configuration
 * @b: the entry that the request is about, NULL: none
 *
 * RFC 6275 §9.5.1: greater than the last one, modulo 2^16.
 *
 * Return: 0 or 135.
 */
uint8_t validate_sequence(const struct mh_msg *pbu, const struct lma_conf *c,
			  const struct bce *b)
{
	if (!b || (c->timestamps && (pbu->opts.present & MH_HAS_TIMESTAMP)))
		return PBA_ACCEPTED;
	return (int16_t)(pbu->seq - b->seq) > 0 ? PBA_ACCEPTED :
						  PBA_SEQ_OUT_OF_WINDOW;
}

/**
 * validate_options() - mandatory options, and the profile's technologies
 * @pbu: the request
 * @prof: the node's profile
 *
 * RFC 5213 §5.3.1 rules 10 to 12; 129 for a technology that the profile does
 * not allow, 130 for more prefixes than a session here holds, or flows than can be answered.
 *
 * Return: 0, or the status to refuse with.
 */
uint8_t validate_options(const struct mh_msg *pbu, const struct profile *prof)
{
	const struct mh_opts *o = &pbu->opts;

	if (!(o->present & MH_HAS_HNP) || !o->n_hnp)
		return PBA_MISSING_HNP;
	if (!(o->present & MH_HAS_HI))
		return PBA_MISSING_HI;
	if (!(o->present & MH_HAS_ATT))
		return PBA_MISSING_ATT;
	if (prof->att_mask &&
	    (o->att > 15 || !(prof->att_mask & (1U << o->att))))
		return PBA_PROHIBITED;
	return o->more_hnp || o->more_flow ? PBA_NO_RESOURCES : PBA_ACCEPTED;
}
