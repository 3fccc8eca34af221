// SPDX-License-Identifier: GPL-2.0
/* Report and Done of version 1 (RFC 2710 §3): nothing but an address. */
#include "mld/mld.h"

#include <errno.h>

/**
 * mld_v1_read() - read a Report or a Done of version 1
 * @group: set
 * @msg: what mld_packet_read() has found
 * @len: bytes of it
 *
 * RFC 2710 §3.7: what follows the first 24 bytes is ignored.
 *
 * Return: MLD_OK, or why it must be discarded.
 */
enum mld_error mld_v1_read(struct in6_addr *group, const uint8_t *msg, size_t len)
{
	if (len < MLD_V1_LEN)
		return MLD_ERR_LENGTH;
	memcpy(group, msg + 8, sizeof(*group));
	return IN6_IS_ADDR_MULTICAST(group) ? MLD_OK : MLD_ERR_GROUP;
}

/**
 * mld_v1_write() - write a Report or a Done of version 1
 * @type: MLD_TYPE_V1_REPORT or MLD_TYPE_V1_DONE
 * @group: what is listened to, or not any more
 * @msg: where to write the ICMPv6 message, its checksum 0
 * @size: bytes in @msg
 *
 * Return: the length; -EINVAL for another type or no group, -ENOSPC.
 */
int mld_v1_write(enum mld_kind type, const struct in6_addr *group, uint8_t *msg, size_t size)
{
	if (type != MLD_TYPE_V1_REPORT && type != MLD_TYPE_V1_DONE)
		return -EINVAL;
	if (!IN6_IS_ADDR_MULTICAST(group))
		return -EINVAL;
	if (size < MLD_V1_LEN)
		return -ENOSPC;
	memset(msg, 0, MLD_V1_LEN);
	msg[0] = (uint8_t)type;
	memcpy(msg + 8, group, sizeof(*group));
	return MLD_V1_LEN;
}
