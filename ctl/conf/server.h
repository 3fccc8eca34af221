/* SPDX-License-Identifier: GPL-2.0 */
/* Where a server is: an address and a port. */
#ifndef CTL_CONF_SERVER_H
#define CTL_CONF_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "[2001:db8::1]:PORT", "192.0.2.1:PORT", the port may be left out, or "/path"; 0 or -1 */
int conf_server(const char *text, bool paths, char *host, size_t size, uint16_t *port);

#endif
