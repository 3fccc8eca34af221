// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that came in together.  One packet waits for its bucket, then for its
 * binding, then for the path to its neighbour or the rules of its node: each
 * time for memory, where there are many nodes.  A driver hands over all that came
 * since it was asked last: some are put aside here, on this processor, and while
 * memory is on its way to one it is on its way to all.
 *
 * They go on in the order in which they came, when there are enough, before a
 * packet that is not put aside, and at the latest when the softirq is done with
 * what has come in: none waits for a packet to come.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/interrupt.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/netfilter_netdev.h>
#include <linux/workqueue.h>

#include "batch.h"
#include "binding.h"
#include "compat.h"
#include "input.h"
#include "link.h"
#include "netns.h"

#define PMIP_BATCH_PACKETS	16

/**
 * struct pmip_batched - a packet that was put aside
 * @skb: the packet, as the hook got it
 * @link: by which it came
 * @two: two bindings will be asked for, as out of a tunnel, else one
 * @hash: of each
 * @b: then each as it was found, most likely
 */
struct pmip_batched {
	struct sk_buff *skb;
	struct pmip_link *link;
	bool two;
	union {
		u64 hash[2];
		struct pmip_binding *b[2];
	};
};

/**
 * struct pmip_batch - what a processor has put aside
 * @n: packets
 * @busy: they are going on now
 * @packet: the packets
 * @tasklet: has them go on when the softirq is done
 * @work: has them go on when somebody waits for that
 *
 * Context: bottom halves off on its processor.
 */
struct pmip_batch {
	unsigned int n;
	bool busy;
	struct pmip_batched packet[PMIP_BATCH_PACKETS];
	struct tasklet_struct tasklet;
	struct work_struct work;
};

static DEFINE_PER_CPU(struct pmip_batch, pmip_batches);
static int pmip_batch_hotplug;

static void pmip_batched_go(const struct pmip_batched *packet)
{
	if (unlikely(READ_ONCE(packet->link->pn->dead)))
		kfree_skb(packet->skb);
	else if (pmip_input(packet->link, packet->skb) == NF_ACCEPT)
		pmip_skb_resume(packet->skb);
}

static void pmip_batched_found(struct pmip_batched *packet)
{
	struct pmip_net *pn = packet->link->pn;

	packet->b[0] = pmip_binding_ahead_found(pn, packet->hash[0]);
	if (packet->two)
		packet->b[1] = pmip_binding_ahead_found(pn, packet->hash[1]);
}

static void pmip_batched_path(const struct pmip_batched *packet)
{
	pmip_binding_ahead_path(packet->b[0]);
	if (packet->two)
		pmip_binding_ahead_path(packet->b[1]);
}

static void pmip_batch_go(struct pmip_batch *batch)
{
	struct pmip_batched *packet, *end = batch->packet + batch->n;

	batch->busy = true;
	rcu_read_lock();
	for (packet = batch->packet; packet < end; packet++)
		pmip_batched_found(packet);
	for (packet = batch->packet; packet < end; packet++)
		pmip_batched_path(packet);
	for (packet = batch->packet; packet < end; packet++)
		pmip_batched_go(packet);
	rcu_read_unlock();
	batch->n = 0;
	batch->busy = false;
}

static void pmip_batch_late(struct tasklet_struct *tasklet)
{
	struct pmip_batch *batch = from_tasklet(batch, tasklet, tasklet);

	pmip_batch_go(batch);
}

static void pmip_batch_work(struct work_struct *work)
{
	local_bh_disable();
	pmip_batch_go(container_of(work, struct pmip_batch, work));
	local_bh_enable();
}

/*
 * Of a packet that is to go on to the stack later nobody must have known before:
 * a hook behind this one would not be asked, and generic XDP would be again.
 */
static bool pmip_batch_last(const struct net_device *dev)
{
	const struct nf_hook_entries *hooks;

	hooks = rcu_dereference(dev->nf_hooks_ingress);
	return hooks &&
	       hooks->hooks[hooks->num_hook_entries - 1].hook == pmip_batch_input &&
	       !rcu_access_pointer(dev->xdp_prog);
}

/* What neighbours tell each other, or many, is not of a node's prefix. */
static bool pmip_batch_on_link(const struct in6_addr *addr)
{
	return addr->s6_addr[0] >= 0xfe;
}

