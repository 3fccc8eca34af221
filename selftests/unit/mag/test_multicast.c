// SPDX-License-Identifier: GPL-2.0
/*
 * Nodes that listen to groups at an access gateway: what they are asked, what their anchors
 * hear, and what the kernel is told.
 */
#include "mag_bed.h"

#include "mld/mld.h"

#define GROUP	"ff1e::1"

static struct in6_addr node_lla(void)
{
	return fake_addr("fe80::1:1");
}

static int open_listening(void **state)
{
	setup(state);
	asks_nodes(*state);
	return 0;
}

/* A report of one record, as the node's kernel sends it */
static void say(struct fixture *x, uint32_t ifindex, const struct llid *from, uint8_t type,
		const char *group, const char *source)
{
	struct in6_addr src = node_lla(), s = source ? fake_addr(source) : in6addr_any;
	struct mld_record rec = {
		.type = type, .group = fake_addr(group),
		.sources = { (const uint8_t *)&s, source ? 1 : 0 },
	};
	uint8_t buf[1500];
	int len = mld_report_write(&rec, 1, buf + MLD_HEADERS, sizeof(buf) - MLD_HEADERS);

	assert_true(len > 0);
	mag_on_mld(x->m, ifindex, from, buf,
		   mld_packet_finish(buf, (size_t)len, &src, &mld_all_routers));
}

static struct mld_packet sent(struct fixture *x, int nth)
{
	const struct fake_action *a = fake_find(&x->f, FAKE_SEND_MLD, nth);
	struct mld_packet p;

	assert_non_null(a);
	assert_int_equal(mld_packet_read(&p, a->mld.packet, a->mld.len), MLD_OK);
	return p;
}

/* How many groups the anchor was told of by the nth packet, and the last one's record */
static unsigned int told(struct fixture *x, int nth, struct mld_record *rec)
{
	const struct fake_action *a = fake_find(&x->f, FAKE_SEND_MLD, nth);
	struct mld_packet p = sent(x, nth);
	struct mld_report r;
	unsigned int n = 0;

	assert_int_equal(a->mld.ifindex, 0);
	assert_true(IN6_ARE_ADDR_EQUAL(&a->mld.local, &x->self));
	assert_true(IN6_ARE_ADDR_EQUAL(&a->mld.remote, &x->lma));
	assert_int_equal(p.type, MLD_TYPE_REPORT);
	assert_int_equal(mld_report_open(&r, p.msg, p.len, 64), MLD_OK);
	while (mld_report_next(&r, rec))
		n++;
	return n;
}

static void is_group(const struct in6_addr *a, const char *group)
{
	struct in6_addr g = fake_addr(group);

	assert_true(IN6_ARE_ADDR_EQUAL(a, &g));
}

static void served(struct fixture *x)
{
	attach(x);
	answer(x, 0, NULL);
}

/* RFC 6224 §4.2: asked as soon as it is there, on its own link alone */
static void asked(void **state)
{
	struct fixture *x = *state;
	const struct fake_action *a;
	struct mld_packet p;
	struct mld_query q;

	attach(x);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_MLD), 0);
	answer(x, 0, NULL);
	a = fake_find(&x->f, FAKE_SEND_MLD, 0);
	assert_non_null(a);
	assert_int_equal(a->mld.ifindex, IF1);
	assert_true(llid_equal(&a->mld.lladdr, &x->l1));
	p = sent(x, 0);
	assert_int_equal(mld_query_read(&q, p.msg, p.len, 64), MLD_OK);
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&q.group));
	assert_true(IN6_ARE_ADDR_EQUAL(&p.dst, &mld_all_nodes));
}

