// SPDX-License-Identifier: GPL-2.0
/*
 * Packets with MLD messages.  The first byte is whether the checksum is put right first, and how
 * many sources are wanted; the rest is the packet from its IPv6 header on.
 */
#include "fuzz.h"

#include "core/bytes.h"
#include "core/checksum.h"
#include "mld/mld.h"

#define AS_IT_IS	0x80
#define SOURCES		0x7f
#define IP6_LEN		40
#define RECORDS		64

static void put_checksum(uint8_t *pkt, size_t len)
{
	struct in6_addr src, dst;
	size_t off, total;

	if (len < MLD_HEADERS)
		return;
	total = IP6_LEN + (size_t)get16(pkt + 4);
	off = pkt[6] == IPPROTO_HOPOPTS ? IP6_LEN + (pkt[IP6_LEN + 1] + (size_t)1) * 8 : IP6_LEN;
	if (total > len || total < off + 4)
		return;
	memcpy(&src, pkt + 8, sizeof(src));
	memcpy(&dst, pkt + 24, sizeof(dst));
	put16(pkt + off + 2, 0);
	put16(pkt + off + 2, checksum6(IPPROTO_ICMPV6, pkt + off, total - off, &src, &dst));
}

/* RFC 3810 §5.1: a query that is taken can be sent on */
static void check_query(const struct mld_packet *p, unsigned int sources)
{
	struct mld_query q, back;
	uint8_t buf[MLD_QUERY_LEN + (SOURCES + 1) * 16];
	int n;

	if (mld_query_read(&q, p->msg, p->len, sources))
		return;
	assert_true(q.sources.n <= sources);
	n = mld_query_write(&q, buf, sizeof(buf));
	assert_true(n > 0);
	assert_int_equal(mld_query_read(&back, buf, (size_t)n, sources), MLD_OK);
	assert_int_equal(back.version, q.version);
	assert_int_equal(back.max_delay_ms, q.max_delay_ms);
	assert_int_equal(back.interval_s, q.interval_s);
	assert_int_equal(back.robustness, q.robustness);
	assert_memory_equal(&back.group, &q.group, sizeof(q.group));
	assert_int_equal(back.sources.n, q.sources.n);
}

/* RFC 3810 §5.2.10: "A Report that is [...]" taken is read to its end, and what it says written */
static void check_report(const struct mld_packet *p, unsigned int sources)
{
	struct mld_record recs[RECORDS], rec;
	unsigned int n = 0, all;
	struct mld_report r, back;
	static uint8_t buf[65536];
	int len;

	if (mld_report_open(&r, p->msg, p->len, sources))
		return;
	all = get16(p->msg + 6);
	while (mld_report_next(&r, &rec)) {
		assert_true(rec.sources.n <= sources);
		if (n < RECORDS)
			recs[n++] = rec;
		all--;
	}
	assert_int_equal(r.ignored + r.refused, all);
	len = mld_report_write(recs, n, buf, sizeof(buf));
	assert_true(len > 0);
	assert_int_equal(mld_report_open(&back, buf, (size_t)len, sources), MLD_OK);
	for (unsigned int i = 0; i < n; i++) {
		assert_true(mld_report_next(&back, &rec));
		assert_int_equal(rec.type, recs[i].type);
		assert_int_equal(rec.sources.n, recs[i].sources.n);
	}
	assert_false(mld_report_next(&back, &rec));
}

static void check_packet(const struct mld_packet *p, unsigned int sources)
{
	struct in6_addr group;

	if (p->type == MLD_TYPE_QUERY)
		check_query(p, sources);
	else if (p->type == MLD_TYPE_REPORT)
		check_report(p, sources);
	else if (!mld_v1_read(&group, p->msg, p->len))
		assert_true(IN6_IS_ADDR_MULTICAST(&group));
}

/**
 * LLVMFuzzerTestOneInput() - a packet that has come (RFC 3810 §5, RFC 2710 §3)
 * @data: how, and the packet
 * @size: bytes
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	const uint8_t how = take_byte(&in);
	struct mld_packet p;
	enum mld_error err;
	uint8_t *pkt;

	if (in.len > UINT16_MAX)
		return 0;
	pkt = take_rest(&in);
	if (!(how & AS_IT_IS))
		put_checksum(pkt, in.len);
	err = mld_packet_read(&p, pkt, in.len);
	assert_non_null(mld_strerror(err));
	if (!err) {
		assert_true(p.msg + p.len <= pkt + in.len);
		check_packet(&p, how & SOURCES);
	}
	free(pkt);
	return 0;
}
