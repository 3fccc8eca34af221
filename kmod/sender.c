// SPDX-License-Identifier: GPL-2.0
/*
 * Where several processors receive a node's packets, each has the kernel's
 * queues (softirq) to itself, and a packet that is sent by one may pass another
 * that was sent before it by another.  So what is in one queue leaves by one
 * processor: at an anchor by that which packets come back by, elsewhere by that
 * which the first to wait came by.  Packets that others receive go behind, and
 * go by themselves again only when all that was sent has left that processor.
 */
#include <linux/interrupt.h>
#include <linux/percpu.h>

#include "hold.h"
#include "netns.h"
#include "sender.h"

/* Ticks for which a processor's queues are waited for to be worked off */
#define PMIP_SENDER_TRIES	2

/**
 * pmip_sender_claim() - what is in a queue leaves by this processor
 * @h: the queue
 *
 * Unless it leaves by another already.
 *
 * Context: lock of the queues held, bottom halves off.
 */
void pmip_sender_claim(struct pmip_hold *h)
{
	if (!h->sent && !h->draining)
		h->cpu = smp_processor_id();
}

/**
 * pmip_sender_is_here() - does a queue leave by this processor
 * @h: the queue
 *
 * Context: lock of the queues held, bottom halves off. Return: true if it does.
 */
bool pmip_sender_is_here(struct pmip_hold *h)
{
	if (!cpu_online(h->cpu))
		h->cpu = smp_processor_id();
	return h->cpu == smp_processor_id();
}

/**
 * pmip_sender_sent() - a packet has been sent that others are not to pass
 * @h: the queue
 *
 * Context: lock of the queues held; the caller owes pmip_hold_drain().
 */
void pmip_sender_sent(struct pmip_hold *h)
{
	h->sent = num_online_cpus() > 1;
	h->tries = 0;
}

/**
 * pmip_sender_ask() - have a queue's processor look at it
 * @holds: all queues
 * @h: the queue
 * @delay: in how many jiffies
 *
 * Context: @holds->lock held.
 */
void pmip_sender_ask(struct pmip_holds *holds, struct pmip_hold *h,
		     unsigned long delay)
{
	struct pmip_sender *s = per_cpu_ptr(holds->senders, h->cpu);

	if (holds->closed)
		return;
	list_move_tail(&h->asked, &s->asked);
	mod_delayed_work_on(h->cpu, system_highpri_wq, &s->work, delay);
}

/* Has all that this processor was given to send left its queues? */
static bool pmip_sender_is_idle(void)
{
	return !(local_softirq_pending() &
		 (BIT(NET_TX_SOFTIRQ) | BIT(NET_RX_SOFTIRQ)));
}

/*
 * Neither may others pass what has been sent before it is out of the way, nor
 * does more fit into the processor's queues.
 */
static bool pmip_sender_waits(struct pmip_net *pn, struct pmip_hold *h)
{
	if (!pmip_sender_is_here(h) || pmip_sender_is_idle() ||
	    h->tries++ >= PMIP_SENDER_TRIES)
		return false;
	pmip_sender_ask(&pn->holds, h, 1);
	return true;
}

/* Nothing is left to send: others may send by themselves again. */
static bool pmip_sender_is_done(struct pmip_net *pn, struct pmip_hold *h)
{
	if (!h->sent || h->draining || !pmip_sender_is_here(h) ||
	    pmip_hold_may_go(pn, h))
		return false;
	h->sent = false;
	pmip_hold_settle(&pn->holds, h);
	return true;
}

static void pmip_sender_work(struct work_struct *work)
{
	struct pmip_sender *s = container_of(to_delayed_work(work),
					     struct pmip_sender, work);
	struct pmip_holds *holds = s->holds;
	struct pmip_net *pn = container_of(holds, struct pmip_net, holds);
	LIST_HEAD(asked);
	struct pmip_hold *h;

	spin_lock_bh(&holds->lock);
	list_splice_init(&s->asked, &asked);
	while ((h = list_first_entry_or_null(&asked, struct pmip_hold, asked))) {
		list_del_init(&h->asked);
		rcu_read_lock();
		if (!pmip_sender_waits(pn, h) && !pmip_sender_is_done(pn, h)) {
			spin_unlock(&holds->lock);
			pmip_hold_drain(pn, h);
			spin_lock(&holds->lock);
		}
		rcu_read_unlock();
		/* What was sent goes on its way, as do others. */
		spin_unlock_bh(&holds->lock);
		cond_resched();
		spin_lock_bh(&holds->lock);
	}
	spin_unlock_bh(&holds->lock);
}

/**
 * pmip_senders_init() - one for each processor, asked for nothing yet
 * @holds: all queues
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int pmip_senders_init(struct pmip_holds *holds)
{
	struct pmip_sender *s;
	int cpu;

	holds->senders = alloc_percpu(struct pmip_sender);
	if (!holds->senders)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		s = per_cpu_ptr(holds->senders, cpu);
		s->holds = holds;
		INIT_LIST_HEAD(&s->asked);
		INIT_DELAYED_WORK(&s->work, pmip_sender_work);
	}
	return 0;
}

/**
 * pmip_senders_stop() - send nothing more
 * @holds: all queues, closed
 *
 * Context: process.
 */
void pmip_senders_stop(struct pmip_holds *holds)
{
	int cpu;

	for_each_possible_cpu(cpu)
		cancel_delayed_work_sync(&per_cpu_ptr(holds->senders, cpu)->work);
}

/**
 * pmip_senders_free() - free them, once no queue is left
 * @holds: all queues
 *
 * Context: process.
 */
void pmip_senders_free(struct pmip_holds *holds)
{
	free_percpu(holds->senders);
}
