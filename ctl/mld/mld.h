/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Multicast Listener Discovery, both versions (RFC 2710, RFC 3810): whole IPv6 packets
 * are checked and written, and the messages in them.  Pure functions.
 */
#ifndef CTL_MLD_MLD_H
#define CTL_MLD_MLD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum mld_kind {
	MLD_TYPE_QUERY = 130,
	MLD_TYPE_V1_REPORT = 131,
	MLD_TYPE_V1_DONE = 132,
	MLD_TYPE_REPORT = 143,
};

/* RFC 3810 §5.2.12 */
enum mld_record_type {
	MLD_IS_IN = 1,
	MLD_IS_EX = 2,
	MLD_TO_IN = 3,
	MLD_TO_EX = 4,
	MLD_ALLOW = 5,
	MLD_BLOCK = 6,
};

/* Why a packet is discarded, always silently */
enum mld_error {
	MLD_OK = 0,
	MLD_ERR_NOT_MLD,	/* something else: of no concern here */
	MLD_ERR_SHORT,		/* its end is missing */
	MLD_ERR_HOP_LIMIT,	/* not 1: it was forwarded, or will be */
	MLD_ERR_ALERT,		/* no Router Alert option, or not that of MLD */
	MLD_ERR_HEADER,		/* an option of the Hop-by-Hop header forbids it */
	MLD_ERR_SOURCE,		/* not from a link-local address */
	MLD_ERR_CHECKSUM,
	MLD_ERR_LENGTH,		/* no message has this length */
	MLD_ERR_GROUP,		/* about an address that is none of a group */
	MLD_ERR_LIMIT,		/* more sources than are wanted */
};

#define MLD_HEADERS	48	/* IPv6, Hop-by-Hop with Router Alert and PadN */
#define MLD_QUERY_LEN	28	/* and 16 for each source */
#define MLD_V1_LEN	24
#define MLD_REPORT_LEN	8	/* and its records: */
#define MLD_RECORD_LEN	20	/* and 16 for each source */

/* Addresses as they are in a packet, or in an array of struct in6_addr */
struct mld_sources {
	const uint8_t *bytes;
	unsigned int n;
};

static inline struct in6_addr mld_source(const struct mld_sources *s, unsigned int i)
{
	struct in6_addr a;

	memcpy(&a, s->bytes + (size_t)i * sizeof(a), sizeof(a));
	return a;
}

/* A packet, and the ICMPv6 message in it */
struct mld_packet {
	struct in6_addr src, dst;
	uint8_t type;		/* enum mld_kind */
	const uint8_t *msg;
	size_t len;
};

enum mld_error mld_packet_read(struct mld_packet *p, const uint8_t *buf, size_t len);
/* The message is at buf + MLD_HEADERS, its checksum 0; returns the packet's length. */
size_t mld_packet_finish(uint8_t *buf, size_t msg_len, const struct in6_addr *src,
			 const struct in6_addr *dst);

struct mld_query {
	uint8_t version;	/* 1: RFC 2710 §3, what follows max_delay_ms and group is 0 */
	uint32_t max_delay_ms;	/* Maximum Response Delay */
	struct in6_addr group;	/* unspecified: a General Query */
	bool suppress;		/* S flag */
	uint8_t robustness;	/* QRV, 0: not told */
	uint32_t interval_s;	/* QQI */
	struct mld_sources sources;
};

enum mld_error mld_query_read(struct mld_query *q, const uint8_t *msg, size_t len,
			      unsigned int max_sources);
/* Length, or -EINVAL, or -ENOSPC */
int mld_query_write(const struct mld_query *q, uint8_t *msg, size_t size);

/* The codes of RFC 3810 §5.1.3 and §5.1.9; the next lower value if there is none */
uint32_t mld_delay_of_code(uint16_t code);
uint16_t mld_code_of_delay(uint32_t ms);
uint32_t mld_interval_of_code(uint8_t code);
uint8_t mld_code_of_interval(uint32_t s);

/* Multicast Address Record */
struct mld_record {
	uint8_t type;		/* enum mld_record_type */
	struct in6_addr group;
	struct mld_sources sources;
};

/* A report that is being read, record by record */
struct mld_report {
	const uint8_t *msg;
	size_t pos;
	unsigned int left;	/* records */
	unsigned int max_sources;
	/* passed over so far: of no known type, or about no group; with too many sources */
	unsigned int ignored, refused;
};

enum mld_error mld_report_open(struct mld_report *r, const uint8_t *msg, size_t len,
			       unsigned int max_sources);
bool mld_report_next(struct mld_report *r, struct mld_record *rec);
int mld_report_write(const struct mld_record *recs, unsigned int n, uint8_t *msg, size_t size);

/* Version 1, Report and Done */
enum mld_error mld_v1_read(struct in6_addr *group, const uint8_t *msg, size_t len);
int mld_v1_write(enum mld_kind type, const struct in6_addr *group, uint8_t *msg, size_t size);

const char *mld_strerror(enum mld_error e);

extern const struct in6_addr mld_all_nodes;	/* ff02::1, General Queries */
extern const struct in6_addr mld_all_routers;	/* ff02::16, reports of version 2 */
extern const struct in6_addr mld_v1_routers;	/* ff02::2, Done of version 1 */

#endif
