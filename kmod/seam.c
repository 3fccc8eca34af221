// SPDX-License-Identifier: GPL-2.0
/*
 * For a node that has come, packets of its groups arrive from two sides for a while: from
 * the gateway where it was, and from its anchor (draft: predictive multicast handover §4
 * (10), (11)).  The first packets from the anchor are remembered, and when one of them
 * comes from the gateway, that is where the one stream ends and the other goes on: what
 * came before it in the tunnel is still delivered, it and all behind it are not.  If the
 * gateway was faster it has been here already.
 *
 * Until then what the anchor sends waits here, so that it does not pass what the gateway
 * has still on its way; but not for long, and no more than may be held.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <net/ipv6.h>

#include "event.h"
#include "hold.h"
#include "home.h"
#include "listener.h"
#include "netns.h"
#include "output.h"
#include "seam.h"

/* Bytes behind the IPv6 header by which a packet is known: checksums are there */
#define PMIP_SEAM_BYTES		128
/* By so many packets the gateway may be ahead, or so many in a row be lost on its way. */
#define PMIP_SEAM_DIGESTS	64
/* What has not come after so many times the wait never will. */
#define PMIP_SEAM_PATIENCE	4

static unsigned int seam_wait_ms __read_mostly = 500;
module_param(seam_wait_ms, uint, 0644);
MODULE_PARM_DESC(seam_wait_ms,
		 "How long a group's packets wait for what another gateway still forwards (ms)");

/* Of the packets that come from the anchor */
enum pmip_seam_state {
	PMIP_SEAM_BEFORE,	/* there were none yet */
	PMIP_SEAM_WAITS,	/* they wait */
	PMIP_SEAM_AFTER,	/* they go to the node */
};

/**
 * struct pmip_seam - where a node's listener to what is forwarded meets the anchor's
 * @node: among those of the node's prefix
 * @pn: the namespace
 * @listener: to what is forwarded
 * @lock: of all below
 * @digest: of the last packets that were forwarded, then of the anchor's first
 * @n: how many there have been of these
 * @state: enum pmip_seam_state
 * @over: all that is forwarded from now on has been sent by the anchor
 * @draining: somebody sends what waits
 * @flags: PMIP_FWD_* of what waits
 * @since: jiffies when the anchor was seen to send
 * @queue: what waits, oldest first
 * @timer: ends that
 */
struct pmip_seam {
	struct hlist_node node;
	struct pmip_net *pn;
	struct pmip_listener *listener;
	spinlock_t lock;	/* of all below */
	u64 digest[PMIP_SEAM_DIGESTS];
	u32 n;
	u8 state;
	bool over;
	bool draining;
	unsigned int flags;
	unsigned long since;
	struct sk_buff_head queue;
	struct timer_list timer;
};

static siphash_key_t pmip_seam_key __read_mostly;

/**
 * pmip_seam_digest() - by which a packet is known again
 * @skb: the packet, data at its IPv6 header
 *
 * Source, length and what is behind the header: hop limits differ by the way, as do
 * traffic classes.
 *
 * Context: any. Return: the digest, never 0.
 */
u64 pmip_seam_digest(const struct sk_buff *skb)
{
	const unsigned int head = sizeof(struct ipv6hdr);
	struct {
		struct in6_addr source;
		u64 len;
		u8 data[PMIP_SEAM_BYTES];
	} w = { .source = ipv6_hdr(skb)->saddr, .len = skb->len };
	unsigned int n = min_t(unsigned int, skb->len - head, sizeof(w.data));

	if (skb_copy_bits(skb, head, w.data, n))
		return 1;
	return siphash(&w, sizeof(w), &pmip_seam_key) ?: 1;
}

static bool pmip_seam_had(const struct pmip_seam *s, u64 digest)
{
	int i;

	for (i = 0; i < PMIP_SEAM_DIGESTS; i++)
		if (s->digest[i] == digest)
			return true;
	return false;
}

/* What waits goes to the node, and what comes meanwhile behind it. */
static void pmip_seam_open(struct pmip_seam *s)
{
	struct pmip_path *home = s->listener->path;
	struct sk_buff *skb;

	spin_lock(&s->lock);
	if (s->draining)
		goto out;
	s->draining = true;
	while ((skb = __skb_dequeue(&s->queue))) {
		atomic_dec(&s->pn->n_seam_packets);
		spin_unlock(&s->lock);
		pmip_home_queue(s->pn, home, skb, s->flags);
		spin_lock(&s->lock);
	}
	s->draining = false;
	WRITE_ONCE(s->state, PMIP_SEAM_AFTER);
out:
	spin_unlock(&s->lock);
}

static void pmip_seam_timeout(struct timer_list *timer)
{
	struct pmip_seam *s = container_of(timer, struct pmip_seam, timer);

	rcu_read_lock();
	pmip_seam_open(s);
	rcu_read_unlock();
}

/**
 * pmip_seam_new() - nothing has been forwarded yet
 * @pn: the namespace
 * @l: the listener to it, of a path of kind home
 *
 * Context: process. Return: the seam, or NULL.
 */
struct pmip_seam *pmip_seam_new(struct pmip_net *pn, struct pmip_listener *l)
{
	struct pmip_seam *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);

	if (!s)
		return NULL;
	s->pn = pn;
	s->listener = l;
	spin_lock_init(&s->lock);
	__skb_queue_head_init(&s->queue);
	timer_setup(&s->timer, pmip_seam_timeout, 0);
	return s;
}

/**
 * pmip_seam_start() - what the anchor sends has to meet it from now on
 * @s: the seam
 *
 * Context: process, the namespace's lock held.
 */
