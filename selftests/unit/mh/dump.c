// SPDX-License-Identifier: GPL-2.0
/*
 * Random valid messages of the types that IANA has assigned, for a second
 * reader: per message, one "# FIELD=VALUE ..." line in tshark's words and an
 * IPv6 packet as text2pcap takes it (-l 101).  tshark.sh compares the two.
 */
#include "gen.h"

#include <arpa/inet.h>
#include <stdio.h>

#define PER_KIND	50
#define SEED		0x7473686172b5213dULL

static const char *addr(const struct in6_addr *a)
{
	static char text[INET6_ADDRSTRLEN];

	return inet_ntop(AF_INET6, a, text, sizeof(text));
}

static void flag(const struct mh_msg *m, const char *name, uint16_t bit)
{
	printf(" mip6.%s_flag=%d", name, !!(m->flags & bit));
}

static void print_pbu(const struct mh_msg *m)
{
	printf(" mip6.bu.seqnr=%u mip6.bu.lifetime=%u", m->seq, m->lifetime);
	flag(m, "bu.a", PBU_F_A);
	flag(m, "bu.h", PBU_F_H);
	flag(m, "bu.l", PBU_F_L);
	flag(m, "bu.k", PBU_F_K);
	flag(m, "bu.m", PBU_F_M);
	flag(m, "nemo.bu.r", PBU_F_R);
	flag(m, "bu.p", PBU_F_P);
	flag(m, "bu.f", PBU_F_F);
	flag(m, "bu.t", PBU_F_T);
	flag(m, "bu.b", PBU_F_B);
}

static void print_pba(const struct mh_msg *m)
{
	printf(" mip6.ba.status=%u mip6.ba.seqnr=%u mip6.ba.lifetime=%u", m->status, m->seq,
	       m->lifetime);
	flag(m, "ba.k", PBA_F_K);
	flag(m, "nemo.ba.r", PBA_F_R);
	flag(m, "ba.p", PBA_F_P);
	flag(m, "ba.t", PBA_F_T);
	flag(m, "ba.b", PBA_F_B);
}

static void print_revocation(const struct mh_msg *m)
{
	bool bri = m->kind == MH_BRI;
	const uint16_t flags = m->flags;

	printf(" mip6.bri_br.type=%u", bri ? 1 : 2);
	printf(" mip6.bri_%s=%u", bri ? "r.trigger" : "status", bri ? m->trigger : m->status);
	printf(" mip6.bri_seqnr=%u", m->seq);
	printf(" mip6.bri_%cp=%d", bri ? 'i' : 'a', !!(flags & BR_F_P));
	printf(" mip6.bri_%cv=%d", bri ? 'i' : 'a', !!(flags & BR_F_V));
	printf(" mip6.bri_%cg=%d", bri ? 'i' : 'a', !!(flags & BR_F_G));
}

/* tshark knows RFC 5568's flags only */
static void print_handover(const struct mh_msg *m)
{
	const char *name = m->kind == MH_HI ? "hi" : "hack";

	printf(" mip6.%s.seqnr=%u mip6.%s.code=%u", name, m->seq, name, m->code);
	if (m->kind != MH_HI)
		return;
	flag(m, "hi.s", HI_F_S);
	flag(m, "hi.u", HI_F_U);
}

static void print_fixed(const struct mh_msg *m, const uint8_t *buf)
{
	printf("# mip6.hlen=%u mip6.mhtype=%u", buf[1], buf[2]);
	printf(" mip6.csum=0x%02x%02x", buf[4], buf[5]);
	if (m->kind == MH_PBU)
		print_pbu(m);
	if (m->kind == MH_PBA)
		print_pba(m);
	if (m->kind == MH_BE)
		printf(" mip6.be.status=%u mip6.be.haddr=%s", m->status, addr(&m->home));
	if (m->kind == MH_HEARTBEAT) {
		printf(" mip6.hb.seqnr=%u", m->hb_seq);
		flag(m, "hb.u", HB_F_U);
		flag(m, "hb.r", HB_F_R);
	}
	if (m->kind == MH_BRI || m->kind == MH_BRA)
		print_revocation(m);
	if (m->kind == MH_HI || m->kind == MH_HACK)
		print_handover(m);
}

