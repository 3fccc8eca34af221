// SPDX-License-Identifier: GPL-2.0
/* Reports of version 2 (RFC 3810 §5.2), read record by record. */
#include "mld/mld.h"

#include "core/bytes.h"

#include <errno.h>

#define ADDR_LEN	16
#define AUX_UNIT	4
#define N_MAX		0xffff

/* Type, Aux Data Len, N; Multicast Address; sources; auxiliary data */
static size_t record_len(const uint8_t *rec)
{
	return MLD_RECORD_LEN + (size_t)get16(rec + 2) * ADDR_LEN + (size_t)rec[1] * AUX_UNIT;
}

/**
 * mld_report_open() - begin to read a report
 * @r: for mld_report_next()
 * @msg: what mld_packet_read() has found; must outlive @r
 * @len: bytes of it
 * @max_sources: records with more of them are passed over
 *
 * All records are there whole, or nothing of the report counts.  RFC 3810 §5.2.11: what
 * follows the last one is ignored.
 *
 * Return: MLD_OK, or why it must be discarded.
 */
enum mld_error mld_report_open(struct mld_report *r, const uint8_t *msg, size_t len,
			       unsigned int max_sources)
{
	size_t pos = MLD_REPORT_LEN;

	memset(r, 0, sizeof(*r));
	if (len < MLD_REPORT_LEN)
		return MLD_ERR_LENGTH;
	for (unsigned int n = get16(msg + 6); n; n--) {
		if (len - pos < MLD_RECORD_LEN || len - pos < record_len(msg + pos))
			return MLD_ERR_LENGTH;
		pos += record_len(msg + pos);
	}
	r->msg = msg;
	r->pos = MLD_REPORT_LEN;
	r->left = get16(msg + 6);
	r->max_sources = max_sources;
	return MLD_OK;
}

static bool known(const struct mld_record *rec)
{
	return rec->type >= MLD_IS_IN && rec->type <= MLD_BLOCK &&
	       IN6_IS_ADDR_MULTICAST(&rec->group);
}

/**
 * mld_report_next() - the next record
 * @r: what mld_report_open() has checked
 * @rec: filled; its sources stay in the message
 *
 * RFC 3810 §5.2.12: types that are not known are "silently ignored, with the rest of the
 * report being processed"; §5.2.10: auxiliary data is ignored.
 *
 * Return: false if there are no more.
 */
bool mld_report_next(struct mld_report *r, struct mld_record *rec)
{
	while (r->left) {
		const uint8_t *p = r->msg + r->pos;

		r->left--;
		r->pos += record_len(p);
		rec->type = p[0];
		memcpy(&rec->group, p + 4, sizeof(rec->group));
		rec->sources.bytes = p + MLD_RECORD_LEN;
		rec->sources.n = get16(p + 2);
		if (!known(rec))
			r->ignored++;
		else if (rec->sources.n > r->max_sources)
			r->refused++;
		else
			return true;
	}
	return false;
}

static int write_record(const struct mld_record *rec, uint8_t *p, size_t size)
{
	size_t len = MLD_RECORD_LEN + (size_t)rec->sources.n * ADDR_LEN;

	if (!known(rec) || rec->sources.n > N_MAX)
		return -EINVAL;
	if (len > size)
		return -ENOSPC;
	p[0] = rec->type;
	p[1] = 0;
	put16(p + 2, (uint16_t)rec->sources.n);
	memcpy(p + 4, &rec->group, sizeof(rec->group));
	if (rec->sources.n)
		memcpy(p + MLD_RECORD_LEN, rec->sources.bytes, len - MLD_RECORD_LEN);
	return (int)len;
}

/**
 * mld_report_write() - write a report
 * @recs: its records
 * @n: how many
 * @msg: where to write the ICMPv6 message, its checksum 0
 * @size: bytes in @msg
 *
 * Return: the length; -EINVAL for what no report has, -ENOSPC.
 */
int mld_report_write(const struct mld_record *recs, unsigned int n, uint8_t *msg, size_t size)
{
	size_t pos = MLD_REPORT_LEN;

	if (n > N_MAX)
		return -EINVAL;
	if (size < pos)
		return -ENOSPC;
	memset(msg, 0, pos);
	msg[0] = MLD_TYPE_REPORT;
	put16(msg + 6, (uint16_t)n);
	for (unsigned int i = 0; i < n; i++) {
		int len = write_record(&recs[i], msg + pos, size - pos);

		if (len < 0)
			return len;
		pos += (size_t)len;
	}
	return (int)pos;
}