/* What it listens to is reported to its anchor, and comes by that tunnel alone */
static void joined(void **state)
{
	struct fixture *x = *state;
	const struct dp_listener *l;
	struct mld_record rec;

	served(x);
	fake_reset(&x->f);
	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, NULL);
	l = &fake_find(&x->f, FAKE_LISTENER_SET, 0)->listener;
	is_group(&l->group, GROUP);
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&l->source));
	assert_int_equal(l->upstream, peer_find(&x->peers, &x->self, &x->lma)->tunnel);
	assert_int_equal(l->path.kind, PMIP_PATH_LINK);
	assert_int_equal(l->path.ifindex, IF1);
	assert_true(llid_equal(&l->path.lladdr, &x->l1));
	assert_false(l->block);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(told(x, 0, &rec), 1);
	assert_int_equal(rec.type, MLD_TO_EX);
	is_group(&rec.group, GROUP);
}

static void sources(void **state)
{
	struct fixture *x = *state;
	const struct dp_listener *l;

	served(x);
	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, "2001:db8:5::1");
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 2);
	l = &fake_find(&x->f, FAKE_LISTENER_SET, 0)->listener;
	is_group(&l->source, "2001:db8:5::1");
	assert_true(l->block);
	say(x, IF1, &x->l1, MLD_TO_IN, "ff3e::5", "2001:db8:5::2");
	l = &fake_find(&x->f, FAKE_LISTENER_SET, -1)->listener;
	is_group(&l->source, "2001:db8:5::2");
	assert_false(l->block);
}

/* Who is not attached is not heard, and neither is who is another's neighbour */
static void strangers(void **state)
{
	struct fixture *x = *state;

	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, NULL);
	served(x);
	say(x, IF1, &x->l3, MLD_TO_EX, GROUP, NULL);
	say(x, IF2, &x->l1, MLD_TO_EX, GROUP, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
}

/* RFC 6224 §6: who leaves says nothing, and the anchor is told at once */
static void gone(void **state)
{
	struct fixture *x = *state;
	struct mld_record rec;
	uint32_t tunnel;

	served(x);
	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, NULL);
	fake_advance_ms(&x->f, 5000);
	tunnel = peer_find(&x->peers, &x->self, &x->lma)->tunnel;
	fake_reset(&x->f);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_DEL), 1);
	assert_int_equal(told(x, 0, &rec), 1);
	assert_int_equal(rec.type, MLD_TO_IN);
	assert_int_equal(rec.sources.n, 0);
	answer(x, 0, NULL);
	/* the tunnel goes, once nobody has anything to say in it */
	fake_advance_ms(&x->f, 10000);
	assert_int_equal(fake_count(&x->f, FAKE_TUNNEL_DEL), 1);
	assert_int_equal(fake_find(&x->f, FAKE_TUNNEL_DEL, 0)->tunnel_id, tunnel);
	assert_true(fake_index(&x->f, FAKE_LISTENER_DEL, 0) <
		    fake_index(&x->f, FAKE_TUNNEL_DEL, 0));
}

/* Back before its deregistration has had its turn: it listens as before */
static void back(void **state)
{
	struct fixture *x = *state;

	served(x);
	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, NULL);
	fake_reset(&x->f);
	assert_int_equal(mag_on_detach(x->m, IF1, &x->l1), 0);
	attach(x);
	fake_advance_ms(&x->f, 100);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_DEL), 0);
}

/* The same interface on the other link: its groups follow it */
static void other_link(void **state)
{
	struct fixture *x = *state;
	const struct dp_listener *l;

	served(x);
	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, NULL);
	fake_reset(&x->f);
	assert_int_equal(mag_on_attach(x->m, IF2, &x->l1, NULL, NULL, ATTACH_CARRIER), 0);
	l = &fake_find(&x->f, FAKE_LISTENER_DEL, 0)->listener;
	assert_int_equal(l->path.ifindex, IF1);
	l = &fake_find(&x->f, FAKE_LISTENER_SET, 0)->listener;
	assert_int_equal(l->path.ifindex, IF2);
	fake_reset(&x->f);
	say(x, IF2, &x->l1, MLD_TO_IN, GROUP, NULL);
	l = &fake_find(&x->f, FAKE_LISTENER_DEL, 0)->listener;
	assert_int_equal(l->path.ifindex, IF2);
}

