// SPDX-License-Identifier: GPL-2.0
/* Selectors as attributes: a field's first value, and its last behind it. */
#include <net/ipv6.h>

#include "netlink_selector.h"
#include "packet.h"
#include "selector.h"

#define PMIP_ADDR	NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr))

const struct nla_policy pmip_nl_selector_policy[PMIP_A_SELECTOR_MAX + 1] = {
	[PMIP_A_SELECTOR_SRC]		= PMIP_ADDR,
	[PMIP_A_SELECTOR_SRC_END]	= PMIP_ADDR,
	[PMIP_A_SELECTOR_DST]		= PMIP_ADDR,
	[PMIP_A_SELECTOR_DST_END]	= PMIP_ADDR,
	[PMIP_A_SELECTOR_SPI]		= { .type = NLA_U32 },
	[PMIP_A_SELECTOR_SPI_END]	= { .type = NLA_U32 },
	[PMIP_A_SELECTOR_FLOW_LABEL]	= { .type = NLA_U32 },
	[PMIP_A_SELECTOR_FLOW_LABEL_END] = { .type = NLA_U32 },
	[PMIP_A_SELECTOR_SPORT]		= { .type = NLA_U16 },
	[PMIP_A_SELECTOR_SPORT_END]	= { .type = NLA_U16 },
	[PMIP_A_SELECTOR_DPORT]		= { .type = NLA_U16 },
	[PMIP_A_SELECTOR_DPORT_END]	= { .type = NLA_U16 },
	[PMIP_A_SELECTOR_TCLASS]	= { .type = NLA_U8 },
	[PMIP_A_SELECTOR_TCLASS_END]	= { .type = NLA_U8 },
	[PMIP_A_SELECTOR_NEXTHDR]	= { .type = NLA_U8 },
	[PMIP_A_SELECTOR_NEXTHDR_END]	= { .type = NLA_U8 },
};

static void pmip_nl_selector_addr(const struct nlattr *attr,
				  struct pmip_addr *addr)
{
	const struct in6_addr a = nla_get_in6_addr(attr);

	addr->high = (u64)ntohl(a.s6_addr32[0]) << 32 | ntohl(a.s6_addr32[1]);
	addr->low = (u64)ntohl(a.s6_addr32[2]) << 32 | ntohl(a.s6_addr32[3]);
}

/* Numbers of all widths as the lower half of an address */
static void pmip_nl_selector_value(const struct nlattr *attr,
				   struct pmip_addr *value)
{
	value->high = 0;
	switch (nla_len(attr)) {
	case sizeof(u8):
		value->low = nla_get_u8(attr);
		break;
	case sizeof(u16):
		value->low = nla_get_u16(attr);
		break;
	case sizeof(u32):
		value->low = nla_get_u32(attr);
		break;
	default:
		pmip_nl_selector_addr(attr, value);
	}
	/* RFC 6088 §3.2: "the 2 least significant bits' values MUST be ignored" */
	switch (nla_type(attr)) {
	case PMIP_A_SELECTOR_TCLASS:
	case PMIP_A_SELECTOR_TCLASS_END:
		value->low &= PMIP_PACKET_TCLASS >> 20;
	}
}

/* Does the request have that field?  Negative if it has no such range. */
static int pmip_nl_selector_range(struct nlattr **a, int first,
				  struct pmip_addr range[2],
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *end = a[first + 1];

	if (!a[first]) {
		if (!end)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, end, "a range needs its first value");
		return -EINVAL;
	}
	pmip_nl_selector_value(a[first], &range[0]);
	pmip_nl_selector_value(end ?: a[first], &range[1]);
	if (first == PMIP_A_SELECTOR_FLOW_LABEL &&
	    range[1].low > PMIP_PACKET_LABEL) {
		NL_SET_ERR_MSG_ATTR(extack, end ?: a[first],
				    "a flow label has 20 bits");
		return -ERANGE;
	}
	if (range[0].high < range[1].high ||
	    (range[0].high == range[1].high && range[0].low <= range[1].low))
		return 1;
	NL_SET_ERR_MSG_ATTR(extack, end, "a range ends before it begins");
	return -EINVAL;
}

