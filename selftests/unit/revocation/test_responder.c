// SPDX-License-Identifier: GPL-2.0
/* BRIs judged and answered (RFC 5846 §6.1.2, §6.2.1). */
#include "revocation_bed.h"

#include "revocation/authority.h"
#include "revocation/responder.h"

struct bed {
	struct fake_env f;
	struct revocation_responder rr;
	struct revocation_counters counters;
	struct in6_addr self, lma;
	unsigned int all, realm, node;
	uint8_t status;			/* what the owner says */
	bool failed;			/* and of which prefix */
};

static uint8_t all(void *arg, const struct in6_addr *src, const struct mh_msg *m)
{
	struct bed *b = arg;

	(void)m;
	assert_memory_equal(src, &b->lma, sizeof(b->lma));
	b->all++;
	return b->status;
}

static uint8_t realm(void *arg, const struct in6_addr *src, const struct mh_msg *m)
{
	struct bed *b = arg;

	(void)src;
	(void)m;
	b->realm++;
	return b->status;
}

static uint8_t node(void *arg, const struct in6_addr *src, const struct mh_msg *m,
		    struct mh_opts *failed)
{
	struct bed *b = arg;

	(void)src;
	b->node++;
	/* before the answer leaves */
	assert_int_equal(fake_count_mh(&b->f, MH_BRA), b->counters.bra_tx);
	if (b->failed) {
		failed->present |= MH_HAS_HNP;
		failed->n_hnp = 1;
		failed->hnp[0] = m->opts.hnp[0];
	}
	return b->status;
}

static const struct revocation_ops ops = { all, realm, node };
static const struct revocation_ops no_realm = { all, NULL, node };

static int setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	fake_init(&b->f);
	b->self = fake_addr("2001:db8:0:2::1");
	b->lma = fake_addr("2001:db8:0:1::1");
	revocation_responder_init(&b->rr, &b->f.env, &ops, b, &b->counters, &b->self);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bed *b = *state;

	fake_free(&b->f);
	free(b);
	return 0;
}

/* The answer to it */
static const struct mh_msg *give(struct bed *b, const struct mh_msg *m)
{
	size_t before = fake_count_mh(&b->f, MH_BRA);
	const struct fake_mh *a;

	revocation_on_bri(&b->rr, &b->lma, m);
	assert_int_equal(fake_count_mh(&b->f, MH_BRA), before + 1);
	a = fake_find_mh(&b->f, MH_BRA, -1);
	assert_memory_equal(&a->src, &b->self, sizeof(b->self));
	assert_memory_equal(&a->dst, &b->lma, sizeof(b->lma));
	assert_int_equal(a->msg.seq, m->seq);
	assert_int_equal(a->msg.flags, m->flags);
	return &a->msg;
}

static uint8_t status_of(struct bed *b, struct mh_msg m)
{
	return give(b, &m)->status;
}

/* RFC 5846 §6.1.2: number and flags are copied; §5.2: success needs no option */
static void success(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = bri_of(7, BRI_ADMINISTRATIVE, "mn1@example.org");

	assert_int_equal(give(b, &m)->opts.present, 0);
	assert_int_equal(b->node, 1);
	assert_int_equal(status_of(b, bri(8, BRI_PEER_POLICY, BR_F_P | BR_F_G)), BRA_OK);
	assert_int_equal(b->all, 1);
	m = bri_of(9, BRI_NODE_POLICY, "@example.org");
	m.flags |= BR_F_G;
	assert_int_equal(status_of(b, m), BRA_OK);
	assert_int_equal(b->realm, 1);
}

/* RFC 5846 §5.2: options "communicate information of the bindings that failed" */
static void what_failed_is_named(void **state)
{
	struct bed *b = *state;
	struct mh_msg m = bri_of(7, BRI_ADMINISTRATIVE, "mn1@example.org");
	const struct mh_msg *a;

	add_prefix(&m, "2001:db8:100:1::/64");
	b->status = BRA_PARTIAL;
	b->failed = true;
	a = give(b, &m);
	assert_int_equal(a->status, BRA_PARTIAL);
	assert_int_equal(a->opts.present, MH_HAS_MN_ID | MH_HAS_HNP);
	assert_true(mn_id_equal(&a->opts.mn_id, &m.opts.mn_id));
	assert_true(prefix_equal(&a->opts.hnp[0].prefix, &m.opts.hnp[0].prefix));
}

