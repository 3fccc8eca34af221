// SPDX-License-Identifier: GPL-2.0
/* Flows in the acknowledgement of a registration (draft: flow mobility §3.2.2). */
#include "flow/responder.h"

#include "flow/option.h"

#include <errno.h>

/**
 * flow_guest_keep() - a flow that the anchor says is to be kept here
 * @g: the guest
 * @f: the flow, with its selector
 * @lifetime: seconds, FLOW_FOREVER; that of the registration
 *
 * One that is known as it is said stays as it is, its lifetime too: the messages that
 * brought it (FMI, UPN) are what refreshes it, unless it is in doubt.  Its prefixes are in the same
 * acknowledgement, and the caller's.
 *
 * Return: 0; what fmc_update() returns.
 */
int flow_guest_keep(struct flow_guest *g, const struct mh_flow *f, uint16_t lifetime)
{
	const struct flow *known = fmc_find(&g->flows, f->fid);
	struct flow_spec s = { 0 };

	flow_option_apply(f, &s);
	if (!selector_normalise(&s.selector))
		return -EINVAL;
	if (known && flow_spec_equal(&known->spec, &s) && !g->doubted)
		return 0;
	return fmc_update(&g->flows, &s, 1, lifetime, FMC_KEEP, NULL);
}
