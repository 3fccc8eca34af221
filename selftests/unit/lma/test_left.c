// SPDX-License-Identifier: GPL-2.0
/* BRIs to the gateway that a node has left, or may have left (RFC 5846 §3.4.1, §8.1). */
#include "revoke_bed.h"

static int setup_on(void **state)
{
	setup(state);
	((struct bed *)*state)->conf.revoke_handover = true;
	return 0;
}

static const struct mh_msg *request(struct bed *b, unsigned int mag, uint8_t hi, uint8_t att)
{
	struct mh_msg m = bed_pbu(b, "single", hi);

	bed_llid(&m, IF1);
	m.opts.att = att;
	return bed_send(b, mag, &m);
}

/* RFC 5846 §3.4.1: "can send", and only if told to */
static void off_by_default(void **state)
{
	struct bed *b = *state;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_non_null(request(b, 2, HI_BETWEEN_MAGS, 4));
	assert_int_equal(bris(b), 0);
}

/* RFC 5846 §3.4.1, figure 3: the source gateway hears of it once the target has its PBA */
static void handover(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);

	assert_int_equal(request(b, 2, HI_BETWEEN_MAGS, 4)->status, PBA_ACCEPTED);
	assert_int_equal(bris(b), 1);
	assert_int_equal(bri_to(b), 1);
	assert_true(fake_index_mh(&b->f, MH_BRI, 0) > fake_index_mh(&b->f, MH_PBA, 1));
	assert_int_equal(newest_bri(b)->trigger, BRI_HANDOVER_SAME_ATT);
	assert_int_equal(newest_bri(b)->flags, BR_F_P);
	assert_int_equal(newest_bri(b)->opts.present, MH_HAS_MN_ID | MH_HAS_HNP);
	assert_true(prefix_equal(&newest_bri(b)->opts.hnp[0].prefix, &p));
	/* whatever it says, the binding is another gateway's */
	assert_string_equal(state_of(b), "active");
	answer(b, -1, BRA_OK);
	assert_string_equal(state_of(b), "active");
	assert_int_equal(bed_path(b, &p, 0), 2);
	assert_non_null(request(b, 3, HI_BETWEEN_MAGS, 4));
	answer(b, -1, BRA_ATTACHED);
	assert_int_equal(bed_path(b, &p, 0), 3);
	/* nor does its silence matter */
	assert_non_null(request(b, 4, HI_BETWEEN_MAGS, 4));
	fake_advance_ms(&b->f, 4000);
	assert_int_equal(bris(b), 4);
	assert_string_equal(state_of(b), "active");
}

/* RFC 5846 §5.1: triggers 2, 3 and 4 */
static void access_types(void **state)
{
	struct bed *b = *state;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	request(b, 2, HI_BETWEEN_INTERFACES, 3);
	assert_int_equal(newest_bri(b)->trigger, BRI_HANDOVER_OTHER_ATT);
	request(b, 1, HI_BETWEEN_MAGS, 3);
	assert_int_equal(newest_bri(b)->trigger, BRI_HANDOVER_SAME_ATT);
	request(b, 3, HI_UNKNOWN, 3);
	assert_int_equal(newest_bri(b)->trigger, BRI_HANDOVER_UNKNOWN_ATT);
}

/* RFC 7864 §3: another attachment is no handover */
static void shared_is_no_handover(void **state)
{
	struct bed *b = *state;

	bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF1);
	bed_register(b, 2, "shared", HI_NEW_INTERFACE, IF2);
	assert_int_equal(bris(b), 0);
}

/* RFC 5846 §8.1: of a gateway that goes on serving the prefix, the interface is named */
static void one_of_two_leaves(void **state)
{
	struct bed *b = *state;
	struct llid l = fake_llid(IF2);
	struct mh_msg m;

	bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF1);
	bed_register(b, 1, "shared", HI_NEW_INTERFACE, IF2);
	m = bed_pbu(b, "shared", HI_BETWEEN_MAGS);
	bed_llid(&m, IF2);
	assert_int_equal(bed_status(b, 2, &m), PBA_ACCEPTED);
	assert_int_equal(bri_to(b), 1);
	assert_int_equal(newest_bri(b)->opts.bid[0].bid, 2);
	assert_true(llid_equal(&newest_bri(b)->opts.llid, &l));
}

/* Handoff Indicator 4 at another gateway, with another interface's name */
static const struct mh_msg *unknown(struct bed *b)
{
	struct mh_msg m = bed_pbu(b, "single", HI_UNKNOWN);

	bed_llid(&m, IF2);
	return bed_send(b, 2, &m);
}

