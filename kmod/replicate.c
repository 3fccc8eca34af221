// SPDX-License-Identifier: GPL-2.0
/*
 * Replication of multicast packets (RFC 6224 §4.2: at the access gateway, §4.3: at
 * the anchor).  First all are found to whom a packet goes, then it is sent to them:
 * if the listeners changed meanwhile they are asked for again, so that who moves
 * from one entry to another gets it once.
 */
#include <linux/jiffies.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <net/xfrm.h>

#include "binding.h"
#include "forward.h"
#include "listener.h"
#include "netns.h"
#include "output.h"
#include "path.h"
#include "policy.h"
#include "replicate.h"
#include "seam.h"
#include "tunnel.h"

/* Listeners for which a packet needs no memory but its own */
#define PMIP_TARGETS_FEW	16

/**
 * struct pmip_piece - some of a packet's listeners
 * @next: more of them, or NULL
 * @n: how many
 * @room: how many there can be
 * @to: the listeners
 */
struct pmip_piece {
	struct pmip_piece *next;
	u32 n;
	u32 room;
	struct pmip_listener **to;
};

/**
 * struct pmip_targets - to whom a packet goes
 * @first: some of them
 * @last: the piece that is being filled
 * @n: all of them
 * @lost: for whom there was no memory
 * @few: of @first
 */
struct pmip_targets {
	struct pmip_piece first;
	struct pmip_piece *last;
	u32 n;
	u32 lost;
	struct pmip_listener *few[PMIP_TARGETS_FEW];
};

static void pmip_targets_init(struct pmip_targets *t)
{
	t->first.next = NULL;
	t->first.room = ARRAY_SIZE(t->few);
	t->first.to = t->few;
}

static void pmip_targets_clear(struct pmip_targets *t)
{
	struct pmip_piece *p;

	for (p = &t->first; p; p = p->next)
		p->n = 0;
	t->last = &t->first;
	t->n = 0;
	t->lost = 0;
}

static void pmip_targets_free(struct pmip_targets *t)
{
	struct pmip_piece *p, *next;

	for (p = t->first.next; p; p = next) {
		next = p->next;
		kfree(p);
	}
}

static struct pmip_piece *pmip_piece_new(void)
{
	struct pmip_piece *p = kmalloc(PAGE_SIZE, GFP_ATOMIC | __GFP_NOWARN);

	if (!p)
		return NULL;
	p->next = NULL;
	p->n = 0;
	p->to = (struct pmip_listener **)(p + 1);
	p->room = (PAGE_SIZE - sizeof(*p)) / sizeof(*p->to);
	return p;
}

static void pmip_targets_add(struct pmip_targets *t, struct pmip_listener *l)
{
	struct pmip_piece *p = t->last;

	if (unlikely(p->n == p->room)) {
		if (!p->next)
			p->next = pmip_piece_new();
		if (!p->next) {
			t->lost++;
			return;
		}
		p = p->next;
		t->last = p;
	}
	p->to[p->n++] = l;
	t->n++;
}

/* RFC 3810 §7.3: what is said of a source comes before what is said of any. */
static void pmip_targets_any(struct pmip_net *pn, struct pmip_targets *t,
			     const struct pmip_channel *any,
			     const struct pmip_channel *own)
{
	const struct pmip_listener *other;
	struct pmip_listener *l;

	list_for_each_entry_rcu(l, &any->listeners, node) {
		other = own ? pmip_listener_find(pn, own, l->path) : NULL;
		if (!other || !READ_ONCE(other->live))
			pmip_targets_add(t, l);
	}
}

static void pmip_targets_own(struct pmip_targets *t,
			     const struct pmip_channel *own)
{
	struct pmip_listener *l;

	list_for_each_entry_rcu(l, &own->listeners, node)
		if (!READ_ONCE(l->block))
			pmip_targets_add(t, l);
}

static void pmip_targets_read(struct pmip_net *pn, struct pmip_targets *t,
			      struct pmip_group *g,
			      const struct in6_addr *source)
{
	const struct pmip_channel *any, *own;

	pmip_targets_clear(t);
	any = rcu_dereference(g->any);
	own = READ_ONCE(g->n_sources) ? pmip_channel_find(pn, g, source) : NULL;
	if (any)
		pmip_targets_any(pn, t, any, own);
	if (own)
		pmip_targets_own(t, own);
}

