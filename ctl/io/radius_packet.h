/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets of RADIUS.  Of this project's other headers none is here: the library has names of
 * its own that are theirs, too.
 */
#ifndef CTL_IO_RADIUS_PACKET_H
#define CTL_IO_RADIUS_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct radius_packet;

/* 0, or -ENOENT and why: there is no library */
int radius_packet_init(char *err, size_t size);
/* An Access-Request; NULL: there is no memory */
struct radius_packet *radius_packet_new(const uint8_t *attrs, size_t len, uint8_t id,
					const char *secret);
const uint8_t *radius_packet_bytes(const struct radius_packet *p, size_t *len);
/* The code of an answer to it; -EBADMSG and why */
int radius_packet_check(struct radius_packet *p, uint8_t *buf, size_t *len, const char *secret,
			bool authenticator, char *why, size_t size);
void radius_packet_free(struct radius_packet *p);

#endif
