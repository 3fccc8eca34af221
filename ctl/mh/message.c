// SPDX-License-Identifier: GPL-2.0
/* Mobility Header messages: the header, the fixed fields, and the checks. */
#include "mh/wire.h"

#define PAYLOAD_PROTO	59	/* no next header */
#define PBU_FLAGS	0xffe0	/* the rest of each is reserved: */
#define PBA_FLAGS	0xfc	/* zero when sent, ignored when received */
#define HB_FLAGS	(HB_F_U | HB_F_R)
#define SHI_FLAGS	SHI_F_A
#define BR_FLAGS	(BR_F_P | BR_F_V | BR_F_G)
#define UPN_FLAGS	(UPN_F_A | UPN_F_D)
#define HI_FLAGS	(HI_F_S | HI_F_U | HI_F_P | HI_F_F | HI_F_M)
#define HACK_FLAGS	(HACK_F_U | HACK_F_P | HACK_F_F | HACK_F_M)
#define SUB_FLAGS	SUB_F_I
#define RESP_FLAGS	LMA_HO_RESP_F_U

#define FM_INITIATE	0x80	/* FMI and FMA: which of the two it is */
#define BR_INDICATION	1	/* B.R. Type, RFC 5846 §5 */
#define BR_ACK		2

/* Offsets of what tells messages of one shape apart */
#define AT_BR_TYPE	6
#define AT_FM_INITIATE	8

/* Bytes up to the options */
static size_t fixed_len(enum mh_kind kind)
{
	if (kind == MH_SUBSCRIPTION_QUERY || kind == MH_SUBSCRIPTION_RESPONSE)
		return 8;
	if (kind == MH_HI || kind == MH_HACK || kind == MH_LMA_HO_REQ || kind == MH_LMA_HO_RESP ||
	    kind == MH_LMA_HACK)
		return 10;
	if (kind == MH_LMA_HO_INIT)
		return 14;
	return kind == MH_BE ? 24 : 12;
}

/* What the header says of the whole message's length */
static size_t total_len(const uint8_t *buf)
{
	return ((size_t)buf[MH_AT_LEN] + 1) * MH_UNIT;
}

/* The four of the LMA handover draft, which it does not draw */
static void read_lma_handover(struct mh_msg *m, const uint8_t *p)
{
	m->seq = get16(p);
	if (m->kind == MH_LMA_HO_REQ)
		m->reason = p[2];
	if (m->kind == MH_LMA_HO_RESP) {
		m->status = p[2];
		m->flags = p[3] & RESP_FLAGS;
	}
	if (m->kind == MH_LMA_HO_INIT || m->kind == MH_LMA_HACK)
		m->code = p[2];
	if (m->kind == MH_LMA_HO_INIT)
		m->lifetime = get16(p + 4);
	if (m->kind == MH_LMA_HACK)
		m->status = p[3];
}

static void write_lma_handover(const struct mh_msg *m, uint8_t *p)
{
	put16(p, m->seq);
	if (m->kind == MH_LMA_HO_REQ)
		p[2] = (uint8_t)m->reason;
	if (m->kind == MH_LMA_HO_RESP) {
		p[2] = m->status;
		p[3] = (uint8_t)(m->flags & RESP_FLAGS);
	}
	if (m->kind == MH_LMA_HO_INIT || m->kind == MH_LMA_HACK)
		p[2] = m->code;
	if (m->kind == MH_LMA_HO_INIT)
		put16(p + 4, m->lifetime);
	if (m->kind == MH_LMA_HACK)
		p[3] = m->status;
}

