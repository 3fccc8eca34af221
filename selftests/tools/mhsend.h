/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of mhsend: messages of words, messages in words, and the flood. */
#ifndef _MHSEND_H
#define _MHSEND_H

#include "mh/wire.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define MHSEND_MAX	4096	/* room for messages longer than any may be */

/* mhsend_build.c */
size_t build(uint8_t *buf, int argc, char **argv, const struct in6_addr *src,
	     const struct in6_addr *dst);
size_t build_hex(const char *text, uint8_t *buf, size_t size);

/* mhsend_flow.c */
int build_flow(struct mh_opts *o, const char *key, const char *value);
void print_flows(json_t *o, const struct mh_opts *opts);

/* mhsend_print.c */
void print_message(json_t *o, const uint8_t *buf, size_t len, const struct in6_addr *src,
		   const struct in6_addr *dst);
void print_end(json_t *o);

/* mhsend_pcap.c */
int print_pcap(const char *file);

/* mhsend_rs.c */
int flood(const char *dev, unsigned int count, unsigned int pause_us, const char *one);

#endif /* _MHSEND_H */
