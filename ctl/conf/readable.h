/* SPDX-License-Identifier: GPL-2.0 */
/* Files of which the library ends the process: looked at before */
#ifndef CTL_CONF_READABLE_H
#define CTL_CONF_READABLE_H

#include <stddef.h>

int conf_readable(const char *path, char *err, size_t size);

#endif