static void read_fixed(struct mh_msg *m, const uint8_t *p)
{
	switch (m->kind) {
	case MH_PBU:
	case MH_SHI:
		m->seq = get16(p);
		m->flags = get16(p + 2) & (m->kind == MH_PBU ? PBU_FLAGS : SHI_FLAGS);
		m->lifetime = get16(p + 4);
		break;
	case MH_PBA:
		m->status = p[0];
		m->flags = p[1] & PBA_FLAGS;
		m->seq = get16(p + 2);
		m->lifetime = get16(p + 4);
		break;
	case MH_SHACK:
		m->seq = get16(p);
		m->status = p[3];
		m->lifetime = get16(p + 4);
		break;
	case MH_BE:
		m->status = p[0];
		memcpy(&m->home, p + 2, sizeof(m->home));
		break;
	case MH_HEARTBEAT:
		m->flags = get16(p) & HB_FLAGS;
		m->hb_seq = get32(p + 2);
		break;
	case MH_FMI:
	case MH_FMA:
		m->seq = get16(p);
		m->status = m->kind == MH_FMA ? p[3] : 0;
		m->lifetime = get16(p + 4);
		break;
	case MH_BRI:
	case MH_BRA:
		*(m->kind == MH_BRI ? &m->trigger : &m->status) = p[1];
		m->seq = get16(p + 2);
		m->flags = get16(p + 4) & BR_FLAGS;
		break;
	case MH_UPN:
		m->seq = get16(p);
		m->reason = get16(p + 2);
		m->flags = get16(p + 4) & UPN_FLAGS;
		break;
	case MH_UPA:
		m->seq = get16(p);
		m->status = p[2];
		break;
	case MH_HI:
	case MH_HACK:
		m->seq = get16(p);
		m->flags = p[2] & (m->kind == MH_HI ? HI_FLAGS : HACK_FLAGS);
		m->code = p[3];
		break;
	case MH_SUBSCRIPTION_QUERY:
	case MH_SUBSCRIPTION_RESPONSE:
		m->seq = p[0];
		m->flags = m->kind == MH_SUBSCRIPTION_RESPONSE ? p[1] & SUB_FLAGS : 0;
		break;
	case MH_LMA_HO_REQ:
	case MH_LMA_HO_RESP:
	case MH_LMA_HO_INIT:
	case MH_LMA_HACK:
		read_lma_handover(m, p);
		break;
	case MH_KINDS:
		break;
	}
}

static void write_fixed(const struct mh_msg *m, uint8_t *p)
{
	switch (m->kind) {
	case MH_PBU:
	case MH_SHI:
		put16(p, m->seq);
		put16(p + 2, m->flags & (m->kind == MH_PBU ? PBU_FLAGS : SHI_FLAGS));
		put16(p + 4, m->lifetime);
		break;
	case MH_PBA:
		p[0] = m->status;
		p[1] = (uint8_t)(m->flags & PBA_FLAGS);
		put16(p + 2, m->seq);
		put16(p + 4, m->lifetime);
		break;
	case MH_SHACK:
		put16(p, m->seq);
		p[3] = m->status;
		put16(p + 4, m->lifetime);
		break;
	case MH_BE:
		p[0] = m->status;
		memcpy(p + 2, &m->home, sizeof(m->home));
		break;
	case MH_HEARTBEAT:
		put16(p, m->flags & HB_FLAGS);
		put32(p + 2, m->hb_seq);
		break;
	case MH_FMI:
	case MH_FMA:
		put16(p, m->seq);
		if (m->kind == MH_FMI)
			p[2] = FM_INITIATE;
		else
			p[3] = m->status;
		put16(p + 4, m->lifetime);
		break;
	case MH_BRI:
	case MH_BRA:
		p[0] = m->kind == MH_BRI ? BR_INDICATION : BR_ACK;
		p[1] = m->kind == MH_BRI ? m->trigger : m->status;
		put16(p + 2, m->seq);
		put16(p + 4, m->flags & BR_FLAGS);
		break;
	case MH_UPN:
		put16(p, m->seq);
		put16(p + 2, m->reason);
		put16(p + 4, m->flags & UPN_FLAGS);
		break;
	case MH_UPA:
		put16(p, m->seq);
		p[2] = m->status;
		break;
	case MH_HI:
	case MH_HACK:
		put16(p, m->seq);
		p[2] = (uint8_t)(m->flags & (m->kind == MH_HI ? HI_FLAGS : HACK_FLAGS));
		p[3] = m->code;
		break;
	case MH_SUBSCRIPTION_QUERY:
	case MH_SUBSCRIPTION_RESPONSE:
		p[0] = (uint8_t)m->seq;
		if (m->kind == MH_SUBSCRIPTION_RESPONSE)
			p[1] = (uint8_t)(m->flags & SUB_FLAGS);
		break;
	case MH_LMA_HO_REQ:
	case MH_LMA_HO_RESP:
	case MH_LMA_HO_INIT:
	case MH_LMA_HACK:
		write_lma_handover(m, p);
		break;
	case MH_KINDS:
		break;
	}
}

