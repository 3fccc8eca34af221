// SPDX-License-Identifier: GPL-2.0
/* What RFC 3810 wants of every packet that carries MLD. */
#include "mld_bytes.h"

#include "core/checksum.h"

#define LEN	(MLD_HEADERS + 24)
#define ALERT	42		/* the option, after next header and length */

/* A Done from fe80::9 to all routers, about ff1e::7; its checksum computed elsewhere */
static const uint8_t packet[LEN] = {
	0x60, 0, 0, 0, 0, 32, 0, 1,
	0xfe, 0x80, [8 + 15] = 9,
	0xff, 0x02, [24 + 15] = 2,
	58, 0, 5, 2, 0, 0, 1, 0,
	132, 0, 0x7e, 0xf8, 0, 0, 0, 0,
	0xff, 0x1e, [MLD_HEADERS + 23] = 7,
};

static enum mld_error verdict(const uint8_t *buf, size_t len)
{
	uint8_t *copy = exact(buf, len);
	struct mld_packet p;
	enum mld_error err = mld_packet_read(&p, copy, len);

	free(copy);
	return err;
}

/* What is changed may be right but for the checksum */
static enum mld_error verdict_summed(uint8_t *buf, size_t len, size_t at)
{
	struct in6_addr src, dst;
	uint16_t sum;

	memcpy(&src, buf + 8, 16);
	memcpy(&dst, buf + 24, 16);
	buf[at + 2] = 0;
	buf[at + 3] = 0;
	sum = checksum6(58, buf + at, len - at, &src, &dst);
	buf[at + 2] = (uint8_t)(sum >> 8);
	buf[at + 3] = (uint8_t)sum;
	return verdict(buf, len);
}

/* RFC 3810 §5: the packet is told from its bytes, as it is written */
static void valid(void **state)
{
	struct in6_addr src = fake_addr("fe80::9"), dst = fake_addr("ff02::2");
	uint8_t buf[LEN + 6];
	struct mld_packet p;

	(void)state;
	assert_int_equal(mld_packet_read(&p, packet, LEN), MLD_OK);
	assert_int_equal(p.type, MLD_TYPE_V1_DONE);
	assert_addr(&p.src, "fe80::9");
	assert_addr(&p.dst, "ff02::2");
	assert_ptr_equal(p.msg, packet + MLD_HEADERS);
	assert_int_equal(p.len, 24);
	memset(buf, 0xee, sizeof(buf));
	memcpy(buf + MLD_HEADERS, packet + MLD_HEADERS, 24);
	buf[MLD_HEADERS + 2] = 0;
	buf[MLD_HEADERS + 3] = 0;
	assert_int_equal(mld_packet_finish(buf, 24, &src, &dst), LEN);
	assert_memory_equal(buf, packet, LEN);
	/* what the link layer has padded is no part of it */
	assert_int_equal(verdict(buf, sizeof(buf)), MLD_OK);
}

/* RFC 3810 §6.2, §7.4: "if the Hop Limit is set to 1", else "the packet is dropped" */
static void hop_limit(void **state)
{
	uint8_t bad[LEN];

	(void)state;
	memcpy(bad, packet, LEN);
	for (unsigned int hops = 0; hops < 256; hops++) {
		bad[7] = (uint8_t)hops;
		assert_int_equal(verdict(bad, LEN), hops == 1 ? MLD_OK : MLD_ERR_HOP_LIMIT);
	}
}

/* RFC 3810 §5.1.14, §5.2.13: "sent with a valid link-local address" */
static void source(void **state)
{
	static const char *const bad_ones[] = { "::", "2001:db8::1", "ff02::1", "fec0::1" };
	uint8_t buf[LEN];
	struct in6_addr a;

	(void)state;
	memcpy(buf, packet, LEN);
	for (unsigned int i = 0; i < 4; i++) {
		a = fake_addr(bad_ones[i]);
		memcpy(buf + 8, &a, 16);
		assert_int_equal(verdict_summed(buf, LEN, MLD_HEADERS), MLD_ERR_SOURCE);
	}
	a = fake_addr("fe80::abcd:1");
	memcpy(buf + 8, &a, 16);
	assert_int_equal(verdict_summed(buf, LEN, MLD_HEADERS), MLD_OK);
}

/* RFC 3810 §5.1.2: "the checksum MUST be verified before processing it" */
static void checksum(void **state)
{
	uint8_t bad[LEN];

	(void)state;
	for (size_t i = MLD_HEADERS + 1; i < LEN; i++) {
		memcpy(bad, packet, LEN);
		bad[i] ^= 0x10;
		assert_int_equal(verdict(bad, LEN), MLD_ERR_CHECKSUM);
	}
	/* with the pseudo-header */
	memcpy(bad, packet, LEN);
	bad[24 + 15] ^= 1;
	assert_int_equal(verdict(bad, LEN), MLD_ERR_CHECKSUM);
}