/* Those who listen at one moment: if they change meanwhile, once more without that. */
static void pmip_targets_find(struct pmip_net *pn, struct pmip_targets *t,
			      struct pmip_group *g,
			      const struct in6_addr *source)
{
	unsigned int seq = read_seqbegin(&g->change);

	pmip_targets_read(pn, t, g, source);
	if (!read_seqretry(&g->change, seq))
		return;
	read_seqlock_excl(&g->change);
	pmip_targets_read(pn, t, g, source);
	read_sequnlock_excl(&g->change);
}

/*
 * RFC 4443 §2.4 (e.3) allows Packet Too Big for a multicast packet, so that the
 * sender can find the path MTU, and (f) wants a limit: one is enough for however
 * many that do not get the packet.
 */
static void pmip_replicate_tell(struct pmip_group *g, struct sk_buff *skb,
				unsigned int mtu)
{
	const unsigned long told = READ_ONCE(g->told);

	if (time_before(jiffies, told + HZ) ||
	    cmpxchg(&g->told, told, jiffies) != told)
		return;
	pmip_output_too_big(skb, mtu);
}

/* Only those stay who can be reached, and whom the packet reaches whole. */
static void pmip_replicate_sift(struct pmip_net *pn, struct pmip_targets *t,
				struct pmip_group *g, struct sk_buff *skb)
{
	unsigned int mtu = UINT_MAX;
	struct pmip_piece *piece;
	enum pmip_drop reason;
	u32 i, n;

	for (piece = &t->first; piece; piece = piece->next) {
		for (i = 0, n = 0; i < piece->n; i++) {
			struct pmip_path *p = piece->to[i]->path;

			if (!pmip_path_up(p))
				continue;
			reason = pmip_output_takes(pn, p, skb, &mtu);
			if (likely(reason == PMIP_DROP_COUNT))
				piece->to[n++] = piece->to[i];
			else
				pmip_drop_count(pn, skb, reason);
		}
		t->n -= piece->n - n;
		piece->n = n;
	}
	for (; unlikely(t->lost); t->lost--)
		pmip_drop_count(pn, skb, PMIP_DROP_NO_MEMORY);
	if (unlikely(mtu != UINT_MAX))
		pmip_replicate_tell(g, skb, mtu);
}

static void pmip_replicate_count(atomic64_t *packets, atomic64_t *bytes,
				 const struct sk_buff *skb)
{
	atomic64_add(pmip_binding_packets(skb), packets);
	atomic64_add(skb->len, bytes);
}

/* Of what another access gateway forwards: only those stay whose anchor does not yet. */
static void pmip_replicate_seam(struct pmip_targets *t,
				const struct sk_buff *skb)
{
	const u64 digest = pmip_seam_digest(skb);
	struct pmip_piece *piece;
	u32 i, n;

	for (piece = &t->first; piece; piece = piece->next) {
		for (i = 0, n = 0; i < piece->n; i++)
			if (!piece->to[i]->seam ||
			    !pmip_seam_over(piece->to[i], digest))
				piece->to[n++] = piece->to[i];
		t->n -= piece->n - n;
		piece->n = n;
	}
}

/* A copy from the anchor may have to let pass what another gateway has forwarded. */
static bool pmip_replicate_waits(struct pmip_listener *l, struct sk_buff *copy,
				 unsigned int flags)
{
	return l->path->kind == PMIP_PATH_HOME && !l->seam &&
	       pmip_seam_native(l, copy, flags);
}

/* Copies share what nobody writes: who puts a header in front copies the rest. */
static void pmip_replicate_send(struct pmip_net *pn, struct pmip_targets *t,
				struct sk_buff *skb, unsigned int flags)
{
	struct pmip_channel *counted = NULL;
	struct pmip_piece *piece;
	u32 i;

	for (piece = &t->first; piece; piece = piece->next) {
		for (i = 0; i < piece->n; i++) {
			struct pmip_listener *l = piece->to[i];
			struct sk_buff *copy = skb;

			if (--t->n)
				copy = skb_clone(skb, GFP_ATOMIC);
			if (unlikely(!copy)) {
				pmip_drop_count(pn, skb, PMIP_DROP_NO_MEMORY);
				continue;
			}
			/* The listeners of one channel follow each other. */
			if (l->channel != counted) {
				counted = l->channel;
				pmip_replicate_count(&counted->packets,
						     &counted->bytes, copy);
			}
			pmip_replicate_count(&l->packets, &l->bytes, copy);
			if (!pmip_replicate_waits(l, copy, flags))
				pmip_forward_by(pn, l->path, copy, false, flags);
		}
	}
}

