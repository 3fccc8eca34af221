// SPDX-License-Identifier: GPL-2.0
/* A flow, as a Flow Identification option says it (RFC 6089 §4.2). */
#include "flow/option.h"

#include <string.h>

/**
 * flow_option_of() - say a whole flow
 * @s: the flow; without binding identifiers none is named
 * @action: enum flow_action
 *
 * Return: the option.
 */
struct mh_flow flow_option_of(const struct flow_spec *s, uint8_t action)
{
	struct mh_flow f = {
		.fid = s->fid, .pri = s->pri, .selector = s->selector, .action = action,
		.present = MH_FLOW_HAS_SELECTOR | MH_FLOW_HAS_ACTION, .n_bid = s->n_bid,
	};

	if (s->n_bid)
		f.present |= MH_FLOW_HAS_BIDS;
	memcpy(f.bid, s->bid, s->n_bid * sizeof(*s->bid));
	return f;
}

/**
 * flow_option_apply() - what an option says of a flow
 * @f: the option; its selector is the caller's to judge, and to normalise
 * @s: the flow as it is known; what the option lacks stays (RFC 6089 §5.3.2.2)
 */
void flow_option_apply(const struct mh_flow *f, struct flow_spec *s)
{
	s->fid = f->fid;
	s->pri = f->pri;
	if (f->present & MH_FLOW_HAS_SELECTOR)
		s->selector = f->selector;
	if (!(f->present & MH_FLOW_HAS_BIDS))
		return;
	s->n_bid = f->n_bid;
	memcpy(s->bid, f->bid, sizeof(s->bid));
}

static uint16_t fid_of(const struct mh_opts *o, unsigned int i)
{
	return i < o->n_flow ? o->flow[i].fid : o->spare[i - o->n_flow].fid;
}

/**
 * flow_option_twice() - whether another option is of the same flow
 * @o: all options of a message
 * @nth: which, those that do not fit behind the others
 *
 * RFC 6089 §5.3.2: then all of the message "MUST be rejected".
 *
 * Return: true if so; not of what has no FID.
 */
bool flow_option_twice(const struct mh_opts *o, unsigned int nth)
{
	const uint16_t fid = fid_of(o, nth);

	for (unsigned int i = 0; fid && i < o->n_flow + o->n_spare; i++)
		if (i != nth && fid_of(o, i) == fid)
			return true;
	return false;
}