static void query_upstream(struct fixture *x, const char *from)
{
	struct mld_query q = { .version = 2, .max_delay_ms = 1000 };
	struct in6_addr src = fake_addr("fe80::9"), lma = fake_addr(from);
	uint8_t buf[1500];
	int len = mld_query_write(&q, buf + MLD_HEADERS, sizeof(buf) - MLD_HEADERS);

	assert_true(len > 0);
	mag_on_mld_upstream(x->m, &lma, buf,
			    mld_packet_finish(buf, (size_t)len, &src, &mld_all_nodes));
}

/* RFC 4605 §4.1: the upstream querier gets the whole database */
static void asked_upstream(void **state)
{
	struct fixture *x = *state;
	struct mld_record rec;

	served(x);
	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, NULL);
	say(x, IF1, &x->l1, MLD_TO_EX, "ff1e::2", NULL);
	fake_advance_ms(&x->f, 10000);
	fake_reset(&x->f);
	query_upstream(x, "2001:db8:0:1::2");	/* nobody's anchor */
	fake_advance_ms(&x->f, 1001);
	assert_int_equal(fake_count(&x->f, FAKE_SEND_MLD), 0);
	query_upstream(x, "2001:db8:0:1::1");
	fake_advance_ms(&x->f, 1001);
	assert_int_equal(told(x, 0, &rec), 2);
	assert_int_equal(rec.type, MLD_IS_EX);
}

/* Bytes that are no packet, cut off at each length, and with each of them wrong */
static void garbage(void **state)
{
	struct in6_addr src = node_lla();
	struct fixture *x = *state;
	struct mld_record rec = { .type = MLD_TO_EX, .group = fake_addr(GROUP) };
	uint8_t buf[256], bad[256];
	size_t len, i;

	served(x);
	len = (size_t)mld_report_write(&rec, 1, buf + MLD_HEADERS, sizeof(buf) - MLD_HEADERS);
	len = mld_packet_finish(buf, len, &src, &mld_all_routers);
	for (i = 0; i < len; i++)
		mag_on_mld(x->m, IF1, &x->l1, buf, i);
	for (i = 40; i < len; i++) {
		memcpy(bad, buf, len);
		bad[i] ^= 0x40;
		mag_on_mld(x->m, IF1, &x->l1, bad, len);
	}
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
	assert_true(mag_counters(x->m)->mld_invalid > len);
	mag_on_mld(x->m, IF1, &x->l1, buf, len);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 1);
}

/* The module was loaded again: it hears all of it, behind the tunnels */
static void renewed(void **state)
{
	struct fixture *x = *state;

	served(x);
	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, "2001:db8:5::1");
	fake_reset(&x->f);
	mag_renew(x->m);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 2);
}

static void goes_home(const struct dp_listener *l)
{
	struct prefix home = fake_prefix("2001:db8:100:1::/64");

	assert_int_equal(l->path.kind, PMIP_PATH_HOME);
	assert_true(prefix_equal(&l->home, &home));
}

static void agree(struct fixture *x, const struct mh_msg *hi)
{
	struct mh_msg hack;

	memset(&hack, 0, sizeof(hack));
	hack.kind = MH_HACK;
	hack.flags = HACK_F_P | (hi->flags & HI_F_F ? HACK_F_F : HACK_F_U);
	hack.seq = hi->seq;
	hack.code = HACK_CONTEXT;
	hack.opts.present = MH_HAS_MN_ID;
	hack.opts.mn_id = hi->opts.mn_id;
	mag_on_hack(x->m, &x->other, &x->self, &hack);
}

/* An HI that ends what is forwarded of one group */
static void is_met(const struct mh_msg *hi, const char *group)
{
	assert_int_equal(hi->code, HI_CODE_FORWARDED);
	assert_int_equal(hi->flags, HI_F_P | HI_F_F | HI_F_M);
	assert_int_equal(hi->opts.listens.n_group, 1);
	is_group(&hi->opts.listens.group[0].address, group);
	assert_int_equal(hi->opts.listens.group[0].record, MLD_IS_EX);
}

