// SPDX-License-Identifier: GPL-2.0
/*
 * What is beyond a limit is not looked at: a message costs no more than its header then,
 * whoever sends it.  Its sender repeats it (RFC 5213 §6.9.4), as one that was lost.
 *
 * Gateways whose hashes collide share a bucket: addresses that somebody makes up take no memory,
 * and nobody knows whose bucket his own is.
 */
#include "peer/limit.h"

#include "core/dict.h"

#include <stdlib.h>

#define PEER_RATE	10000
#define TOTAL_RATE	200000

/* Errors that are sent to whoever it is, RFC 4443 §2.4 (f) */
#define ERROR_RATE	50
#define ERROR_PEER_RATE	25
#define ERROR_BURST	50

#define TYPE_BYTE	2	/* RFC 6275 §6.1.1 */

/**
 * limit_defaults() - limits that no sound gateway reaches
 * @c: filled
 */
void limit_defaults(struct limit_conf *c)
{
	unsigned int k;

	for (k = 0; k < LIMIT_KINDS; k++) {
		c->of[k].peer = PEER_RATE;
		c->of[k].total = TOTAL_RATE;
	}
}

/**
 * limit_kind() - what a message counts as
 * @msg: its Mobility Header, not looked at in any other way yet
 * @len: its bytes
 *
 * A Binding Revocation Acknowledgement has the type of an Indication, and counts as one.
 *
 * Return: the kind; MH_KINDS where it is of none.
 */
unsigned int limit_kind(const uint8_t *msg, size_t len)
{
	enum mh_kind kind;

	return len > TYPE_BYTE && mh_kind_of(msg[TYPE_BYTE], &kind) ? kind : MH_KINDS;
}

/**
 * limit_kind_str() - what a kind is called
 * @kind: below LIMIT_KINDS
 *
 * Return: the text.
 */
const char *limit_kind_str(unsigned int kind)
{
	return kind < MH_KINDS ? mh_kind_str((enum mh_kind)kind) : "of an unknown type";
}

/**
 * limit_new() - begin to count
 * @c: the limits, which must outlive it
 *
 * Return: it, or NULL without memory.
 */
struct limit *limit_new(const struct limit_conf *c)
{
	struct limit *l = calloc(1, sizeof(*l));

	if (l)
		l->conf = c;
	return l;
}

static uint32_t slot_of(const struct in6_addr *a)
{
	return dict_hash(a, sizeof(*a)) % LIMIT_SLOTS;
}

/**
 * limit_allows() - whether one more message is within the limits; it is counted
 * @l: the limits
 * @kind: as limit_kind() has it
 * @from: its sender, as the IPv6 header says
 * @now: ns, of a monotonic clock
 *
 * What one gateway sends beyond its own limit takes nothing of the total.
 *
 * Return: false if it is not to be heard.
 */
bool limit_allows(struct limit *l, unsigned int kind, const struct in6_addr *from, uint64_t now)
{
	const uint32_t peer = l->conf->of[kind].peer, total = l->conf->of[kind].total;

	return bucket_take(&l->peer[slot_of(from)][kind], now, peer, peer) &&
	       bucket_take(&l->total[kind], now, total, total);
}

/**
 * limit_allows_error() - the same for a Binding Error or an ICMPv6 error that is to be sent
 * @l: the limits
 * @to: to whom
 * @now: ns, of a monotonic clock
 *
 * RFC 4443 §2.4 (f): 50 at once and 50 a second, of which half are for one address.
 *
 * Return: false if it is not to be sent.
 */
bool limit_allows_error(struct limit *l, const struct in6_addr *to, uint64_t now)
{
	return bucket_take(&l->error[slot_of(to)], now, ERROR_PEER_RATE, ERROR_BURST) &&
	       bucket_take(&l->errors, now, ERROR_RATE, ERROR_BURST);
}

/**
 * limit_free() - count no more
 * @l: the limits, may be NULL
 */
void limit_free(struct limit *l)
{
	free(l);
}
