// SPDX-License-Identifier: GPL-2.0
/* Where a server is.  Names would have to be looked up, for which everybody would wait. */
#include "conf/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int parse_port(const char *text, uint16_t *port)
{
	unsigned long v;
	char *end;

	errno = 0;
	v = strtoul(text, &end, 10);
	if (errno || end == text || *end || !v || v > UINT16_MAX || text[0] == '-')
		return -1;
	*port = (uint16_t)v;
	return 0;
}

/**
 * conf_server() - read where a server is
 * @text: "[2001:db8::1]:6379", "192.0.2.1:6379", the port may be left out, or "/path"
 * @paths: whether paths are welcome
 * @host: receives the address or the path
 * @size: of @host, bytes
 * @port: receives the port: 0 of a path, and unchanged where none is given
 *
 * Return: 0, or -1.
 */
int conf_server(const char *text, bool paths, char *host, size_t size, uint16_t *port)
{
	bool six = text[0] == '[';
	const char *end = strchr(text, six ? ']' : ':');
	size_t len = end ? (size_t)(end - text) - six : strlen(text);
	uint8_t addr[16];

	if (paths && text[0] == '/') {
		if (strlen(text) >= size)
			return -1;
		memcpy(host, text, strlen(text) + 1);
		*port = 0;
		return 0;
	}
	if (len >= size || (six && !end))
		return -1;
	memcpy(host, text + six, len);
	host[len] = '\0';
	if (inet_pton(six ? AF_INET6 : AF_INET, host, addr) != 1)
		return -1;
	end = end && six ? end + 1 : end;
	if (!end || !*end)
		return 0;
	return *end == ':' ? parse_port(end + 1, port) : -1;
}
