// SPDX-License-Identifier: GPL-2.0
/*
 * Each mobility option, read and written.  A reader gets data of a length
 * between the minimum and the maximum in its row of the table; a writer fills
 * in no more and returns the number of bytes, which is checked likewise.
 */
#include "mh/wire.h"

/*
 * RFC 6089 §4.1 forbids the priority 0; RFC 5648 has the receiver ignore the
 * byte.  Attachments without a priority are equal, and their BIDs the order.
 */
#define BID_PRI		1
#define BID_PRI_MASK	0x7f	/* H, in front of it, is not for proxies */

/*
 * MN-ID, RFC 4283 §3: subtype, identifier of at least one byte.  Padding is
 * remembered: who sent it expects it back (RFC 5213 §6.9.1.2 item 6).
 */
static struct mh_result read_mn_id(struct mh_opts *o, const struct mh_option *opt)
{
	uint8_t len = (uint8_t)(opt->len - 1);

	if (opt->lenient & MH_LENIENT_MN_ID)
		while (len > 1 && !opt->data[len])
			len--;
	o->mn_id.subtype = opt->data[0];
	o->mn_id.len = len;
	o->mn_id_pad = (uint8_t)(opt->len - 1 - len);
	memcpy(o->mn_id.id, opt->data + 1, len);
	return mh_ok();
}

static size_t write_mn_id(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	size_t len = (size_t)o->mn_id.len + o->mn_id_pad;

	(void)i;
	if (len > MN_ID_MAX)
		return 0;
	data[0] = o->mn_id.subtype;
	memset(data + 1, 0, len);
	memcpy(data + 1, o->mn_id.id, o->mn_id.len);
	return 1 + len;
}

/*
 * Clear the bits beyond the prefix length: they mean nothing, and a prefix
 * must have one spelling to be looked up by.  Not where nothing would remain,
 * though: the all-zero prefix asks for any (RFC 5213 §6.9.1.1), which is not
 * what a sender of other bits can have meant.
 */
static bool clear_host_bits(struct prefix *p)
{
	struct in6_addr a = p->addr;

	if (p->len > 128)
		return false;
	for (unsigned int i = p->len / 8, keep = p->len % 8; i < sizeof(a); i++, keep = 0)
		a.s6_addr[i] &= (uint8_t)(0xff00 >> keep);
	if (IN6_IS_ADDR_UNSPECIFIED(&a) && !IN6_IS_ADDR_UNSPECIFIED(&p->addr))
		return false;
	p->addr = a;
	return true;
}

/* Home Network Prefix, RFC 5213 §8.3: L (RFC 7864 §4.1), length, prefix */
static unsigned int count_hnp(const struct mh_opts *o)
{
	return o->n_hnp;
}

static struct mh_result read_hnp(struct mh_opts *o, const struct mh_option *opt)
{
	struct mh_hnp *h;

	/* RFC 5213 knows no limit: who asks for more than fit is told, not ignored */
	if (o->n_hnp == HNP_MAX && (opt->lenient & MH_COUNT_MORE)) {
		o->more_hnp++;
		return mh_ok();
	}
	if (o->n_hnp == HNP_MAX)
		return mh_fail(MH_ERR_TOO_MANY, opt->at);
	h = &o->hnp[o->n_hnp];
	h->off_link = opt->data[0] & 0x80;
	h->prefix.len = opt->data[1];
	if (h->prefix.len == 128 && (opt->lenient & MH_LENIENT_PREFIX))
		h->prefix.len = 64;
	memcpy(&h->prefix.addr, opt->data + 2, sizeof(h->prefix.addr));
	if (!clear_host_bits(&h->prefix))
		return mh_bad_value(opt, 1);
	o->n_hnp++;
	return mh_ok();
}

