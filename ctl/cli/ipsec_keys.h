/* SPDX-License-Identifier: GPL-2.0 */
/* Inside ctl/cli: a file with the keys of security associations. */
#ifndef CTL_CLI_IPSEC_KEYS_H
#define CTL_CLI_IPSEC_KEYS_H

#include "cli/cli.h"

#include <netinet/in.h>

#define IPSEC_KEY_STRLEN	65	/* 32 bytes in hexadecimal */

/* A line of it: messages of the one to the other */
struct ipsec_key {
	struct in6_addr from, to;
	uint32_t spi;
	char integrity[IPSEC_KEY_STRLEN];	/* HMAC-SHA-256-128, RFC 4868 */
	char encryption[IPSEC_KEY_STRLEN];	/* AES-CBC; empty: not encrypted */
};

/* Until fn() returns other than 0; that, or CLI_FAILED after saying why */
int ipsec_keys_read(struct cli *c, const char *file,
		    int (*fn)(void *arg, const struct ipsec_key *k), void *arg);

#endif
