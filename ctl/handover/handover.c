// SPDX-License-Identifier: GPL-2.0
/* From a Handover Initiate to the end of the handover that it concerns. */
#include "handover/request.h"

#include <string.h>

/**
 * handover_outcome_str() - how a handover ended
 * @o: the outcome
 *
 * Return: a constant string.
 */
const char *handover_outcome_str(enum handover_outcome o)
{
	static const char *const name[] = {
		"done", "back", "refused", "silence", "unsupported", "failed", "expired",
		"elsewhere",
	};

	return name[o];
}

/**
 * handover_notify() - a line for who watches
 * @h: the handovers
 * @event: its name
 * @id: the node
 * @peer: the other gateway
 * @detail: more of it, may be NULL
 */
void handover_notify(struct handover *h, const char *event, const struct mn_id *id,
		     const struct in6_addr *peer, const char *detail)
{
	struct notice n = { .event = event, .mn = id, .peer = peer, .detail = detail };

	h->env->ops->notify(h->env->ctx, &n);
}

/**
 * handover_wants() - what a Handover Initiate says or asks for, in words
 * @hi: the message
 *
 * Return: a constant string: its code, or what its flags say where that says nothing.
 */
const char *handover_wants(const struct mh_msg *hi)
{
	if (hi->code == HI_CODE_NONE && hi->flags & HI_F_F)
		return "forward";
	if (hi->code == HI_CODE_NONE && hi->flags & HI_F_U)
		return "hold";
	return hi_code_str(hi->code);
}

/**
 * handover_init() - nobody comes or goes
 * @h: the handovers
 * @env: their world
 * @conf: how long everything takes; must outlive them
 * @ops: whose the nodes are; must outlive them
 * @arg: for @ops
 * @address: from which this gateway sends
 */
void handover_init(struct handover *h, struct env *env, const struct handover_conf *conf,
		   const struct handover_ops *ops, void *arg, const struct in6_addr *address)
{
	memset(h, 0, sizeof(*h));
	h->env = env;
	h->conf = conf;
	h->ops = ops;
	h->arg = arg;
	h->address = *address;
	h->seq = (uint16_t)env->ops->random(env->ctx);
}

/**
 * handover_free() - forget all of them
 * @h: the handovers; nobody is told
 */
void handover_free(struct handover *h)
{
	leaving_free_all(h);
	arrival_free_all(h);
	request_cancel_all(h);
}

/*
 * RFC 5949 §4.1 (c): who sees a node off says its prefixes, who has it now asks for them.  Who
 * ends forwarding (§6.1.1, code 2) may say them as well.
 */
static bool announces(const struct mh_msg *hi)
{
	return hi->code != HI_CODE_FORWARDED &&
	       (hi->opts.present & (MH_HAS_HNP | MH_HAS_IPV4_REQUEST));
}

/**
 * handover_on_hi() - a Handover Initiate (RFC 5949 §6.1.1)
 * @h: the handovers
 * @src: its sender, a gateway of the domain
 * @hi: the message
 *
 * One without P is RFC 5568's, for nodes that have mobility of their own: nobody here.
 * One that ends what has ended already is agreed to: its first answer was lost.
 */
void handover_on_hi(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi)
{
	h->counters.hi_rx++;
	if (IN6_IS_ADDR_MULTICAST(src) || IN6_IS_ADDR_UNSPECIFIED(src) || !(hi->flags & HI_F_P)) {
		h->counters.hi_discarded++;
		return;
	}
	handover_notify(h, "hi-received", &hi->opts.mn_id, src, handover_wants(hi));
	if (!(hi->opts.present & MH_HAS_MN_ID))
		answer_give(h, NULL, src, hi, HACK_UNSPECIFIED, NULL);
	else if (announces(hi))
		arrival_announced(h, src, hi);
	else if (leaving_on_hi(h, src, hi) || arrival_on_hi(h, src, hi))
		return;
	else if (hi->code == HI_CODE_FORWARDED)
		answer_give(h, NULL, src, hi, HACK_OK, NULL);
	else
		leaving_claimed(h, src, hi);
}