static size_t write_hnp(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	struct prefix p = o->hnp[i].prefix;

	/* one that cannot be cleared goes to the reader, which refuses it */
	clear_host_bits(&p);
	data[0] = o->hnp[i].off_link ? 0x80 : 0;
	data[1] = p.len;
	memcpy(data + 2, &p.addr, sizeof(p.addr));
	return 18;
}

/* Handoff Indicator, RFC 5213 §8.4: reserved, value; the LMA judges it */
/**
 * mh_find_hnp - look for a home network prefix
 * @o: the options
 * @p: the prefix
 *
 * Return: its place among those that are named, -1: it is not.
 */
int mh_find_hnp(const struct mh_opts *o, const struct prefix *p)
{
	for (unsigned int i = 0; i < o->n_hnp; i++)
		if (prefix_equal(&o->hnp[i].prefix, p))
			return (int)i;
	return -1;
}

/**
 * mh_add_hnp - name a home network prefix, if it is not yet
 * @o: the options; their MH_HAS_HNP is the caller's to set
 * @p: the prefix
 *
 * Return: its place, -1 if there is no room.
 */
int mh_add_hnp(struct mh_opts *o, const struct prefix *p)
{
	int i = mh_find_hnp(o, p);

	if (i >= 0 || o->n_hnp == HNP_MAX)
		return i;
	o->hnp[o->n_hnp] = (struct mh_hnp){ .prefix = *p };
	return (int)o->n_hnp++;
}

static struct mh_result read_hi(struct mh_opts *o, const struct mh_option *opt)
{
	o->hi = opt->data[1];
	return mh_ok();
}

static size_t write_hi(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	(void)i;
	data[0] = 0;
	data[1] = o->hi;
	return 2;
}

/* Access Technology Type, RFC 5213 §8.5: reserved, value */
static struct mh_result read_att(struct mh_opts *o, const struct mh_option *opt)
{
	o->att = opt->data[1];
	return mh_ok();
}

static size_t write_att(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	(void)i;
	data[0] = 0;
	data[1] = o->att;
	return 2;
}

/* Mobile Node Link-layer Identifier, RFC 5213 §8.6: reserved 16, identifier */
static struct mh_result read_llid(struct mh_opts *o, const struct mh_option *opt)
{
	o->llid.len = (uint8_t)(opt->len - 2);
	memcpy(o->llid.id, opt->data + 2, o->llid.len);
	return mh_ok();
}

static size_t write_llid(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	(void)i;
	if (o->llid.len > LLID_MAX)
		return 0;
	put16(data, 0);
	memcpy(data + 2, o->llid.id, o->llid.len);
	return 2U + o->llid.len;
}

/* Link-local Address, RFC 5213 §8.7; all zero asks the LMA for one (§6.9.1.1) */
static struct mh_result read_lla(struct mh_opts *o, const struct mh_option *opt)
{
	memcpy(&o->lla, opt->data, sizeof(o->lla));
	if (!IN6_IS_ADDR_LINKLOCAL(&o->lla) && !IN6_IS_ADDR_UNSPECIFIED(&o->lla))
		return mh_bad_value(opt, 0);
	return mh_ok();
}

static size_t write_lla(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	(void)i;
	memcpy(data, &o->lla, sizeof(o->lla));
	return sizeof(o->lla);
}

/* Timestamp, RFC 5213 §8.8 */
static struct mh_result read_timestamp(struct mh_opts *o,
				       const struct mh_option *opt)
{
	o->timestamp = get64(opt->data);
	return mh_ok();
}

static size_t write_timestamp(const struct mh_opts *o, unsigned int i,
			      uint8_t *data)
{
	(void)i;
	put64(data, o->timestamp);
	return 8;
}

/* Restart Counter, RFC 5847 §3.4 */
static struct mh_result read_restart(struct mh_opts *o,
				     const struct mh_option *opt)
{
	o->restart = get32(opt->data);
	return mh_ok();
}