/* May the packet be forwarded at all?  Consumed if not; else its hop is counted. */
static bool pmip_replicate_may(struct pmip_net *pn, struct sk_buff *skb)
{
	enum pmip_drop reason = PMIP_DROP_COUNT;

	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	/* RFC 4443 §2.4 (e.3): no error for what is sent to many */
	if (ipv6_hdr(skb)->hop_limit <= 1)
		reason = PMIP_DROP_HOP_LIMIT;
	else if (pmip_policy_forward(pn->net) &&
		 !xfrm6_policy_check(NULL, XFRM_POLICY_FWD, skb))
		reason = PMIP_DROP_POLICY;
	else if (skb_ensure_writable(skb, sizeof(struct ipv6hdr)))
		reason = PMIP_DROP_NO_MEMORY;
	if (unlikely(reason != PMIP_DROP_COUNT)) {
		pmip_drop_skb(pn, skb, reason);
		return false;
	}
	ipv6_hdr(skb)->hop_limit--;
	return true;
}

static void pmip_replicate(struct pmip_net *pn, struct pmip_targets *t,
			   struct pmip_group *g, struct sk_buff *skb, bool stack)
{
	if (!pmip_replicate_may(pn, skb))
		return;
	pmip_replicate_sift(pn, t, g, skb);
	if (t->n)
		pmip_replicate_send(pn, t, skb, stack ? PMIP_FWD_STACK : 0);
	else
		consume_skb(skb);
}

/* RFC 4291 §2.5.2, §2.5.3, §2.5.6, §2.7: what is no source beyond a link */
static bool pmip_replicate_martian(const struct in6_addr *source)
{
	return ipv6_addr_any(source) ||
	       (ipv6_addr_type(source) & (IPV6_ADDR_MULTICAST |
					  IPV6_ADDR_LOOPBACK |
					  IPV6_ADDR_LINKLOCAL));
}

/**
 * pmip_replicate_native() - copies of a packet that came in by a core link
 * @pn: the namespace
 * @skb: the packet, to a multicast address, network header set and data there;
 *	 the stack goes on with it
 * @stack: let outer packets pass the OUTPUT and POSTROUTING chains
 *
 * Context: softirq, RCU read side.
 */
void pmip_replicate_native(struct pmip_net *pn, struct sk_buff *skb, bool stack)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	struct pmip_targets targets;
	struct pmip_group *g;
	struct sk_buff *own;

	g = pmip_group_find(pn, 0, &h->daddr);
	if (!g || pmip_replicate_martian(&h->saddr))
		return;
	pmip_targets_init(&targets);
	pmip_targets_find(pn, &targets, g, &h->saddr);
	if (targets.n) {
		own = skb_clone(skb, GFP_ATOMIC);
		if (own) {
			pmip_forward_scrub(own);
			pmip_replicate(pn, &targets, g, own, stack);
		} else {
			pmip_drop_count(pn, skb, PMIP_DROP_NO_MEMORY);
		}
	}
	pmip_targets_free(&targets);
}

/**
 * pmip_replicate_tunnelled() - copies of a packet that came out of a tunnel
 * @pn: the namespace
 * @t: the tunnel, of any role but lma-to-mag
 * @skb: the packet, to a multicast address of a scope beyond the link, network
 *	 header set and data there; consumed
 * @stack: let outer packets pass the OUTPUT and POSTROUTING chains
 *
 * Context: softirq, RCU read side.
 */
void pmip_replicate_tunnelled(struct pmip_net *pn, const struct pmip_tunnel *t,
			      struct sk_buff *skb, bool stack)
{
	const struct ipv6hdr *h = ipv6_hdr(skb);
	struct pmip_targets targets;
	struct pmip_group *g;

	if (pmip_replicate_martian(&h->saddr)) {
		pmip_drop_skb(pn, skb, PMIP_DROP_MALFORMED);
		return;
	}
	g = pmip_group_find(pn, t->id, &h->daddr);
	if (!g) {
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_LISTENER);
		return;
	}
	pmip_targets_init(&targets);
	pmip_targets_find(pn, &targets, g, &h->saddr);
	if (t->role == PMIP_TUNNEL_MAG_TO_MAG && targets.n)
		pmip_replicate_seam(&targets, skb);
	if (targets.n)
		pmip_replicate(pn, &targets, g, skb, stack);
	else
		pmip_drop_skb(pn, skb, PMIP_DROP_NO_LISTENER);
	pmip_targets_free(&targets);
}
