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
#include "core/selector.h"
#include "mld/mld.h"

/* The longest Mobility Header: (255 + 1) * 8 bytes */
#define MH_MAX		2048

enum mh_kind {			/* what a message is, whatever its number */
	MH_PBU,			/* 5, RFC 5213 §8.1 */
	MH_PBA,			/* 6, RFC 5213 §8.2 */
	MH_BE,			/* 7, RFC 6275 §6.1.9 */
	MH_HEARTBEAT,		/* 13, RFC 5847 §3.3 */
	MH_SHI,			/* 240 by default, seamless handover draft §5.1 */
	MH_SHACK,		/* 241 by default, seamless handover draft §5.2 */
	MH_FMI,			/* 242 by default, flow mobility draft §4.1 */
	MH_FMA,			/* 243 by default, flow mobility draft §4.2 */
	MH_BRI,			/* 16, RFC 5846 §5.1 */
	MH_BRA,			/* 16, RFC 5846 §5.2 */
	MH_UPN,			/* 19, RFC 7077 §4.1 */
	MH_UPA,			/* 20, RFC 7077 §4.2 */
	MH_HI,			/* 14, RFC 5949 §6.1.1: Handover Initiate */
	MH_HACK,		/* 15, RFC 5949 §6.1.2 */
	MH_SUBSCRIPTION_QUERY,	/* 22, RFC 7161 §4.3.1 */
	MH_SUBSCRIPTION_RESPONSE,	/* 23, RFC 7161 §4.3.2 */
	MH_LMA_HO_REQ,		/* 244 by default, LMA handover draft §4.2 (b) */
	MH_LMA_HO_RESP,		/* 245 by default, §4.2 (e) */
	MH_LMA_HO_INIT,		/* 246 by default, §4.2 (c) */
	MH_LMA_HACK,		/* 247 by default, §4.2 (d) */
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

#define BR_F_P	0x8000		/* of a proxy's binding */
#define BR_F_V	0x4000		/* IPv4 home address only */
#define BR_F_G	0x2000		/* global */

#define UPN_F_A	0x8000		/* acknowledgement requested */
#define UPN_F_D	0x4000		/* retransmitted */

#define HI_F_S	0x80		/* assigned addresses: not for proxies */
#define HI_F_U	0x40		/* hold packets */
#define HI_F_P	0x20		/* of a proxy; without it the message is RFC 5568's */
#define HI_F_F	0x10		/* forward packets */
#define HI_F_M	0x08		/* with multicast state: draft, predictive multicast handover §5 */

#define HACK_F_U	0x80
#define HACK_F_P	0x40
#define HACK_F_F	0x20
#define HACK_F_M	0x08

#define SUB_F_I		0x80	/* of a Response: there is something, and it is in it */

#define LMA_HO_RESP_F_U	0x80	/* unsolicited: to another of the node's gateways */

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

/* The draft leaves the numbers to IANA: these are this project's. */
enum fma_status {
	FMA_OK = 0,
	FMA_UNSPECIFIED = 128,
	FMA_NOT_ATTACHED = 129,
	FMA_SEQ_OUT_OF_WINDOW = 130,
	FMA_TS_UNSUPPORTED = 131,
	FMA_NO_ENTRY = 132,
};

/* RFC 5846 §5.1: the upper half is for global revocation */
enum bri_trigger {
	BRI_UNSPECIFIED = 0,
	BRI_ADMINISTRATIVE = 1,
	BRI_HANDOVER_SAME_ATT = 2,
	BRI_HANDOVER_OTHER_ATT = 3,
	BRI_HANDOVER_UNKNOWN_ATT = 4,
	BRI_USER = 5,
	BRI_NETWORK = 6,
	BRI_OUT_OF_SYNC = 7,
	BRI_PEER_POLICY = 128,
	BRI_NODE_POLICY = 129,
};

enum bra_status {		/* RFC 5846 §5.2 */
	BRA_OK = 0,
	BRA_PARTIAL = 1,
	BRA_NO_BINDING = 128,
	BRA_MISSING_IPV4_HOA = 129,
	BRA_GLOBAL_NOT_AUTHORIZED = 130,
	BRA_MISSING_MN_ID = 131,
	BRA_ATTACHED = 132,
	BRA_TRIGGER_UNSUPPORTED = 133,
	BRA_FUNCTION_UNSUPPORTED = 134,
	BRA_PROXY_UNSUPPORTED = 135,
};

enum upn_reason {		/* RFC 7077 §4.1 */
	UPN_FORCE_REREGISTRATION = 1,
	UPN_UPDATE_SESSION_PARAMETERS = 2,
	UPN_VENDOR_SPECIFIC = 3,
	UPN_ANI_PARAMS_REQUESTED = 4,
	UPN_FLOW_MOBILITY = 8,	/* RFC 7864 §4.2 */
};

enum upa_status {		/* RFC 7077 §4.2 */
	UPA_OK = 0,
	UPA_FAILED_TO_UPDATE = 128,
	UPA_MISSING_VENDOR_OPTION = 129,
	UPA_UNSPECIFIED = 131,	/* RFC 7864 §4.3 */
	UPA_NOT_ATTACHED = 132,
};

/* RFC 5949 §6.1.1; 0 and 1 are RFC 5568's, of which 0 is for all else here, too */
enum hi_code {
	HI_CODE_NONE = 0,
	HI_CODE_FORWARDED = 2,		/* forwarding is completed */
	HI_CODE_ALL_CONTEXT = 3,	/* there is no more to come */
};

enum hack_code {		/* RFC 5949 §6.1.2; 1 to 4 are RFC 5568's */
	HACK_OK = 0,
	HACK_CONTEXT = 5,		/* accepted, or transferred and not all of it */
	HACK_ALL_CONTEXT = 6,
	HACK_UNSPECIFIED = 128,
	HACK_PROHIBITED = 129,
	HACK_NO_RESOURCES = 130,
	HACK_NO_CONTEXT = 131,
	HACK_NO_FORWARDING = 132,
};

/*
 * The LMA handover draft draws none of its messages: what is in them, and these numbers,
 * are this project's.
 */
enum lma_ho_reason {
	LMA_HO_POLICY = 0,
	LMA_HO_ACCESS = 1,		/* the access link, or the node's prefix */
	LMA_HO_LOAD = 2,
	LMA_HO_OPERATOR = 3,
};

enum lma_ho_status {		/* of an LMA_HO_Resp */
	LMA_HO_OK = 0,
	LMA_HO_UNSPECIFIED = 128,
	LMA_HO_PROHIBITED = 129,
	LMA_HO_NO_RESOURCES = 130,
	LMA_HO_NOT_ATTACHED = 131,	/* the node is not known */
	LMA_HO_NO_ANCHOR = 132,		/* there is none that it could go to */
	LMA_HO_REFUSED = 133,		/* the new anchor said no, or nothing */
	LMA_HO_UNDER_WAY = 134,
};

enum lma_init_code {		/* of an LMA_HO_Init, and of its answer */
	LMA_INIT_CONTEXT = 0,		/* all of a node: it may come to you */
	LMA_INIT_SERVE = 1,		/* its gateways register here; lifetime 0: no more */
};

enum lma_hack_status {
	LMA_HACK_OK = 0,
	LMA_HACK_UNSPECIFIED = 128,
	LMA_HACK_PROHIBITED = 129,
	LMA_HACK_NO_RESOURCES = 130,
	LMA_HACK_UNKNOWN_NODE = 131,
	LMA_HACK_UNDER_WAY = 132,	/* with another anchor */
	LMA_HACK_PREFIX_TAKEN = 133,	/* it is another node's */
};

enum flow_status {		/* of one flow, RFC 6089 §4.2 */
	FLOW_OK = 0,
	FLOW_PROHIBITED = 128,
	FLOW_UNSPECIFIED = 129,
	FLOW_MALFORMED = 130,
	FLOW_NO_BID = 131,
	FLOW_NO_FID = 132,
	FLOW_TS_UNSUPPORTED = 133,
};

enum flow_action {		/* RFC 7109 §6.2.1 */
	FLOW_ADD = 11,
	FLOW_DELETE = 12,
	FLOW_MODIFY = 13,
	FLOW_REFRESH = 14,
	FLOW_MOVE = 15,
	FLOW_REVOKE = 16,
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

/* Units of the lifetime fields of PBU, PBA, SHI, SHAck and LMA_HO_Init, in seconds */
#define MH_LIFETIME_UNIT	4
/* Those of FMI and FMA are in seconds, and this one never ends: §4.1 */
#define FMI_LIFETIME_INFINITE	0xffff

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
	MH_HAS_FLOW		= 1 << 10,	/* 45, RFC 6089 §4.2 */
	MH_HAS_ALT_COA		= 1 << 11,	/* 3, RFC 6275 §6.2.5 */
	MH_HAS_IPV4_REQUEST	= 1 << 12,	/* 36, RFC 5844 §3.3.1 */
	MH_HAS_VENDOR		= 1 << 13,	/* 19, RFC 5094 §3 */
	MH_HAS_WANTED		= 1 << 14,	/* 40, RFC 5949 §6.2.1 */
	MH_HAS_LMA		= 1 << 15,	/* 41, §6.2.2 */
	MH_HAS_LLA_IID		= 1 << 16,	/* 42, §6.2.3 */
	MH_HAS_SUBSCRIPTION	= 1 << 17,	/* 57, RFC 7161 §4.1 */
	MH_HAS_MULTICAST	= 1 << 18,	/* 60, RFC 7411 §5.3 */
	MH_HAS_MULTICAST_ACK	= 1 << 19,	/* 61, §5.4 */
	MH_HAS_REDIRECTABLE	= 1 << 20,	/* 46, RFC 6463 §4.1: Redirect-Capability */
	MH_HAS_REDIRECT		= 1 << 21,	/* 47, §4.2 */
	MH_HAS_LOAD		= 1 << 22,	/* 48, §4.3 */
	MH_HAS_CONTEXT		= 1 << 23,	/* 18, RFC 5096 §4: of an LMA_HO_Init alone */
};

struct mh_hnp {
	struct prefix prefix;
	bool off_link;			/* L, RFC 7864 §3.3 */
};

struct mh_bid {
	uint16_t bid;
	uint8_t status;
	uint8_t pri;			/* 1 to 127, less goes first; 0: not said */
};

/* Sub-options that are present in a flow; bits of mh_flow.present */
enum mh_flow_bit {
	MH_FLOW_HAS_BIDS	= 1 << 0,	/* 2, RFC 6089 §4.2.1.3 */
	MH_FLOW_HAS_SELECTOR	= 1 << 1,	/* 3, §4.2.1.4 */
	MH_FLOW_HAS_ACTION	= 1 << 2,	/* 4, RFC 7109 §6.2.1 */
	MH_FLOW_HAS_TARGET	= 1 << 3,	/* 5, §6.2.2 */
};

struct mh_flow {
	uint16_t fid, pri;		/* neither is ever 0, but in what is malformed */
	uint8_t status;			/* enum flow_status, in answers */
	bool malformed;			/* in PBU and PBA: the rest is not known */
	uint8_t present;
	uint8_t action;			/* enum flow_action */
	uint8_t n_bid;
	uint16_t bid[PEERS_MAX];
	/* of an unknown format the number is all that is known */
	struct selector selector;
	struct in6_addr target;		/* IPv4 as ::ffff:a.b.c.d */
};

#define MH_VENDORS_MAX		4
#define MH_VENDOR_DATA_MAX	250

/* What one vendor's gateways tell each other of a node */
struct mh_vendor {
	uint32_t id;			/* private enterprise number */
	uint8_t subtype, len;
	uint8_t data[MH_VENDOR_DATA_MAX];
};

#define MH_WANTED_MAX		16
/* Options that it may be */
#define MH_OPT_MN_ID		8
#define MH_OPT_VENDOR		19
#define MH_OPT_HNP		22
#define MH_OPT_LLID		25
#define MH_OPT_LMA		41
#define MH_OPT_LLA_IID		42

/* An option that an HI asks for */
struct mh_wanted {
	uint8_t type;
	uint8_t subtype;		/* of MH_OPT_VENDOR */
	uint32_t vendor;		/* likewise */
};

enum multicast_payload {	/* RFC 7411 §5.3 */
	MULTICAST_IGMPV3 = 1,		/* from here on: is not read */
	MULTICAST_MLDV2 = 2,
	MULTICAST_IGMPV2 = 3,
	MULTICAST_MLDV1 = 4,		/* what MLDv1 said in the words of MLDv2 */
};

enum multicast_status {		/* RFC 7411 §5.4 */
	MULTICAST_OK = 0,		/* this project's: nothing is refused */
	MULTICAST_PAYLOAD_UNSUPPORTED = 1,
	MULTICAST_GROUP_UNSUPPORTED = 2,
	MULTICAST_GROUP_PROHIBITED = 3,
};

/*
 * One option 60 holds 255 words, the first of which is not a record's: 50 groups if
 * hardly any has a source, 62 sources if there is one group (RFC 7411 §5.5)
 */
#define MH_GROUPS_BYTES		1016
#define MH_GROUPS_MAX		50
#define MH_SOURCES_MAX		62

struct mh_group {
	struct in6_addr address;
	uint8_t record;			/* enum mld_record_type */
	uint8_t code;			/* enum multicast_payload; in an answer _status */
	uint16_t n_source;
};

/* What a node listens to, or what of it is refused: what one option 60 or 61 can hold */
struct mh_groups {
	unsigned int n_group, n_source;
	unsigned int more;		/* records that did not fit */
	bool foreign;			/* and a payload that is none of MLD: unread */
	struct mh_group group[MH_GROUPS_MAX];
	struct in6_addr source[MH_SOURCES_MAX];	/* of the first group, of the second... */
};

/* One more, with its sources; false: does not fit */
bool mh_groups_add(struct mh_groups *all, const struct mh_group *g,
		   const struct in6_addr *source);

#define MH_LMAS_MAX		2	/* addresses of one anchor, one of each family */

/* How loaded an anchor is, RFC 6463 §4.3 */
struct mh_load {
	uint16_t priority;		/* less goes first */
	uint32_t sessions, max_sessions;
	uint32_t used, max;		/* capacity, kB/s */
};

#define MH_ENTRY_F_S	0x80		/* its gateway speaks of multicast, RFC 7161 §4.2.1 */

/* A binding cache entry, as one anchor hands it to another */
struct mh_entry {
	struct in6_addr proxy_coa, lla;
	struct llid llid;		/* len 0: not known */
	uint16_t seq, lifetime;		/* of the last registration; what is left, units of 4 s */
	uint16_t bid;
	uint8_t pri, hi, att, flags;
	uint8_t prefixes;		/* 1 << i: it has the message's prefix i */
};

/* What else an anchor knows of one of the flows that it hands on */
struct mh_flow_state {
	uint16_t fid;
	uint16_t lifetime;		/* s left, FMI_LIFETIME_INFINITE */
	uint8_t origin;			/* whoever has asked for it, as the anchors count them */
};

/* Of a PBU's flows that do not fit what an answer needs: at most so many */
#define MH_SPARE_FLOWS	32

struct mh_flow_name {
	uint16_t fid, pri;
	uint8_t status;			/* enum flow_status, in answers */
};

struct mh_opts {
	uint32_t present;
	struct mn_id mn_id;
	uint8_t mn_id_pad;		/* NULs that followed it: MH_LENIENT_MN_ID */
	unsigned int n_hnp;
	struct mh_hnp hnp[HNP_MAX];
	unsigned int more_hnp;		/* a request's that did not fit */
	uint8_t hi, att;
	struct llid llid;
	struct in6_addr lla;
	uint64_t timestamp;		/* 48 bits seconds, 16 bits fraction, as on the wire */
	uint32_t restart;
	unsigned int n_mag;
	struct in6_addr mag[PEERS_MAX];
	unsigned int n_bid;
	struct mh_bid bid[PEERS_MAX];
	unsigned int n_flow;
	unsigned int n_spare;		/* PBU and PBA: of those beyond FLOWS_MAX the names */
	unsigned int more_flow;		/* a request's that did not fit */
	struct in6_addr alt_coa;
	struct in_addr ipv4;		/* home address; 0.0.0.0: any */
	uint8_t ipv4_len;		/* of its prefix */
	uint8_t n_vendor;
	unsigned int more_vendor;	/* a request's that did not fit */
	unsigned int n_wanted;
	struct mh_wanted wanted[MH_WANTED_MAX];
	unsigned int more_wanted;	/* that did not fit, or with data nobody knows */
	unsigned int n_lma;
	struct in6_addr lma[MH_LMAS_MAX];	/* IPv4 as ::ffff:a.b.c.d */
	uint8_t lla_iid[8];		/* of the node's link-local address */
	struct in6_addr redirect;	/* another anchor, IPv4 as ::ffff:a.b.c.d */
	struct mh_load load;
	unsigned int n_entry;
	unsigned int n_flow_state;
	unsigned int unknown;		/* options and sub-options that were skipped */
	/* nine tenths of all; mh_clear() leaves what no number above counts as it was */
	struct mh_flow flow[FLOWS_MAX];
	struct mh_flow_name spare[MH_SPARE_FLOWS];
	struct mh_vendor vendor[MH_VENDORS_MAX];
	struct mh_entry entry[PEERS_MAX];
	struct mh_flow_state flow_state[FLOWS_MAX];
	struct mh_groups listens;	/* options 57 or 60: no message has both */
	struct mh_groups refused;	/* option 61 */
};

struct mh_msg {
	enum mh_kind kind;
	uint8_t type;			/* number on the wire; encode sets it from kind */
	uint16_t seq;			/* all but BE and Heartbeat; Subscription *: 8 bits */
	uint16_t flags;			/* PBU, PBA, Heartbeat, SHI, BRI, BRA, UPN, HI, HAck, */
					/* Subscription Response, LMA_HO_Resp */
	uint16_t lifetime;		/* units of 4 s; FMI, FMA: of 1 s */
	uint8_t status;			/* PBA, BE, SHAck, FMA, BRA, UPA, LMA_HO_Resp, LMA_HAck */
	uint8_t trigger;		/* BRI */
	uint8_t code;			/* HI: enum hi_code; HAck: enum hack_code; LMA_HO_Init */
					/* and LMA_HAck: enum lma_init_code */
	uint16_t reason;		/* UPN; LMA_HO_Req: enum lma_ho_reason */
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
	MH_ERR_FIELD,		/* a fixed field with a value that no RFC allows */
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

/* The place of a prefix among those that are named, -1: it is not */
int mh_find_hnp(const struct mh_opts *o, const struct prefix *p);
/* The same, and the last place if it was not named yet, -1: there is no room */
int mh_add_hnp(struct mh_opts *o, const struct prefix *p);

/* As = { 0 }, in a tenth of the time */
void mh_clear(struct mh_msg *msg);
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
const char *fma_status_str(uint8_t status);
const char *bri_trigger_str(uint8_t trigger);
const char *bra_status_str(uint8_t status);
const char *upn_reason_str(uint16_t reason);
const char *upa_status_str(uint8_t status);
const char *flow_status_str(uint8_t status);
const char *hi_code_str(uint8_t code);
const char *hack_code_str(uint8_t code);
const char *multicast_status_str(uint8_t status);
const char *lma_ho_reason_str(uint8_t reason);
const char *lma_ho_status_str(uint8_t status);
const char *lma_hack_status_str(uint8_t status);
uint8_t att_parse(const char *name);
/* What a leniency is called; NULL where there is none: bit 0, 1, ... */
const char *mh_lenient_str(unsigned int bit);

/* The numbers of this project's own messages, set once at start. */
struct mh_own_types {
	uint8_t shi, shack, fmi, fma;
	uint8_t lma_ho_req, lma_ho_resp, lma_ho_init, lma_hack;
};

extern const struct mh_own_types mh_default_types;
int mh_set_types(const struct mh_own_types *t);
uint8_t mh_type(enum mh_kind kind);
bool mh_kind_of(uint8_t type, enum mh_kind *kind);

/* Whether signalling can be sent there; IPv4 as ::ffff:a.b.c.d */
bool mh_is_unicast(const struct in6_addr *a);

/* RFC 5213 §8.8: seconds and 1/65536 s from and to nanoseconds since 1970 */
uint64_t mh_timestamp(uint64_t wall_ns);
uint64_t mh_timestamp_ns(uint64_t timestamp);

#endif
