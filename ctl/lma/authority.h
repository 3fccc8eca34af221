/* SPDX-License-Identifier: GPL-2.0 */
/* Inside ctl/lma: for whom a gateway may register, and how often. */
#ifndef CTL_LMA_AUTHORITY_H
#define CTL_LMA_AUTHORITY_H

#include "lma/bce.h"

const struct lma_authority *authority_find(const struct lma_conf *c, const struct in6_addr *mag);
bool authority_has_node(const struct lma_authority *a, const struct mn_id *id);
bool authority_has_prefixes(const struct lma_authority *a, const struct prefix *p,
			    unsigned int n);
bool authority_has_asked(const struct lma_authority *a, const struct mh_opts *o);
bool authority_hurried(struct lma *l, const struct in6_addr *mag);
void authority_free(struct lma *l);

#endif
