// SPDX-License-Identifier: GPL-2.0
/* Of the ways to a mobile node, the one that a packet takes now. */
#include "binding.h"
#include "link.h"
#include "path.h"
#include "select.h"

/* The event costs many times what the packet does: one can wait, not the other. */
static void pmip_select_lost(struct pmip_link *link, struct pmip_detour *detour)
{
	if (!pmip_link_see_down(link))
		return;
	if (detour->lost)
		pmip_link_tell_down(link);
	else
		detour->lost = link;
}

/* Is a path to be taken?  If not, and it should have been, @detour says so. */
static __always_inline bool pmip_select_take(struct pmip_path *p,
					     bool links_only,
					     struct pmip_detour *detour,
					     struct pmip_link **lost)
{
	if (!p || (links_only && p->kind == PMIP_PATH_TUNNEL))
		return false;
	if (likely(pmip_path_up(p))) {
		if (*lost && p->kind <= PMIP_PATH_LINK)
			pmip_link_note_redirect(*lost);
		return true;
	}
	detour->taken = true;
	if (p->kind == PMIP_PATH_LINK && !pmip_link_up(p->key.link)) {
		pmip_select_lost(p->key.link, detour);
		*lost = *lost ?: p->key.link;
	}
	return false;
}

static __always_inline struct pmip_path *
pmip_select_first(const struct pmip_binding *b, u64 bids, bool links_only,
		  struct pmip_detour *detour)
{
	struct pmip_link *lost = NULL;
	struct pmip_path *p;
	int i;

	detour->taken = false;
	for (; bids; bids >>= PMIP_BID_BITS) {
		for (i = 0; i < PMIP_BINDING_PATHS; i++) {
			if (READ_ONCE(b->bid[i]) != (u16)bids)
				continue;
			p = rcu_dereference(b->path[i]);
			if (pmip_select_take(p, links_only, detour, &lost))
				return p;
		}
	}
	for (i = 0; i < PMIP_BINDING_PATHS; i++) {
		p = rcu_dereference(b->path[i]);
		if (pmip_select_take(p, links_only, detour, &lost))
			return p;
	}
	return NULL;
}

/**
 * pmip_select() - the way that a packet to the node takes now
 * @b: the binding
 * @links_only: the packet came from another access gateway, which has
 *	already redirected it: it must not be sent to a third
 * @detour: filled; the caller owes pmip_link_tell_down() for a link in it
 *
 * Context: RCU read side. Return: the first path that is up, or NULL.
 */
struct pmip_path *pmip_select(const struct pmip_binding *b,
			      bool links_only,
			      struct pmip_detour *detour)
{
	struct pmip_path *p;
	unsigned int seq;

	detour->lost = NULL;
	do {
		seq = read_seqcount_begin(&b->change);
		p = pmip_select_first(b, 0, links_only, detour);
	} while (unlikely(!p) && read_seqcount_retry(&b->change, seq));
	return p;
}

/**
 * pmip_select_flow() - the way that a packet of a flow takes now
 * @b: the binding
 * @bids: the flow's binding identifiers, best in the lowest bits
 * @links_only: as in pmip_select()
 * @detour: as in pmip_select()
 *
 * Context: RCU read side. Return: the first of @bids whose path is up, else the
 * first path that is up, or NULL.
 */
struct pmip_path *pmip_select_flow(const struct pmip_binding *b,
				   u64 bids, bool links_only,
				   struct pmip_detour *detour)
{
	struct pmip_path *p;
	unsigned int seq;

	detour->lost = NULL;
	do {
		seq = read_seqcount_begin(&b->change);
		p = pmip_select_first(b, bids, links_only, detour);
	} while (read_seqcount_retry(&b->change, seq));
	return p;
}

/* Of those that do not hold, the first that is up: with this BID, or 0 for any */
static struct pmip_path *
pmip_select_first_other(const struct pmip_binding *b, u16 bid,
			const struct pmip_path *except, bool links_only)
{
	struct pmip_path *p;
	int i;

	for (i = 0; i < PMIP_BINDING_PATHS; i++) {
		p = rcu_dereference(b->path[i]);
		if (p && p != except && p->kind != PMIP_PATH_HOLD &&
		    !(links_only && p->kind == PMIP_PATH_TUNNEL) &&
		    (!bid || READ_ONCE(b->bid[i]) == bid) && pmip_path_up(p))
			return p;
	}
	return NULL;
}

/**
 * pmip_select_own() - by which path a packet could go at once
 * @b: the binding
 * @bid: the identifier that its flow prefers; 0: it is of none
 *
 * Context: RCU read side. Return: the first path that is up and does not hold, of
 * those with @bid or of all, or NULL.
 */
struct pmip_path *pmip_select_own(const struct pmip_binding *b, u16 bid)
{
	return pmip_select_first_other(b, bid, NULL, false);
}

static struct pmip_path *pmip_select_waited(const struct pmip_binding *b,
					    u64 bids,
					    const struct pmip_path *except,
					    bool links_only)
{
	struct pmip_path *p = NULL;
	unsigned int seq;
	u64 left;

	do {
		seq = read_seqcount_begin(&b->change);
		for (left = bids; left && !p; left >>= PMIP_BID_BITS)
			p = pmip_select_first_other(b, left, except,
						    links_only);
		if (!p)
			p = pmip_select_first_other(b, 0, except, links_only);
	} while (!p && read_seqcount_retry(&b->change, seq));
	return p;
}

/**
 * pmip_select_other() - the way for a packet that has waited or come back
 * @b: the binding
 * @bids: binding identifiers of its flow, best in the lowest bits, or 0
 * @except: by which it must not go, or NULL
 *
 * Context: RCU read side. Return: the first path that is up and does not hold,
 * of those with @bids or else of all, or NULL.
 */
struct pmip_path *pmip_select_other(const struct pmip_binding *b, u64 bids,
				    const struct pmip_path *except)
{
	return pmip_select_waited(b, bids, except, false);
}

/**
 * pmip_select_link() - the way for a packet that has waited and may take no tunnel
 * @b: the binding
 * @bids: as in pmip_select_other()
 *
 * Context: RCU read side. Return: as pmip_select_other(), but for paths by a tunnel.
 */
struct pmip_path *pmip_select_link(const struct pmip_binding *b, u64 bids)
{
	return pmip_select_waited(b, bids, NULL, true);
}

/**
 * pmip_select_holds() - do packets wait where no path is up
 * @b: the binding
 *
 * Context: RCU read side. Return: true if they do.
 */
bool pmip_select_holds(const struct pmip_binding *b)
{
	const struct pmip_path *p;
	unsigned int seq;
	bool holds;
	int i;

	do {
		seq = read_seqcount_begin(&b->change);
		holds = false;
		for (i = 0; i < PMIP_BINDING_PATHS; i++) {
			p = rcu_dereference(b->path[i]);
			holds |= p && p->kind == PMIP_PATH_HOLD;
		}
	} while (read_seqcount_retry(&b->change, seq));
	return holds;
}
