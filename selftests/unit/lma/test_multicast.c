// SPDX-License-Identifier: GPL-2.0
/*
 * Gateways that listen to groups for their nodes: what an anchor asks them, what it asks
 * for on its upstream, and what the kernel is told.
 */
#include "lma_bed.h"

#include <stdlib.h>

#include "mld/mld.h"

#define UPSTREAM	7
#define GROUP		"ff1e::1"

static void open_listening(struct bed *b)
{
	struct in6_addr lla = fake_addr("fe80::7");

	bed_open_listening(b);
	bed_start(b);
	lma_on_upstream(b->lma, UPSTREAM, &lla);
	fake_reset(&b->f);
}

static void serve(struct bed *b, unsigned int mag, const char *nai)
{
	struct mh_msg m = bed_pbu(b, nai, 1);

	assert_int_equal(bed_send(b, mag, &m)->status, 0);
}

static void leave(struct bed *b, unsigned int mag, const char *nai)
{
	struct mh_msg m = bed_pbu(b, nai, 4);

	m.lifetime = 0;
	assert_int_equal(bed_send(b, mag, &m)->status, 0);
}

static void say(struct bed *b, unsigned int mag, uint8_t type, const char *group)
{
	struct in6_addr src = fake_addr("fe80::2"), from = bed_mag(mag);
	struct mld_record rec = { .type = type, .group = fake_addr(group) };
	uint8_t buf[1500];
	int len = mld_report_write(&rec, 1, buf + MLD_HEADERS, sizeof(buf) - MLD_HEADERS);

	assert_true(len > 0);
	lma_on_mld(b->lma, &from, buf,
		   mld_packet_finish(buf, (size_t)len, &src, &mld_all_routers));
}

static uint32_t tunnel_to(struct bed *b, unsigned int mag)
{
	struct in6_addr self = bed_lma(), far = bed_mag(mag);

	return peer_find(&b->peers, &self, &far)->tunnel;
}

static struct mld_packet sent(struct bed *b, int nth, struct fake_mld *out)
{
	const struct fake_action *a = fake_find(&b->f, FAKE_SEND_MLD, nth);
	struct mld_packet p;

	assert_non_null(a);
	*out = a->mld;
	assert_int_equal(mld_packet_read(&p, out->packet, out->len), MLD_OK);
	return p;
}

/* RFC 6224 §4.1: a gateway is asked in its tunnel once it serves somebody */
static void asked(void **state)
{
	struct in6_addr far = bed_mag(1);
	struct fake_mld out;
	struct bed b;

	(void)state;
	open_listening(&b);
	serve(&b, 1, "single");
	assert_int_equal(sent(&b, 0, &out).type, MLD_TYPE_QUERY);
	assert_int_equal(out.ifindex, 0);
	assert_true(IN6_ARE_ADDR_EQUAL(&out.remote, &far));
	fake_reset(&b.f);
	serve(&b, 1, "other");
	assert_int_equal(fake_count(&b.f, FAKE_SEND_MLD), 0);
	bed_close(&b);
}

/* What two gateways want is asked for once upstream, and goes to each by its own tunnel */
static void joined(void **state)
{
	const struct dp_listener *l;
	struct mld_record rec;
	struct mld_packet p;
	struct mld_report r;
	struct fake_mld out;
	struct bed b;

	(void)state;
	open_listening(&b);
	serve(&b, 1, "single");
	serve(&b, 2, "other");
	fake_reset(&b.f);
	say(&b, 1, MLD_TO_EX, GROUP);
	say(&b, 2, MLD_TO_EX, GROUP);
	l = &fake_find(&b.f, FAKE_LISTENER_SET, 0)->listener;
	assert_int_equal(l->upstream, 0);
	assert_int_equal(l->path.kind, PMIP_PATH_TUNNEL);
	assert_int_equal(l->path.tunnel, tunnel_to(&b, 1));
	l = &fake_find(&b.f, FAKE_LISTENER_SET, 1)->listener;
	assert_int_equal(l->path.tunnel, tunnel_to(&b, 2));
	fake_advance_ms(&b.f, 1);
	p = sent(&b, 0, &out);
	assert_int_equal(out.ifindex, UPSTREAM);
	assert_int_equal(mld_report_open(&r, p.msg, p.len, 64), MLD_OK);
	assert_true(mld_report_next(&r, &rec));
	assert_int_equal(rec.type, MLD_TO_EX);
	assert_false(mld_report_next(&r, &rec));
	bed_close(&b);
}

