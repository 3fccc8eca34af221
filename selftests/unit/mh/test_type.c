// SPDX-License-Identifier: GPL-2.0
/* The table of MH types, names, and the fixed point of timestamps. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "gen.h"

/* RFC 6275 §6.1.7–§6.1.9, RFC 5847 §3.3: "The value MUST be set to 13"; RFC 5846 §5: */
/* "MH Type 16"; RFC 7077 §4: "MH Type value of 19", "of 20"; RFC 5568 §11: 14 and 15; */
/* RFC 7161 §9: "the Subscription Query (22) and Subscription Response (23)" */
static void assigned_types(void **state)
{
	(void)state;
	assert_int_equal(mh_type(MH_PBU), 5);
	assert_int_equal(mh_type(MH_PBA), 6);
	assert_int_equal(mh_type(MH_BE), 7);
	assert_int_equal(mh_type(MH_HEARTBEAT), 13);
	assert_int_equal(mh_type(MH_SHI), 240);
	assert_int_equal(mh_type(MH_SHACK), 241);
	assert_int_equal(mh_type(MH_FMI), 242);
	assert_int_equal(mh_type(MH_FMA), 243);
	assert_int_equal(mh_type(MH_BRI), 16);
	assert_int_equal(mh_type(MH_BRA), 16);
	assert_int_equal(mh_type(MH_UPN), 19);
	assert_int_equal(mh_type(MH_UPA), 20);
	assert_int_equal(mh_type(MH_HI), 14);
	assert_int_equal(mh_type(MH_HACK), 15);
	assert_int_equal(mh_type(MH_SUBSCRIPTION_QUERY), 22);
	assert_int_equal(mh_type(MH_SUBSCRIPTION_RESPONSE), 23);
	assert_int_equal(mh_type(MH_LMA_HO_REQ), 244);
	assert_int_equal(mh_type(MH_LMA_HO_RESP), 245);
	assert_int_equal(mh_type(MH_LMA_HO_INIT), 246);
	assert_int_equal(mh_type(MH_LMA_HACK), 247);
}

/* draft: seamless handover §6: "IANA Considerations: TBD": the numbers can be chosen */
static void private_types_can_be_moved(void **state)
{
	struct mh_msg m = { .kind = MH_SHI, .type = 24 }, back;
	uint8_t buf[MH_MAX];

	(void)state;
	assert_int_equal(mh_set_types(&(struct mh_own_types){ 24, 255, 99, 100, 30, 31, 32, 33 }),
			 0);
	assert_int_equal(mh_type(MH_SHACK), 255);
	assert_int_equal(mh_type(MH_FMI), 99);
	assert_int_equal(mh_type(MH_FMA), 100);
	assert_int_equal(mh_type(MH_LMA_HO_REQ), 30);
	assert_int_equal(mh_type(MH_LMA_HO_RESP), 31);
	assert_int_equal(mh_type(MH_LMA_HO_INIT), 32);
	assert_int_equal(mh_type(MH_LMA_HACK), 33);
	assert_int_equal(mh_encode(&m, buf, sizeof(buf), &gen_src, &gen_dst, NULL), 16);
	assert_int_equal(buf[2], 24);
	assert_int_equal(gen_decode(&back, buf, 16, 0).error, MH_OK);
	assert_memory_equal(&m, &back, sizeof(m));
	/* the number it had before is unknown now */
	buf[2] = 240;
	gen_fix_checksum(buf, 16);
	assert_int_equal(gen_decode(&back, buf, 16, 0).error, MH_ERR_TYPE);
	/* they can trade places */
	assert_int_equal(mh_set_types(&(struct mh_own_types){ 255, 24, 100, 99, 33, 32, 31, 30 }),
			 0);
	assert_int_equal(mh_type(MH_SHI), 255);
	assert_int_equal(mh_type(MH_FMA), 99);
	assert_int_equal(mh_set_types(&mh_default_types), 0);
}

/* RFC 6275 §6.1.1 and the IANA registry: 0 to 23 are assigned to others */
static void types_that_are_taken(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 8; i++) {
		uint8_t t[8] = { 50, 51, 52, 53, 54, 55, 56, 57 };

		for (t[i] = 0; t[i] <= 23; t[i]++)
			assert_int_equal(mh_set_types((const struct mh_own_types *)t), -EINVAL);
		for (unsigned int j = 0; j < 8; j++) {
			t[i] = (uint8_t)(50 + j);
			assert_int_equal(mh_set_types((const struct mh_own_types *)t),
					 i == j ? 0 : -EEXIST);
			assert_int_equal(mh_set_types(&mh_default_types), 0);
		}
	}
	/* what is refused changes nothing */
	assert_int_equal(mh_set_types(&(struct mh_own_types){ 30, 31, 32, 33, 34, 35, 36, 30 }),
			 -EEXIST);
	assigned_types(state);
}