static const struct mh_msg *newest_pba(struct bed *b)
{
	return &fake_find_mh(&b->f, MH_PBA, -1)->msg;
}

/* RFC 5846 §8.1: success is "as if it received a de-registration": the prefix goes along */
static void unknown_has_left(void **state)
{
	static const uint8_t status[] = { BRA_OK, BRA_PARTIAL, BRA_NO_BINDING };
	struct bed *b = *state;
	struct prefix p;

	for (size_t i = 0; i < sizeof(status); i++) {
		p = bed_register(b, 1, "single", HI_BETWEEN_INTERFACES, IF1);
		fake_reset(&b->f);
		assert_null(unknown(b));
		assert_int_equal(bri_to(b), 1);
		assert_int_equal(newest_bri(b)->trigger, BRI_HANDOVER_UNKNOWN_ATT);
		answer(b, -1, status[i]);
		assert_int_equal(newest_pba(b)->status, PBA_ACCEPTED);
		assert_true(prefix_equal(&newest_pba(b)->opts.hnp[0].prefix, &p));
		assert_int_equal(bed_count(b), 1);
		assert_int_equal(bed_path(b, &p, 0), 2);
		fake_advance_ms(&b->f, 20000);
		assert_int_equal(bed_count(b), 1);
	}
}

/* RFC 5846 §8.1: "MN is Attached": "creating a new BCE", at once */
static void unknown_is_there(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);

	assert_null(unknown(b));
	answer(b, -1, BRA_ATTACHED);
	assert_int_equal(newest_pba(b)->status, PBA_ACCEPTED);
	assert_false(prefix_equal(&newest_pba(b)->opts.hnp[0].prefix, &p));
	assert_int_equal(bed_count(b), 2);
	assert_int_equal(bed_path(b, &p, 0), 1);
}

/* RFC 5846 §8.1: the same once it "exhausted all of the [...] retransmissions" */
static void unknown_and_silence(void **state)
{
	struct bed *b = *state;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_null(unknown(b));
	fake_advance_ms(&b->f, 2999);
	assert_int_equal(fake_count_mh(&b->f, MH_PBA), 1);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(fake_count_mh(&b->f, MH_PBA), 2);
	assert_int_equal(bed_count(b), 2);
}

/* Ours: to a gateway that does not know the message, RFC 5213 §5.4.1.2 applies as it is */
static void unknown_to_an_old_gateway(void **state)
{
	struct mh_msg be = { .kind = MH_BE, .status = BE_UNKNOWN_TYPE };
	struct in6_addr mag = bed_mag(1);
	struct bed *b = *state;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_null(unknown(b));
	lma_on_bri_unknown(b->lma, &mag, &be);
	fake_advance_ms(&b->f, 1499);
	assert_int_equal(bed_count(b), 2);
	assert_int_equal(fake_count_mh(&b->f, MH_PBA), 1);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(fake_count_mh(&b->f, MH_PBA), 2);
}

/* RFC 5846 §8.1: "or a de-registration message from the previous mobile access gateway" */
static void unknown_deregisters_first(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	struct mh_msg m;

	assert_null(unknown(b));
	m = bed_pbu(b, "single", HI_UNKNOWN);
	bed_llid(&m, IF1);
	m.lifetime = 0;
	bed_send(b, 1, &m);
	assert_int_equal(bed_path(b, &p, 0), 2);
	answer(b, -1, BRA_ATTACHED);
	assert_int_equal(bed_count(b), 1);
	fake_advance_ms(&b->f, 5000);
	assert_int_equal(bris(b), 1);
}

/* Ours: the gateway asked has nothing to say of another that has the node by now */
static void unknown_and_elsewhere(void **state)
{
	struct bed *b = *state;
	struct prefix p = bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);

	assert_null(unknown(b));
	assert_non_null(request(b, 3, HI_BETWEEN_MAGS, 4));
	answer(b, 0, BRA_OK);
	assert_int_equal(bed_path(b, &p, 0), 3);
}

/* Ours: an anchor that stops has nobody wait for answers */
static void stops_meanwhile(void **state)
{
	struct bed *b = *state;

	bed_register(b, 1, "single", HI_NEW_INTERFACE, IF1);
	assert_null(unknown(b));
}

#define ON(f) cmocka_unit_test_setup_teardown(f, setup_on, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(off_by_default), ON(handover), ON(access_types), ON(shared_is_no_handover),
		ON(one_of_two_leaves), ON(unknown_has_left), ON(unknown_is_there),
		ON(unknown_and_silence), ON(unknown_to_an_old_gateway),
		ON(unknown_deregisters_first), ON(unknown_and_elsewhere), ON(stops_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
