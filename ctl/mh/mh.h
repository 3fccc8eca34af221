/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mobility Header messages (RFC 6275 §6.1) as structures, and the codec
 * between them and bytes.  Pure functions: no I/O, no allocation, no state
 * but the table of types, which is set once at start.
 */
#ifndef CTL_MH_MH_H
#define CTL_MH_MH_H

#include "core/env.h"
#include "core/id.h"

/* The longest Mobility Header: (255 + 1) * 8 bytes */
#define MH_MAX		2048

enum mh_kind {			/* what a message is, whatever its number */
	MH_PBU,			/* 5, RFC 5213 §8.1 */
	MH_PBA,			/* 6, RFC 5213 §8.2 */
	MH_BE,			/* 7, RFC 6275 §6.1.9 */
	MH_HEARTBEAT,		/* 13, RFC 5847 §3.3 */
	MH_SHI,			/* 240 by default, seamless handover draft §5.1 */
	MH_SHACK,		/* 241 by default, seamless handover draft §5.2 */
	MH_KINDS,
};

#define PBU_F_A	0x8000
#define PBU_F_H	0x4000
#define PBU_F_L	0x2000
#define PBU_F_K	0x1000
#define PBU_F_M	0x0800
#define PBU_F_R	0x0400
#define PBU_F_P	0x0200
#define PBU_F_F	0x0100
#define PBU_F_T	0x0080
#define PBU_F_B	0x0040
#define PBU_F_S	0x0020

#define PBA_F_K	0x80
#define PBA_F_R	0x40
#define PBA_F_P	0x20
#define PBA_F_T	0x10
#define PBA_F_B	0x08
#define PBA_F_S	0x04

#define HB_F_U	0x0002		/* unsolicited response */
#define HB_F_R	0x0001		/* response */

#define SHI_F_A	0x8000

enum pba_status {
	PBA_ACCEPTED = 0,
	PBA_UNSPECIFIED = 128,
	PBA_PROHIBITED = 129,
	PBA_NO_RESOURCES = 130,
	PBA_SEQ_OUT_OF_WINDOW = 135,
	PBA_PROXY_REG_NOT_ENABLED = 152,
	PBA_NOT_LMA_FOR_THIS_MN = 153,
	PBA_MAG_NOT_AUTHORIZED = 154,
	PBA_NOT_AUTHORIZED_FOR_HNP = 155,
	PBA_TIMESTAMP_MISMATCH = 156,
	PBA_TIMESTAMP_LOWER_THAN_PREV = 157,
	PBA_MISSING_HNP = 158,
	PBA_PREFIX_SET_MISMATCH = 159,	/* BCE_PBU_PREFIX_SET_DO_NOT_MATCH */
	PBA_MISSING_MN_ID = 160,
	PBA_MISSING_HI = 161,
	PBA_MISSING_ATT = 162,
};

enum shack_status {
	SHACK_OK = 0,
	SHACK_UNSPECIFIED = 128,
	SHACK_NOT_ATTACHED = 129,
};

enum be_status {
	BE_NO_BINDING = 1,
	BE_UNKNOWN_TYPE = 2,
};

enum handoff_indicator {
	HI_NEW_INTERFACE = 1,
	HI_BETWEEN_INTERFACES = 2,
	HI_BETWEEN_MAGS = 3,
	HI_UNKNOWN = 4,
	HI_REREGISTRATION = 5,
	HI_SHARED_PREFIXES = 6,		/* RFC 7864 §7 */
};

/* Units of the lifetime fields of PBU, PBA, SHI and SHAck, in seconds */
#define MH_LIFETIME_UNIT	4

/* Mobility options that are present in a message; bits of mh_opts.present */
enum mh_opt_bit {
	MH_HAS_MN_ID		= 1 << 0,	/* 8, RFC 4283 */
	MH_HAS_HNP		= 1 << 1,	/* 22, RFC 5213 §8.3 */
	MH_HAS_HI		= 1 << 2,	/* 23, §8.4 */
	MH_HAS_ATT		= 1 << 3,	/* 24, §8.5 */
	MH_HAS_LLID		= 1 << 4,	/* 25, §8.6 */
	MH_HAS_LLA		= 1 << 5,	/* 26, §8.7 */
	MH_HAS_TIMESTAMP	= 1 << 6,	/* 27, §8.8 */
	MH_HAS_RESTART		= 1 << 7,	/* 28, RFC 5847 §3.4 */
	MH_HAS_MAG_ADDR		= 1 << 8,	/* 51, RFC 6705 §11.2 */
	MH_HAS_BID		= 1 << 9,	/* 35, RFC 5648 §4.1 */
};