/*
 * RFC 7161 §4.1, RFC 3810 §5.2.15: sources that no one option can name are "split into multiple
 * Multicast Address Records": the anchor is told all of them
 */
static void many_sources(void **state)
{
	struct mh_group g = {
		.address = fake_addr("ff3e::5"), .record = MLD_IS_IN, .code = MULTICAST_MLDV2,
		.n_source = 20,
	};
	struct mh_msg hi = { .kind = MH_HI, .seq = 1, .flags = HI_F_P | HI_F_U | HI_F_M };
	struct in6_addr source[20];
	struct fixture *x = *state;
	const struct mh_groups *said;

	x->conf.fast = true;
	x->conf.handover = (struct handover_conf){ 100, 3, 2000, 5000, 0 };
	hi.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_MULTICAST;
	hi.opts.mn_id = x->id;
	hi.opts.n_hnp = 1;
	hi.opts.hnp[0].prefix = fake_prefix("2001:db8:100:1::/64");
	for (unsigned int i = 0; i < 20; i++) {
		source[i] = fake_addr("2001:db8:c::");
		source[i].s6_addr[15] = (uint8_t)(i + 1);
	}
	assert_true(mh_groups_add(&hi.opts.listens, &g, source));
	mag_on_hi(x->m, &x->other, &x->self, &hi);
	attach(x);
	said = &fake_find_mh(&x->f, MH_PBU, 0)->msg.opts.listens;
	assert_int_equal(said->n_group, 2);
	assert_int_equal(said->group[0].n_source, 14);
	assert_int_equal(said->group[1].n_source, 6);
	is_group(&said->group[1].address, "ff3e::5");
	assert_memory_equal(said->source, source, sizeof(source));
}

