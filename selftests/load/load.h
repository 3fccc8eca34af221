/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of pmip-load: many gateways and their mobile nodes against an anchor. */
#ifndef _LOAD_H
#define _LOAD_H

#include "mh/mh.h"

#include <stdio.h>

#define LOAD_TRIES	6	/* transmissions of one request, the last one included */
#define LOAD_BATCH	64	/* messages to or from the socket at a time */

/* One of a million: what a gateway remembers of it */
struct node {
	uint64_t due;		/* ns, when its request was to leave */
	uint64_t sent;		/* ns, when it left last */
	uint64_t prefix;	/* the upper half, as on the wire; 0: has none */
	uint64_t timestamp;	/* its newest */
	uint32_t prev, next;	/* of those that wait for an answer; from 1, 0: end */
	uint16_t seq, mag;
	uint8_t tries;		/* 0: waits for nothing */
};

/* Nodes that wait for an answer, longest wait first; each try waits twice as long */
struct queue {
	uint32_t head[LOAD_TRIES + 1], tail[LOAD_TRIES + 1];
	uint32_t len;
};

/* Durations: 64 steps in each power of two, so that none is off by over 1.6 % */
#define HISTOGRAM_STEP_BITS	6
#define HISTOGRAM_SLOTS		(58 << HISTOGRAM_STEP_BITS)

struct histogram {
	uint64_t slot[HISTOGRAM_SLOTS], n, max;
};

enum phase_kind { PHASE_ATTACH, PHASE_REFRESH, PHASE_HANDOVER, PHASE_DETACH };

/* What the daemon has used, out of /proc */
struct usage {
	uint64_t cpu_ns;
	uint64_t rss_kb;
};

struct phase {
	enum phase_kind kind;
	const char *name;
	uint32_t count, step;
	double rate;			/* requests a second, 0: as fast as answered */
	uint64_t begin, end;		/* ns */
	uint32_t issued, answered, lost;
	uint64_t retransmitted, stray, unreadable;
	uint64_t status[256];
	struct histogram latency;
	struct usage before, after;
};

struct options {
	struct in6_addr lma, first_mag;
	const char *realm;
	uint32_t nodes, mags, window;
	double rate;
	uint16_t lifetime;		/* units of 4 s */
	unsigned int heartbeat_ms;
	int pid;
	bool json;
};

struct load {
	struct options opt;
	int anchor;			/* pidfd of the process of the options, -1: none */
	struct node *node;
	struct queue waiting;
	struct phase *phase;
};

/* node.c */
struct in6_addr node_mag(const struct load *ld, const struct node *n);
void node_request(const struct load *ld, uint32_t index, struct mh_msg *m);
bool node_of(const struct load *ld, const struct mn_id *id, uint32_t *index);
void node_answered(struct load *ld, uint32_t index, const struct mh_msg *m);

/* queue.c */
void queue_add(struct load *ld, uint32_t index);
void queue_remove(struct load *ld, uint32_t index);
bool queue_overdue(const struct load *ld, uint64_t now, uint32_t *index);

/* wire.c */
struct wire_message {
	struct in6_addr src, dst;
	const uint8_t *data;
	size_t len;
};

void wire_open(void);
void wire_wait(uint64_t ns);
void wire_send(const struct in6_addr *src, const struct in6_addr *dst, const struct mh_msg *m);
void wire_flush(void);
unsigned int wire_receive(struct wire_message *m);

/* phase.c */
void phase_run(struct load *ld, struct phase *p);

/* histogram.c */
void histogram_add(struct histogram *h, uint64_t ns);
uint64_t histogram_quantile(const struct histogram *h, double q);

/* anchor.c */
int anchor_open(int pid);
bool anchor_has_ended(int pidfd);
uint64_t anchor_begin(int pid);

/* report.c */
struct usage usage_of(int pid);
void report_progress(const struct load *ld, uint64_t now);
void report_head(void);
void report_written(void);
void report_phase(const struct load *ld, const struct phase *p);

/* watch.c */
bool watch_run(struct load *ld);

uint64_t load_clock(void);

#endif /* _LOAD_H */
