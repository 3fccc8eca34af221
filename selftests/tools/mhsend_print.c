// SPDX-License-Identifier: GPL-2.0
/* What the project's codec reads in a message, as JSON. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include "mhsend.h"
#include "tool.h"

static void put_addr(json_t *o, const char *key, const struct in6_addr *a)
{
	char text[INET6_ADDRSTRLEN];

	json_object_set_new(o, key, json_string(inet_ntop(AF_INET6, a, text, sizeof(text))));
}

static void put_int(json_t *o, const char *key, uint64_t v)
{
	json_object_set_new(o, key, json_integer((json_int_t)v));
}

static bool has_status(enum mh_kind kind)
{
	return kind == MH_PBA || kind == MH_BE || kind == MH_SHACK || kind == MH_FMA ||
	       kind == MH_BRA || kind == MH_UPA || kind == MH_LMA_HO_RESP || kind == MH_LMA_HACK;
}

static bool has_flags(enum mh_kind kind)
{
	return kind == MH_PBU || kind == MH_PBA || kind == MH_HEARTBEAT || kind == MH_SHI ||
	       kind == MH_BRI || kind == MH_BRA || kind == MH_UPN || kind == MH_HI ||
	       kind == MH_HACK || kind == MH_SUBSCRIPTION_RESPONSE || kind == MH_LMA_HO_RESP;
}

static void put_fixed(json_t *o, const struct mh_msg *m)
{
	switch (m->kind) {
	case MH_PBU:
	case MH_PBA:
	case MH_SHI:
	case MH_SHACK:
	case MH_FMI:
	case MH_FMA:
		put_int(o, "seq", m->seq);
		put_int(o, "lifetime", m->lifetime);
		break;
	case MH_BRI:
	case MH_BRA:
	case MH_UPN:
	case MH_UPA:
	case MH_SUBSCRIPTION_QUERY:
	case MH_SUBSCRIPTION_RESPONSE:
	case MH_LMA_HO_REQ:
	case MH_LMA_HO_RESP:
		put_int(o, "seq", m->seq);
		break;
	case MH_HI:
	case MH_HACK:
	case MH_LMA_HO_INIT:
	case MH_LMA_HACK:
		put_int(o, "seq", m->seq);
		put_int(o, "code", m->code);
		break;
	case MH_HEARTBEAT:
		put_int(o, "seq", m->hb_seq);
		break;
	case MH_BE:
		put_addr(o, "home", &m->home);
		break;
	case MH_KINDS:
		break;
	}
	if (has_status(m->kind))
		put_int(o, "status", m->status);
	if (m->kind == MH_BRI)
		put_int(o, "trigger", m->trigger);
	if (m->kind == MH_LMA_HO_INIT)
		put_int(o, "lifetime", m->lifetime);
	if (m->kind == MH_UPN || m->kind == MH_LMA_HO_REQ)
		put_int(o, "reason", m->reason);
	if (has_flags(m->kind))
		put_int(o, "flags", m->flags);
}

static void put_lists(json_t *o, const struct mh_opts *opts)
{
	json_t *hnp = json_array(), *mag = json_array(), *off = json_array();
	char text[PREFIX_STRLEN];
	unsigned int i;

	for (i = 0; i < opts->n_hnp; i++)
		json_array_append_new(opts->hnp[i].off_link ? off : hnp,
				      json_string(prefix_str(&opts->hnp[i].prefix, text,
							     sizeof(text))));
	for (i = 0; i < opts->n_mag; i++)
		json_array_append_new(mag, json_string(inet_ntop(AF_INET6, &opts->mag[i], text,
								 sizeof(text))));
	json_object_set_new(o, "hnp", hnp);
	json_object_set_new(o, "mag", mag);
	if (json_array_size(off))
		json_object_set(o, "off-link", off);
	json_decref(off);
}

static void put_bids(json_t *o, const struct mh_opts *opts)
{
	json_t *bids = json_array();

	for (unsigned int i = 0; i < opts->n_bid; i++)
		json_array_append_new(bids, json_integer(opts->bid[i].bid));
	if (opts->n_bid)
		json_object_set(o, "bid", bids);
	json_decref(bids);
}

static void put_options(json_t *o, const struct mh_opts *opts)
{
	char mn[MN_ID_STRLEN], ll[LLID_STRLEN];

	if (opts->present & MH_HAS_MN_ID)
		json_object_set_new(o, "mn-id",
				    json_string(mn_id_str(&opts->mn_id, mn, sizeof(mn))));
	if (opts->present & (MH_HAS_HNP | MH_HAS_MAG_ADDR))
		put_lists(o, opts);
	if (opts->present & MH_HAS_HI)
		put_int(o, "hi", opts->hi);
	if (opts->present & MH_HAS_ATT)
		put_int(o, "att", opts->att);
	if (opts->present & MH_HAS_LLID)
		json_object_set_new(o, "llid", json_string(llid_str(&opts->llid, ll, sizeof(ll))));
	if (opts->present & MH_HAS_LLA)
		put_addr(o, "lla", &opts->lla);
	if (opts->present & MH_HAS_TIMESTAMP) {
		put_int(o, "timestamp", opts->timestamp >> 16);
		put_int(o, "fraction", opts->timestamp & 0xffff);
	}
	if (opts->present & MH_HAS_LMA)
		put_addr(o, "lma", &opts->lma[0]);
	if (opts->present & MH_HAS_REDIRECT)
		put_addr(o, "redirect", &opts->redirect);
	if (opts->present & MH_HAS_RESTART)
		put_int(o, "restart", opts->restart);
	if (opts->present & MH_HAS_ALT_COA)
		put_addr(o, "alt-coa", &opts->alt_coa);
	if (opts->present & MH_HAS_IPV4_REQUEST)
		put_int(o, "ipv4-length", opts->ipv4_len);
	put_bids(o, opts);
	print_flows(o, opts);
	if (opts->unknown)
		put_int(o, "unknown", opts->unknown);
}

/**
 * print_message() - add to an object what is in a message
 * @o: the object
 * @buf: the Mobility Header
 * @len: bytes there are
 * @src: whom it came from
 * @dst: whom it went to
 */
void print_message(json_t *o, const uint8_t *buf, size_t len, const struct in6_addr *src,
		   const struct in6_addr *dst)
{
	struct mh_msg m;
	struct mh_result r = mh_decode(&m, buf, len, src, dst, 0);

	put_addr(o, "from", src);
	put_addr(o, "to", dst);
	if (r.error) {
		json_object_set_new(o, "error", json_string(mh_strerror(r.error)));
		put_int(o, "offset", r.offset);
		return;
	}
	json_object_set_new(o, "kind", json_string(mh_kind_str(m.kind)));
	put_int(o, "type", m.type);
	put_fixed(o, &m);
	put_options(o, &m.opts);
}

/**
 * print_end() - write an object as a line, and let go of it
 * @o: the object
 */
void print_end(json_t *o)
{
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
	json_decref(o);
}
