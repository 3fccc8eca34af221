// SPDX-License-Identifier: GPL-2.0
/* Random flows and packets of few values, so that they have something in common. */
#include "classify.h"
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* Behind 2001:db8: of an address, whose lowest 32 bits are these, too */
#define CORRESPONDENT	0x000c000000000000ULL
#define NODE		0x0100000100000000ULL

static uint64_t state;

void random_seed(uint64_t seed)
{
	state = seed;
}

/* Sebastiano Vigna's splitmix64, which is in the public domain */
static uint32_t below(uint32_t n)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (uint32_t)((z ^ z >> 31) >> 32) % n;
}

static uint64_t pick(const uint64_t *from, uint32_t n)
{
	return from[below(n)];
}

#define PICK(array) pick(array, sizeof(array) / sizeof((array)[0]))

static uint64_t random_value(enum field_nr field)
{
	static const uint64_t
	sources[] = { CORRESPONDENT, CORRESPONDENT + 1, CORRESPONDENT + 0xffffffff,
		      CORRESPONDENT + 0x100000000ULL, CORRESPONDENT + 0x100000001ULL,
		      CORRESPONDENT + 0xffffffff00000000ULL / 0x10000 },
	nodes[] = { NODE, NODE + 1, NODE + 2, NODE + 0x7fffffff, NODE + 0xffffffff },
	spis[] = { 0, 1, 0x100, 0x7fffffff, 0x80000000, 0xffffffff },
	labels[] = { 0, 1, 2, 0x12345, 0xffffe, 0xfffff },
	ports[] = { 0, 1, 2, 255, 256, 0x7fff, 0x8000, 65534, 65535 },
	classes[] = { 0, 3, 4, 0x28, 0x2b, 0xb8, 0xfc, 0xff },
	protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDP, IPPROTO_ESP, IPPROTO_ICMPV6,
			IPPROTO_NONE, IPPROTO_SCTP, IPPROTO_DCCP, IPPROTO_UDPLITE, 135, 253 };

	switch (field) {
	case SRC:
		return PICK(sources);
	case DST:
		return PICK(nodes);
	case SPI:
		return PICK(spis);
	case LABEL:
		return PICK(labels);
	case SPORT:
	case DPORT:
		return PICK(ports);
	case TCLASS:
		return PICK(classes);
	default:
		return PICK(protocols);
	}
}

static void random_range(struct range *r, enum field_nr field)
{
	uint64_t other;

	r->there = !below(field == SPI ? 6 : 3);
	r->first = random_value(field);
	r->last = r->first;
	if (!r->there || !below(3))
		return;
	other = random_value(field);
	if (other < r->first)
		r->first = other;
	else
		r->last = other;
}

unsigned int random_flows(struct flow *flows)
{
	const unsigned int n = 1 + below(FLOWS);

	for (unsigned int i = 0; i < n; i++) {
		struct flow *f = &flows[i];
		bool again = true;

		f->fid = 1 + i;
		f->active = below(8);
		while (again) {
			f->priority = 1 + below(50);
			again = false;
			for (unsigned int j = 0; j < i; j++)
				again |= flows[j].priority == f->priority;
		}
		for (enum field_nr field = SRC; field <= NEXTHDR; field++)
			random_range(&f->field[field], field);
	}
	return n;
}

