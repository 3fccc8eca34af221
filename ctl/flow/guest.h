/* SPDX-License-Identifier: GPL-2.0 */
/* What the two dialects of the responder share; nothing for its users. */
#ifndef CTL_FLOW_GUEST_H
#define CTL_FLOW_GUEST_H

#include "flow/responder.h"

/* What a message asks for, and what is wrong with it */
struct guest_request {
	struct flow_spec spec[FLOWS_MAX];
	unsigned int n;
	uint8_t status[FLOWS_MAX];	/* enum flow_status of each */
};

int guest_read(const struct flow_guest *g, const struct mh_msg *m,
	       struct guest_request *rq);
int guest_apply(struct flow_guest *g, struct guest_request *rq, uint16_t lifetime,
		const struct mh_msg *m);
void guest_copy(const struct guest_request *rq, const struct mh_msg *m,
		struct mh_opts *o);

#endif
