/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of prefixes whose length the file decides. */
#ifndef CTL_CONF_PREFIXES_H
#define CTL_CONF_PREFIXES_H

#include "conf/key.h"
#include "core/id.h"

int conf_prefixes(struct conf_parser *x, config_setting_t *s, int max,
		  struct prefix **v, unsigned int *n);
/* The same of multicast addresses */
int conf_groups(struct conf_parser *x, config_setting_t *s, int max,
		struct prefix **v, unsigned int *n);

#endif
