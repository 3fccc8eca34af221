/* SPDX-License-Identifier: GPL-2.0 */
/* The list "lenient": what is accepted of whom beyond what the RFCs allow. */
#ifndef CTL_CONF_LENIENT_H
#define CTL_CONF_LENIENT_H

#include "conf/conf.h"
#include "conf/key.h"

int conf_set_lenient(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to);

#endif
