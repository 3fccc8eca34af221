/* SPDX-License-Identifier: GPL-2.0 */
/* The group "revocation" of each role's group (RFC 5846 §11, §13) */
#ifndef CTL_CONF_CONF_REVOCATION_H
#define CTL_CONF_CONF_REVOCATION_H

#include "conf/conf.h"
#include "conf/key.h"

void conf_revocation_defaults(struct revocation_conf *c);
/* Into a struct lma_conf, whose list of gateways is allocated, and a struct mag_conf */
int conf_set_lma_revocation(struct conf_parser *x, config_setting_t *s,
			    const struct conf_key *k, void *to);
int conf_set_mag_revocation(struct conf_parser *x, config_setting_t *s,
			    const struct conf_key *k, void *to);

#endif