static size_t write_restart(const struct mh_opts *o, unsigned int i,
			    uint8_t *data)
{
	(void)i;
	put32(data, o->restart);
	return 4;
}

/* MAG IPv6 Address, RFC 6705 §11.1: reserved, 128, address */
static unsigned int count_mag(const struct mh_opts *o)
{
	return o->n_mag;
}

static struct mh_result read_mag(struct mh_opts *o, const struct mh_option *opt)
{
	struct in6_addr *a;

	if (o->n_mag == PEERS_MAX)
		return mh_fail(MH_ERR_TOO_MANY, opt->at);
	if (opt->data[1] != 128)
		return mh_bad_value(opt, 1);
	a = &o->mag[o->n_mag];
	memcpy(a, opt->data + 2, sizeof(*a));
	/* a gateway's address is unicast: signalling goes there */
	if (IN6_IS_ADDR_MULTICAST(a) || IN6_IS_ADDR_UNSPECIFIED(a))
		return mh_bad_value(opt, 2);
	o->n_mag++;
	return mh_ok();
}

static size_t write_mag(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	data[0] = 0;
	data[1] = 128;
	memcpy(data + 2, &o->mag[i], sizeof(o->mag[i]));
	return 18;
}

/* Binding Identifier, RFC 5648 §4.3, RFC 6089 §4.1: BID, status, H and priority */
static unsigned int count_bid(const struct mh_opts *o)
{
	return o->n_bid;
}

static struct mh_result read_bid(struct mh_opts *o, const struct mh_option *opt)
{
	struct mh_bid *b;

	/* no care-of address, an IPv4 one, an IPv6 one: proxies need none */
	if (opt->len != 4 && opt->len != 8 && opt->len != 20)
		return mh_fail(MH_ERR_OPT_LENGTH, opt->at + 1);
	if (o->n_bid == PEERS_MAX)
		return mh_fail(MH_ERR_TOO_MANY, opt->at);
	b = &o->bid[o->n_bid];
	b->bid = get16(opt->data);
	b->status = opt->data[2];
	b->pri = opt->data[3] & BID_PRI_MASK;
	if (!b->bid)
		return mh_bad_value(opt, 0);
	o->n_bid++;
	return mh_ok();
}

static size_t write_bid(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	put16(data, o->bid[i].bid);
	data[2] = o->bid[i].status;
	data[3] = o->bid[i].pri & BID_PRI_MASK;
	if (!data[3])
		data[3] = BID_PRI;
	return 4;
}

/* Alternate Care-of Address, RFC 6275 §6.2.5 */
static struct mh_result read_alt_coa(struct mh_opts *o, const struct mh_option *opt)
{
	memcpy(&o->alt_coa, opt->data, sizeof(o->alt_coa));
	return mh_ok();
}

static size_t write_alt_coa(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	(void)i;
	memcpy(data, &o->alt_coa, sizeof(o->alt_coa));
	return sizeof(o->alt_coa);
}

/* IPv4 Home Address Request, RFC 5844 §3.3.1: prefix length 6, reserved 10, address */
static struct mh_result read_ipv4_request(struct mh_opts *o, const struct mh_option *opt)
{
	o->ipv4_len = opt->data[0] >> 2;
	memcpy(&o->ipv4, opt->data + 2, sizeof(o->ipv4));
	if (o->ipv4_len > 32)
		return mh_bad_value(opt, 0);
	return mh_ok();
}

static size_t write_ipv4_request(const struct mh_opts *o, unsigned int i, uint8_t *data)
{
	(void)i;
	data[0] = (uint8_t)(o->ipv4_len << 2);
	data[1] = 0;
	memcpy(data + 2, &o->ipv4, sizeof(o->ipv4));
	return 6;
}