/*
 * Over the header length, as RFC 6275 §6.1.1 says; over the whole packet if
 * that is shorter, or also if the leniency allows bytes that follow.
 */
static bool checksum_valid(const uint8_t *buf, size_t len,
			   const struct in6_addr *src,
			   const struct in6_addr *dst, unsigned int lenient)
{
	size_t total = total_len(buf);

	if (total <= len && !mh_checksum(buf, total, src, dst))
		return true;
	if (total <= len && !(lenient & MH_LENIENT_LENGTH))
		return false;
	return !mh_checksum(buf, len, src, dst);
}

/*
 * Which of two messages of one shape it is: RFC 5846 §5 has one number for
 * both, the flow mobility draft (§4) a flag beside the number.
 */
static struct mh_result tell_apart(struct mh_msg *msg, const uint8_t *buf)
{
	if (msg->kind == MH_BRI && buf[AT_BR_TYPE] == BR_ACK)
		msg->kind = MH_BRA;
	else if (msg->kind == MH_BRI && buf[AT_BR_TYPE] != BR_INDICATION)
		return mh_fail(MH_ERR_FIELD, AT_BR_TYPE);
	/* messages of other shapes may have ended by there */
	if ((msg->kind == MH_FMI && !(buf[AT_FM_INITIATE] & FM_INITIATE)) ||
	    (msg->kind == MH_FMA && (buf[AT_FM_INITIATE] & FM_INITIATE)))
		return mh_fail(MH_ERR_FIELD, AT_FM_INITIATE);
	return mh_ok();
}

/* RFC 6275 §9.2, in its order */
static struct mh_result check_header(struct mh_msg *msg, const uint8_t *buf,
				     size_t len, const struct in6_addr *src,
				     const struct in6_addr *dst,
				     unsigned int lenient)
{
	size_t total;

	/* without a checksum field nothing can be verified: silence, too */
	if (len < MH_AT_DATA || len > UINT16_MAX ||
	    !checksum_valid(buf, len, src, dst, lenient))
		return mh_fail(MH_ERR_CHECKSUM, MH_AT_CHECKSUM);
	msg->type = buf[MH_AT_TYPE];
	if (!mh_kind_of(msg->type, &msg->kind))
		return mh_fail(MH_ERR_TYPE, MH_AT_TYPE);
	if (buf[MH_AT_PROTO] != PAYLOAD_PROTO)
		return mh_fail(MH_ERR_PROTO, MH_AT_PROTO);
	total = total_len(buf);
	if (total < fixed_len(msg->kind) || total > len)
		return mh_fail(MH_ERR_SHORT, MH_AT_LEN);
	if (total < len && !(lenient & MH_LENIENT_LENGTH))
		return mh_fail(MH_ERR_SHORT, MH_AT_LEN);
	return tell_apart(msg, buf);
}

/* What comes with a request can be more than we hold: its sender is told. */
static bool is_request(enum mh_kind kind)
{
	return kind == MH_PBU || kind == MH_FMI || kind == MH_BRI || kind == MH_UPN ||
	       kind == MH_HI || kind == MH_SUBSCRIPTION_QUERY || kind == MH_LMA_HO_REQ;
}

/**
 * mh_clear - have neither a field nor an option
 * @msg: the message, whatever it was
 *
 * What no number in it counts is left as it was: see mh_options_clear().
 */
void mh_clear(struct mh_msg *msg)
{
	memset(msg, 0, offsetof(struct mh_msg, opts));
	mh_options_clear(&msg->opts);
}

