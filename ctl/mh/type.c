// SPDX-License-Identifier: GPL-2.0
/* The numbers of the messages: assigned by IANA, but for this project's own. */
#include "mh/wire.h"

#include <errno.h>

#define LAST_ASSIGNED	23	/* Subscription Response, RFC 7161 §9 */

const struct mh_own_types mh_default_types = {
	.shi = 240,
	.shack = 241,
	.fmi = 242,
	.fma = 243,
	.lma_ho_req = 244,
	.lma_ho_resp = 245,
	.lma_ho_init = 246,
	.lma_hack = 247,
};

static uint8_t types[MH_KINDS] = {
	[MH_PBU] = 5,
	[MH_PBA] = 6,
	[MH_BE] = 7,
	[MH_HEARTBEAT] = 13,
	[MH_SHI] = 240,
	[MH_SHACK] = 241,
	[MH_FMI] = 242,
	[MH_FMA] = 243,
	[MH_BRI] = 16,
	[MH_BRA] = 16,
	[MH_UPN] = 19,
	[MH_UPA] = 20,
	[MH_HI] = 14,
	[MH_HACK] = 15,
	[MH_SUBSCRIPTION_QUERY] = 22,
	[MH_SUBSCRIPTION_RESPONSE] = 23,
	[MH_LMA_HO_REQ] = 244,
	[MH_LMA_HO_RESP] = 245,
	[MH_LMA_HO_INIT] = 246,
	[MH_LMA_HACK] = 247,
};

/**
 * mh_set_types - give this project's own messages other numbers
 * @t: their MH Types, 24 to 255
 *
 * All at once, so that they can trade places.  To be called at start only:
 * nothing guards the table.
 *
 * Return: 0; -EINVAL if IANA has assigned a number; -EEXIST if two messages
 * would have the same; then all keep theirs.
 */
int mh_set_types(const struct mh_own_types *t)
{
	const uint8_t all[] = {
		t->shi, t->shack, t->fmi, t->fma,
		t->lma_ho_req, t->lma_ho_resp, t->lma_ho_init, t->lma_hack,
	};

	for (size_t i = 0; i < sizeof(all); i++) {
		if (all[i] <= LAST_ASSIGNED)
			return -EINVAL;
		for (size_t j = 0; j < i; j++)
			if (all[i] == all[j])
				return -EEXIST;
	}
	types[MH_SHI] = t->shi;
	types[MH_SHACK] = t->shack;
	types[MH_FMI] = t->fmi;
	types[MH_FMA] = t->fma;
	types[MH_LMA_HO_REQ] = t->lma_ho_req;
	types[MH_LMA_HO_RESP] = t->lma_ho_resp;
	types[MH_LMA_HO_INIT] = t->lma_ho_init;
	types[MH_LMA_HACK] = t->lma_hack;
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
 * Of BRI and BRA, which share a number, it is BRI.
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
