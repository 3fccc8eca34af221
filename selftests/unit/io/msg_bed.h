/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of generic netlink that are built and read, without a socket. */
#ifndef SELFTESTS_UNIT_IO_MSG_BED_H
#define SELFTESTS_UNIT_IO_MSG_BED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <linux/genetlink.h>
#include <string.h>

#include "io/genl.h"
#include "io/pmip_msg.h"

static char buf[GENL_MSG_MAX];

static inline struct nlmsghdr *message(uint8_t cmd)
{
	memset(buf, 0xee, sizeof(buf));
	return genl_message(buf, 29, cmd, NLM_F_ACK, 7);
}

static inline const struct nlattr *find(const struct nlmsghdr *nlh, uint16_t type,
					unsigned int nth)
{
	const struct nlattr *a;

	mnl_attr_for_each(a, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(a) == type && !nth--)
			return a;
	return NULL;
}

static inline const struct nlattr *find_nested(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *a;

	mnl_attr_for_each_nested(a, nest)
		if (mnl_attr_get_type(a) == type)
			return a;
	return NULL;
}

#endif