/* The last node leaves a gateway: it gets nothing more, and its tunnel goes after that */
static void left(void **state)
{
	struct bed b;

	(void)state;
	open_listening(&b);
	serve(&b, 1, "single");
	serve(&b, 1, "other");
	say(&b, 1, MLD_TO_EX, GROUP);
	leave(&b, 1, "single");
	fake_reset(&b.f);
	fake_advance_ms(&b.f, 20000);
	assert_int_equal(fake_count(&b.f, FAKE_LISTENER_DEL), 0);
	leave(&b, 1, "other");
	fake_advance_ms(&b.f, 20000);
	assert_int_equal(fake_count(&b.f, FAKE_LISTENER_DEL), 1);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_DEL), 1);
	assert_true(fake_index(&b.f, FAKE_LISTENER_DEL, 0) <
		    fake_index(&b.f, FAKE_TUNNEL_DEL, 0));
	bed_close(&b);
}

/* Who serves nobody is not heard */
static void strangers(void **state)
{
	struct bed b;

	(void)state;
	open_listening(&b);
	say(&b, 1, MLD_TO_EX, GROUP);
	serve(&b, 1, "single");
	say(&b, 2, MLD_TO_EX, GROUP);
	assert_int_equal(fake_count(&b.f, FAKE_LISTENER_SET), 0);
	bed_close(&b);
}

/* Without an upstream nobody is told; when it is there, its router hears all at once */
static void upstream(void **state)
{
	struct in6_addr lla = fake_addr("fe80::8");
	struct fake_mld out;
	struct mld_packet p;
	struct bed b;

	(void)state;
	open_listening(&b);
	lma_on_upstream(b.lma, 0, NULL);
	serve(&b, 1, "single");
	fake_reset(&b.f);
	say(&b, 1, MLD_TO_EX, GROUP);
	fake_advance_ms(&b.f, 5000);
	assert_int_equal(fake_count(&b.f, FAKE_SEND_MLD), 0);
	lma_on_upstream(b.lma, UPSTREAM + 1, &lla);
	fake_advance_ms(&b.f, 1001);
	p = sent(&b, 0, &out);
	assert_int_equal(out.ifindex, UPSTREAM + 1);
	assert_int_equal(p.type, MLD_TYPE_REPORT);
	assert_true(IN6_ARE_ADDR_EQUAL(&p.src, &lla));
	fake_advance_ms(&b.f, 5000);
	fake_reset(&b.f);
	/* said once more, it is no news */
	lma_on_upstream(b.lma, UPSTREAM + 1, &lla);
	fake_advance_ms(&b.f, 5000);
	assert_int_equal(fake_count(&b.f, FAKE_SEND_MLD), 0);
	bed_close(&b);
}

/* The module was loaded again: it hears all of it, behind the tunnels */
static void renewed(void **state)
{
	struct bed b;

	(void)state;
	open_listening(&b);
	serve(&b, 1, "single");
	say(&b, 1, MLD_TO_EX, GROUP);
	say(&b, 1, MLD_TO_EX, "ff1e::2");
	fake_reset(&b.f);
	lma_renew(b.lma);
	assert_int_equal(fake_count(&b.f, FAKE_LISTENER_SET), 2);
	bed_close(&b);
}

static struct mh_msg told(struct bed *b, const char *nai, uint16_t flags)
{
	struct mh_msg m = bed_pbu(b, nai, 3);
	const struct mh_group any = {
		.address = fake_addr(GROUP), .record = MLD_IS_EX, .code = MULTICAST_MLDV2,
		.n_source = 1,
	}, one = {
		.address = fake_addr("ff3e::2"), .record = MLD_IS_IN, .code = MULTICAST_MLDV2,
		.n_source = 1,
	};
	struct in6_addr source = fake_addr("2001:db8:5::1");

