// SPDX-License-Identifier: GPL-2.0
/* One phase of the load: every node's request, its answer, its retransmission. */
#include "load.h"

#include <err.h>
#include <string.h>

#define PROGRESS_NS	NSEC_PER_SEC
#define NAP_NS		(100000ULL)	/* sends a few at a time at 100,000 a second */

/* In an order that no cache and no allocator has seen before */
static uint32_t nth_node(const struct load *ld, const struct phase *p, uint32_t i)
{
	return (uint32_t)((uint64_t)i * p->step % ld->opt.nodes);
}

static uint32_t gcd(uint32_t a, uint32_t b)
{
	while (b) {
		uint32_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

/* Nodes attach in turn; later each comes once, but far from the one before. */
static uint32_t choose_step(const struct load *ld, enum phase_kind kind)
{
	uint32_t step = (uint32_t)(0.618034 * ld->opt.nodes) | 1;

	if (kind == PHASE_ATTACH)
		return 1;
	while (gcd(step, ld->opt.nodes) != 1)
		step += 2;
	return step;
}

static void transmit(struct load *ld, uint32_t index, uint64_t now)
{
	struct node *n = &ld->node[index];
	struct in6_addr src = node_mag(ld, n);
	struct mh_msg m;

	n->sent = now;
	n->tries++;
	node_request(ld, index, &m);
	wire_send(&src, &ld->opt.lma, &m);
	queue_add(ld, index);
}

static void issue_one(struct load *ld, struct phase *p, uint64_t now)
{
	uint32_t index = nth_node(ld, p, p->issued);
	struct node *n = &ld->node[index];

	/* At a rate, a request that leaves late has waited already. */
	n->due = p->rate > 0 ? p->begin + (uint64_t)(p->issued * 1e9 / p->rate) : now;
	if (p->kind == PHASE_ATTACH)
		n->mag = (uint16_t)(index % ld->opt.mags);
	else if (p->kind == PHASE_HANDOVER)
		n->mag = (uint16_t)((n->mag + 1U) % ld->opt.mags);
	p->issued++;
	transmit(ld, index, now);
}

static void issue(struct load *ld, struct phase *p, uint64_t now)
{
	uint64_t until = p->count;
	unsigned int burst;

	if (p->rate > 0 && (double)(now - p->begin) * p->rate / 1e9 < p->count)
		until = (uint64_t)((double)(now - p->begin) * p->rate / 1e9) + 1;
	for (burst = 0; burst < LOAD_BATCH; burst++) {
		if (p->issued >= until || p->issued >= p->count ||
		    ld->waiting.len >= ld->opt.window)
			break;
		issue_one(ld, p, now);
	}
	wire_flush();
}

/* A handover that did not come about leaves the node where it was. */
static void give_up(struct load *ld, struct phase *p, uint32_t index)
{
	struct node *n = &ld->node[index];

	n->tries = 0;
	if (p->kind == PHASE_HANDOVER)
		n->mag = (uint16_t)((n->mag + ld->opt.mags - 1) % ld->opt.mags);
}

static void retransmit(struct load *ld, struct phase *p, uint64_t now)
{
	uint32_t index;

	while (queue_overdue(ld, now, &index)) {
		queue_remove(ld, index);
		if (ld->node[index].tries == LOAD_TRIES) {
			give_up(ld, p, index);
			p->lost++;
			continue;
		}
		p->retransmitted++;
		transmit(ld, index, now);
	}
	wire_flush();
}

static void take(struct load *ld, struct phase *p, const struct wire_message *w, uint64_t now)
{
	struct mh_result r;
	struct mh_msg m;
	struct node *n;
	uint32_t index;

	r = mh_decode(&m, w->data, w->len, &w->src, &w->dst, 0);
	if (r.error || m.kind != MH_PBA || !node_of(ld, &m.opts.mn_id, &index)) {
		p->unreadable += r.error || m.kind == MH_PBA;
		return;
	}
	n = &ld->node[index];
	if (!n->tries || n->seq != m.seq) {
		p->stray++;
		return;
	}
	queue_remove(ld, index);
	p->status[m.status]++;
	/* RFC 5213 §6.9.4: it may have waited too long; once more, with the time of now */
	if (m.status == PBA_TIMESTAMP_MISMATCH && n->tries < LOAD_TRIES) {
		transmit(ld, index, now);
		return;
	}
	if (m.status >= PBA_UNSPECIFIED)
		give_up(ld, p, index);
	n->tries = 0;
	p->answered++;
	histogram_add(&p->latency, now - n->due);
	node_answered(ld, index, &m);
}

static unsigned int receive(struct load *ld, struct phase *p)
{
	struct wire_message w[LOAD_BATCH];
	unsigned int n = wire_receive(w), i;
	uint64_t now = load_clock();

	for (i = 0; i < n; i++)
		take(ld, p, &w[i], now);
	return n;
}

/* Once a second; one that has ended answers nothing more, but all would be asked again. */
static void look(const struct load *ld, uint64_t now)
{
	report_progress(ld, now);
	if (anchor_has_ended(ld->anchor))
		errx(2, "process %d has ended", ld->opt.pid);
}

/**
 * phase_run() - one request of each node, and the answers to them
 * @ld: all
 * @p: the phase: its kind, count and rate
 *
 * Ends the program if the anchor has.
 */
void phase_run(struct load *ld, struct phase *p)
{
	uint64_t now, shown;

	ld->phase = p;
	p->step = choose_step(ld, p->kind);
	p->before = usage_of(ld->opt.pid);
	p->begin = load_clock();
	shown = p->begin;
	do {
		now = load_clock();
		issue(ld, p, now);
		if (!receive(ld, p))
			wire_wait(NAP_NS);
		retransmit(ld, p, now);
		if (now - shown >= PROGRESS_NS) {
			look(ld, now);
			shown = now;
		}
	} while (p->answered + p->lost < p->count);
	p->end = load_clock();
	p->after = usage_of(ld->opt.pid);
}
