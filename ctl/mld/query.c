// SPDX-License-Identifier: GPL-2.0
/* Queries of both versions (RFC 3810 §5.1, RFC 2710 §3). */
#include "mld/mld.h"

#include "core/bytes.h"

#include <errno.h>

#define ADDR_LEN	16
#define V1_DELAY_MAX	0xffff
#define QRV_MAX		7
#define S_FLAG		0x08
#define N_MAX		0xffff

/* RFC 3810 §5.1.5: zero, or "the multicast address being queried" */
static enum mld_error read_group(struct mld_query *q, const uint8_t *msg)
{
	memcpy(&q->group, msg + 8, sizeof(q->group));
	if (IN6_IS_ADDR_UNSPECIFIED(&q->group) || IN6_IS_ADDR_MULTICAST(&q->group))
		return MLD_OK;
	return MLD_ERR_GROUP;
}

static enum mld_error read_v2(struct mld_query *q, const uint8_t *msg, size_t len,
			      unsigned int max_sources)
{
	unsigned int n = get16(msg + 26);

	q->version = 2;
	q->max_delay_ms = mld_delay_of_code(get16(msg + 4));
	q->suppress = msg[24] & S_FLAG;
	q->robustness = msg[24] & QRV_MAX;
	q->interval_s = mld_interval_of_code(msg[25]);
	if (n > (len - MLD_QUERY_LEN) / ADDR_LEN)
		return MLD_ERR_LENGTH;
	/* §5.1.13: in a General Query both "are zero" */
	if (n && IN6_IS_ADDR_UNSPECIFIED(&q->group))
		return MLD_ERR_GROUP;
	if (n > max_sources)
		return MLD_ERR_LIMIT;
	q->sources.bytes = msg + MLD_QUERY_LEN;
	q->sources.n = n;
	return MLD_OK;
}

/**
 * mld_query_read() - read a query
 * @q: filled; its sources stay in @msg
 * @msg: what mld_packet_read() has found
 * @len: bytes of it
 * @max_sources: a query about more of them is refused
 *
 * RFC 3810 §8.1: 24 bytes are version 1, 28 and more version 2, others "MUST be silently
 * ignored"; §5.1.12: what follows the last source is ignored.
 *
 * Return: MLD_OK, or why it must be discarded.
 */
enum mld_error mld_query_read(struct mld_query *q, const uint8_t *msg, size_t len,
			      unsigned int max_sources)
{
	enum mld_error err;

	memset(q, 0, sizeof(*q));
	if (len != MLD_V1_LEN && len < MLD_QUERY_LEN)
		return MLD_ERR_LENGTH;
	err = read_group(q, msg);
	if (err)
		return err;
	if (len >= MLD_QUERY_LEN)
		return read_v2(q, msg, len, max_sources);
	/* §8.2.1: "the full range of this field is linear" */
	q->version = 1;
	q->max_delay_ms = get16(msg + 4);
	return MLD_OK;
}

static bool writable(const struct mld_query *q)
{
	bool general = IN6_IS_ADDR_UNSPECIFIED(&q->group);

	if (q->version != 1 && q->version != 2)
		return false;
	if (!general && !IN6_IS_ADDR_MULTICAST(&q->group))
		return false;
	return q->sources.n <= (general || q->version == 1 ? 0 : N_MAX);
}

/**
 * mld_query_write() - write a query
 * @q: what to ask; with version 1 no more than group and delay
 * @msg: where to write the ICMPv6 message, its checksum 0
 * @size: bytes in @msg
 *
 * RFC 3810 §5.1.8: a robustness above 7 is told as 0.  Times that have no code are told as
 * the next shorter one (§9.8).
 *
 * Return: the length; -EINVAL for a query that RFC 3810 does not have, -ENOSPC.
 */
int mld_query_write(const struct mld_query *q, uint8_t *msg, size_t size)
{
	size_t len = q->version == 1 ? MLD_V1_LEN :
				       MLD_QUERY_LEN + (size_t)q->sources.n * ADDR_LEN;

	if (!writable(q))
		return -EINVAL;
	if (len > size)
		return -ENOSPC;
	memset(msg, 0, len);
	msg[0] = MLD_TYPE_QUERY;
	memcpy(msg + 8, &q->group, sizeof(q->group));
	if (q->version == 1) {
		put16(msg + 4, q->max_delay_ms < V1_DELAY_MAX ? (uint16_t)q->max_delay_ms :
								V1_DELAY_MAX);
		return (int)len;
	}
	put16(msg + 4, mld_code_of_delay(q->max_delay_ms));
	msg[24] = q->robustness > QRV_MAX ? 0 : q->robustness;
	if (q->suppress)
		msg[24] |= S_FLAG;
	msg[25] = mld_code_of_interval(q->interval_s);
	put16(msg + 26, (uint16_t)q->sources.n);
	if (q->sources.n)
		memcpy(msg + MLD_QUERY_LEN, q->sources.bytes, (size_t)q->sources.n * ADDR_LEN);
	return (int)len;
}