/* RFC 7411 §5.4: what is not served is named, in the words in which it was asked for */
static void refused(void **state)
{
	struct prefix allowed = fake_prefix("ff1e::/16");
	struct prefix home = fake_prefix("2001:db8:100:1::/64");
	struct prefix other = fake_prefix("2001:db8:100:2::/64");
	struct fixture *x = *state;
	const struct mh_opts *o;
	uint32_t forwarded_by;
	struct mh_msg hi;

	x->conf.fast = true;
	x->conf.handover = (struct handover_conf){ 100, 3, 2000, 5000, 0 };
	x->conf.mcast.down.n_allowed = 1;
	x->conf.mcast.down.allowed = &allowed;
	memset(&hi, 0, sizeof(hi));
	hi.kind = MH_HI;
	hi.seq = 1;
	hi.flags = HI_F_P | HI_F_U | HI_F_M;
	hi.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_MULTICAST;
	hi.opts.mn_id = x->id;
	hi.opts.n_hnp = 1;
	hi.opts.hnp[0].prefix = fake_prefix("2001:db8:100:1::/64");
	for (unsigned int i = 0; i < 4; i++) {
		static const char *const group[] = { GROUP, "ff02::5", "ff0e::1", "ff1e::2" };
		struct mh_group g = {
			.address = fake_addr(group[i]), .record = MLD_IS_EX,
			.code = MULTICAST_MLDV2,
		};

		assert_true(mh_groups_add(&hi.opts.listens, &g, NULL));
	}
	mag_on_hi(x->m, &x->other, &x->self, &hi);
	o = &fake_find_mh(&x->f, MH_HACK, 0)->msg.opts;
	assert_true(fake_find_mh(&x->f, MH_HACK, 0)->msg.flags & HACK_F_M);
	assert_true(o->present & MH_HAS_MULTICAST_ACK);
	assert_int_equal(o->refused.n_group, 2);
	is_group(&o->refused.group[0].address, "ff02::5");
	assert_int_equal(o->refused.group[0].code, MULTICAST_GROUP_UNSUPPORTED);
	is_group(&o->refused.group[1].address, "ff0e::1");
	assert_int_equal(o->refused.group[1].code, MULTICAST_GROUP_PROHIBITED);
	/* of the others what is forwarded waits where the node's own packets do */
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 2);
	is_group(&fake_find(&x->f, FAKE_LISTENER_SET, 0)->listener.group, GROUP);
	goes_home(&fake_find(&x->f, FAKE_LISTENER_SET, 0)->listener);
	/* and they are asked for as it is registered here, and go the same way */
	attach(x);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 4);
	assert_true(fake_find_mh(&x->f, MH_PBU, 0)->msg.flags & PBU_F_S);
	o = &fake_find_mh(&x->f, MH_PBU, 0)->msg.opts;
	assert_true(o->present & MH_HAS_SUBSCRIPTION);
	assert_int_equal(o->listens.n_group, 2);
	is_group(&o->listens.group[0].address, GROUP);
	answer(x, 0, NULL);
	/* once more for the session, whose they are now */
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 6);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_DEL), 0);
	goes_home(&fake_find(&x->f, FAKE_LISTENER_SET, 2)->listener);
	forwarded_by = fake_find(&x->f, FAKE_LISTENER_SET, 0)->listener.upstream;
	assert_int_not_equal(forwarded_by,
			     fake_find(&x->f, FAKE_LISTENER_SET, 2)->listener.upstream);
	agree(x, &fake_find_mh(&x->f, MH_HI, 0)->msg);
	/* what the anchor sends of one has met what is forwarded of it: that can end */
	fake_reset(&x->f);
	mag_on_seam(x->m, forwarded_by, &home, &hi.opts.listens.group[3].address);
	mag_on_seam(x->m, forwarded_by + 1, &home, &hi.opts.listens.group[0].address);
	mag_on_seam(x->m, forwarded_by, &other, &hi.opts.listens.group[0].address);
	fake_advance_ms(&x->f, 99);
	assert_int_equal(fake_count_mh(&x->f, MH_HI), 0);
	fake_advance_ms(&x->f, 1);
	assert_int_equal(fake_count_mh(&x->f, MH_HI), 1);
	is_met(&fake_find_mh(&x->f, MH_HI, 0)->msg, "ff1e::2");
	/* the next waits for the answer, and none is told of twice */
	mag_on_seam(x->m, forwarded_by, &home, &hi.opts.listens.group[0].address);
	agree(x, &fake_find_mh(&x->f, MH_HI, 0)->msg);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 100);
	is_met(&fake_find_mh(&x->f, MH_HI, 0)->msg, GROUP);
	agree(x, &fake_find_mh(&x->f, MH_HI, 0)->msg);
	fake_reset(&x->f);
	fake_advance_ms(&x->f, 1000);
	assert_int_equal(fake_count_mh(&x->f, MH_HI), 0);
	/* the previous gateway has no more of it */
	hi.seq++;
	hi.flags = HI_F_P | HI_F_F;
	hi.code = HI_CODE_FORWARDED;
	hi.opts.present = MH_HAS_MN_ID;
	mag_on_hi(x->m, &x->other, &x->self, &hi);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_DEL), 2);
	assert_int_equal(fake_find(&x->f, FAKE_LISTENER_DEL, 0)->listener.upstream, forwarded_by);
}

/* Draft: predictive multicast handover §4 (5): into the tunnel to the next gateway, and not
 * to the link any more; and the other way round when it is over
 */
static void forwarded(void **state)
{
	const struct dp_listener *in, *out;
	struct fixture *x = *state;
	const struct mh_msg *hi;

	x->conf.fast = true;
	x->conf.handover = (struct handover_conf){ 100, 3, 2000, 5000, 0 };
	served(x);
	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, NULL);
	fake_reset(&x->f);
	assert_int_equal(mag_handover_start(x->m, &x->id, &x->other, true), 0);
	hi = &fake_find_mh(&x->f, MH_HI, 0)->msg;
	assert_true(hi->flags & HI_F_M);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
	agree(x, hi);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 1);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_DEL), 1);
	in = &fake_find(&x->f, FAKE_LISTENER_SET, 0)->listener;
	out = &fake_find(&x->f, FAKE_LISTENER_DEL, 0)->listener;
	is_group(&in->group, GROUP);
	assert_int_equal(in->path.kind, PMIP_PATH_TUNNEL);
	assert_int_equal(out->path.kind, PMIP_PATH_LINK);
	assert_int_equal(in->upstream, out->upstream);
	fake_reset(&x->f);
	/* it is back */
	mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_CARRIER);
	fake_advance_ms(&x->f, 10000);
	in = &fake_find(&x->f, FAKE_LISTENER_SET, 0)->listener;
	out = &fake_find(&x->f, FAKE_LISTENER_DEL, 0)->listener;
	assert_int_equal(in->path.kind, PMIP_PATH_LINK);
	assert_int_equal(out->path.kind, PMIP_PATH_TUNNEL);
}