struct mh_hnp {
	struct prefix prefix;
	bool off_link;			/* L, RFC 7864 §3.3 */
};

struct mh_opts {
	uint32_t present;
	struct mn_id mn_id;
	uint8_t mn_id_pad;		/* NULs that followed it: MH_LENIENT_MN_ID */
	unsigned int n_hnp;
	struct mh_hnp hnp[HNP_MAX];
	unsigned int more_hnp;		/* a PBU's that did not fit */
	uint8_t hi, att;
	struct llid llid;
	struct in6_addr lla;
	uint64_t timestamp;		/* 48 bits seconds, 16 bits fraction, as on the wire */
	uint32_t restart;
	unsigned int n_mag;
	struct in6_addr mag[PEERS_MAX];
	uint16_t bid;
	uint8_t bid_status;
	unsigned int unknown;		/* options that were skipped */
};

struct mh_msg {
	enum mh_kind kind;
	uint8_t type;			/* number on the wire; encode sets it from kind */
	uint16_t seq;			/* PBU, PBA, SHI, SHAck */
	uint16_t flags;			/* PBU, PBA, Heartbeat, SHI */
	uint16_t lifetime;		/* units of 4 s */
	uint8_t status;			/* PBA, BE, SHAck */
	uint32_t hb_seq;		/* Heartbeat */
	struct in6_addr home;		/* BE */
	struct mh_opts opts;
};

/* Why a message was refused, and at which byte of the Mobility Header. */
enum mh_error {
	MH_OK = 0,
	MH_ERR_SHORT,		/* header length is not right: Parameter Problem, §9.2 */
	MH_ERR_PROTO,		/* payload proto is not 59: Parameter Problem, §9.2 */
	MH_ERR_CHECKSUM,	/* drop silently, §9.2 */
	MH_ERR_TYPE,		/* unknown MH type: Binding Error 2, §9.2 */
	MH_ERR_OPT_LENGTH,	/* an option with an impossible length */
	MH_ERR_OPT_RUNS_OUT,	/* an option beyond the end */
	MH_ERR_OPT_VALUE,	/* a value that no RFC allows */
	MH_ERR_TOO_MANY,	/* more repeated options than this project holds */
	MH_ERR_NO_ROOM,		/* encode: the buffer is too small */
};

struct mh_result {
	enum mh_error error;
	size_t offset;		/* the byte that was wrong */
};

/* Leniencies towards older implementations, off by default (conf: lenient) */
#define MH_LENIENT_LENGTH	0x0001	/* bytes beyond the header length */
#define MH_LENIENT_P_FLAG	0x0002	/* a PBA without P is one nevertheless */
#define MH_LENIENT_MN_ID	0x0004	/* an MN-ID that NULs follow */
#define MH_LENIENT_TIMESTAMP	0x0008	/* what is no timestamp is left unread */
#define MH_LENIENT_PREFIX	0x0010	/* a prefix of length 128 is one of 64 */

struct mh_result mh_decode(struct mh_msg *msg, const uint8_t *buf, size_t len,
			   const struct in6_addr *src,
			   const struct in6_addr *dst, unsigned int lenient);
/* Length, always a multiple of 8, or -1 with *res set; checksum included. */
int mh_encode(const struct mh_msg *msg, uint8_t *buf, size_t size,
	      const struct in6_addr *src, const struct in6_addr *dst,
	      struct mh_result *res);

const char *mh_strerror(enum mh_error e);
const char *mh_kind_str(enum mh_kind k);
const char *pba_status_str(uint8_t status);
uint8_t att_parse(const char *name);
/* What a leniency is called; NULL where there is none: bit 0, 1, ... */
const char *mh_lenient_str(unsigned int bit);

/* The numbers of this project's own messages, set once at start. */
int mh_set_type(enum mh_kind kind, uint8_t type);
uint8_t mh_type(enum mh_kind kind);

/* RFC 5213 §8.8: seconds and 1/65536 s from and to nanoseconds since 1970 */
uint64_t mh_timestamp(uint64_t wall_ns);
uint64_t mh_timestamp_ns(uint64_t timestamp);

#endif
