/* SPDX-License-Identifier: GPL-2.0 */
/* Random flows and packets, and which packet belongs to which flow. */
#ifndef _CLASSIFY_H
#define _CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLOWS		12	/* of one set, at most */
#define EXTENSIONS	10	/* of one packet, at most */
#define WALKED		8	/* of them, that are looked behind */
#define FIELDS		8

/* In the order of PMIP_A_SELECTOR_*, two attributes each */
enum field_nr { SRC, DST, SPI, LABEL, SPORT, DPORT, TCLASS, NEXTHDR };

/* Addresses differ in what they have behind 2001:db8:, a number. */
struct range {
	bool there;
	uint64_t first, last;
};

struct flow {
	uint16_t fid, priority;
	bool active;		/* it has a binding identifier of a path */
	struct range field[FIELDS];
};

enum fragment { WHOLE, ATOMIC, FIRST, LATER };

/* What a packet shall be: the reference looks at this, the kernel at the bytes. */
struct packet {
	uint64_t src, dst;
	uint32_t label, spi;
	uint16_t sport, dport;
	uint8_t tclass, protocol;
	uint8_t extension[EXTENSIONS];
	unsigned int n_extensions;
	bool overrun;		/* the last extension header is longer than the packet */
	enum fragment fragment;
	unsigned int fragment_at;	/* extension headers before that header */
	uint32_t id;
	size_t len;
};

/* Of the same seed the same numbers, wherever it runs */
void random_seed(uint64_t seed);
unsigned int random_flows(struct flow *flows);
void random_packet(struct packet *p, uint32_t id);

size_t packet_build(const struct packet *p, uint8_t *bytes);
void packet_print(const struct packet *p);

/* The flow that a packet belongs to, or NULL. */
const struct flow *reference(const struct flow *flows, unsigned int n, const struct packet *p);

#endif /* _CLASSIFY_H */