const struct mh_option_def mh_option_defs[] = {
	/* type, min, max, many, bit, align, shift, count, read, write */
	{ MH_OPT_MN_ID, 1, 255, false, MH_HAS_MN_ID, 1, 0, NULL, read_mn_id, write_mn_id },
	{ MH_OPT_HNP, 18, 18, true, MH_HAS_HNP, 8, 4, count_hnp, read_hnp, write_hnp },
	{ 23, 2, 2, false, MH_HAS_HI, 1, 0, NULL, read_hi, write_hi },
	{ 24, 2, 2, false, MH_HAS_ATT, 1, 0, NULL, read_att, write_att },
	{ MH_OPT_LLID, 3, 2 + LLID_MAX, false, MH_HAS_LLID, 0, 0, NULL, read_llid, write_llid },
	{ 26, 16, 16, false, MH_HAS_LLA, 8, 6, NULL, read_lla, write_lla },
	{ 27, 8, 8, false, MH_HAS_TIMESTAMP, 8, 2, NULL, read_timestamp,
	  write_timestamp },
	{ 28, 4, 4, false, MH_HAS_RESTART, 4, 2, NULL, read_restart, write_restart },
	{ 51, 18, 18, true, MH_HAS_MAG_ADDR, 8, 4, count_mag, read_mag, write_mag },
	{ 35, 4, 20, true, MH_HAS_BID, 2, 0, count_bid, read_bid, write_bid },
	/* 2n would do: at 8n each sub-option has the place it wants; 6 or more, see there */
	{ 45, 0, 255, true, MH_HAS_FLOW, 8, 0, mh_count_flow, mh_read_flow, mh_write_flow },
	{ 3, 16, 16, false, MH_HAS_ALT_COA, 8, 6, NULL, read_alt_coa, write_alt_coa },
	{ 36, 6, 6, false, MH_HAS_IPV4_REQUEST, 4, 0, NULL, read_ipv4_request,
	  write_ipv4_request },
	{ MH_OPT_VENDOR, 5, 255, true, MH_HAS_VENDOR, 4, 2, mh_count_vendor, mh_read_vendor,
	  mh_write_vendor },
	/* no RFC gives these an alignment: their fields get their own */
	{ 40, 2, 255, false, MH_HAS_WANTED, 4, 0, NULL, mh_read_wanted, mh_write_wanted },
	{ MH_OPT_LMA, 6, 18, true, MH_HAS_LMA, 8, 4, mh_count_lma, mh_read_lma, mh_write_lma },
	{ MH_OPT_LLA_IID, 10, 10, false, MH_HAS_LLA_IID, 8, 4, NULL, mh_read_lla_iid,
	  mh_write_lla_iid },
	{ 57, 21, 255, true, MH_HAS_SUBSCRIPTION, 8, 1, mh_count_subscription,
	  mh_read_subscription, mh_write_subscription },
	/* their records begin in the third word */
	{ MH_OPT_MULTICAST, 2 + MH_WORD, MH_WORDS_MAX, true, MH_HAS_MULTICAST, 8, 0,
	  mh_count_multicast, mh_read_multicast, mh_write_multicast },
	{ MH_OPT_MULTICAST_ACK, 2 + MH_WORD, MH_WORDS_MAX, true, MH_HAS_MULTICAST_ACK, 8, 0,
	  mh_count_multicast_ack, mh_read_multicast_ack, mh_write_multicast_ack },
	{ 46, 2, 2, false, MH_HAS_REDIRECTABLE, 4, 0, NULL, mh_read_redirectable,
	  mh_write_redirectable },
	{ 47, 6, 18, false, MH_HAS_REDIRECT, 4, 0, NULL, mh_read_redirect, mh_write_redirect },
	{ 48, 18, 18, false, MH_HAS_LOAD, 4, 0, NULL, mh_read_load, mh_write_load },
	/* RFC 5096 gives it no alignment: its addresses get theirs */
	{ 18, 1, 255, true, MH_HAS_CONTEXT, 8, 6, mh_count_transfer, mh_read_transfer,
	  mh_write_transfer },
	{ .read = NULL },
};
