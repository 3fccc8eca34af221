// SPDX-License-Identifier: GPL-2.0
/* What gateways tell each other of a node that goes from one to the other (RFC 5949). */
#include "mag/session.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define IID_AT	8	/* in a link-local address */

/**
 * context_name() - which node it is, and by which interface (RFC 5949 §4.1 (c))
 * @s: its session
 * @o: filled
 */
void context_name(const struct session *s, struct mh_opts *o)
{
	memset(o, 0, sizeof(*o));
	o->present = MH_HAS_MN_ID;
	o->mn_id = s->node->id;
	if (!s->key.lladdr.len)
		return;
	o->present |= MH_HAS_LLID;
	o->llid = s->key.lladdr;
}

static bool has_vendor(const struct mh_opts *o, uint32_t id, uint8_t subtype)
{
	for (unsigned int i = 0; i < o->n_vendor; i++)
		if (o->vendor[i].id == id && o->vendor[i].subtype == subtype)
			return true;
	return false;
}

static void tell_vendors(struct mh_opts *o, const struct mh_vendor *v, unsigned int n)
{
	for (unsigned int i = 0; i < n && o->n_vendor < MH_VENDORS_MAX; i++)
		if (!has_vendor(o, v[i].id, v[i].subtype))
			o->vendor[o->n_vendor++] = v[i];
	if (o->n_vendor)
		o->present |= MH_HAS_VENDOR;
}

/**
 * context_tell() - all that the other gateway is to know of a node
 * @s: its session
 * @o: filled: prefixes, anchor, groups, by which link-local address it was heard (§6.2.3), and
 *	vendors' options (§6.2.8): those of its profile, then those that have come with it
 */
void context_tell(const struct session *s, struct mh_opts *o)
{
	const struct profile *pr = policy_by_mn_id(s->mag->policy, &s->node->id);
	unsigned int i;

	context_name(s, o);
	o->present |= MH_HAS_LMA;
	o->n_lma = 1;
	o->lma[0] = s->lma;
	for (i = 0; i < s->n_hnp; i++)
		o->hnp[o->n_hnp++].prefix = s->hnp[i];
	if (o->n_hnp)
		o->present |= MH_HAS_HNP;
	subscription_tell(s, o);
	if (pr)
		tell_vendors(o, pr->vendor, pr->n_vendor);
	tell_vendors(o, s->node->vendor, s->node->n_vendor);
	if (IN6_IS_ADDR_UNSPECIFIED(&s->lla))
		return;
	o->present |= MH_HAS_LLA_IID;
	memcpy(o->lla_iid, &s->lla.s6_addr[IID_AT], sizeof(o->lla_iid));
}

/* Whether an option that is asked for is among those */
static bool has(const struct mh_opts *o, const struct mh_wanted *w)
{
	switch (w->type) {
	case MH_OPT_MN_ID:
		return o->present & MH_HAS_MN_ID;
	case MH_OPT_HNP:
		return o->present & MH_HAS_HNP;
	case MH_OPT_LLID:
		return o->present & MH_HAS_LLID;
	case MH_OPT_LMA:
		return o->present & MH_HAS_LMA;
	case MH_OPT_LLA_IID:
		return o->present & MH_HAS_LLA_IID;
	case MH_OPT_VENDOR:
		return has_vendor(o, w->vendor, w->subtype);
	}
	return false;
}

/**
 * context_answer() - what another gateway asks for (RFC 5949 §6.1.2)
 * @s: the node's session
 * @asked: its request
 * @o: filled with all that is known, which is what it gets that asks for nothing in
 *	particular; with nothing else, if false
 *
 * Return: false if "none of the requested context information is available".
 */
bool context_answer(const struct session *s, const struct mh_opts *asked, struct mh_opts *o)
{
	context_tell(s, o);
	if (!(asked->present & MH_HAS_WANTED) || !(asked->n_wanted + asked->more_wanted))
		return true;
	for (unsigned int i = 0; i < asked->n_wanted; i++)
		if (has(o, &asked->wanted[i]))
			return true;
	memset(o, 0, sizeof(*o));
	return false;
}

/* They mean nothing here, and go on with the node */
static void take_vendors(struct node *n, const struct mh_opts *o)
{
	struct mh_vendor *v = calloc(o->n_vendor, sizeof(*v));

	if (!v) {
		log_ratelimited(LOG_ERR, "no memory for a vendor's options");
		return;
	}
	memcpy(v, o->vendor, o->n_vendor * sizeof(*v));
	free(n->vendor);
	n->vendor = v;
	n->n_vendor = o->n_vendor;
}

/**
 * context_take() - what the previous gateway knows of a node that comes
 * @v: its handover; prefixes are another matter
 * @o: what it has said
 */
void context_take(struct move *v, const struct mh_opts *o)
{
	if (o->present & MH_HAS_LLID)
		v->llid = o->llid;
	if ((o->present & MH_HAS_LMA) && boundary_may(v->node->mag, &o->lma[0]))
		v->told_lma = o->lma[0];
	if (o->present & MH_HAS_VENDOR && o->n_vendor)
		take_vendors(v->node, o);
	if (!(o->present & MH_HAS_LLA_IID))
		return;
	inet_pton(AF_INET6, "fe80::", &v->lla);
	memcpy(&v->lla.s6_addr[IID_AT], o->lla_iid, sizeof(o->lla_iid));
	if (!addr_is_link_local(&v->lla))
		v->lla = in6addr_any;
}

/**
 * context_use() - the node is here
 * @v: its handover
 *
 * RFC 5949 §4.1 (h): link-layer identifiers "SHOULD be compared to determine whether the same
 * interface is used before and after handover".  If it is, it is looked for by the address
 * that it had, until it is heard itself: it may have chosen another.
 */
void context_use(const struct move *v)
{
	struct session *s;

	DL_FOREACH(v->node->sessions, s)
		if (llid_equal(&s->key.lladdr, &v->llid))
			s->told_lla = v->lla;
}
