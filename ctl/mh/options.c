// SPDX-License-Identifier: GPL-2.0
/* The options of a message: the walk over them, their order and alignment. */
#include "mh/wire.h"

#define OPT_PAD1	0
#define OPT_PADN	1

static const struct mh_option_def *find_def(uint8_t type)
{
	const struct mh_option_def *def;

	for (def = mh_option_defs; def->read; def++)
		if (def->type == type)
			return def;
	return NULL;
}

/* Bytes of data of which the length byte speaks */
static uint16_t data_len(uint8_t type, uint8_t len)
{
	return MH_IN_WORDS(type) ? (uint16_t)(2 + len * MH_WORD) : len;
}

static struct mh_result read_one(struct mh_opts *o,
				 const struct mh_option_def *def,
				 const struct mh_option *opt)
{
	struct mh_result r;

	if (opt->len < def->min || opt->len > def->max)
		return mh_fail(MH_ERR_OPT_LENGTH, opt->at + 1);
	/* RFC 5213 §8.1: of most options there cannot be more than one */
	if ((o->present & def->bit) && !def->many)
		return mh_fail(MH_ERR_TOO_MANY, opt->at);
	r = def->read(o, opt);
	if (!r.error)
		o->present |= def->bit;
	return r;
}

static bool left_unread(const struct mh_reader *rd, const struct mh_option_def *def)
{
	if (def->bit == MH_HAS_CONTEXT)
		return !(rd->lenient & MH_TRANSFER);
	return def->bit == MH_HAS_TIMESTAMP && (rd->lenient & MH_LENIENT_TIMESTAMP);
}

static void clear_groups(struct mh_groups *g)
{
	memset(g, 0, offsetof(struct mh_groups, group));
}

/**
 * mh_options_clear - have no option
 * @o: the options, whatever they were
 *
 * Flows, vendors' data and groups that no number counts are left as they were: they
 * are nine tenths of it, and hardly any message has one.
 */
void mh_options_clear(struct mh_opts *o)
{
	memset(o, 0, offsetof(struct mh_opts, flow));
	clear_groups(&o->listens);
	clear_groups(&o->refused);
}

/* The option at pos, which then is behind it */
static struct mh_result read_next(struct mh_opts *o, struct mh_reader *rd)
{
	struct mh_option opt = { .at = rd->pos, .lenient = rd->lenient };
	const uint8_t *p = rd->buf + rd->pos;
	const struct mh_option_def *def;

	if (p[0] == OPT_PAD1) {
		rd->pos++;
		return mh_ok();
	}
	if (rd->end - rd->pos < MH_OPT_HEADER)
		return mh_fail(MH_ERR_OPT_RUNS_OUT, opt.at);
	opt.len = data_len(p[0], p[1]);
	opt.data = p + MH_OPT_HEADER;
	if (opt.len > rd->end - rd->pos - MH_OPT_HEADER)
		return mh_fail(MH_ERR_OPT_RUNS_OUT, opt.at + 1);
	rd->pos += (size_t)MH_OPT_HEADER + opt.len;
	if (p[0] == OPT_PADN)
		return mh_ok();
	def = find_def(p[0]);
	if (def && !left_unread(rd, def))
		return read_one(o, def, &opt);
	o->unknown++;
	return mh_ok();
}

/**
 * mh_options_read - read all options of a message
 * @o: the result, cleared
 * @rd: the message, at its first option
 *
 * In any order, at any alignment; unknown ones are counted and skipped
 * (RFC 6275 §6.2.1).
 *
 * Return: MH_OK, or what was wrong with the first option that was.
 */
struct mh_result mh_options_read(struct mh_opts *o, struct mh_reader *rd)
{
	while (rd->pos < rd->end) {
		size_t at = rd->pos;
		struct mh_result r = read_next(o, rd);

		if (r.error && at >= rd->sure)
			break;
		if (r.error)
			return r;
	}
	return mh_ok();
}

/* RFC 6275 §6.2.2, §6.2.3: Pad1 for one byte, PadN for more */
static bool pad(struct mh_writer *w, size_t n)
{
	if (n > w->size - w->pos)
		return false;
	if (n == 1) {
		w->buf[w->pos] = OPT_PAD1;
	} else if (n) {
		memset(w->buf + w->pos, 0, n);
		w->buf[w->pos] = OPT_PADN;
		w->buf[w->pos + 1] = (uint8_t)(n - MH_OPT_HEADER);
	}
	w->pos += n;
	return true;
}

