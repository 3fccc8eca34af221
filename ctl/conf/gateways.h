/* SPDX-License-Identifier: GPL-2.0 */
/* The list "gateways": what is demanded of other gateways. */
#ifndef CTL_CONF_GATEWAYS_H
#define CTL_CONF_GATEWAYS_H

#include "conf/conf.h"
#include "conf/key.h"

int conf_set_gateways(struct conf_parser *x, config_setting_t *s,
		      const struct conf_key *k, void *to);
int conf_check_learn(struct conf_parser *x, config_setting_t *root, struct conf *c);

#endif