/* Draft: predictive multicast handover §4 (11): what the next gateway has itself ends, and the
 * rest goes on; until the node is back, or goes elsewhere
 */
static void met(void **state)
{
	struct fixture *x = *state;
	struct mh_msg hi;

	x->conf.fast = true;
	x->conf.handover = (struct handover_conf){ 100, 3, 2000, 5000, 0 };
	served(x);
	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, NULL);
	say(x, IF1, &x->l1, MLD_TO_EX, "ff1e::2", NULL);
	fake_reset(&x->f);
	assert_int_equal(mag_handover_start(x->m, &x->id, &x->other, true), 0);
	hi = fake_find_mh(&x->f, MH_HI, 0)->msg;
	agree(x, &hi);
	fake_reset(&x->f);
	hi.code = HI_CODE_FORWARDED;
	hi.opts.present = MH_HAS_MN_ID | MH_HAS_MULTICAST;
	hi.opts.listens.n_group = 1;
	for (unsigned int i = 0; i < 2; i++) {
		hi.seq++;
		mag_on_hi(x->m, &x->other, &x->self, &hi);
		assert_int_equal(fake_find_mh(&x->f, MH_HACK, (int)i)->msg.code, HACK_OK);
	}
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_DEL), 1);
	assert_int_equal(fake_find(&x->f, FAKE_LISTENER_DEL, 0)->listener.path.kind,
			 PMIP_PATH_TUNNEL);
	is_group(&fake_find(&x->f, FAKE_LISTENER_DEL, 0)->listener.group, GROUP);
	/* what it wants of that group goes nowhere now */
	say(x, IF1, &x->l1, MLD_TO_IN, GROUP, "2001:db8:5::1");
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
	fake_reset(&x->f);
	/* it is back: both, and the one that was forwarded yet ends there */
	mag_on_attach(x->m, IF1, &x->l1, NULL, NULL, ATTACH_CARRIER);
	fake_advance_ms(&x->f, 10000);
	assert_int_equal(fake_find(&x->f, FAKE_LISTENER_SET, 0)->listener.path.kind,
			 PMIP_PATH_LINK);
	assert_true(fake_count(&x->f, FAKE_LISTENER_SET) >= 2);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_DEL), 1);
	is_group(&fake_find(&x->f, FAKE_LISTENER_DEL, 0)->listener.group, "ff1e::2");
}

/* Nor may a node begin to */
static void prohibited(void **state)
{
	struct prefix allowed = fake_prefix("ff1e::/16");
	struct fixture *x = *state;

	x->conf.mcast.down.n_allowed = 1;
	x->conf.mcast.down.allowed = &allowed;
	served(x);
	say(x, IF1, &x->l1, MLD_TO_EX, "ff0e::1", NULL);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 0);
	say(x, IF1, &x->l1, MLD_TO_EX, GROUP, NULL);
	assert_int_equal(fake_count(&x->f, FAKE_LISTENER_SET), 1);
}

#define L(name)	cmocka_unit_test_setup_teardown(name, open_listening, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		L(asked), L(joined), L(sources), L(strangers), L(gone), L(back),
		L(other_link), L(asked_upstream), L(garbage), L(renewed),
		L(many_sources), L(refused), L(forwarded), L(met), L(prohibited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
