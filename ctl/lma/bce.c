// SPDX-License-Identifier: GPL-2.0
/* Mobile nodes, binding cache entries, and the gateways that serve them. */
#include "lma/flows.h"

#include "core/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

/**
 * lma_node_find() - look up a mobile node that has an entry
 * @l: the anchor
 * @id: its identifier
 *
 * Return: the node, NULL if there is none.
 */
struct node *lma_node_find(struct lma *l, const struct mn_id *id)
{
	struct dict_entry *e;

	if (id->len > MN_ID_MAX)
		return NULL;
	e = dict_first(&l->nodes_by_id, dict_hash(id->id, id->len));
	for (; e; e = dict_next(e)) {
		struct node *n = dict_entry_of(e, struct node, by_id);

		if (n->subtype == id->subtype && n->id_len == id->len &&
		    !memcmp(n->id, id->id, id->len))
			return n;
	}
	return NULL;
}

/**
 * node_id() - a mobile node's identifier
 * @n: the node
 *
 * Return: the identifier, unused bytes zero.
 */
struct mn_id node_id(const struct node *n)
{
	struct mn_id id = { .subtype = n->subtype, .len = n->id_len };

	memcpy(id.id, n->id, n->id_len);
	return id;
}

/**
 * node_get() - look up a mobile node, or make it known
 * @l: the anchor
 * @id: its identifier
 *
 * Return: the node, NULL if there is no memory.
 */
struct node *node_get(struct lma *l, const struct mn_id *id)
{
	struct node *n = lma_node_find(l, id);

	if (n)
		return n;
	n = calloc(1, sizeof(*n) + id->len);
	if (!n)
		return NULL;
	n->subtype = id->subtype;
	n->id_len = id->len;
	memcpy(n->id, id->id, id->len);
	n->number = mn_id_number(id);
	dict_add(&l->nodes_by_id, &n->by_id, dict_hash(id->id, id->len));
	DL_APPEND(l->nodes, n);
	return n;
}

/**
 * node_claim() - say in the policy store that a node is served here
 * @l: the anchor
 * @n: the node, which has a session
 * @prof: its profile
 *
 * Draft: LMA handover §4.1: "the LMAA field includes the address (NLMAA) of the LMA
 * currently serving the MN".  Where the profile has an anchor of its own that is known
 * without this.
 */
void node_claim(struct lma *l, struct node *n, const struct profile *prof)
{
	struct mn_id id;

	if (n->claimed)
		return;
	n->claimed = prof->serving;
	if (prof->serving || !IN6_IS_ADDR_UNSPECIFIED(&prof->lma))
		return;
	id = node_id(n);
	n->claimed = !policy_serve(l->policy, &id, &l->conf->address, &in6addr_any, NULL);
}

static void unclaim(struct lma *l, struct node *n)
{
	const struct mn_id id = node_id(n);

	if (n->claimed)
		policy_serve(l->policy, &id, &in6addr_any, &l->conf->address, NULL);
}

/**
 * node_put() - forget a mobile node if nothing is known of it any more
 * @l: the anchor
 * @n: the node
 */
void node_put(struct lma *l, struct node *n)
{
	if (n->bces || n->pending || n->holds || n->anchoring)
		return;
	unclaim(l, n);
	flows_free(n);
	dict_del(&l->nodes_by_id, &n->by_id);
	DL_DELETE(l->nodes, n);
	free(n);
}

/* 1 to 65535 (RFC 5648 §4.1 reserves 0), and not one that is in use */
static uint16_t new_bid(struct node *n)
{
	struct bce *b;

	do {
		if (!++n->last_bid)
			n->last_bid = 1;
		DL_FOREACH(n->bces, b)
			if (b->bid == n->last_bid)
				break;
	} while (b);
	return n->last_bid;
}

/**
 * bce_has() - whether an entry is of the session that has these prefixes
 * @b: the entry
 * @set: prefixes of one session, or those that all have
 *
 * Return: true if they are its own, or those that it shares.
 */
bool bce_has(const struct bce *b, const struct hnp_set *set)
{
	return b->set == set || (set && b->common == set);
}

static unsigned int put_prefixes(const struct bce *b, const struct hnp_set *set,
				 struct prefix *p, unsigned int n)
{
	unsigned int i;

	for (i = 0; set && i < set->n && n < HNP_MAX; i++)
		if (part_has(b, &set->hnp[i]))
			p[n++] = set->hnp[i].prefix;
	return n;
}

/**
 * bce_prefixes() - all prefixes of an entry that have not been revoked
 * @b: the entry
 * @p: its own, then those that all attachments share
 *
 * Return: how many.
 */
unsigned int bce_prefixes(const struct bce *b, struct prefix p[HNP_MAX])
{
	return put_prefixes(b, b->common, p, put_prefixes(b, b->set, p, 0));
}

/**
 * bce_new() - make a binding cache entry, served by nobody yet
 * @l: the anchor
 * @n: whose; the entry becomes its youngest
 * @set: its prefixes; the entry becomes one more user of them
 * @common: and of these, or NULL
 *
 * Return: the entry, NULL if there is no memory.
 */
