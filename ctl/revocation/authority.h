/* SPDX-License-Identifier: GPL-2.0 */
/* Who may revoke all bindings of a gateway at once (RFC 5846 §13) */
#ifndef CTL_REVOCATION_AUTHORITY_H
#define CTL_REVOCATION_AUTHORITY_H

#include "core/id.h"

/* A gateway by its Proxy-CoA, and by the name that it gives itself */
struct revocation_authority {
	struct prefix mag;
	struct mn_id identity;
};

bool revocation_authorised(const struct revocation_authority *v, unsigned int n,
			   const struct in6_addr *mag, const struct mn_id *identity);

#endif
