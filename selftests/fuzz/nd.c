// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of access links.  The first byte is whether the ICMPv6 checksum is put right first; the
 * rest is the packet from its IPv6 header on.
 */
#include "fuzz.h"

#include "frame.h"
#include "nd/nd.h"

#define AS_IT_IS	0x80
#define HOP_BY_HOP	0
#define EXT_UNIT	8

/* Where the message is that somebody wants to be looked at */
static void put_checksum(uint8_t *pkt, size_t len)
{
	size_t off = FRAME_IP6_LEN, total;
	struct in6_addr src, dst;
	uint16_t sum;

	if (len < off + EXT_UNIT)
		return;
	total = off + (size_t)(pkt[4] << 8 | pkt[5]);
	if (pkt[6] == HOP_BY_HOP)
		off += (pkt[off + 1] + (size_t)1) * EXT_UNIT;
	if (total > len || total < off + 4)
		return;
	memcpy(&src, pkt + 8, sizeof(src));
	memcpy(&dst, pkt + 24, sizeof(dst));
	pkt[off + 2] = 0;
	pkt[off + 3] = 0;
	sum = frame_checksum(pkt + off, total - off, &src, &dst);
	pkt[off + 2] = (uint8_t)(sum >> 8);
	pkt[off + 3] = (uint8_t)sum;
}

static void check_frame(const struct frame_nd *f, const uint8_t *pkt, size_t len)
{
	uint8_t sum = 0;

	assert_true(f->icmp >= pkt + FRAME_IP6_LEN && f->icmp + f->len <= pkt + len);
	/* all of it can be read */
	for (size_t i = 0; i < f->len; i++)
		sum ^= f->icmp[i];
	assert_non_null(nd_strerror(nd_rs_check(f->icmp, f->len, &f->src, f->hop_limit)));
	(void)sum;
}

/**
 * LLVMFuzzerTestOneInput() - a frame that has come (RFC 4861 §6.1.1, RFC 3810 §6.2)
 * @data: how, and the packet
 * @size: bytes
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	const uint8_t how = take_byte(&in);
	uint8_t *pkt = take_rest(&in);
	struct frame_nd f;

	if (!(how & AS_IT_IS))
		put_checksum(pkt, in.len);
	if (frame_parse(&f, pkt, in.len))
		check_frame(&f, pkt, in.len);
	free(pkt);
	return 0;
}
