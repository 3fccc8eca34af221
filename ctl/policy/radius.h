/* SPDX-License-Identifier: GPL-2.0 */
/* What RADIUS is asked of a node, and says of it (RFC 6572): attributes as bytes. */
#ifndef CTL_POLICY_RADIUS_H
#define CTL_POLICY_RADIUS_H

#include "policy/cache.h"

/* RFC 2865 §3: a packet has at most 4096 bytes, 20 of which are its header */
#define RADIUS_PACKET_MAX	4096
#define RADIUS_ATTRS_MAX	(RADIUS_PACKET_MAX - 20)
#define RADIUS_PROFILE_MAX	(RADIUS_PACKET_MAX + 1024)	/* text of a profile */

/* Who asks */
struct radius_asker {
	const char *identifier;		/* NAS-Identifier */
	const char *realm;		/* of names that are addresses; "": none */
	struct in6_addr mag, lma;	/* Proxy-CoA and LMAA; ::: no such role */
};

/* What an Access-Accept has beside its header */
struct radius_answer {
	const uint8_t *attrs;
	size_t len;
	uint32_t vendor;		/* whose attribute 1 is text of a profile; 0: nobody's */
	const char *profile;		/* that text where there is none */
};

/* The attributes of an Access-Request; how many bytes, 0: the name is too long */
size_t radius_ask(const struct radius_asker *a, const struct policy_question *q,
		  uint8_t to[RADIUS_ATTRS_MAX]);
/* 0, -EPERM: as if rejected, or -EINVAL: both with why in err */
int radius_read(const struct radius_answer *a, const struct policy_question *q,
		struct mn_id *id, char text[RADIUS_PROFILE_MAX], char *err, size_t size);

#endif
