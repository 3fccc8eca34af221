// SPDX-License-Identifier: GPL-2.0
/* Flows and their selectors as attributes of the family "pmip". */
#include "io/pmip_msg.h"

#include <linux/genetlink.h>
#include <string.h>

#define LABEL_MAX	0xfffff	/* an IPv6 header's, of the 24 bits of RFC 6088 §3.2 */

/* The attribute of a field's first value; that of its last is the next one. */
static const uint16_t attr[SELECTOR_FIELDS] = {
	[SELECTOR_SRC] = PMIP_A_SELECTOR_SRC,
	[SELECTOR_DST] = PMIP_A_SELECTOR_DST,
	[SELECTOR_SPI] = PMIP_A_SELECTOR_SPI,
	[SELECTOR_LABEL] = PMIP_A_SELECTOR_FLOW_LABEL,
	[SELECTOR_SPORT] = PMIP_A_SELECTOR_SPORT,
	[SELECTOR_DPORT] = PMIP_A_SELECTOR_DPORT,
	[SELECTOR_TC] = PMIP_A_SELECTOR_TCLASS,
	[SELECTOR_PROTO] = PMIP_A_SELECTOR_NEXTHDR,
};

static void put_value(struct nlmsghdr *nlh, const struct selector *s, enum selector_field f,
		      unsigned int i)
{
	const uint16_t type = (uint16_t)(attr[f] + i);
	uint32_t v = selector_number(s, f, i);

	switch (f) {
	case SELECTOR_SRC:
		mnl_attr_put(nlh, type, sizeof(s->src[i]), &s->src[i]);
		break;
	case SELECTOR_DST:
		mnl_attr_put(nlh, type, sizeof(s->dst[i]), &s->dst[i]);
		break;
	case SELECTOR_SPORT:
	case SELECTOR_DPORT:
		mnl_attr_put_u16(nlh, type, (uint16_t)v);
		break;
	case SELECTOR_TC:
	case SELECTOR_PROTO:
		mnl_attr_put_u8(nlh, type, (uint8_t)v);
		break;
	case SELECTOR_LABEL:
		mnl_attr_put_u32(nlh, type, v < LABEL_MAX ? v : LABEL_MAX);
		break;
	default:
		mnl_attr_put_u32(nlh, type, v);
	}
}

static void put_selector(struct nlmsghdr *nlh, const struct selector *s)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, PMIP_A_FLOW_SELECTOR);

	for (unsigned int f = 0; f < SELECTOR_FIELDS; f++) {
		if (!(s->fields & SELECTOR_HAS(f)))
			continue;
		put_value(nlh, s, (enum selector_field)f, 0);
		if (s->ranges & SELECTOR_HAS(f))
			put_value(nlh, s, (enum selector_field)f, 1);
	}
	mnl_attr_nest_end(nlh, nest);
}

/**
 * pmip_msg_flow_matches() - whether any packet of the module's can be of a flow
 * @f: the flow
 *
 * Return: false for IPv4 (RFC 6088 §3.1), and for labels that IPv6 has not.
 */
bool pmip_msg_flow_matches(const struct dp_flow *f)
{
	const struct selector *s = &f->selector;

	return s->format == SELECTOR_IPV6 &&
	       (!(s->fields & SELECTOR_HAS(SELECTOR_LABEL)) || s->label[0] <= LABEL_MAX);
}

/**
 * pmip_msg_flow_key() - the attributes that name a flow
 * @nlh: PMIP_CMD_FLOW_*
 * @node: whose
 * @fid: its identifier
 */
void pmip_msg_flow_key(struct nlmsghdr *nlh, uint64_t node, uint16_t fid)
{
	mnl_attr_put_u64(nlh, PMIP_A_FLOW_NODE, node);
	mnl_attr_put_u16(nlh, PMIP_A_FLOW_FID, fid);
}

/**
 * pmip_msg_flow() - the attributes of a flow
 * @nlh: PMIP_CMD_FLOW_NEW
 * @f: the flow; its selector is normalised, and pmip_msg_flow_matches()
 * @generation: of the controller
 */
void pmip_msg_flow(struct nlmsghdr *nlh, const struct dp_flow *f, uint32_t generation)
{
	unsigned int i;

	pmip_msg_flow_key(nlh, f->node, f->fid);
	mnl_attr_put_u16(nlh, PMIP_A_FLOW_PRIORITY, f->pri);
	put_selector(nlh, &f->selector);
	for (i = 0; i < f->n_bid && i < PMIP_FLOW_BIDS; i++)
		mnl_attr_put_u16(nlh, PMIP_A_FLOW_BID, f->bid[i]);
	mnl_attr_put_u8(nlh, PMIP_A_FLOW_ACTION, f->action);
	mnl_attr_put_u32(nlh, PMIP_A_FLOW_GENERATION, generation);
}

static int key_cb(const struct nlattr *a, void *arg)
{
	struct dp_flow *f = arg;
	uint16_t len = mnl_attr_get_payload_len(a);

	switch (mnl_attr_get_type(a)) {
	case PMIP_A_FLOW_NODE:
		if (len == sizeof(f->node))
			f->node = mnl_attr_get_u64(a);
		break;
	case PMIP_A_FLOW_FID:
		if (len == sizeof(f->fid))
			f->fid = mnl_attr_get_u16(a);
		break;
	case PMIP_A_FLOW_PRIORITY:
		if (len == sizeof(f->pri))
			f->pri = mnl_attr_get_u16(a);
		break;
	}
	return MNL_CB_OK;
}

/**
 * pmip_msg_parse_flow() - read which flow one of a dump is
 * @nlh: the message
 * @f: filled: node, identifier and priority
 *
 * Return: 0, or -1 if an attribute is missing.
 */
int pmip_msg_parse_flow(const struct nlmsghdr *nlh, struct dp_flow *f)
{
	memset(f, 0, sizeof(*f));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), key_cb, f);
	return f->node && f->fid && f->pri ? 0 : -1;
}