/*
 * RFC 5213 §8.6: the Link-layer Identifier is "aligned appropriately": an
 * identifier of 8 or 16 bytes is a field of 8, one of 4 or 12 a field of 4,
 * and the reserved field before any other is a field of 2.
 */
static size_t pad_before(const struct mh_option_def *def, size_t len, size_t pos)
{
	size_t align = def->align, shift = def->shift;

	if (!align) {
		size_t id = len - 2;

		align = id % 8 == 0 ? 8 : id % 4 == 0 ? 4 : 2;
		shift = align == 8 ? 4 : 0;
	}
	return (align + shift - pos % align) % align;
}

/* Whatever is written is read back, so that nothing leaves that we refuse. */
static struct mh_result write_one(const struct mh_opts *o, unsigned int i,
				  const struct mh_option_def *def,
				  struct mh_opts *check, struct mh_writer *w)
{
	uint8_t data[MH_WORDS_MAX];
	struct mh_option opt = {
		.data = data,
		/* more there can only be of flows */
		.lenient = i < FLOWS_MAX ? 0 : MH_FLOW_ALONE,
	};
	struct mh_result r;
	size_t len;

	memset(data, 0, def->max);
	len = def->write(o, i, data);
	if (len < def->min || len > def->max)
		return mh_fail(MH_ERR_OPT_LENGTH, w->pos + 1);
	if (!pad(w, pad_before(def, len, w->pos)) ||
	    MH_OPT_HEADER + len > w->size - w->pos)
		return mh_fail(MH_ERR_NO_ROOM, w->pos);
	opt.at = w->pos;
	opt.len = (uint16_t)len;
	r = read_one(check, def, &opt);
	if (r.error)
		return r;
	/* what a receiver would skip in it is no use to send */
	if (check->unknown || check->listens.foreign)
		return mh_fail(MH_ERR_OPT_VALUE, w->pos);
	w->buf[w->pos] = def->type;
	w->buf[w->pos + 1] = (uint8_t)(MH_IN_WORDS(def->type) ? (len - 2) / MH_WORD : len);
	memcpy(w->buf + w->pos + MH_OPT_HEADER, data, len);
	w->pos += MH_OPT_HEADER + len;
	return mh_ok();
}

static bool counts_fit(const struct mh_opts *o)
{
	return (!(o->present & MH_HAS_HNP) || o->n_hnp <= HNP_MAX) &&
	       (!(o->present & MH_HAS_MAG_ADDR) || o->n_mag <= PEERS_MAX) &&
	       (!(o->present & MH_HAS_BID) || o->n_bid <= PEERS_MAX) &&
	       (!(o->present & MH_HAS_FLOW) ||
		(o->n_flow <= FLOWS_MAX && o->n_spare <= MH_SPARE_FLOWS &&
		 (!o->n_spare || o->n_flow == FLOWS_MAX))) &&
	       (!(o->present & MH_HAS_VENDOR) || o->n_vendor <= MH_VENDORS_MAX) &&
	       (!(o->present & MH_HAS_WANTED) || o->n_wanted <= MH_WANTED_MAX) &&
	       (!(o->present & MH_HAS_LMA) || o->n_lma <= MH_LMAS_MAX) &&
	       (!(o->present & MH_HAS_CONTEXT) ||
		(o->n_entry <= PEERS_MAX && o->n_flow_state <= FLOWS_MAX)) &&
	       mh_groups_fit(&o->listens) && mh_groups_fit(&o->refused);
}

/**
 * mh_options_write - write the options whose bit is in present
 * @o: the options
 * @w: the message so far; ends at a multiple of 8 bytes
 *
 * In the order of the table, each at the alignment that its RFC asks for.
 *
 * Return: MH_OK, or MH_ERR_NO_ROOM, or what mh_options_read() would say.
 */
struct mh_result mh_options_write(const struct mh_opts *o, struct mh_writer *w)
{
	const struct mh_option_def *def;
	struct mh_opts check;

	mh_options_clear(&check);
	if (!counts_fit(o))
		return mh_fail(MH_ERR_TOO_MANY, w->pos);
	for (def = mh_option_defs; def->read; def++) {
		unsigned int n = def->count ? def->count(o) : 1;

		if (!(o->present & def->bit))
			continue;
		for (unsigned int i = 0; i < n; i++) {
			struct mh_result r = write_one(o, i, def, &check, w);

			if (r.error)
				return r;
		}
	}
	if (!pad(w, (MH_UNIT - w->pos % MH_UNIT) % MH_UNIT))
		return mh_fail(MH_ERR_NO_ROOM, w->pos);
	return mh_ok();
}
