// SPDX-License-Identifier: GPL-2.0
/* Messages to packets: what each kind is sent to (RFC 3810 §5.1.15, §5.2.14). */
#include "multicast/packet.h"

#include "core/log.h"

#define ROOM	(MCAST_PACKET_MAX - MLD_HEADERS)

static void finish(struct mcast_packet *p, int len, const struct in6_addr *src,
		   const struct in6_addr *dst)
{
	p->len = 0;
	if (len < 0)
		log_ratelimited(LOG_ERR, "an MLD message does not fit: %s", strerror(-len));
	else
		p->len = mld_packet_finish(p->bytes, (size_t)len, src, dst);
}

/**
 * mcast_packet_query() - a query
 * @p: filled
 * @src: link-local
 * @q: what it asks
 *
 * RFC 3810 §5.1.15: "General Queries are sent to the link-scope all-nodes multicast
 * address", the others to the group that they are about.
 */
void mcast_packet_query(struct mcast_packet *p, const struct in6_addr *src,
			const struct mld_query *q)
{
	finish(p, mld_query_write(q, p->bytes + MLD_HEADERS, ROOM), src,
	       IN6_IS_ADDR_UNSPECIFIED(&q->group) ? &mld_all_nodes : &q->group);
}

/**
 * mcast_packet_report() - a report of version 2
 * @p: filled
 * @src: link-local
 * @recs: its records
 * @n: how many
 */
void mcast_packet_report(struct mcast_packet *p, const struct in6_addr *src,
			 const struct mld_record *recs, unsigned int n)
{
	finish(p, mld_report_write(recs, n, p->bytes + MLD_HEADERS, ROOM), src,
	       &mld_all_routers);
}

/**
 * mcast_packet_v1() - Report or Done of version 1
 * @p: filled
 * @src: link-local
 * @type: which of them
 * @group: about which group
 *
 * RFC 2710 §4: a Report goes to the group itself, Done to all routers.
 */
void mcast_packet_v1(struct mcast_packet *p, const struct in6_addr *src, enum mld_kind type,
		     const struct in6_addr *group)
{
	finish(p, mld_v1_write(type, group, p->bytes + MLD_HEADERS, ROOM), src,
	       type == MLD_TYPE_V1_DONE ? &mld_v1_routers : group);
}

/**
 * mcast_packet_send() - let a packet leave
 * @p: the packet
 * @env: by whom
 * @to: where it goes; the packet is filled in
 */
void mcast_packet_send(const struct mcast_packet *p, struct env *env, struct mld_out *to)
{
	if (!p->len)
		return;
	to->packet = p->bytes;
	to->len = p->len;
	env->ops->send_mld(env->ctx, to);
}

/**
 * mcast_packet_read() - find the message in a packet that has come
 * @p: filled
 * @packet: an IPv6 packet
 * @len: bytes of it
 * @invalid: counts messages that are discarded; what is none of MLD does not count
 *
 * Return: whether there is one.
 */
bool mcast_packet_read(struct mld_packet *p, const uint8_t *packet, size_t len,
		       uint64_t *invalid)
{
	enum mld_error e = mld_packet_read(p, packet, len);

	*invalid += e != MLD_OK && e != MLD_ERR_NOT_MLD;
	return e == MLD_OK;
}

/**
 * mcast_tunnel_addr() - the address by which a gateway speaks MLD in its tunnels
 * @gateway: its address as the tunnels' end
 *
 * Only the two ends hear of it, and they know each other by the outer addresses.
 *
 * Return: the link-local address with the same interface identifier.
 */
struct in6_addr mcast_tunnel_addr(const struct in6_addr *gateway)
{
	struct in6_addr a = { { { 0xfe, 0x80 } } };

	memcpy(a.s6_addr + 8, gateway->s6_addr + 8, 8);
	return a;
}
