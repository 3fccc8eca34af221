// SPDX-License-Identifier: GPL-2.0
/*
 * Which flow a packet belongs to, as RFC 6088 §3.2 and RFC 6089 §5.3.6 have it: the
 * plainest way, from what the packet shall be.
 */
#include "classify.h"
#include <netinet/in.h>

static bool is_extension(uint8_t protocol)
{
	return protocol == IPPROTO_DSTOPTS || protocol == IPPROTO_ROUTING ||
	       protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_AH;
}

static bool has_ports(uint8_t protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
	       protocol == IPPROTO_SCTP || protocol == IPPROTO_DCCP ||
	       protocol == IPPROTO_UDPLITE;
}

/* Headers to walk before the last one, the fragment header being one of them */
static unsigned int headers(const struct packet *p)
{
	return p->n_extensions + (p->fragment != WHOLE);
}

/* The next header is known: 0 for no such thing */
static bool next_header(const struct packet *p, uint8_t *protocol)
{
	*protocol = p->protocol;
	if (p->fragment == LATER) {
		if (p->fragment_at < p->n_extensions)
			*protocol = p->extension[p->fragment_at];
		return p->fragment_at < WALKED && !is_extension(*protocol);
	}
	return headers(p) <= WALKED && !p->overrun;
}

static bool value(const struct packet *p, enum field_nr field, uint64_t *v)
{
	uint8_t protocol = 0;
	const bool known = next_header(p, &protocol);

	switch (field) {
	case SRC:
		*v = p->src;
		return true;
	case DST:
		*v = p->dst;
		return true;
	case LABEL:
		*v = p->label;
		return true;
	case TCLASS:
		*v = p->tclass & 0xfc;
		return true;
	case NEXTHDR:
		*v = protocol;
		return known;
	case SPI:
		*v = p->spi;
		return known && p->fragment != LATER && protocol == IPPROTO_ESP;
	case SPORT:
		*v = p->sport;
		return known && p->fragment != LATER && has_ports(protocol);
	case DPORT:
		*v = p->dport;
		return known && p->fragment != LATER && has_ports(protocol);
	}
	return false;
}

static bool selects(const struct flow *f, const struct packet *p)
{
	enum field_nr field;

	for (field = SRC; field <= NEXTHDR; field++) {
		const struct range *r = &f->field[field];
		uint64_t first = r->first, last = r->last, v = 0;

		if (!r->there)
			continue;
		if (field == TCLASS) {
			first &= 0xfc;
			last &= 0xfc;
		}
		if (!value(p, field, &v) || v < first || v > last)
			return false;
	}
	return true;
}

const struct flow *reference(const struct flow *flows, unsigned int n, const struct packet *p)
{
	const struct flow *best = NULL;

	for (unsigned int i = 0; i < n; i++)
		if (flows[i].active && selects(&flows[i], p) &&
		    (!best || flows[i].priority < best->priority))
			best = &flows[i];
	return best;
}
