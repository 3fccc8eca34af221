/* SPDX-License-Identifier: GPL-2.0 */
/* What names a mobile node and its prefixes. */
#ifndef CTL_CORE_ID_H
#define CTL_CORE_ID_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* RFC 4283: an option's data holds a subtype and up to 254 bytes. */
#define MN_ID_MAX	254
/* RFC 5213 §8.6: no length is given; EUI-64 is the longest in use. */
#define LLID_MAX	16

/* RFC 4283 Mobile Node Identifier; unused bytes are zero so that it hashes. */
struct mn_id {
	uint8_t subtype;	/* 1: NAI, 5: EUI-48 */
	uint8_t len;
	uint8_t id[MN_ID_MAX];
};

/* RFC 5213 §8.6 Mobile Node Link-layer Identifier, or a link-layer address */
struct llid {
	uint8_t len;
	uint8_t id[LLID_MAX];
};

struct prefix {
	struct in6_addr addr;
	uint8_t len;
};

bool mn_id_equal(const struct mn_id *a, const struct mn_id *b);
/* With zeroes behind it: for tables that compare bytes */
struct mn_id mn_id_key(const struct mn_id *id);
bool mn_id_from_nai(struct mn_id *id, const char *nai);
/* Printable form; not ASCII-printable bytes are escaped. */
const char *mn_id_str(const struct mn_id *id, char *buf, size_t size);
#define MN_ID_STRLEN	(MN_ID_MAX * 4 + 1)
/* Its name in the kernel, the same in every daemon */
uint64_t mn_id_number(const struct mn_id *id);

bool llid_equal(const struct llid *a, const struct llid *b);
bool llid_parse(struct llid *l, const char *text);	/* "02:00:.." */
const char *llid_str(const struct llid *l, char *buf, size_t size);
#define LLID_STRLEN	(LLID_MAX * 3 + 1)

bool prefix_equal(const struct prefix *a, const struct prefix *b);
bool prefix_contains(const struct prefix *outer, const struct prefix *inner);
/* Whether it is the link-local address of one node, fe80::/64 and an interface identifier */
bool addr_is_link_local(const struct in6_addr *a);
/* Whether an address is of one of them */
bool prefix_any_has(const struct prefix *v, unsigned int n, const struct in6_addr *a);
/* The last address that a prefix has */
struct in6_addr prefix_last(const struct prefix *p);
bool prefix_parse(struct prefix *p, const char *text);	/* refuses host bits */
const char *prefix_str(const struct prefix *p, char *buf, size_t size);
#define PREFIX_STRLEN	(INET6_ADDRSTRLEN + 4)

#endif