/* RFC 5213 §8.8: 48 bits of seconds, and "the number of 1/65536 fractions of a second" */
static void timestamps(void **state)
{
	uint64_t seed = 88;

	(void)state;
	assert_int_equal(mh_timestamp(0), 0);
	assert_int_equal(mh_timestamp(NSEC_PER_SEC), 1 << 16);
	assert_int_equal(mh_timestamp(NSEC_PER_SEC / 2), 1 << 15);
	assert_int_equal(mh_timestamp(NSEC_PER_SEC - 1), 0xffff);
	assert_int_equal(mh_timestamp_ns(3 << 15), 1500 * NSEC_PER_MSEC);
	assert_int_equal(mh_timestamp_ns(UINT64_MAX), UINT64_MAX);
	for (unsigned int i = 0; i < 100000; i++) {
		uint64_t t = gen_next(&seed) >> 15;	/* up to the year 2242 */
		uint64_t ns = t;

		assert_int_equal(mh_timestamp(mh_timestamp_ns(t >> 1)), t >> 1);
		/* one fraction is 15259 ns */
		assert_in_range(ns - mh_timestamp_ns(mh_timestamp(ns)) + 15259, 0, 2 * 15259);
	}
}

static void different(const char *(*str)(uint8_t), const uint8_t *v, size_t n)
{
	assert_string_equal(str(250), "unknown");
	for (size_t i = 0; i < n; i++) {
		assert_string_not_equal(str(v[i]), "unknown");
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(str(v[i]), str(v[j]));
	}
}

/* RFC 5213 §8.9, RFC 5846 §5, RFC 6089 §4.2, RFC 5949 §8, RFC 7411 §5.4: every value has */
/* a name of its own */
static void names(void **state)
{
	static const uint8_t status[] = {
		0, 128, 129, 130, 135, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162,
	};

	(void)state;
	assert_string_equal(pba_status_str(161), "MISSING_HANDOFF_INDICATOR_OPTION");
	assert_string_equal(pba_status_str(200), "unknown");
	for (size_t i = 0; i < sizeof(status); i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(pba_status_str(status[i]),
						pba_status_str(status[j]));
	different(fma_status_str, (uint8_t []){ 0, 128, 129, 130, 131, 132 }, 6);
	different(bri_trigger_str, (uint8_t []){ 0, 1, 2, 3, 4, 5, 6, 7, 128, 129 }, 10);
	different(bra_status_str,
		  (uint8_t []){ 0, 1, 128, 129, 130, 131, 132, 133, 134, 135 }, 10);
	different(upa_status_str, (uint8_t []){ 0, 128, 129, 131, 132 }, 5);
	different(flow_status_str, (uint8_t []){ 0, 128, 129, 130, 131, 132, 133 }, 7);
	different(hi_code_str, (uint8_t []){ 0, 2, 3 }, 3);
	different(hack_code_str, (uint8_t []){ 0, 5, 6, 128, 129, 130, 131, 132 }, 8);
	different(multicast_status_str, (uint8_t []){ 0, 1, 2, 3 }, 4);
	different(lma_ho_reason_str, (uint8_t []){ 0, 1, 2, 3 }, 4);
	different(lma_ho_status_str,
		  (uint8_t []){ 0, 128, 129, 130, 131, 132, 133, 134 }, 8);
	different(lma_hack_status_str, (uint8_t []){ 0, 128, 129, 130, 131, 132, 133 }, 7);
	assert_string_equal(upn_reason_str(8), "FLOW-MOBILITY");
	assert_string_equal(upn_reason_str(0x108), "unknown");
	for (int e = MH_OK; e <= MH_ERR_NO_ROOM; e++)
		assert_string_not_equal(mh_strerror((enum mh_error)e), "unknown error");
	for (int k = 0; k < MH_KINDS; k++)
		assert_string_not_equal(mh_kind_str((enum mh_kind)k), "unknown");
	assert_string_equal(mh_kind_str(MH_KINDS), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(assigned_types),
		cmocka_unit_test(private_types_can_be_moved),
		cmocka_unit_test(types_that_are_taken),
		cmocka_unit_test(timestamps),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