/* RFC 5846 §6.2.1: a trigger that "the responder does not support": 133 */
static void triggers(void **state)
{
	static const uint8_t unknown[] = { 8, 127, 130, 249, 250, 255 };
	struct bed *b = *state;
	uint16_t seq = 0;

	for (uint8_t t = BRI_UNSPECIFIED; t <= BRI_OUT_OF_SYNC; t++)
		assert_int_equal(status_of(b, bri_of(++seq, t, "mn1@example.org")), BRA_OK);
	assert_int_equal(b->node, 8);
	for (size_t i = 0; i < sizeof(unknown); i++)
		assert_int_equal(status_of(b, bri_of(++seq, unknown[i], "mn1@example.org")),
				 BRA_TRIGGER_UNSUPPORTED);
	assert_int_equal(b->node, 8);
}

/* RFC 5846 §6.2.1: "G is set and the trigger [...] is Per-MN-specific": 134; and reverse */
static void trigger_contradicts_g(void **state)
{
	struct mh_msg m = bri_of(1, BRI_USER, "mn1@example.org");
	struct bed *b = *state;

	m.flags |= BR_F_G;
	assert_int_equal(status_of(b, m), BRA_FUNCTION_UNSUPPORTED);
	assert_int_equal(status_of(b, bri(2, BRI_PEER_POLICY, BR_F_P)), BRA_FUNCTION_UNSUPPORTED);
	m = bri_of(3, BRI_NODE_POLICY, "@example.org");
	assert_int_equal(status_of(b, m), BRA_FUNCTION_UNSUPPORTED);
	assert_int_equal(b->all + b->realm + b->node, 0);
}

/* RFC 5846 §5.1: P says that it is about a proxy's bindings: others are not here */
static void without_p(void **state)
{
	struct mh_msg m = bri_of(1, BRI_USER, "mn1@example.org");
	struct bed *b = *state;

	m.flags = 0;
	assert_int_equal(status_of(b, m), BRA_FUNCTION_UNSUPPORTED);
	assert_int_equal(status_of(b, bri(2, BRI_PEER_POLICY, BR_F_G)), BRA_FUNCTION_UNSUPPORTED);
	assert_int_equal(b->all + b->node, 0);
}

/* RFC 5846 §5.1: MN-ID "MUST be present when the (P) bit is set"; §9.1: 131 */
static void without_identity(void **state)
{
	struct bed *b = *state;

	assert_int_equal(status_of(b, bri(1, BRI_USER, BR_F_P)), BRA_MISSING_MN_ID);
	assert_int_equal(status_of(b, bri(2, BRI_NODE_POLICY, BR_F_P | BR_F_G)),
			 BRA_MISSING_MN_ID);
}

/*
 * RFC 5846 §9.1: "if the mobile access gateway is able to identify the mobile node binding
 * using the MN-ID but failed to identify the received IPv4 proxy HoA, the mobile access
 * gateway MUST reject the BRI using status code "Binding Does NOT Exist"": no node here has
 * such an address.  §6.1.1: "the initiator MUST include" it: 129 without it
 */
static void ipv4_alone(void **state)
{
	struct mh_msg m = bri_of(1, BRI_USER, "mn1@example.org");
	struct bed *b = *state;
	const struct mh_msg *a;

	m.flags |= BR_F_V;
	assert_int_equal(status_of(b, m), BRA_MISSING_IPV4_HOA);
	m.seq++;
	m.opts.present |= MH_HAS_IPV4_REQUEST;
	m.opts.ipv4.s_addr = 0x010200c0;
	a = give(b, &m);
	assert_int_equal(a->status, BRA_NO_BINDING);
	/* §6.1.2: "the responder MUST set the (V) bit"; and which node it is about */
	assert_int_equal(a->flags, BR_F_P | BR_F_V);
	assert_int_equal(a->seq, 2);
	assert_true(mn_id_equal(&a->opts.mn_id, &m.opts.mn_id));
	/* with the node's prefixes beside it, too: "ONLY" the address is to be released */
	m.seq++;
	add_prefix(&m, "2001:db8:100:1::/64");
	assert_int_equal(status_of(b, m), BRA_NO_BINDING);
	m = bri(4, BRI_PEER_POLICY, BR_F_P | BR_F_V | BR_F_G);
	assert_int_equal(status_of(b, m), BRA_FUNCTION_UNSUPPORTED);
	assert_int_equal(b->node + b->all, 0);
}

/* RFC 5846 §9.2: a gateway revokes all or one; realms are an anchor's to revoke */
static void realm_at_an_anchor(void **state)
{
	struct mh_msg m = bri_of(1, BRI_NODE_POLICY, "@example.org");
	struct bed *b = *state;

	b->rr.ops = &no_realm;
	m.flags |= BR_F_G;
	assert_int_equal(status_of(b, m), BRA_FUNCTION_UNSUPPORTED);
}