struct bce *bce_new(struct lma *l, struct node *n, struct hnp_set *set,
		    struct hnp_set *common)
{
	struct bce *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->lma = l;
	b->node = n;
	b->set = set;
	b->state = BCE_DEREGISTERED;
	b->bid = new_bid(n);
	timer_init(&b->timer, bce_timer, b);
	set->users++;
	b->common = common;
	if (common)
		common->users++;
	DL_APPEND(n->bces, b);
	n->n_bces++;
	l->n_bces++;
	return b;
}

/**
 * bce_free() - remove an entry that nobody serves
 * @l: the anchor
 * @b: the entry; its prefixes go with their last user, its node stays
 */
void bce_free(struct lma *l, struct bce *b)
{
	revoke_forget(b);
	handed_drop(b);
	timerq_cancel(l->env->timers, &b->timer);
	DL_DELETE(b->node->bces, b);
	b->node->n_bces--;
	l->n_bces--;
	hnp_set_put(l, b->set);
	if (b->common)
		hnp_set_put(l, b->common);
	free(b);
}

/*
 * RFC 5648 §4.1 has a BID name a binding, draft: flow mobility §5.1 an entry of one
 * interface, whichever gateway it is at, as after a handover.  An interface without a
 * name (RFC 5213 §5.4.1) can only be told from others by its gateway.
 */
static bool same_interface(const struct bce *b, const struct bce *was)
{
	return b->att == was->att && llid_equal(&b->llid, &was->llid) &&
	       (b->llid.len || IN6_ARE_ADDR_EQUAL(&b->proxy_coa, &was->proxy_coa));
}

/**
 * bce_make_youngest() - an attachment that had ended begins again
 * @b: the entry
 * @was: as it was; by another interface it gets a new binding identifier
 *
 * It must not take back the traffic that moved elsewhere meanwhile; what flows name it
 * for is its again.
 */
void bce_make_youngest(struct bce *b, const struct bce *was)
{
	struct node *n = b->node;

	if (!b->next)
		return;
	DL_DELETE(n->bces, b);
	if (!same_interface(b, was))
		b->bid = new_bid(n);
	DL_APPEND(n->bces, b);
}

static void stayed(void *arg)
{
	struct gateway *gw = arg;

	bce_put_tunnel(gw->lma, gw);
}

static struct gateway *gateway_get(struct lma *l, struct peer *p)
{
	struct gateway *gw;

	HASH_FIND_PTR(l->gateways, &p, gw);
	if (gw)
		return gw;
	gw = calloc(1, sizeof(*gw));
	if (!gw)
		return NULL;
	gw->lma = l;
	gw->peer = p;
	timer_init(&gw->stay, stayed, gw);
	HASH_ADD_PTR(l->gateways, peer, gw);
	lma_multicast_begin(l, gw);
	return gw;
}

/**
 * bce_gateway() - look up a gateway that serves entries
 * @l: the anchor
 * @mag: its address
 *
 * Return: the gateway, NULL if it serves none.
 */
struct gateway *bce_gateway(struct lma *l, const struct in6_addr *mag)
{
	struct peer *p = peer_find(l->peers, &l->conf->address, mag);
	struct gateway *gw = NULL;

	if (p)
		HASH_FIND_PTR(l->gateways, &p, gw);
	return gw;
}

/**
 * bce_put_tunnel() - one user fewer of the tunnel to a gateway
 * @l: the anchor
 * @gw: the gateway; forgotten with its last entry, or a little later
 */
void bce_put_tunnel(struct lma *l, struct gateway *gw)
{
	bool used = gw->bces || timer_pending(&gw->stay);

	if (!used)
		lma_multicast_end(gw);
	peer_tunnel_put(gw->peer);
	if (used)
		return;
	HASH_DEL(l->gateways, gw);
	free(gw);
}

/**
 * bce_serve() - a gateway serves this entry from now on
 * @b: the entry, served by nobody
 * @lmaa: this anchor's address
 * @proxy_coa: the gateway's
 *
 * RFC 5213 §5.3.2 rule 5: the tunnel is made if it is not there.
 *
 * Return: 0 or -ENOMEM.
 */
int bce_serve(struct bce *b, const struct in6_addr *lmaa,
	      const struct in6_addr *proxy_coa)
{
	struct peer *p = peer_get(b->lma->peers, lmaa, proxy_coa);
	struct gateway *gw;
	uint32_t tunnel;

	if (!p)
		return -ENOMEM;
	tunnel = peer_tunnel_get(p, PMIP_TUNNEL_LMA_TO_MAG);
	if (!tunnel)
		return -ENOMEM;
	gw = gateway_get(b->lma, p);
	if (!gw) {
		peer_tunnel_put(p);
		return -ENOMEM;
	}
	b->gw = gw;
	b->tunnel = tunnel;
	b->proxy_coa = *proxy_coa;
	DL_APPEND2(gw->bces, b, gw_prev, gw_next);
	return 0;
}

/**
 * bce_unserve() - no gateway serves this entry any more
 * @b: the entry
 *
 * The user of the tunnel stays: the caller calls bce_put_tunnel() once no
 * forwarding state points to it.
 */
void bce_unserve(struct bce *b)
{
	DL_DELETE2(b->gw->bces, b, gw_prev, gw_next);
	b->gw = NULL;
	b->tunnel = 0;
}
