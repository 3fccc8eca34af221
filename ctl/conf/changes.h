/* SPDX-License-Identifier: GPL-2.0 */
/* What a configuration file says now, beside what it said before. */
#ifndef CTL_CONF_CHANGES_H
#define CTL_CONF_CHANGES_H

#include "conf/conf.h"

int conf_changes(const struct conf *was, const struct conf *is, char *err, size_t size);
void conf_take(struct conf *c, struct conf *is);

#endif
