// SPDX-License-Identifier: GPL-2.0
/*
 * Other pools, and other gateways, than the anchor has begun with.  Who has a session of a
 * gateway that goes on, and a prefix of whatever pool, notices nothing.
 */
#include "lma/bce.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

/**
 * lma_pools_change() - prefixes are to come out of other ranges from now on
 * @l: the anchor
 * @range: the ranges (RFC 5213 §5.2: how prefixes are assigned is the anchor's matter)
 * @n: how many
 *
 * Who has a prefix of a range that is no more keeps it until the session ends.
 *
 * Return: 0; or what pools_change() returns, and nothing has changed.
 */
int lma_pools_change(struct lma *l, const struct prefix *range, unsigned int n)
{
	return pools_change(&l->pools, range, n);
}

/**
 * lma_mags_changed() - other gateways than before may register (RFC 5213 §5.3.1 rule 5)
 * @l: the anchor, whose configuration names them
 *
 * The bindings of one that may not any more are revoked (RFC 5846 §8.1); it is told so once.
 */
void lma_mags_changed(struct lma *l)
{
	struct gateway *gw, *tmp;
	char text[INET6_ADDRSTRLEN];

	HASH_ITER(hh, l->gateways, gw, tmp) {
		const struct in6_addr mag = gw->peer->remote;
		int ret;

		if (prefix_any_has(l->conf->mag, l->conf->n_mags, &mag))
			continue;
		ret = lma_revoke_gateway(l, &mag, NULL);
		if (ret == -ENOENT || ret == -EALREADY)
			continue;
		inet_ntop(AF_INET6, &mag, text, sizeof(text));
		if (ret < 0)
			log_err("gateway %s: bindings that cannot be revoked: %s", text,
				strerror(-ret));
		else
			log_info("gateway %s may not register any more: %d bindings are revoked",
				 text, ret);
	}
}