/* RFC 3810 §6.2: "if the Router Alert option is present in the Hop-By-Hop Options header" */
static void router_alert(void **state)
{
	static const uint8_t padded[8] = { 1, 2, 0, 0, 0, 0 };
	uint8_t bad[LEN], bare[LEN - 8], longer[LEN + 8];

	(void)state;
	/* RFC 2711 §2.1: value 0 is that of MLD */
	memcpy(bad, packet, LEN);
	bad[ALERT + 3] = 1;
	assert_int_equal(verdict(bad, LEN), MLD_ERR_ALERT);
	/* PadN in its place */
	memcpy(bad, packet, LEN);
	memcpy(bad + ALERT, padded, 6);
	assert_int_equal(verdict(bad, LEN), MLD_ERR_ALERT);
	/* of another length it is none */
	memcpy(bad, packet, LEN);
	bad[ALERT + 1] = 4;
	assert_int_equal(verdict(bad, LEN), MLD_ERR_ALERT);
	/* no Hop-by-Hop header */
	memcpy(bare, packet, 40);
	memcpy(bare + 40, packet + MLD_HEADERS, 24);
	bare[5] = 24;
	bare[6] = 58;
	assert_int_equal(verdict(bare, sizeof(bare)), MLD_ERR_ALERT);
	/* behind another option, in a longer header */
	memcpy(longer, packet, MLD_HEADERS);
	memset(longer + 42, 0, 14);
	longer[5] += 8;
	longer[41] = 1;
	longer[42] = 0x1e;		/* experimental, to be skipped */
	longer[43] = 3;
	memcpy(longer + 50, packet + ALERT, 4);
	memcpy(longer + MLD_HEADERS + 8, packet + MLD_HEADERS, 24);
	assert_int_equal(verdict(longer, sizeof(longer)), MLD_OK);
	/* RFC 8200 §4.2: the highest bits say whether it may be skipped */
	for (unsigned int action = 0x40; action <= 0xc0; action += 0x40) {
		longer[42] = (uint8_t)(action | 0x1e);
		assert_int_equal(verdict(longer, sizeof(longer)), MLD_ERR_HEADER);
	}
	/* beyond the header's end */
	longer[42] = 0x1e;
	longer[43] = 13;
	assert_int_equal(verdict(longer, sizeof(longer)), MLD_ERR_HEADER);
	memset(longer + 42, 0, 14);
	longer[55] = 1;
	assert_int_equal(verdict(longer, sizeof(longer)), MLD_ERR_HEADER);
}

/* RFC 3810 §5: "Unrecognized message types MUST be silently ignored": they are others' */
static void not_mld(void **state)
{
	uint8_t bad[LEN];

	(void)state;
	memcpy(bad, packet, LEN);
	for (unsigned int type = 0; type < 256; type++) {
		bool mine = type == 130 || type == 131 || type == 132 || type == 143;

		bad[MLD_HEADERS] = (uint8_t)type;
		assert_int_equal(verdict_summed(bad, LEN, MLD_HEADERS),
				 mine ? MLD_OK : MLD_ERR_NOT_MLD);
	}
	memcpy(bad, packet, LEN);
	bad[40] = 17;
	assert_int_equal(verdict(bad, LEN), MLD_ERR_NOT_MLD);
	memcpy(bad, packet, LEN);
	bad[0] = 0x45;
	assert_int_equal(verdict(bad, LEN), MLD_ERR_NOT_MLD);
}

/* RFC 3810 §8.1 has lengths in mind that the packet really has */
static void cut_off(void **state)
{
	uint8_t bad[LEN];

	(void)state;
	for (size_t len = 0; len < LEN; len++)
		assert_int_equal(verdict(packet, len), MLD_ERR_SHORT);
	/* a payload length that ends within the headers */
	memcpy(bad, packet, LEN);
	for (unsigned int payload = 0; payload < 12; payload++) {
		bad[5] = (uint8_t)payload;
		assert_int_equal(verdict(bad, LEN), MLD_ERR_SHORT);
	}
	/* a Hop-by-Hop header that is longer than the packet */
	memcpy(bad, packet, LEN);
	bad[41] = 255;
	assert_int_equal(verdict(bad, LEN), MLD_ERR_SHORT);
	for (int e = MLD_OK; e <= MLD_ERR_LIMIT; e++)
		assert_string_not_equal(mld_strerror((enum mld_error)e), "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid),
		cmocka_unit_test(hop_limit),
		cmocka_unit_test(source),
		cmocka_unit_test(checksum),
		cmocka_unit_test(router_alert),
		cmocka_unit_test(not_mld),
		cmocka_unit_test(cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
