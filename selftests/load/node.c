// SPDX-License-Identifier: GPL-2.0
/* A mobile node's requests as its gateway writes them, and what it learns. */
#include "load.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ATT_802_11	4
#define PREFIX_LEN	64

/**
 * node_mag() - the address of the gateway that serves a node
 * @ld: all
 * @n: the node
 *
 * Return: the first gateway's address plus the gateway's number.
 */
struct in6_addr node_mag(const struct load *ld, const struct node *n)
{
	struct in6_addr a = ld->opt.first_mag;
	uint32_t low;

	memcpy(&low, &a.s6_addr[12], sizeof(low));
	low = htonl(ntohl(low) + n->mag);
	memcpy(&a.s6_addr[12], &low, sizeof(low));
	return a;
}

/* RFC 5213 §6.9.4: no two of one node's requests carry the same. */
static uint64_t next_timestamp(struct node *n)
{
	struct timespec ts;
	uint64_t t;

	clock_gettime(CLOCK_REALTIME, &ts);
	t = mh_timestamp((uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec);
	n->timestamp = t > n->timestamp ? t : n->timestamp + 1;
	return n->timestamp;
}

/* RFC 5213 §6.9.1: what a gateway says of the attachment in each case */
static uint8_t indicator(enum phase_kind kind)
{
	switch (kind) {
	case PHASE_ATTACH:
		return HI_NEW_INTERFACE;
	case PHASE_REFRESH:
		return HI_REREGISTRATION;
	case PHASE_HANDOVER:
		return HI_BETWEEN_MAGS;
	case PHASE_DETACH:
		break;
	}
	return HI_UNKNOWN;
}

/**
 * node_request() - the next Proxy Binding Update of a node
 * @ld: all; the phase under way says what the update asks for
 * @index: the node
 * @m: filled
 */
void node_request(const struct load *ld, uint32_t index, struct mh_msg *m)
{
	struct node *n = &ld->node[index];
	struct mh_opts *o = &m->opts;
	uint32_t name = htonl(index);

	mh_clear(m);
	m->kind = MH_PBU;
	m->seq = ++n->seq;
	m->flags = PBU_F_A | PBU_F_P;
	m->lifetime = ld->phase->kind == PHASE_DETACH ? 0 : ld->opt.lifetime;
	o->present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT | MH_HAS_LLID |
		     MH_HAS_TIMESTAMP;
	o->mn_id.subtype = 1;
	o->mn_id.len = (uint8_t)snprintf((char *)o->mn_id.id, sizeof(o->mn_id.id), "mn%07u@%s",
					 index, ld->opt.realm);
	o->n_hnp = 1;
	if (n->prefix) {
		o->hnp[0].prefix.len = PREFIX_LEN;
		memcpy(&o->hnp[0].prefix.addr, &n->prefix, sizeof(n->prefix));
	}
	o->hi = indicator(ld->phase->kind);
	o->att = ATT_802_11;
	o->llid.len = 6;
	o->llid.id[0] = 2;
	memcpy(&o->llid.id[2], &name, sizeof(name));
	o->timestamp = next_timestamp(n);
}

/**
 * node_of() - which node an answer is about
 * @ld: all
 * @id: the identifier in it
 * @index: set
 *
 * Return: false if it is none of ours.
 */
bool node_of(const struct load *ld, const struct mn_id *id, uint32_t *index)
{
	const char *text = (const char *)id->id;

	if (id->len < 4 || id->len == MN_ID_MAX || text[0] != 'm' || text[1] != 'n')
		return false;
	*index = (uint32_t)strtoul(text + 2, NULL, 10);
	return *index < ld->opt.nodes;
}

/**
 * node_answered() - take what an acknowledgement says
 * @ld: all
 * @index: the node
 * @m: the acknowledgement
 */
void node_answered(struct load *ld, uint32_t index, const struct mh_msg *m)
{
	struct node *n = &ld->node[index];

	if (m->status >= PBA_UNSPECIFIED)
		return;
	n->prefix = 0;
	if (ld->phase->kind != PHASE_DETACH && m->opts.n_hnp)
		memcpy(&n->prefix, &m->opts.hnp[0].prefix.addr, sizeof(n->prefix));
}
