// SPDX-License-Identifier: GPL-2.0
/* The IPv6 packet around a message (RFC 3810 §5): what every one of them has. */
#include "mld/mld.h"

#include "core/bytes.h"
#include "core/checksum.h"

#define IP6_LEN		40
#define EXT_UNIT	8	/* lengths of extension headers */
#define EXT_LEN		8	/* the shortest one */
#define OPT_PAD1	0
#define OPT_PADN	1
#define OPT_ALERT	5	/* RFC 2711 §2.1 */
#define OPT_ALERT_LEN	2
#define OPT_ALERT_MLD	0	/* "Datagram contains a Multicast Listener Discovery message" */
#define OPT_ACTION	0xc0	/* RFC 8200 §4.2: 0 is "skip over this option" */

const struct in6_addr mld_all_nodes = { { { 0xff, 0x02, [15] = 0x01 } } };
const struct in6_addr mld_all_routers = { { { 0xff, 0x02, [15] = 0x16 } } };
const struct in6_addr mld_v1_routers = { { { 0xff, 0x02, [15] = 0x02 } } };

static bool known_type(uint8_t type)
{
	return type == MLD_TYPE_QUERY || type == MLD_TYPE_V1_REPORT ||
	       type == MLD_TYPE_V1_DONE || type == MLD_TYPE_REPORT;
}

static enum mld_error read_option(const uint8_t *opt, bool *alert)
{
	if (opt[0] == OPT_ALERT && opt[1] == OPT_ALERT_LEN)
		*alert |= get16(opt + 2) == OPT_ALERT_MLD;
	else if (opt[0] & OPT_ACTION)
		return MLD_ERR_HEADER;
	return MLD_OK;
}

/* The options of a Hop-by-Hop header, which is there whole or, with @len 0, not at all */
static enum mld_error read_options(const uint8_t *ext, size_t len)
{
	bool alert = false;
	size_t pos = 2;

	while (pos < len) {
		enum mld_error err;

		if (ext[pos] == OPT_PAD1) {
			pos++;
			continue;
		}
		if (len - pos < 2 || ext[pos + 1] > len - pos - 2)
			return MLD_ERR_HEADER;
		err = read_option(ext + pos, &alert);
		if (err)
			return err;
		pos += 2U + ext[pos + 1];
	}
	return alert ? MLD_OK : MLD_ERR_ALERT;
}

/* Where the message begins; only what is an MLD message is found fault with. */
static enum mld_error find_message(struct mld_packet *p, const uint8_t *buf, size_t len)
{
	const uint8_t *ext = buf + IP6_LEN;
	size_t ext_len = 0;
	uint8_t next = buf[6];

	if (next == IPPROTO_HOPOPTS) {
		if (len < IP6_LEN + EXT_LEN)
			return MLD_ERR_SHORT;
		next = ext[0];
		ext_len = (ext[1] + 1U) * EXT_UNIT;
	}
	if (next != IPPROTO_ICMPV6)
		return MLD_ERR_NOT_MLD;
	if (len < IP6_LEN + ext_len + 4)
		return MLD_ERR_SHORT;
	p->msg = ext + ext_len;
	p->len = len - IP6_LEN - ext_len;
	p->type = p->msg[0];
	if (!known_type(p->type))
		return MLD_ERR_NOT_MLD;
	return read_options(ext, ext_len);
}

/**
 * mld_packet_read() - check a packet, and find the message in it
 * @p: filled
 * @buf: an IPv6 packet
 * @len: bytes of it, link-layer padding included
 *
 * All that RFC 3810 §5, §6.2 and §7.4 want checked of every message: its source is
 * link-local, the hop limit 1, the Router Alert option there, the checksum right.  §5.2.13
 * wants reports from the unspecified address discarded by routers.
 *
 * Return: MLD_OK, or why the packet must be discarded; MLD_ERR_NOT_MLD if it has nothing
 * to do with MLD, and is to go wherever such packets go.
 */
enum mld_error mld_packet_read(struct mld_packet *p, const uint8_t *buf, size_t len)
{
	enum mld_error err;
	size_t total;

	if (len < IP6_LEN)
		return MLD_ERR_SHORT;
	if (buf[0] >> 4 != 6)
		return MLD_ERR_NOT_MLD;
	total = IP6_LEN + (size_t)get16(buf + 4);
	if (total > len)
		return MLD_ERR_SHORT;
	memcpy(&p->src, buf + 8, sizeof(p->src));
	memcpy(&p->dst, buf + 24, sizeof(p->dst));
	err = find_message(p, buf, total);
	if (err)
		return err;
	if (buf[7] != 1)
		return MLD_ERR_HOP_LIMIT;
	if (!IN6_IS_ADDR_LINKLOCAL(&p->src))
		return MLD_ERR_SOURCE;
	if (checksum6(IPPROTO_ICMPV6, p->msg, p->len, &p->src, &p->dst))
		return MLD_ERR_CHECKSUM;
	return MLD_OK;
}

/**
 * mld_packet_finish() - make an IPv6 packet of a message
 * @buf: MLD_HEADERS bytes of room, then the message with checksum 0
 * @msg_len: bytes of the message
 * @src: IPv6 source, link-local
 * @dst: IPv6 destination (RFC 3810 §5.1.15, §5.2.14)
 *
 * RFC 3810 §5: hop limit 1, and a Router Alert option in a Hop-by-Hop Options header.
 *
 * Return: bytes of the packet.
 */
size_t mld_packet_finish(uint8_t *buf, size_t msg_len, const struct in6_addr *src,
			 const struct in6_addr *dst)
{
	static const uint8_t alert[EXT_LEN] = {
		IPPROTO_ICMPV6, 0, OPT_ALERT, OPT_ALERT_LEN, 0, OPT_ALERT_MLD, OPT_PADN, 0,
	};
	uint8_t *msg = buf + MLD_HEADERS;

	memset(buf, 0, IP6_LEN);
	buf[0] = 6 << 4;
	put16(buf + 4, (uint16_t)(sizeof(alert) + msg_len));
	buf[6] = IPPROTO_HOPOPTS;
	buf[7] = 1;
	memcpy(buf + 8, src, sizeof(*src));
	memcpy(buf + 24, dst, sizeof(*dst));
	memcpy(buf + IP6_LEN, alert, sizeof(alert));
	put16(msg + 2, checksum6(IPPROTO_ICMPV6, msg, msg_len, src, dst));
	return MLD_HEADERS + msg_len;
}

/**
 * mld_strerror() - why a packet was discarded, for a log line
 * @e: the error
 *
 * Return: a constant string.
 */
const char *mld_strerror(enum mld_error e)
{
	switch (e) {
	case MLD_OK:
		return "valid";
	case MLD_ERR_NOT_MLD:
		return "not a message of MLD";
	case MLD_ERR_SHORT:
		return "cut off";
	case MLD_ERR_HOP_LIMIT:
		return "hop limit is not 1";
	case MLD_ERR_ALERT:
		return "no Router Alert option of MLD";
	case MLD_ERR_HEADER:
		return "Hop-by-Hop option that cannot be passed over";
	case MLD_ERR_SOURCE:
		return "source is not link-local";
	case MLD_ERR_CHECKSUM:
		return "wrong checksum";
	case MLD_ERR_LENGTH:
		return "no message has this length";
	case MLD_ERR_GROUP:
		return "address of no group";
	case MLD_ERR_LIMIT:
		return "more sources than allowed";
	}
	return "unknown error";
}