void pmip_seam_start(struct pmip_seam *s)
{
	hlist_add_head_rcu(&s->node, &pmip_path_home(s->listener->path)->seams);
}

/**
 * pmip_seam_stop() - nothing is forwarded any more: what waits leaves
 * @s: the seam, to be freed by kfree() after a grace period
 *
 * Context: process, the namespace's lock held, the listener's path still there.
 */
void pmip_seam_stop(struct pmip_seam *s)
{
	hlist_del_rcu(&s->node);
	rcu_read_lock();
	local_bh_disable();
	pmip_seam_open(s);
	local_bh_enable();
	rcu_read_unlock();
	/* It is not started any more. */
	del_timer_sync(&s->timer);
}

/* The first packet of the anchor's: what is forwarded may have had it already. */
static void pmip_seam_begin(struct pmip_seam *s, u64 first)
{
	s->since = jiffies;
	WRITE_ONCE(s->over, pmip_seam_had(s, first));
	memset(s->digest, 0, sizeof(s->digest));
	s->n = 0;
	if (s->over) {
		WRITE_ONCE(s->state, PMIP_SEAM_AFTER);
		return;
	}
	WRITE_ONCE(s->state, PMIP_SEAM_WAITS);
	mod_timer(&s->timer, jiffies + msecs_to_jiffies(READ_ONCE(seam_wait_ms)));
}

/* Nothing is to be learnt from what the anchor sends, nor does it wait. */
static bool pmip_seam_is_done(const struct pmip_seam *s)
{
	return READ_ONCE(s->state) == PMIP_SEAM_AFTER &&
	       (READ_ONCE(s->over) || READ_ONCE(s->n) == PMIP_SEAM_DIGESTS);
}

/* As much waits as may: true if it waits no longer */
static bool pmip_seam_add(struct pmip_seam *s, struct sk_buff *skb,
			  unsigned int flags)
{
	const struct pmip_hold_conf *most = &s->pn->holds.conf;

	s->flags = flags;
	__skb_queue_tail(&s->queue, skb);
	return atomic_inc_return(&s->pn->n_seam_packets) >=
		       READ_ONCE(most->total.packets) ||
	       skb_queue_len(&s->queue) >= READ_ONCE(most->node.packets);
}

static struct pmip_seam *pmip_seam_find(const struct pmip_listener *l)
{
	const struct pmip_home *home = pmip_path_home(l->path);
	const struct pmip_channel *own = l->channel, *c;
	struct pmip_seam *s;

	hlist_for_each_entry_rcu(s, &home->seams, node) {
		c = s->listener->channel;
		if (c != own && ipv6_addr_equal(&c->source, &own->source) &&
		    ipv6_addr_equal(&c->group->key.addr, &own->group->key.addr))
			return s;
	}
	return NULL;
}

/**
 * pmip_seam_native() - a packet from the anchor goes to a node
 * @l: its listener, of a tunnel to the anchor and a path of kind home
 * @skb: the packet
 * @flags: PMIP_FWD_*
 *
 * Context: RCU read side, bottom halves off.
 * Return: true if it waits, consumed; false if it is to go on.
 */
bool pmip_seam_native(struct pmip_listener *l, struct sk_buff *skb,
		      unsigned int flags)
{
	struct pmip_seam *s = pmip_seam_find(l);
	bool open = false, over = false, waits;
	u64 digest;

	if (!s || pmip_seam_is_done(s))
		return false;
	digest = pmip_seam_digest(skb);
	spin_lock(&s->lock);
	if (s->state == PMIP_SEAM_BEFORE) {
		pmip_seam_begin(s, digest);
		over = s->over;
	}
	if (!s->over && s->n < PMIP_SEAM_DIGESTS)
		s->digest[s->n++] = digest;
	waits = s->state == PMIP_SEAM_WAITS;
	if (waits && pmip_hold_strip(skb))
		pmip_drop_skb(s->pn, skb, PMIP_DROP_NO_MEMORY);
	else if (waits)
		open = pmip_seam_add(s, skb, flags);
	spin_unlock(&s->lock);
	if (over)
		pmip_event_seam(s->pn, s->listener);
	if (open)
		pmip_seam_open(s);
	return waits;
}

/**
 * pmip_seam_over() - does a packet that was forwarded come from the anchor as well
 * @l: the listener, of a tunnel of role mag-to-mag and a path of kind home
 * @digest: of the packet
 *
 * If so, what the anchor has sent waits no longer; and user space is told.
 *
 * Context: RCU read side, bottom halves off.
 * Return: true if the listener is not to have it, nor any later one.
 */
bool pmip_seam_over(struct pmip_listener *l, u64 digest)
{
	struct pmip_seam *s = l->seam;
	unsigned long patience;
	bool over;

	spin_lock(&s->lock);
	over = s->over;
	if (over)
		goto out;
	if (s->state == PMIP_SEAM_BEFORE) {
		s->digest[s->n++ % PMIP_SEAM_DIGESTS] = digest;
		goto out;
	}
	patience = msecs_to_jiffies(READ_ONCE(seam_wait_ms)) * PMIP_SEAM_PATIENCE;
	over = pmip_seam_had(s, digest) ||
	       time_after(jiffies, s->since + patience);
	WRITE_ONCE(s->over, over);
	spin_unlock(&s->lock);
	if (over) {
		pmip_seam_open(s);
		pmip_event_seam(s->pn, s->listener);
	}
	return over;
out:
	spin_unlock(&s->lock);
	return over;
}

/**
 * pmip_seam_init() - choose the key of the digests
 *
 * Context: process.
 */
void __init pmip_seam_init(void)
{
	get_random_bytes(&pmip_seam_key, sizeof(pmip_seam_key));
}