	m.flags |= flags;
	m.opts.present |= MH_HAS_SUBSCRIPTION;
	assert_true(mh_groups_add(&m.opts.listens, &any, &source));
	assert_true(mh_groups_add(&m.opts.listens, &one, &source));
	return m;
}

/* Draft: predictive multicast handover §4 (8): the groups go to the gateway where the node is
 * from the answer on, before they end where it was
 */
static void handed_over(void **state)
{
	const struct fake_mh *pba;
	struct mh_msg m;
	struct bed b;
	int set;

	(void)state;
	open_listening(&b);
	serve(&b, 1, "single");
	say(&b, 1, MLD_TO_EX, GROUP);
	fake_reset(&b.f);
	m = told(&b, "single", PBU_F_S);
	assert_int_equal(bed_send(&b, 2, &m)->status, 0);
	pba = fake_find_mh(&b.f, MH_PBA, -1);
	assert_true(pba->msg.flags & PBA_F_S);
	/* of the one from all sources but one it gets all: others may be there */
	assert_int_equal(fake_count(&b.f, FAKE_LISTENER_SET), 2);
	for (set = 0; set < 2; set++)
		assert_int_equal(fake_find(&b.f, FAKE_LISTENER_SET, set)->listener.path.tunnel,
				 tunnel_to(&b, 2));
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&fake_find(&b.f, FAKE_LISTENER_SET, 0)
					    ->listener.source));
	/* (10), (11): a little longer to where it was, though nobody is there any more */
	assert_int_equal(fake_count(&b.f, FAKE_LISTENER_DEL), 0);
	fake_advance_ms(&b.f, 999);
	assert_int_equal(fake_count(&b.f, FAKE_LISTENER_DEL), 0);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_DEL), 0);
	fake_advance_ms(&b.f, 1);
	assert_int_equal(fake_count(&b.f, FAKE_LISTENER_DEL), 1);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_DEL), 1);
	bed_close(&b);
}

/* As above, but the gateway says itself that it needs them no more; and a node comes there */
static void left_before(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	open_listening(&b);
	serve(&b, 1, "single");
	say(&b, 1, MLD_TO_EX, GROUP);
	m = told(&b, "single", PBU_F_S);
	assert_int_equal(bed_send(&b, 2, &m)->status, 0);
	fake_reset(&b.f);
	say(&b, 1, MLD_TO_IN, GROUP);
	fake_advance_ms(&b.f, 500);
	assert_int_equal(fake_count(&b.f, FAKE_LISTENER_DEL), 1);
	serve(&b, 1, "other");
	fake_advance_ms(&b.f, 5000);
	assert_int_equal(fake_count(&b.f, FAKE_TUNNEL_DEL), 0);
	bed_close(&b);
}

/* RFC 7161 §4.2.1: without S, or where groups are not listened to, it is as if nothing was said */
static void not_told(void **state)
{
	struct mh_msg m;
	struct bed b;

	(void)state;
	open_listening(&b);
	m = told(&b, "single", 0);
	assert_int_equal(bed_send(&b, 2, &m)->status, 0);
	assert_false(fake_find_mh(&b.f, MH_PBA, -1)->msg.flags & PBA_F_S);
	assert_int_equal(fake_count(&b.f, FAKE_LISTENER_SET), 0);
	bed_close(&b);
	bed_open(&b);
	m = told(&b, "single", PBU_F_S);
	assert_int_equal(bed_send(&b, 2, &m)->status, 0);
	assert_false(fake_find_mh(&b.f, MH_PBA, -1)->msg.flags & PBA_F_S);
	bed_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asked), cmocka_unit_test(joined), cmocka_unit_test(left),
		cmocka_unit_test(strangers), cmocka_unit_test(upstream),
		cmocka_unit_test(renewed), cmocka_unit_test(handed_over),
		cmocka_unit_test(left_before), cmocka_unit_test(not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
