// SPDX-License-Identifier: GPL-2.0
/* HAcks, and HIs that come again because one was lost. */
#include "handover/request.h"

#include <string.h>

/* The flags of an HI as its answer has them, RFC 5949 §6.1.2; M: it has groups of its own */
static uint16_t flags_of(const struct mh_msg *hi, uint8_t code, const struct mh_opts *o)
{
	uint16_t f = HACK_F_P;

	if (code >= HACK_UNSPECIFIED)
		return f;
	f |= hi->flags & HI_F_U ? HACK_F_U : 0;
	f |= hi->flags & HI_F_F ? HACK_F_F : 0;
	return f | ((hi->flags & HI_F_M) || (o && o->present & MH_HAS_MULTICAST) ? HACK_F_M : 0);
}

static void transmit(struct handover *h, const struct in6_addr *to, const struct mh_msg *hack)
{
	h->counters.hack_tx++;
	h->env->ops->send_mh(h->env->ctx, &h->address, to, hack);
}

/**
 * answer_repeat() - answer an HI that comes again as the first was
 * @h: the handovers
 * @a: the last answer given to this gateway about this node
 * @to: the gateway
 * @hi: the message
 *
 * RFC 5568 §6.2.1.1: without a HAck the HI "SHOULD be resent": it is obeyed once.
 *
 * Return: false if it is another.
 */
bool answer_repeat(struct handover *h, const struct handover_answer *a,
		   const struct in6_addr *to, const struct mh_msg *hi)
{
	if (!a->given || a->hack.seq != hi->seq || a->flags != hi->flags || a->code != hi->code)
		return false;
	h->counters.hi_repeated++;
	transmit(h, to, &a->hack);
	return true;
}

/**
 * answer_give() - answer an HI (RFC 5949 §6.1.2)
 * @h: the handovers
 * @a: where to remember the answer, NULL: nowhere
 * @to: the gateway
 * @hi: its message
 * @code: enum hack_code
 * @o: what else is in it, NULL: nothing
 *
 * The number and the node's identifier are "copied from the corresponding HI message".
 */
void answer_give(struct handover *h, struct handover_answer *a, const struct in6_addr *to,
		 const struct mh_msg *hi, uint8_t code, const struct mh_opts *o)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_HACK;
	m.seq = hi->seq;
	m.code = code;
	m.flags = flags_of(hi, code, o);
	if (o)
		m.opts = *o;
	m.opts.present &= ~(uint32_t)MH_HAS_MN_ID;
	m.opts.present |= hi->opts.present & MH_HAS_MN_ID;
	m.opts.mn_id = hi->opts.mn_id;
	m.opts.mn_id_pad = hi->opts.mn_id_pad;
	h->counters.hi_refused += code >= HACK_UNSPECIFIED;
	transmit(h, to, &m);
	handover_notify(h, "hack-sent", &m.opts.mn_id, to, hack_code_str(code));
	if (!a)
		return;
	a->given = true;
	a->hack = m;
	a->flags = hi->flags;
	a->code = hi->code;
}