static void pmip_nl_selector_set(struct pmip_selector *sel, int attr,
				 const struct pmip_addr range[2], int i)
{
	switch (attr) {
	case PMIP_A_SELECTOR_SRC:
		sel->src[i] = range[i];
		break;
	case PMIP_A_SELECTOR_DST:
		sel->dst[i] = range[i];
		break;
	case PMIP_A_SELECTOR_SPI:
		sel->spi[i] = range[i].low;
		break;
	case PMIP_A_SELECTOR_FLOW_LABEL:
		sel->label[i] = range[i].low;
		break;
	case PMIP_A_SELECTOR_SPORT:
		sel->sport[i] = range[i].low;
		break;
	case PMIP_A_SELECTOR_DPORT:
		sel->dport[i] = range[i].low;
		break;
	case PMIP_A_SELECTOR_TCLASS:
		sel->tclass[i] = range[i].low;
		break;
	case PMIP_A_SELECTOR_NEXTHDR:
		sel->nexthdr[i] = range[i].low;
		break;
	}
}

/* Fields come in the order of PMIP_SEL_*, two attributes each. */
static u8 pmip_nl_selector_field(int attr)
{
	return BIT((attr - PMIP_A_SELECTOR_SRC) / 2);
}

/**
 * pmip_nl_selector_get() - read a selector
 * @nest: its attributes
 * @sel: filled
 * @extack: where to say what is wrong
 *
 * Context: process. Return: 0 or -EINVAL, -ERANGE.
 */
int pmip_nl_selector_get(const struct nlattr *nest, struct pmip_selector *sel,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *a[PMIP_A_SELECTOR_MAX + 1];
	struct pmip_addr range[2];
	int err, attr;

	BUILD_BUG_ON(BIT((PMIP_A_SELECTOR_NEXTHDR - PMIP_A_SELECTOR_SRC) / 2) !=
		     PMIP_SEL_NEXTHDR);
	memset(sel, 0, sizeof(*sel));
	err = nla_parse_nested(a, PMIP_A_SELECTOR_MAX, nest,
			       pmip_nl_selector_policy, extack);
	if (err)
		return err;
	for (attr = PMIP_A_SELECTOR_SRC; attr < PMIP_A_SELECTOR_MAX; attr += 2) {
		err = pmip_nl_selector_range(a, attr, range, extack);
		if (err < 0)
			return err;
		if (!err)
			continue;
		sel->fields |= pmip_nl_selector_field(attr);
		pmip_nl_selector_set(sel, attr, range, 0);
		pmip_nl_selector_set(sel, attr, range, 1);
	}
	return 0;
}

static int pmip_nl_selector_put_addr(struct sk_buff *msg, int attr,
				     const struct pmip_addr *addr)
{
	struct in6_addr a;

	a.s6_addr32[0] = htonl(addr->high >> 32);
	a.s6_addr32[1] = htonl(addr->high);
	a.s6_addr32[2] = htonl(addr->low >> 32);
	a.s6_addr32[3] = htonl(addr->low);
	return nla_put_in6_addr(msg, attr, &a);
}

static int pmip_nl_selector_put_value(struct sk_buff *msg,
				      const struct pmip_selector *sel, int attr,
				      int i)
{
	switch (attr) {
	case PMIP_A_SELECTOR_SRC:
		return pmip_nl_selector_put_addr(msg, attr + i, &sel->src[i]);
	case PMIP_A_SELECTOR_DST:
		return pmip_nl_selector_put_addr(msg, attr + i, &sel->dst[i]);
	case PMIP_A_SELECTOR_SPI:
		return nla_put_u32(msg, attr + i, sel->spi[i]);
	case PMIP_A_SELECTOR_FLOW_LABEL:
		return nla_put_u32(msg, attr + i, sel->label[i]);
	case PMIP_A_SELECTOR_SPORT:
		return nla_put_u16(msg, attr + i, sel->sport[i]);
	case PMIP_A_SELECTOR_DPORT:
		return nla_put_u16(msg, attr + i, sel->dport[i]);
	case PMIP_A_SELECTOR_TCLASS:
		return nla_put_u8(msg, attr + i, sel->tclass[i]);
	default:
		return nla_put_u8(msg, attr + i, sel->nexthdr[i]);
	}
}

/**
 * pmip_nl_selector_put() - put a selector's attributes
 * @msg: where to
 * @sel: the selector
 *
 * Context: any. Return: 0 or -EMSGSIZE.
 */
int pmip_nl_selector_put(struct sk_buff *msg, const struct pmip_selector *sel)
{
	int attr;

	for (attr = PMIP_A_SELECTOR_SRC; attr < PMIP_A_SELECTOR_MAX; attr += 2)
		if (sel->fields & pmip_nl_selector_field(attr) &&
		    (pmip_nl_selector_put_value(msg, sel, attr, 0) ||
		     pmip_nl_selector_put_value(msg, sel, attr, 1)))
			return -EMSGSIZE;
	return 0;
}
