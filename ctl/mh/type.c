// SPDX-License-Identifier: GPL-2.0
/* The numbers of the messages: assigned by IANA, but for this project's own. */
#include "mh/wire.h"

#include <errno.h>

#define LAST_ASSIGNED	23	/* Subscription Response, RFC 7161 §9 */

static uint8_t types[MH_KINDS] = {
	[MH_PBU] = 5,
	[MH_PBA] = 6,
	[MH_BE] = 7,
	[MH_HEARTBEAT] = 13,
	[MH_SHI] = 240,
	[MH_SHACK] = 241,
};

/**
 * mh_set_type - give one of this project's own messages another number
 * @kind: MH_SHI or MH_SHACK
 * @type: its MH Type, 24 to 255
 *
 * To be called at start only: nothing guards the table.
 *
 * Return: 0; -EINVAL if IANA has assigned the number, or if @kind is a message
 * whose number IANA has assigned; -EEXIST if another message has it.
 */
int mh_set_type(enum mh_kind kind, uint8_t type)
{
	if (kind != MH_SHI && kind != MH_SHACK)
		return -EINVAL;
	if (type <= LAST_ASSIGNED)
		return -EINVAL;
	for (unsigned int k = 0; k < MH_KINDS; k++)
		if (k != (unsigned int)kind && types[k] == type)
			return -EEXIST;
	types[kind] = type;
	return 0;
}

/**
 * mh_type - the number of a message on the wire
 * @kind: the message, below MH_KINDS
 *
 * Return: its MH Type.
 */
uint8_t mh_type(enum mh_kind kind)
{
	return types[kind];
}

/**
 * mh_kind_of - which message has a number
 * @type: MH Type
 * @kind: the message, untouched if there is none
 *
 * Return: false if this project knows no message of that type.
 */
bool mh_kind_of(uint8_t type, enum mh_kind *kind)
{
	for (unsigned int k = 0; k < MH_KINDS; k++) {
		if (types[k] == type) {
			*kind = (enum mh_kind)k;
			return true;
		}
	}
	return false;
}