/* Of whom will be asked? */
static bool pmip_batch_ahead(struct pmip_batched *packet)
{
	const struct ipv6hdr *h = (const struct ipv6hdr *)packet->skb->data;
	struct pmip_net *pn = packet->link->pn;
	const struct in6_addr *addr = &h->daddr;

	packet->two = false;
	if (packet->link->type == PMIP_LINK_ACCESS) {
		addr = &h->saddr;
	} else if (h->nexthdr == IPPROTO_IPV6 &&
		   skb_headlen(packet->skb) >= 2 * sizeof(*h)) {
		addr = &h[1].daddr;
		packet->two = true;
		packet->hash[1] = pmip_binding_ahead_addr(pn, &h[1].saddr);
	}
	if (pmip_batch_on_link(addr))
		return false;
	packet->hash[0] = pmip_binding_ahead_addr(pn, addr);
	return true;
}

/* A packet with a route or a socket has them for as long as RCU lets it. */
static bool pmip_batch_can(const struct pmip_link *link,
			   const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IPV6) &&
	       skb_headlen(skb) >= sizeof(struct ipv6hdr) &&
	       !skb_dst(skb) && !skb->sk && READ_ONCE(link->pn->plen_64) &&
	       pmip_batch_last(skb->dev);
}

static bool pmip_batch_add(struct pmip_batch *batch, struct pmip_link *link,
			   struct sk_buff *skb)
{
	struct pmip_batched *packet = batch->packet + batch->n;

	if (!pmip_batch_can(link, skb))
		return false;
	packet->skb = skb;
	packet->link = link;
	if (!pmip_batch_ahead(packet))
		return false;
	if (!batch->n)
		tasklet_schedule(&batch->tasklet);
	batch->n++;
	return true;
}

static noinline unsigned int pmip_batch_packet(struct pmip_batch *batch,
					       struct pmip_link *link,
					       struct sk_buff *skb)
{
	if (batch->busy)
		return pmip_input(link, skb);
	if (in_serving_softirq() && pmip_batch_add(batch, link, skb)) {
		if (batch->n == PMIP_BATCH_PACKETS)
			pmip_batch_go(batch);
		return NF_STOLEN;
	}
	if (batch->n)
		pmip_batch_go(batch);
	return pmip_input(link, skb);
}

/**
 * pmip_batch_input() - a packet came in by a link
 * @priv: the link
 * @skb: the packet
 * @state: of the hook
 *
 * Context: softirq, RCU read side. Return: a netfilter verdict.
 */
unsigned int pmip_batch_input(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	struct pmip_batch *batch = this_cpu_ptr(&pmip_batches);

	/* Elsewhere than in a softirq there is no telling when more come. */
	if (!pmip_skb_can_resume() || (!in_serving_softirq() && !batch->n))
		return pmip_input(priv, skb);
	return pmip_batch_packet(batch, priv, skb);
}

/*
 * What a processor that went had aside goes on by another, which must be done with
 * it before the processor comes back and puts more aside.
 */
static int pmip_batch_left(unsigned int cpu)
{
	tasklet_kill(&per_cpu_ptr(&pmip_batches, cpu)->tasklet);
	return 0;
}

/**
 * pmip_batch_drain() - wait until no packet is aside of what came until now
 *
 * Between putting aside and going on RCU does not cover a packet: a softirq may
 * be put off.  So whoever takes a link's hook away calls this before the link, or
 * its device, goes.  A processor that went has left its tasklet to another, which
 * has not come to it yet, maybe.
 *
 * Context: process.
 */
void pmip_batch_drain(void)
{
	int cpu;

	synchronize_net();
	cpus_read_lock();
	for_each_online_cpu(cpu)
		queue_work_on(cpu, system_highpri_wq,
			      &per_cpu_ptr(&pmip_batches, cpu)->work);
	for_each_possible_cpu(cpu) {
		if (cpu_online(cpu))
			flush_work(&per_cpu_ptr(&pmip_batches, cpu)->work);
		else
			pmip_batch_left(cpu);
	}
	cpus_read_unlock();
}

/**
 * pmip_batch_init() - prepare each processor
 *
 * Context: process. Return: 0 or an error of cpuhp_setup_state().
 */
int __init pmip_batch_init(void)
{
	struct pmip_batch *batch;
	int cpu;

	for_each_possible_cpu(cpu) {
		batch = per_cpu_ptr(&pmip_batches, cpu);
		tasklet_setup(&batch->tasklet, pmip_batch_late);
		INIT_WORK(&batch->work, pmip_batch_work);
	}
	pmip_batch_hotplug =
		cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "net/pmip:batch",
					  pmip_batch_left, NULL);
	return min(pmip_batch_hotplug, 0);
}

/**
 * pmip_batch_exit() - nothing is aside any more, and nothing will be
 *
 * Context: process.
 */
void pmip_batch_exit(void)
{
	int cpu;

	cpuhp_remove_state_nocalls(pmip_batch_hotplug);
	for_each_possible_cpu(cpu)
		tasklet_kill(&per_cpu_ptr(&pmip_batches, cpu)->tasklet);
}