/**
 * mh_decode - read and validate a Mobility Header message
 * @msg: the result; after an error only what was read before it, with kind
 *	 MH_KINDS if it was not even known which message it is
 * @buf: the Mobility Header, from its Payload Proto byte on
 * @len: bytes received
 * @src: IPv6 source address, for the checksum
 * @dst: IPv6 destination address
 * @lenient: MH_LENIENT_* bits
 *
 * The checks of RFC 6275 §9.2 in its order: checksum, type, payload proto,
 * header length.  A header length other than the packet's is MH_ERR_SHORT at
 * the Header Len byte in either direction.  Then MH_ERR_FIELD if the message
 * contradicts its own type.  Then the options: see option.c.
 * Nothing beyond @len is read, whatever the bytes say.
 *
 * Return: MH_OK, or the error and the offset of the byte that was wrong.
 */
struct mh_result mh_decode(struct mh_msg *msg, const uint8_t *buf, size_t len,
			   const struct in6_addr *src,
			   const struct in6_addr *dst, unsigned int lenient)
{
	struct mh_reader rd = { .buf = buf, .lenient = lenient };
	struct mh_result r;

	mh_clear(msg);
	msg->kind = MH_KINDS;
	r = check_header(msg, buf, len, src, dst, lenient);
	if (r.error)
		return r;
	read_fixed(msg, buf + MH_AT_DATA);
	if (msg->kind == MH_PBA && (lenient & MH_LENIENT_P_FLAG))
		msg->flags |= PBA_F_P;
	if (is_request(msg->kind))
		rd.lenient |= MH_COUNT_MORE;
	/* RFC 6089 §4.2: a flow's "is not relevant to the binding update message as a whole" */
	if (msg->kind == MH_PBU || msg->kind == MH_PBA)
		rd.lenient |= MH_FLOW_ALONE;
	if (msg->kind == MH_LMA_HO_INIT)
		rd.lenient |= MH_TRANSFER;
	rd.pos = fixed_len(msg->kind);
	/* beyond the header length there may be options, or anything */
	rd.sure = total_len(buf);
	rd.end = len;
	return mh_options_read(&msg->opts, &rd);
}

static struct mh_result encode(const struct mh_msg *msg, struct mh_writer *w)
{
	if ((unsigned int)msg->kind >= MH_KINDS)
		return mh_fail(MH_ERR_TYPE, MH_AT_TYPE);
	if (w->size < fixed_len(msg->kind))
		return mh_fail(MH_ERR_NO_ROOM, 0);
	memset(w->buf, 0, fixed_len(msg->kind));
	w->buf[MH_AT_PROTO] = PAYLOAD_PROTO;
	w->buf[MH_AT_TYPE] = mh_type(msg->kind);
	write_fixed(msg, w->buf + MH_AT_DATA);
	w->pos = fixed_len(msg->kind);
	return mh_options_write(&msg->opts, w);
}

/**
 * mh_encode - write a Mobility Header message
 * @msg: the message; its type is that of its kind, reserved flag bits are
 *	 left out, and options are those whose bit is in opts.present
 * @buf: where to write it
 * @size: bytes in @buf; MH_MAX is always enough, in a PBA for spare flows, too
 * @src: IPv6 source address that the packet will have, for the checksum
 * @dst: IPv6 destination address
 * @res: where to say why not, may be NULL
 *
 * Return: the length, a multiple of 8, or -1.
 */
int mh_encode(const struct mh_msg *msg, uint8_t *buf, size_t size,
	      const struct in6_addr *src, const struct in6_addr *dst,
	      struct mh_result *res)
{
	struct mh_writer w = {
		.buf = buf,
		.size = size < MH_MAX ? size : MH_MAX,
	};
	struct mh_result r = encode(msg, &w);

	if (res)
		*res = r;
	if (r.error)
		return -1;
	buf[MH_AT_LEN] = (uint8_t)(w.pos / MH_UNIT - 1);
	put16(buf + MH_AT_CHECKSUM, mh_checksum(buf, w.pos, src, dst));
	return (int)w.pos;
}