/* RFC 5846 §6.1.2: a source that is not unicast: "silently discarded" */
static void sender_is_nobody(void **state)
{
	struct mh_msg m = bri_of(1, BRI_USER, "mn1@example.org");
	struct in6_addr src = fake_addr("ff02::1");
	struct bed *b = *state;

	revocation_on_bri(&b->rr, &src, &m);
	src = fake_addr("::");
	revocation_on_bri(&b->rr, &src, &m);
	assert_int_equal(fake_count_mh(&b->f, MH_BRA), 0);
	assert_int_equal(b->counters.bri_discarded, 2);
}

/* RFC 5846 §6.3: the initiator repeats "the same BRI": the answer is the same, too */
static void repeated(void **state)
{
	struct mh_msg m = bri_of(1, BRI_USER, "mn1@example.org");
	struct bed *b = *state;

	assert_int_equal(status_of(b, m), BRA_OK);
	b->status = BRA_NO_BINDING;
	fake_advance_ms(&b->f, 2000);
	assert_int_equal(status_of(b, m), BRA_OK);
	assert_int_equal(b->node, 1);
	assert_int_equal(b->counters.bri_repeated, 1);
	/* another number, another node: another matter */
	m.seq++;
	assert_int_equal(status_of(b, m), BRA_NO_BINDING);
	m.opts.mn_id = fake_nai("mn2@example.org");
	assert_int_equal(status_of(b, m), BRA_NO_BINDING);
	add_prefix(&m, "2001:db8:100:1::/64");
	assert_int_equal(status_of(b, m), BRA_NO_BINDING);
	assert_int_equal(b->node, 4);
	/* and so is the same number of long after */
	m = bri_of(1, BRI_USER, "mn1@example.org");
	fake_advance_ms(&b->f, 30000);
	assert_int_equal(status_of(b, m), BRA_NO_BINDING);
}

/* Ours: as many answers as are remembered, and no more memory than that */
static void remembers_so_many(void **state)
{
	struct mh_msg m = bri_of(0, BRI_USER, "mn1@example.org");
	struct bed *b = *state;

	for (unsigned int i = 0; i <= REVOCATION_RECENT; i++) {
		m.seq = (uint16_t)i;
		give(b, &m);
	}
	m.seq = 1;
	give(b, &m);
	assert_int_equal(b->node, REVOCATION_RECENT + 1);
	m.seq = 0;
	give(b, &m);
	assert_int_equal(b->node, REVOCATION_RECENT + 2);
}

/* RFC 5846 §8.1: "@example.com" is not "1234abdelta@foo.example.com" */
static void realms(void **state)
{
	struct mn_id r = fake_nai("@example.com"), n = fake_nai("1234abdelta@example.com");

	(void)state;
	assert_true(revocation_realm_of(&n, &r));
	n.subtype = 5;
	assert_false(revocation_realm_of(&n, &r));
	n = fake_nai("1234abdelta@foo.example.com");
	assert_false(revocation_realm_of(&n, &r));
	n = fake_nai("example.com");
	assert_false(revocation_realm_of(&n, &r));
	r = fake_nai("example.com");
	assert_false(revocation_realm_of(&n, &r));
	r = fake_nai("x@");
	n = fake_nai("y@");
	assert_false(revocation_realm_of(&n, &r));
}

/* RFC 5846 §13: the name and the address of one gateway, configured */
static void authority(void **state)
{
	struct revocation_authority v[2] = {
		{ fake_prefix("2001:db8:0:2::1/128"), fake_nai("mag1@example.org") },
		{ fake_prefix("2001:db8:0:3::/64"), fake_nai("mag2@example.org") },
	};
	struct mn_id one = fake_nai("mag1@example.org"), two = fake_nai("mag2@example.org");
	struct in6_addr a = fake_addr("2001:db8:0:2::1");

	(void)state;
	assert_true(revocation_authorised(v, 2, &a, &one));
	assert_false(revocation_authorised(v, 2, &a, &two));
	assert_false(revocation_authorised(v, 0, &a, &one));
	a = fake_addr("2001:db8:0:3::77");
	assert_true(revocation_authorised(v, 2, &a, &two));
	a = fake_addr("2001:db8:0:2::2");
	assert_false(revocation_authorised(v, 2, &a, &one));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(success), T(what_failed_is_named), T(triggers), T(trigger_contradicts_g),
		T(without_p), T(without_identity), T(ipv4_alone), T(realm_at_an_anchor),
		T(sender_is_nobody), T(repeated), T(remembers_so_many), T(realms), T(authority),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