static void random_extensions(struct packet *p)
{
	static const uint64_t kinds[] = { IPPROTO_DSTOPTS, IPPROTO_DSTOPTS, IPPROTO_ROUTING,
					  IPPROTO_AH };

	p->n_extensions = 0;
	if (!below(3))
		p->n_extensions = below(4) ? 1 + below(3) : below(EXTENSIONS + 1);
	for (unsigned int i = 0; i < p->n_extensions; i++)
		p->extension[i] = PICK(kinds);
	/* Those are for every router to look at, and take the stack's way. */
	if (p->n_extensions && !below(8))
		p->extension[0] = IPPROTO_HOPOPTS;
	p->overrun = p->n_extensions && p->extension[p->n_extensions - 1] == IPPROTO_DSTOPTS &&
		     !below(6);
	p->fragment = below(5) ? WHOLE : ATOMIC + below(3);
	p->fragment_at = p->fragment == WHOLE ? 0 : below(p->n_extensions + 1);
	if (p->n_extensions && p->extension[0] == IPPROTO_HOPOPTS && !p->fragment_at &&
	    p->fragment != WHOLE)
		p->fragment_at = 1;
}

void random_packet(struct packet *p, uint32_t id)
{
	memset(p, 0, sizeof(*p));
	p->src = random_value(SRC);
	p->dst = random_value(DST);
	p->label = random_value(LABEL);
	p->spi = random_value(SPI);
	p->sport = random_value(SPORT);
	p->dport = random_value(DPORT);
	p->tclass = random_value(TCLASS);
	p->protocol = random_value(NEXTHDR);
	p->id = id;
	random_extensions(p);
}

static void put32(uint8_t *p, uint32_t v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

static void put_addr(uint8_t *at, uint64_t v)
{
	put32(at, 0x20010db8);
	put32(at + 4, v >> 32);
	put32(at + 12, v);
}

/* Of 8 bytes; AH counts its length in words of 4 and less 2. */
static void put_extension(uint8_t *h, uint8_t kind, bool overrun)
{
	if (kind == IPPROTO_DSTOPTS || kind == IPPROTO_HOPOPTS) {
		h[2] = 1;	/* PadN */
		h[3] = 4;
	}
	if (overrun)
		h[1] = 0xff;
}

static void put_upper(uint8_t *h, const struct packet *p)
{
	if (p->protocol == IPPROTO_ESP) {
		put32(h, p->spi);
	} else {
		/* Also where there are none: what looks like ports is not. */
		put32(h, (uint32_t)p->sport << 16 | p->dport);
	}
}

/* All of @p->len bytes; what is behind the upper header's first word is zero. */
size_t packet_build(const struct packet *p, uint8_t *bytes)
{
	uint8_t *next = bytes + 6, *h = bytes + 40;
	unsigned int i;

	memset(bytes, 0, p->len);
	put32(bytes, 6U << 28 | (uint32_t)p->tclass << 20 | p->label);
	bytes[4] = (p->len - 40) >> 8;
	bytes[5] = p->len - 40;
	bytes[7] = 64;
	put_addr(bytes + 8, p->src);
	put_addr(bytes + 24, p->dst);
	for (i = 0; i <= p->n_extensions; i++) {
		if (p->fragment != WHOLE && i == p->fragment_at) {
			*next = IPPROTO_FRAGMENT;
			h[3] = p->fragment == LATER ? 64 : p->fragment == FIRST;
			put32(h + 4, p->id);
			next = h;
			h += 8;
		}
		if (i == p->n_extensions)
			break;
		*next = p->extension[i];
		put_extension(h, p->extension[i], p->overrun && i == p->n_extensions - 1);
		next = h;
		h += 8;
	}
	*next = p->protocol;
	put_upper(h, p);
	return p->len;
}

void packet_print(const struct packet *p)
{
	static const char *const fragments[] = { "whole", "atomic", "first", "later" };

	printf("src %#llx dst %#llx tclass %#x label %#x protocol %u sport %u dport %u spi %#x\n",
	       (unsigned long long)p->src, (unsigned long long)p->dst, p->tclass, p->label,
	       p->protocol, p->sport, p->dport, p->spi);
	printf("  %s fragment before header %u%s, headers:", fragments[p->fragment],
	       p->fragment_at, p->overrun ? ", overrun" : "");
	for (unsigned int i = 0; i < p->n_extensions; i++)
		printf(" %u", p->extension[i]);
	putchar('\n');
}
