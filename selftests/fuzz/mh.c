// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of any kind.  The first byte is which leniencies there are, and whether the checksum
 * is put right first; the rest is the message.
 */
#include "fuzz.h"

#include "mh/gen.h"

#define AS_IT_IS	0x80	/* the checksum, too */
#define LENIENT		0x1f

/* RFC 6275 §6.1.1 */
static void put_checksum(uint8_t *buf, size_t len)
{
	if (len < 6)
		return;
	gen_fix_checksum(buf, len);
}

/* What a message says that is not written: what was passed over in it */
static void forget_rest(struct mh_msg *m)
{
	m->opts.unknown = 0;
	m->opts.more_hnp = 0;
	m->opts.more_flow = 0;
	m->opts.more_vendor = 0;
	m->opts.more_wanted = 0;
	m->opts.mn_id_pad = 0;
	m->opts.listens.more = 0;
	m->opts.refused.more = 0;
	/* of another protocol's groups alone */
	if (!m->opts.listens.n_group)
		m->opts.present &= ~(uint32_t)(MH_HAS_SUBSCRIPTION | MH_HAS_MULTICAST);
	m->opts.listens.foreign = false;
	/* too short to have a name */
	if (!m->opts.n_flow)
		m->opts.present &= ~(uint32_t)MH_HAS_FLOW;
	/* of no entry and no flow */
	if (!m->opts.n_entry && !m->opts.n_flow_state)
		m->opts.present &= ~(uint32_t)MH_HAS_CONTEXT;
}

/* What has been read can be written, and says the same then (RFC 6275 §6.1) */
static void check_message(struct mh_msg *m, size_t len)
{
	uint8_t buf[MH_MAX], again[MH_MAX];
	static struct mh_msg back;
	struct mh_result r;
	int n;

	assert_true((unsigned int)m->kind < MH_KINDS);
	assert_non_null(mh_kind_str(m->kind));
	forget_rest(m);
	n = mh_encode(m, buf, sizeof(buf), &gen_src, &gen_dst, &r);
	if (n < 0) {
		/* what it did without padding may not fit with it */
		assert_true(r.error != MH_ERR_NO_ROOM || len > MH_MAX / 2);
		return;
	}
	assert_int_equal(n % 8, 0);
	assert_int_equal(gen_decode(&back, buf, (size_t)n, 0).error, MH_OK);
	assert_memory_equal(m, &back, offsetof(struct mh_msg, opts));
	assert_int_equal(m->opts.present, back.opts.present);
	assert_int_equal(mh_encode(&back, again, sizeof(again), &gen_src, &gen_dst, NULL), n);
	assert_memory_equal(buf, again, (size_t)n);
}

/**
 * LLVMFuzzerTestOneInput() - a message that has come
 * @data: leniencies and message
 * @size: bytes
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	const uint8_t how = take_byte(&in);
	static struct mh_msg m;
	struct mh_result r;
	uint8_t *buf;

	if (in.len > UINT16_MAX)
		return 0;
	buf = take_rest(&in);
	if (!(how & AS_IT_IS))
		put_checksum(buf, in.len);
	r = gen_decode(&m, buf, in.len, how & LENIENT);
	assert_non_null(mh_strerror(r.error));
	/* icmp6.c says in a Parameter Problem where it was */
	if (r.error)
		assert_true(r.offset <= in.len || r.error == MH_ERR_CHECKSUM);
	else
		check_message(&m, in.len);
	free(buf);
	return 0;
}
