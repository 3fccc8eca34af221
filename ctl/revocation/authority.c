// SPDX-License-Identifier: GPL-2.0
/* Who may revoke all bindings of a gateway at once (RFC 5846 §13) */
#include "revocation/authority.h"

/**
 * revocation_authorised() - whether a gateway may revoke in bulk
 * @v: those that may
 * @n: how many
 * @mag: whose bindings it is about
 * @identity: what the gateway calls itself
 *
 * RFC 5846 §8.2: "MUST verify that the identified mobile access gateway as per the
 * value in the MN-ID option is authorized"; §13: "not allowed for any mobility node
 * to revoke a mobile node mobility session that is not registered with" it, so name
 * and address must be of one gateway.
 *
 * Return: whether it may.
 */
bool revocation_authorised(const struct revocation_authority *v, unsigned int n,
			   const struct in6_addr *mag, const struct mn_id *identity)
{
	const struct prefix host = { .addr = *mag, .len = 128 };

	for (unsigned int i = 0; i < n; i++)
		if (prefix_contains(&v[i].mag, &host) && mn_id_equal(&v[i].identity, identity))
			return true;
	return false;
}
