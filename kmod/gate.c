// SPDX-License-Identifier: GPL-2.0
/*
 * Behind which newer packets wait at the anchor for those that come back, so that the
 * order is kept.
 *
 * The end marker alone does not say that all before it are here: each flow has an outer
 * label of its own (RFC 6438), by which a network chooses ways and a receiver its
 * processors, and the marker may pass any of them.  So it says how many there are, and
 * the gate opens when so many have been sent on, in whichever order they and the marker
 * came, and however long a processor took over those that it had received.
 *
 * What is lost on its way never comes, and is not waited for much longer than it could
 * take if it were not.
 */
#include <linux/jiffies.h>
#include <linux/module.h>

#include "binding.h"
#include "gate.h"
#include "hold.h"
#include "limit.h"
#include "sender.h"

/* Nobody waits for this but where some are missing: there is room for a busy processor. */
static unsigned int return_settle_ms __read_mostly = 100;
module_param(return_settle_ms, uint, 0644);
MODULE_PARM_DESC(return_settle_ms,
		 "How long nothing more comes back, after an end marker, until the rest is lost (ms)");

/* When nothing has come for so long that no more will */
static unsigned long pmip_gate_settled(const struct pmip_hold_from *f)
{
	return f->last + msecs_to_jiffies(READ_ONCE(return_settle_ms));
}

/**
 * pmip_gate_close() - newer packets wait for those that come back by a tunnel
 * @h: the queue
 * @i: which of @h->from
 * @until: jiffies until they do, if nothing opens the gate before
 *
 * For several it is the latest time.
 *
 * Context: lock of the queues held.
 */
void pmip_gate_close(struct pmip_hold *h, int i, unsigned long until)
{
	if (!h->gate || time_after(until, h->gate_until))
		h->gate_until = until;
	h->gate |= BIT(i);
}

/**
 * pmip_gate_open() - newer packets wait no longer
 * @h: the queue
 *
 * They do not pass what has come back, though: that leaves by @h->cpu.
 *
 * Context: lock of the queues held; the caller owes pmip_hold_drain().
 */
void pmip_gate_open(struct pmip_hold *h)
{
	if (!h->gate)
		return;
	h->gate = 0;
	pmip_sender_sent(h);
}

/**
 * pmip_gate_open_for() - newer packets wait no longer for those by a tunnel
 * @h: the queue
 * @i: which of @h->from
 *
 * Context: lock of the queues held; the caller owes pmip_hold_drain().
 */
void pmip_gate_open_for(struct pmip_hold *h, int i)
{
	if (h->gate == BIT(i))
		pmip_gate_open(h);
	else
		h->gate &= ~BIT(i);
}

/* A processor that is about to send one on has counted it. */
static void pmip_gate_check(struct pmip_hold *h)
{
	const struct pmip_hold_from *f;
	int i;

	if (h->passing)
		return;
	for (i = 0; i < PMIP_HOLD_FROM; i++) {
		f = &h->from[i];
		if (h->gate & BIT(i) && f->marked &&
		    (s32)(f->came - f->said) >= 0)
			pmip_gate_open_for(h, i);
	}
}

/**
 * pmip_gate_marked() - an end marker has come by a tunnel
 * @h: the queue
 * @i: which of @h->from
 * @said: how many packets were sent back before it, as it says
 *
 * Of several that one counts which says most: between them more may go back.
 *
 * Context: lock of the queues held; the caller owes pmip_hold_drain().
 */
void pmip_gate_marked(struct pmip_hold *h, int i, u32 said)
{
	struct pmip_hold_from *f = &h->from[i];

	if (!f->marked || (s32)(said - f->said) > 0)
		f->said = said;
	f->marked = true;
	f->last = jiffies;
	pmip_gate_check(h);
}

/**
 * pmip_gate_comes() - a processor is about to send on what has come back by a tunnel
 * @h: the queue
 * @i: which of @h->from
 * @packets: how many
 *
 * Context: lock of the queues held; the caller owes pmip_gate_passed().
 */
void pmip_gate_comes(struct pmip_hold *h, int i, u32 packets)
{
	h->from[i].came += packets;
	h->from[i].last = jiffies;
	h->passing++;
}

/**
 * pmip_gate_passed() - a processor has sent on what had come back
 * @h: the queue
 *
 * Context: lock of the queues held; the caller owes pmip_hold_drain() if true.
 * Return: true if the gate has been opened by this.
 */
bool pmip_gate_passed(struct pmip_hold *h)
{
	const bool was = h->gate;

	h->passing--;
	pmip_gate_check(h);
	return was && !h->gate;
}

/**
 * pmip_gate_due() - when time opens the gate, for one of the tunnels at least
 * @h: the queue, whose gate is closed
 *
 * Context: lock of the queues held. Return: jiffies.
 */
unsigned long pmip_gate_due(const struct pmip_hold *h)
{
	unsigned long at = h->gate_until;
	int i;

	for (i = 0; i < PMIP_HOLD_FROM; i++)
		if (h->gate & BIT(i) && h->from[i].marked &&
		    time_before(pmip_gate_settled(&h->from[i]), at))
			at = pmip_gate_settled(&h->from[i]);
	return at;
}

/**
 * pmip_gate_tick() - time opens what it has to
 * @h: the queue
 *
 * Context: lock of the queues held; the caller owes pmip_hold_drain().
 */
void pmip_gate_tick(struct pmip_hold *h)
{
	int i;

	if (h->gate && time_after_eq(jiffies, h->gate_until))
		pmip_gate_open(h);
	for (i = 0; i < PMIP_HOLD_FROM; i++)
		if (h->gate & BIT(i) && h->from[i].marked &&
		    time_after_eq(jiffies, pmip_gate_settled(&h->from[i])))
			pmip_gate_open_for(h, i);
}

/* Has anything come back that those which wait must not pass? */
static bool pmip_gate_came(const struct pmip_hold *h)
{
	int i;

	for (i = 0; i < PMIP_HOLD_FROM; i++)
		if (h->from[i].came)
			return true;
	return false;
}

/**
 * pmip_gate_overflow() - newer packets wait no longer if room runs out
 * @holds: all queues
 * @h: the queue
 * @skb: the packet that is to wait as well
 *
 * Order is not worth a loss: what comes back after that goes behind newer
 * packets, but goes.  If nothing has come back yet, those that wait leave at once, by
 * the processor that finds no room; else by that which sent what has come back, and a
 * quarter is left for what comes until they have.
 *
 * Context: @holds->lock held; the caller owes pmip_hold_drain() if true.
 * Return: true if the gate has been opened by this.
 */
bool pmip_gate_overflow(struct pmip_holds *holds, struct pmip_hold *h,
			const struct sk_buff *skb)
{
	const struct pmip_hold_use more = {
		.packets = pmip_binding_packets(skb), .bytes = skb->truesize,
	};

	if (!h->gate || !pmip_limit_is_near(holds, h, &more))
		return false;
	if (!pmip_gate_came(h))
		pmip_sender_claim(h);
	pmip_gate_open(h);
	pmip_hold_count(holds, h, PMIP_HOLD_OPENED, 1);
	return true;
}