static void print_context(const struct mh_opts *o)
{
	const char *sep = " mip6.vsm.subtype=";

	for (unsigned int i = 0; i < o->n_lma; i++) {
		if (IN6_IS_ADDR_V4MAPPED(&o->lma[i]))
			printf(" mip6.lmaa.ipv4=%s", addr(&o->lma[i]) + strlen("::ffff:"));
		else
			printf(" mip6.lmaa.ipv6=%s", addr(&o->lma[i]));
	}
	for (unsigned int i = 0; i < o->n_vendor; i++, sep = ",")
		printf("%s%u", sep, o->vendor[i].subtype);
	/* a request for one has the same field */
	for (unsigned int i = 0; i < o->n_wanted; i++) {
		if (o->wanted[i].type != MH_OPT_VENDOR)
			continue;
		printf("%s%u", sep, o->wanted[i].subtype);
		sep = ",";
	}
}

static void print_options(const struct mh_opts *o)
{
	if (o->present & MH_HAS_MN_ID)
		printf(" mip6.mnid.subtype=1 mip6.mnid.identifier=%.*s", o->mn_id.len,
		       (const char *)o->mn_id.id);
	for (unsigned int i = 0; i < o->n_hnp; i++)
		printf("%s%u", i ? "," : " mip6.nemo.mnp.pfl=", o->hnp[i].prefix.len);
	for (unsigned int i = 0; i < o->n_hnp; i++)
		printf("%s%s", i ? "," : " mip6.nemo.mnp.mnp=", addr(&o->hnp[i].prefix.addr));
	if (o->present & MH_HAS_HI)
		printf(" mip6.hi=%u", o->hi);
	if (o->present & MH_HAS_ATT)
		printf(" mip6.att=%u", o->att);
	for (unsigned int i = 0; i < o->llid.len; i++)
		printf("%s%02x", i ? "" : " mip6.mnlli.lli=", o->llid.id[i]);
	if (o->present & MH_HAS_LLA)
		printf(" mip6.lila_lla=%s", addr(&o->lla));
	if (o->present & MH_HAS_RESTART)
		printf(" mip6.rc=%u", o->restart);
	for (unsigned int i = 0; i < o->n_mag; i++)
		printf("%s%s", i ? "," : " mip6.mag_ipv6.address=", addr(&o->mag[i]));
	if (o->present & MH_HAS_ALT_COA)
		printf(" mip6.acoa.acoa=%s", addr(&o->alt_coa));
	for (unsigned int i = 0; i < o->n_bid; i++)
		printf("%s%u", i ? "," : " mip6.bi.bid=", o->bid[i].bid);
	for (unsigned int i = 0; i < o->n_bid; i++)
		printf("%s%u", i ? "," : " mip6.bi.status=", o->bid[i].status);
	print_context(o);
	printf("\n");
}

static void print_packet(const uint8_t *mh, size_t len)
{
	uint8_t packet[40 + MH_MAX] = { 0x60, [6] = 135, 64 };

	packet[4] = (uint8_t)(len >> 8);
	packet[5] = (uint8_t)len;
	memcpy(packet + 8, &gen_src, 16);
	memcpy(packet + 24, &gen_dst, 16);
	memcpy(packet + 40, mh, len);
	for (size_t i = 0; i < 40 + len; i++) {
		if (i % 16 == 0)
			printf("%s%06zx", i ? "\n" : "", i);
		printf(" %02x", packet[i]);
	}
	printf("\n");
}

int main(void)
{
	static const enum mh_kind kinds[] = {
		MH_PBU, MH_PBA, MH_BE, MH_HEARTBEAT, MH_BRI, MH_BRA, MH_HI, MH_HACK,
	};
	const size_t n_kinds = sizeof(kinds) / sizeof(*kinds);
	uint64_t seed = SEED;

	for (unsigned int n = 0; n < PER_KIND * n_kinds; n++) {
		uint8_t buf[MH_MAX];
		struct mh_msg m;
		int len;

		gen_msg(&seed, kinds[n % n_kinds], &m);
		/* whose length is in words, which tshark does not know */
		m.opts.present &= ~(uint32_t)(MH_HAS_MULTICAST | MH_HAS_MULTICAST_ACK);
		m.opts.mn_id.subtype = 1;
		/* tshark 4.0 does not show an identifier of fewer than 3 bytes */
		if (m.opts.mn_id.len < 3)
			m.opts.mn_id.len = 3;
		for (unsigned int i = 0; i < m.opts.mn_id.len; i++)
			m.opts.mn_id.id[i] = (uint8_t)('a' + m.opts.mn_id.id[i] % 26);
		len = mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL);
		if (len < 0)
			return 1;
		print_fixed(&m, buf);
		print_options(&m.opts);
		print_packet(buf, (size_t)len);
	}
	return 0;
}
