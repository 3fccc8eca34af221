// SPDX-License-Identifier: GPL-2.0
/*
 * nlabuse - requests that must be refused, and what the refusal must say
 *
 *	nlabuse IFINDEX
 *
 * Runs in an empty namespace with a device IFINDEX; makes tunnel 1, link IFINDEX
 * and one binding, then asks for nonsense around them.  Each row of the table is a
 * request and what is to come of it: an errno, and the attribute that the answer
 * names or words that its message has.  Prints a line for each that came out
 * otherwise, and how many were tried; exits 1 if there was one.
 */
#define _GNU_SOURCE
#include "genl.h"

#define NEW		(NLM_F_CREATE | NLM_F_EXCL)
#define ATOMS		16
#define HERE		0x68657265	/* stands for the device's index */
#define VIA		0x100		/* stands for a path into tunnel 1 */

/* An attribute; a nest has the @inside atoms after it. */
struct atom {
	int type, len, inside;
	uint64_t value;
	const char *addr;
};

struct request {
	const char *name;
	uint8_t cmd;
	uint16_t flags;
	int error, attr;
	const char *says;
	struct atom atoms[ATOMS];
};

#define U8(t, v)	{ .type = (t), .len = 1, .value = (v) }
#define U16(t, v)	{ .type = (t), .len = 2, .value = (v) }
#define U32(t, v)	{ .type = (t), .len = 4, .value = (v) }
#define U64(t, v)	{ .type = (t), .len = 8, .value = (v) }
#define IP6(t, a)	{ .type = (t), .len = 16, .addr = (a) }
#define CUT(t, l)	{ .type = (t), .len = (l), .value = 1 }
#define NEST(t, n)	{ .type = (t) | NLA_F_NESTED, .inside = (n) }

#define T(x)		PMIP_A_TUNNEL_##x
#define L(x)		PMIP_A_LINK_##x
#define B(x)		PMIP_A_BINDING_##x
#define P(x)		PMIP_A_PATH_##x
#define F(x)		PMIP_A_FLOW_##x
#define S(x)		PMIP_A_SELECTOR_##x
#define NODE1		U64(F(NODE), 1)
#define H(x)		PMIP_A_HOLD_##x
#define R(x)		PMIP_A_RETURN_##x
#define G(x)		PMIP_A_GROUP_##x
#define MANY		IP6(G(ADDR), "ff0e::1")
#define THERE		NEST(G(PATH), 2)	/* and behind it the two of: */
#define BY_TUNNEL	U8(P(KIND), PMIP_PATH_TUNNEL)
#define NR(id)		U32(P(TUNNEL), id)
#define A		"2001:db8::1"
#define BB		"2001:db8::2"
#define NET		"2001:db8:100:1::"
#define VIA_TUNNEL	{ .type = VIA }

static const struct request requests[] = {
	/* what the rest stands on */
	{ "a tunnel", PMIP_CMD_TUNNEL_NEW, NEW, 0, 0, NULL,
	  { U32(T(ID), 1), IP6(T(LOCAL), A), IP6(T(REMOTE), BB), U8(T(ROLE), 1) } },
	{ "a link", PMIP_CMD_LINK_NEW, NEW, 0, 0, NULL,
	  { U32(L(IFINDEX), HERE), U8(L(TYPE), PMIP_LINK_ACCESS) } },
	{ "a binding", PMIP_CMD_BINDING_NEW, NEW, 0, 0, NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), VIA_TUNNEL } },

	/* NLM_F_* */
	{ "EXCL on one that exists", PMIP_CMD_TUNNEL_NEW, NEW, EEXIST, 0, "exists",
	  { U32(T(ID), 1), IP6(T(LOCAL), A), IP6(T(REMOTE), BB), U8(T(ROLE), 1) } },
	{ "CREATE without REPLACE on one that exists", PMIP_CMD_BINDING_NEW, NLM_F_CREATE,
	  EEXIST, 0, "exists",
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), VIA_TUNNEL } },
	{ "no CREATE, none there", PMIP_CMD_BINDING_NEW, NLM_F_REPLACE, ENOENT, 0, "no such",
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64), VIA_TUNNEL } },
	{ "CREATE and REPLACE on one that exists", PMIP_CMD_BINDING_NEW,
	  NLM_F_CREATE | NLM_F_REPLACE, 0, 0, NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), VIA_TUNNEL } },
	{ "SET on none", PMIP_CMD_TUNNEL_SET, 0, ENOENT, T(ID), NULL,
	  { U32(T(ID), 9), U8(T(STATE), 0) } },
	{ "DEL on none", PMIP_CMD_BINDING_DEL, 0, ENOENT, 0, "no such",
	  { IP6(B(PREFIX), "2001:db8:100:9::"), U8(B(PREFIX_LEN), 64) } },
	{ "DEL of a tunnel in use", PMIP_CMD_TUNNEL_DEL, 0, EBUSY, 0, "use", { U32(T(ID), 1) } },

	/* missing */
	{ "nothing", PMIP_CMD_TUNNEL_NEW, NEW, EINVAL, T(ID), NULL, { } },
	{ "tunnel without local", PMIP_CMD_TUNNEL_NEW, NEW, EINVAL, T(LOCAL), NULL,
	  { U32(T(ID), 2), IP6(T(REMOTE), BB), U8(T(ROLE), 1) } },
	{ "tunnel without remote", PMIP_CMD_TUNNEL_NEW, NEW, EINVAL, T(REMOTE), NULL,
	  { U32(T(ID), 2), IP6(T(LOCAL), A), U8(T(ROLE), 1) } },
	{ "tunnel without role", PMIP_CMD_TUNNEL_NEW, NEW, EINVAL, T(ROLE), NULL,
	  { U32(T(ID), 2), IP6(T(LOCAL), A), IP6(T(REMOTE), "2001:db8::3") } },
	{ "tunnel set without id", PMIP_CMD_TUNNEL_SET, 0, EINVAL, T(ID), NULL,
	  { U8(T(STATE), 0) } },
	{ "tunnel get without id", PMIP_CMD_TUNNEL_GET, 0, EINVAL, T(ID), NULL, { } },
	{ "link without ifindex", PMIP_CMD_LINK_NEW, NEW, EINVAL, L(IFINDEX), NULL,
	  { U8(L(TYPE), 1) } },
	{ "link without type", PMIP_CMD_LINK_NEW, NEW, EINVAL, L(TYPE), NULL,
	  { U32(L(IFINDEX), 1) } },
	{ "binding without prefix", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(PREFIX), NULL,
	  { U8(B(PREFIX_LEN), 64), VIA_TUNNEL } },
	{ "binding without length", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(PREFIX_LEN), NULL,
	  { IP6(B(PREFIX), "2001:db8:100:2::"), VIA_TUNNEL } },
	{ "path without kind", PMIP_CMD_BINDING_NEW, NEW, EINVAL, 0, "kind",
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64),
	    NEST(B(PATH), 1), U32(P(TUNNEL), 1) } },
	{ "path of kind tunnel without tunnel", PMIP_CMD_BINDING_NEW, NEW, EINVAL, 0, "tunnel",
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64),
	    NEST(B(PATH), 1), U8(P(KIND), PMIP_PATH_TUNNEL) } },
	{ "path of kind link without ifindex", PMIP_CMD_BINDING_NEW, NEW, EINVAL, 0, "ifindex",
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64),
	    NEST(B(PATH), 1), U8(P(KIND), PMIP_PATH_LINK) } },
	{ "path of an Ethernet without link-layer address", PMIP_CMD_BINDING_NEW, NEW, EINVAL, 0,
	  "address",
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64),
	    NEST(B(PATH), 2), U8(P(KIND), PMIP_PATH_LINK), U32(P(IFINDEX), HERE) } },
	{ "path set without ifindex", PMIP_CMD_PATH_SET, 0, EINVAL, P(IFINDEX), NULL,
	  { U8(P(STATE), 1) } },
	{ "path set without state", PMIP_CMD_PATH_SET, 0, EINVAL, P(STATE), NULL,
	  { U32(P(IFINDEX), HERE) } },
	{ "purge without generation", PMIP_CMD_PURGE, 0, EINVAL, PMIP_A_PURGE_GENERATION, NULL,
	  { } },
	{ "purge of none at a time", PMIP_CMD_PURGE, 0, ERANGE, PMIP_A_PURGE_LIMIT, NULL,
	  { U32(PMIP_A_PURGE_GENERATION, 1), U32(PMIP_A_PURGE_LIMIT, 0) } },

	/* wrong lengths */
	{ "id of 2 bytes", PMIP_CMD_TUNNEL_SET, 0, EINVAL, T(ID), NULL, { CUT(T(ID), 2) } },
	{ "id of 8 bytes", PMIP_CMD_TUNNEL_SET, 0, EINVAL, T(ID), NULL, { CUT(T(ID), 8) } },
	{ "id of none", PMIP_CMD_TUNNEL_SET, 0, EINVAL, T(ID), NULL, { CUT(T(ID), 0) } },
	{ "address of 4 bytes", PMIP_CMD_TUNNEL_NEW, NEW, EINVAL, T(LOCAL), NULL,
	  { U32(T(ID), 2), CUT(T(LOCAL), 4), IP6(T(REMOTE), BB), U8(T(ROLE), 1) } },
	{ "address of 20 bytes", PMIP_CMD_TUNNEL_NEW, NEW, EINVAL, T(REMOTE), NULL,
	  { U32(T(ID), 2), IP6(T(LOCAL), A), CUT(T(REMOTE), 20), U8(T(ROLE), 1) } },
	{ "role of 4 bytes", PMIP_CMD_TUNNEL_NEW, NEW, EINVAL, T(ROLE), NULL,
	  { U32(T(ID), 2), IP6(T(LOCAL), A), IP6(T(REMOTE), BB), U32(T(ROLE), 1) } },
	{ "ifindex of 1 byte", PMIP_CMD_LINK_NEW, NEW, EINVAL, L(IFINDEX), NULL,
	  { CUT(L(IFINDEX), 1), U8(L(TYPE), 1) } },
	{ "prefix of 8 bytes", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(PREFIX), NULL,
	  { CUT(B(PREFIX), 8), U8(B(PREFIX_LEN), 64) } },
	{ "node of 4 bytes", PMIP_CMD_BINDING_SET, 0, EINVAL, B(NODE), NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), CUT(B(NODE), 4) } },
	{ "link-layer address of 9 bytes", PMIP_CMD_PATH_SET, 0, EINVAL, P(LLADDR), NULL,
	  { U32(P(IFINDEX), HERE), CUT(P(LLADDR), 9), U8(P(STATE), 1) } },
	{ "link-layer address of 4 bytes on an Ethernet", PMIP_CMD_BINDING_NEW, NEW, EINVAL, 0,
	  "length",
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64),
	    NEST(B(PATH), 3), U8(P(KIND), PMIP_PATH_LINK), U32(P(IFINDEX), HERE),
	    CUT(P(LLADDR), 4) } },

	/* values out of range */
	{ "tunnel 0", PMIP_CMD_TUNNEL_NEW, NEW, ERANGE, T(ID), NULL,
	  { U32(T(ID), 0), IP6(T(LOCAL), A), IP6(T(REMOTE), BB), U8(T(ROLE), 1) } },
	{ "no such role", PMIP_CMD_TUNNEL_NEW, NEW, ERANGE, T(ROLE), NULL,
	  { U32(T(ID), 2), IP6(T(LOCAL), A), IP6(T(REMOTE), BB), U8(T(ROLE), 4) } },
	{ "no such state", PMIP_CMD_TUNNEL_SET, 0, ERANGE, T(STATE), NULL,
	  { U32(T(ID), 1), U8(T(STATE), 2) } },
	{ "no such flag", PMIP_CMD_TUNNEL_SET, 0, EINVAL, T(FLAGS), NULL,
	  { U32(T(ID), 1), U32(T(FLAGS), 0x80) } },
	{ "hop limit 0", PMIP_CMD_TUNNEL_SET, 0, ERANGE, T(HOP_LIMIT), NULL,
	  { U32(T(ID), 1), U8(T(HOP_LIMIT), 0) } },
	{ "no such link type", PMIP_CMD_LINK_NEW, NEW, ERANGE, L(TYPE), NULL,
	  { U32(L(IFINDEX), HERE), U8(L(TYPE), 3) } },
	{ "no such device", PMIP_CMD_LINK_NEW, NEW, ENODEV, 0, "device",
	  { U32(L(IFINDEX), 9999), U8(L(TYPE), 1) } },
	{ "the loopback device", PMIP_CMD_LINK_NEW, NEW, EINVAL, 0, "device",
	  { U32(L(IFINDEX), 1), U8(L(TYPE), 1) } },
	{ "length 0", PMIP_CMD_BINDING_NEW, NEW, ERANGE, B(PREFIX_LEN), NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 0), VIA_TUNNEL } },
	{ "length 129", PMIP_CMD_BINDING_NEW, NEW, ERANGE, B(PREFIX_LEN), NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 129), VIA_TUNNEL } },
	{ "bits beyond the length", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(PREFIX), NULL,
	  { IP6(B(PREFIX), "2001:db8:100:1::1"), U8(B(PREFIX_LEN), 64), VIA_TUNNEL } },
	{ "a link-local prefix", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(PREFIX), NULL,
	  { IP6(B(PREFIX), "fe80::"), U8(B(PREFIX_LEN), 64), VIA_TUNNEL } },
	{ "a multicast gateway", PMIP_CMD_TUNNEL_NEW, NEW, EINVAL, 0, "unicast",
	  { U32(T(ID), 2), IP6(T(LOCAL), A), IP6(T(REMOTE), "ff05::1"), U8(T(ROLE), 1) } },
	{ "an unspecified gateway", PMIP_CMD_TUNNEL_NEW, NEW, EINVAL, 0, "unicast",
	  { U32(T(ID), 2), IP6(T(LOCAL), "::"), IP6(T(REMOTE), BB), U8(T(ROLE), 1) } },
	{ "five paths", PMIP_CMD_BINDING_NEW, NEW, E2BIG, B(PATH), NULL,
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64),
	    NEST(B(PATH), 1), U8(P(KIND), PMIP_PATH_DROP),
	    NEST(B(PATH), 1), U8(P(KIND), PMIP_PATH_DROP),
	    NEST(B(PATH), 1), U8(P(KIND), PMIP_PATH_DROP),
	    NEST(B(PATH), 1), U8(P(KIND), PMIP_PATH_DROP),
	    NEST(B(PATH), 1), U8(P(KIND), PMIP_PATH_DROP) } },

	/* contradictions */
	{ "two tunnels for one pair", PMIP_CMD_TUNNEL_NEW, NEW, EEXIST, 0, "exists",
	  { U32(T(ID), 2), IP6(T(LOCAL), A), IP6(T(REMOTE), BB), U8(T(ROLE), 1) } },
	{ "another address for a tunnel", PMIP_CMD_TUNNEL_SET, 0, EINVAL, 0, "cannot change",
	  { U32(T(ID), 1), IP6(T(REMOTE), "2001:db8::3") } },
	{ "another role for a tunnel", PMIP_CMD_TUNNEL_NEW, NLM_F_CREATE | NLM_F_REPLACE, EINVAL,
	  0, "cannot change",
	  { U32(T(ID), 1), IP6(T(LOCAL), A), IP6(T(REMOTE), BB), U8(T(ROLE), 2) } },
	{ "another type for a link", PMIP_CMD_LINK_SET, 0, EINVAL, L(TYPE), NULL,
	  { U32(L(IFINDEX), HERE), U8(L(TYPE), PMIP_LINK_CORE) } },
	{ "path of kind tunnel with an ifindex", PMIP_CMD_BINDING_NEW, NEW, EINVAL, 0, "tunnel",
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64), NEST(B(PATH), 3),
	    U8(P(KIND), PMIP_PATH_TUNNEL), U32(P(TUNNEL), 1), U32(P(IFINDEX), HERE) } },
	{ "path of kind link with a tunnel", PMIP_CMD_BINDING_NEW, NEW, EINVAL, 0, "link",
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64), NEST(B(PATH), 3),
	    U8(P(KIND), PMIP_PATH_LINK), U32(P(TUNNEL), 1), U32(P(IFINDEX), HERE) } },
	{ "a path into no tunnel", PMIP_CMD_BINDING_NEW, NEW, ENOENT, P(TUNNEL), NULL,
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64), NEST(B(PATH), 2),
	    U8(P(KIND), PMIP_PATH_TUNNEL), U32(P(TUNNEL), 77) } },
	{ "an uplink that is none", PMIP_CMD_BINDING_NEW, NEW, ENOENT, B(UPLINK), NULL,
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64), U32(B(UPLINK), 77),
	    VIA_TUNNEL } },
	{ "one good path and one bad", PMIP_CMD_BINDING_SET, 0, ENOENT, P(TUNNEL), NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), VIA_TUNNEL, NEST(B(PATH), 2),
	    U8(P(KIND), PMIP_PATH_TUNNEL), U32(P(TUNNEL), 77) } },

	/* what waits, and what comes back */
	{ "a path behind one that holds", PMIP_CMD_BINDING_SET, 0, EINVAL, B(PATH), NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64),
	    NEST(B(PATH), 1), U8(P(KIND), PMIP_PATH_HOLD), VIA_TUNNEL } },
	{ "a path of no kind", PMIP_CMD_BINDING_SET, 0, ERANGE, P(KIND), NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64),
	    NEST(B(PATH), 1), U8(P(KIND), PMIP_PATH_HOME + 1) } },
	{ "a path as to a prefix", PMIP_CMD_BINDING_SET, 0, EINVAL, P(KIND), "a listener's",
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), NEST(B(PATH), 3),
	    U8(P(KIND), PMIP_PATH_HOME), IP6(P(PREFIX), NET), U8(P(PREFIX_LEN), 64) } },
	{ "release of no prefix", PMIP_CMD_HOLD_RELEASE, 0, EINVAL, H(PREFIX), NULL,
	  { U8(H(TO), PMIP_HOLD_TO_DROP) } },
	{ "release without where to", PMIP_CMD_HOLD_RELEASE, 0, EINVAL, H(TO), NULL,
	  { IP6(H(PREFIX), NET), U8(H(PREFIX_LEN), 64) } },
	{ "release to nowhere", PMIP_CMD_HOLD_RELEASE, 0, ERANGE, H(TO), NULL,
	  { IP6(H(PREFIX), NET), U8(H(PREFIX_LEN), 64), U8(H(TO), 4) } },
	{ "release of none", PMIP_CMD_HOLD_RELEASE, 0, ENOENT, 0, "no such",
	  { IP6(H(PREFIX), "2001:db8:100:9::"), U8(H(PREFIX_LEN), 64),
	    U8(H(TO), PMIP_HOLD_TO_DROP) } },
	{ "return without an uplink", PMIP_CMD_HOLD_RELEASE, 0, EINVAL, 0, "uplink",
	  { IP6(H(PREFIX), NET), U8(H(PREFIX_LEN), 64), U8(H(TO), PMIP_HOLD_TO_RETURN) } },
	{ "drop of nothing", PMIP_CMD_HOLD_RELEASE, 0, 0, 0, NULL,
	  { IP6(H(PREFIX), NET), U8(H(PREFIX_LEN), 64), U8(H(TO), PMIP_HOLD_TO_DROP) } },
	{ "an age of 0", PMIP_CMD_HOLD_SET, 0, ERANGE, H(AGE_MS), NULL, { U32(H(AGE_MS), 0) } },
	{ "too great an age", PMIP_CMD_HOLD_SET, 0, ERANGE, H(AGE_MS), NULL,
	  { U32(H(AGE_MS), PMIP_HOLD_TIME_MAX + 1) } },
	{ "no such policy", PMIP_CMD_HOLD_SET, 0, ERANGE, H(POLICY), NULL, { U8(H(POLICY), 2) } },
	{ "a limit of 2 bytes", PMIP_CMD_HOLD_SET, 0, EINVAL, H(NODE_PACKETS), NULL,
	  { CUT(H(NODE_PACKETS), 2) } },
	{ "a prefix among limits", PMIP_CMD_HOLD_SET, 0, EINVAL, H(PREFIX), NULL,
	  { U32(H(AGE_MS), 1000), IP6(H(PREFIX), NET) } },
	{ "a limit in a release", PMIP_CMD_HOLD_RELEASE, 0, EINVAL, H(AGE_MS), NULL,
	  { IP6(H(PREFIX), NET), U8(H(PREFIX_LEN), 64), U8(H(TO), PMIP_HOLD_TO_DROP),
	    U32(H(AGE_MS), 1) } },
	{ "a counter among limits", PMIP_CMD_HOLD_SET, 0, EINVAL, 0, NULL, { U64(H(HELD), 1) } },
	{ "a return without tunnel", PMIP_CMD_BINDING_SET, 0, EINVAL, 0, "tunnel",
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64),
	    NEST(B(RETURN), 1), U32(R(TIME_MS), 1000) } },
	{ "a return without time", PMIP_CMD_BINDING_SET, 0, EINVAL, 0, "time",
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64),
	    NEST(B(RETURN), 1), U32(R(TUNNEL), 1) } },
	{ "a return by no tunnel", PMIP_CMD_BINDING_SET, 0, ENOENT, R(TUNNEL), NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), NEST(B(RETURN), 2),
	    U32(R(TUNNEL), 77), U32(R(TIME_MS), 1000) } },
	{ "a return for too long", PMIP_CMD_BINDING_SET, 0, ERANGE, R(TIME_MS), NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), NEST(B(RETURN), 2),
	    U32(R(TUNNEL), 1), U32(R(TIME_MS), PMIP_HOLD_TIME_MAX + 1) } },
	{ "a return to a binding that is none", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(RETURN), NULL,
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64), VIA_TUNNEL,
	    NEST(B(RETURN), 2), U32(R(TUNNEL), 1), U32(R(TIME_MS), 1000) } },
	{ "a return, and then a path that is none", PMIP_CMD_BINDING_SET, 0, ENOENT, 0, NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), NEST(B(PATH), 2),
	    U8(P(KIND), PMIP_PATH_TUNNEL), U32(P(TUNNEL), 77), NEST(B(RETURN), 2),
	    U32(R(TUNNEL), 1), U32(R(TIME_MS), 1000) } },

	/* shapes */
	{ "a nest in a nest", PMIP_CMD_BINDING_NEW, NEW, EINVAL, 0, "",
	  { IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64), NEST(B(PATH), 3),
	    NEST(B(PATH), 2), NEST(B(PATH), 1), U8(P(KIND), PMIP_PATH_DROP) } },
	{ "an attribute that is none", PMIP_CMD_TUNNEL_SET, 0, EINVAL, 0, "",
	  { U32(T(ID), 1), U32(99, 1) } },
	{ "an answer's attribute in a request", PMIP_CMD_TUNNEL_SET, 0, EINVAL, 0, "",
	  { U32(T(ID), 1), U64(T(TX_PACKETS), 1) } },
	{ "an event as a request", PMIP_CMD_EVENT, 0, EOPNOTSUPP, 0, NULL, { } },
	{ "no such command", 99, 0, EOPNOTSUPP, 0, NULL, { } },

	/* several bindings in one request */
	{ "an item before what is none", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(PREFIX), "item",
	  { NEST(B(ITEM), 3), IP6(B(PREFIX), "2001:db8:100:2::"), U8(B(PREFIX_LEN), 64), VIA_TUNNEL,
	    IP6(B(PREFIX), "2001:db8:100:3::") } },
	{ "an item in an item", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(ITEM), "item",
	  { NEST(B(ITEM), 4), NEST(B(ITEM), 3), IP6(B(PREFIX), "2001:db8:100:2::"),
	    U8(B(PREFIX_LEN), 64), VIA_TUNNEL } },
	{ "an item that is not for what all have", PMIP_CMD_BINDING_NEW, NEW, ENOENT, B(ITEM),
	  "tunnel",
	  { U32(B(UPLINK), 77), U8(B(PREFIX_LEN), 64), VIA_TUNNEL,
	    NEST(B(ITEM), 1), IP6(B(PREFIX), "2001:db8:100:2::") } },
	{ "an item that is no nest", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(ITEM), NULL,
	  { U32(B(ITEM), 1) } },
	{ "an empty item", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(PREFIX), "prefix",
	  { NEST(B(ITEM), 0) } },
	{ "an item with a prefix of five bytes", PMIP_CMD_BINDING_NEW, NEW, EINVAL, B(PREFIX), NULL,
	  { NEST(B(ITEM), 3), CUT(B(PREFIX), 5), U8(B(PREFIX_LEN), 64), VIA_TUNNEL } },
	{ "an item with an answer's attribute", PMIP_CMD_BINDING_SET, 0, EINVAL, 0, "",
	  { NEST(B(ITEM), 3), IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), U64(B(UP_BYTES), 1) } },
	{ "an item that exists", PMIP_CMD_BINDING_NEW, NEW, EEXIST, B(ITEM), "exists",
	  { NEST(B(ITEM), 3), IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64), VIA_TUNNEL } },
	{ "items to be shown", PMIP_CMD_BINDING_GET, 0, EINVAL, B(ITEM), "one",
	  { NEST(B(ITEM), 2), IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64) } },

	/* and nothing of all that has stuck */
	/* flows */
	{ "a flow", PMIP_CMD_FLOW_NEW, NEW, 0, 0, NULL,
	  { NODE1, U16(F(FID), 1), U16(F(PRIORITY), 5), U16(F(BID), 1) } },
	{ "flow without node", PMIP_CMD_FLOW_NEW, NEW, EINVAL, F(NODE), "missing",
	  { U16(F(FID), 2), U16(F(PRIORITY), 6), U16(F(BID), 1) } },
	{ "flow without identifier", PMIP_CMD_FLOW_NEW, NEW, EINVAL, F(FID), "missing",
	  { U64(F(NODE), 1), U16(F(PRIORITY), 6), U16(F(BID), 1) } },
	{ "flow without priority", PMIP_CMD_FLOW_NEW, NEW, EINVAL, F(PRIORITY), "missing",
	  { NODE1, U16(F(FID), 2), U16(F(BID), 1) } },
	{ "flow to nowhere", PMIP_CMD_FLOW_NEW, NEW, EINVAL, F(BID), "binding identifier",
	  { NODE1, U16(F(FID), 2), U16(F(PRIORITY), 6) } },
	{ "flow of no node", PMIP_CMD_FLOW_NEW, NEW, ERANGE, F(NODE), NULL,
	  { U64(F(NODE), 0), U16(F(FID), 2), U16(F(PRIORITY), 6), U16(F(BID), 1) } },
	{ "flow 0", PMIP_CMD_FLOW_NEW, NEW, ERANGE, F(FID), NULL,
	  { NODE1, U16(F(FID), 0), U16(F(PRIORITY), 6), U16(F(BID), 1) } },
	{ "priority 0", PMIP_CMD_FLOW_NEW, NEW, ERANGE, F(PRIORITY), NULL,
	  { NODE1, U16(F(FID), 2), U16(F(PRIORITY), 0), U16(F(BID), 1) } },
	{ "priority of another", PMIP_CMD_FLOW_NEW, NEW, EEXIST, F(PRIORITY), "priority",
	  { NODE1, U16(F(FID), 2), U16(F(PRIORITY), 5), U16(F(BID), 1) } },
	{ "binding identifier 0", PMIP_CMD_FLOW_SET, 0, ERANGE, F(BID), NULL,
	  { NODE1, U16(F(FID), 1), U16(F(BID), 0) } },
	{ "five binding identifiers", PMIP_CMD_FLOW_SET, 0, E2BIG, F(BID), NULL,
	  { NODE1, U16(F(FID), 1), U16(F(BID), 1), U16(F(BID), 2), U16(F(BID), 3), U16(F(BID), 4),
	    U16(F(BID), 5) } },
	{ "no such action", PMIP_CMD_FLOW_SET, 0, ERANGE, F(ACTION), NULL,
	  { NODE1, U16(F(FID), 1), U8(F(ACTION), 3) } },
	{ "flow's counter", PMIP_CMD_FLOW_SET, 0, EINVAL, F(PACKETS), NULL,
	  { NODE1, U16(F(FID), 1), U64(F(PACKETS), 3) } },
	{ "port of 4 bytes", PMIP_CMD_FLOW_SET, 0, EINVAL, S(SPORT), NULL,
	  { NODE1, U16(F(FID), 1), NEST(F(SELECTOR), 1), U32(S(SPORT), 7) } },
	{ "label of 21 bits", PMIP_CMD_FLOW_SET, 0, ERANGE, S(FLOW_LABEL), "20 bits",
	  { NODE1, U16(F(FID), 1), NEST(F(SELECTOR), 1), U32(S(FLOW_LABEL), 0x100000) } },
	{ "range without its first", PMIP_CMD_FLOW_SET, 0, EINVAL, S(SPI_END), "first",
	  { NODE1, U16(F(FID), 1), NEST(F(SELECTOR), 1), U32(S(SPI_END), 7) } },
	{ "range that ends before it begins", PMIP_CMD_FLOW_SET, 0, EINVAL, S(DPORT_END), "ends",
	  { NODE1, U16(F(FID), 1), NEST(F(SELECTOR), 2), U16(S(DPORT), 7), U16(S(DPORT_END), 6) } },
	{ "range of addresses that does", PMIP_CMD_FLOW_SET, 0, EINVAL, S(SRC_END), "ends",
	  { NODE1, U16(F(FID), 1), NEST(F(SELECTOR), 2), IP6(S(SRC), BB), IP6(S(SRC_END), A) } },
	{ "SET on no flow", PMIP_CMD_FLOW_SET, 0, ENOENT, 0, "no such", { NODE1, U16(F(FID), 9) } },
	{ "GET without identifier", PMIP_CMD_FLOW_GET, 0, EINVAL, F(FID), NULL,
	  { U64(F(NODE), 1) } },

	/* listeners */
	{ "a listener", PMIP_CMD_LISTENER_NEW, NEW, 0, 0, NULL, { MANY, THERE, BY_TUNNEL, NR(1) } },
	{ "listener without group", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, G(ADDR), "missing",
	  { THERE, BY_TUNNEL, NR(1) } },
	{ "listener without path", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, G(PATH), "missing",
	  { MANY } },
	{ "listener at an empty path", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, 0, "kind",
	  { MANY, NEST(G(PATH), 0) } },
	{ "listener nowhere", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, 0, "tunnel or a link",
	  { MANY, NEST(G(PATH), 1), U8(P(KIND), PMIP_PATH_DROP) } },
	{ "listener at a path to hold", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, 0, "tunnel or a link",
	  { MANY, NEST(G(PATH), 1), U8(P(KIND), PMIP_PATH_HOLD) } },
	{ "listener of a prefix, by a core link", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, 0,
	  "core link",
	  { MANY, NEST(G(PATH), 3), U8(P(KIND), PMIP_PATH_HOME), IP6(P(PREFIX), NET),
	    U8(P(PREFIX_LEN), 64) } },
	{ "listener of a prefix without length", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, 0,
	  "nothing else",
	  { MANY, NEST(G(PATH), 2), U8(P(KIND), PMIP_PATH_HOME), IP6(P(PREFIX), NET) } },
	{ "listener of a prefix and a tunnel", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, 0,
	  "nothing else",
	  { MANY, NEST(G(PATH), 4), U8(P(KIND), PMIP_PATH_HOME), IP6(P(PREFIX), NET),
	    U8(P(PREFIX_LEN), 64), U32(P(TUNNEL), 1) } },
	{ "listener of a prefix that is longer", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, P(PREFIX),
	  "beyond its length",
	  { MANY, NEST(G(PATH), 3), U8(P(KIND), PMIP_PATH_HOME), IP6(P(PREFIX), A),
	    U8(P(PREFIX_LEN), 64) } },
	{ "listener of a prefix of length 0", PMIP_CMD_LISTENER_NEW, NEW, ERANGE, P(PREFIX_LEN),
	  NULL,
	  { MANY, NEST(G(PATH), 3), U8(P(KIND), PMIP_PATH_HOME), IP6(P(PREFIX), NET),
	    U8(P(PREFIX_LEN), 0) } },
	{ "listener's path by name", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, P(BID),
	  "no such attribute",
	  { MANY, NEST(G(PATH), 3), U8(P(KIND), PMIP_PATH_TUNNEL), U32(P(TUNNEL), 1),
	    U16(P(BID), 2) } },
	{ "listener's path with an address", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, P(ADDR),
	  "no such attribute",
	  { MANY, NEST(G(PATH), 3), U8(P(KIND), PMIP_PATH_TUNNEL), U32(P(TUNNEL), 1),
	    IP6(P(ADDR), A) } },
	{ "group of five bytes", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, G(ADDR), NULL,
	  { CUT(G(ADDR), 5), THERE, BY_TUNNEL, NR(1) } },
	{ "group that is none", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, 0, "multicast group",
	  { IP6(G(ADDR), A), THERE, BY_TUNNEL, NR(1) } },
	{ "source of five bytes", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, G(SOURCE), NULL,
	  { MANY, CUT(G(SOURCE), 5), THERE, BY_TUNNEL, NR(1) } },
	{ "block 2", PMIP_CMD_LISTENER_NEW, NEW, ERANGE, G(BLOCK), NULL,
	  { MANY, IP6(G(SOURCE), A), THERE, BY_TUNNEL, NR(1), U8(G(BLOCK), 2) } },
	{ "listener's counter", PMIP_CMD_LISTENER_NEW, NEW, EINVAL, G(PACKETS), NULL,
	  { MANY, THERE, BY_TUNNEL, NR(1), U64(G(PACKETS), 3) } },
	{ "upstream that is not there", PMIP_CMD_LISTENER_NEW, NEW, ENOENT, G(UPSTREAM), "no such",
	  { MANY, U32(G(UPSTREAM), 9), THERE, BY_TUNNEL, NR(1) } },
	{ "listener at a tunnel that is not there", PMIP_CMD_LISTENER_NEW, NEW, ENOENT, P(TUNNEL),
	  "no such", { MANY, THERE, BY_TUNNEL, NR(9) } },
	{ "listener that exists", PMIP_CMD_LISTENER_NEW, NEW, EEXIST, 0, "exists",
	  { MANY, THERE, BY_TUNNEL, NR(1) } },
	{ "DEL of no listener", PMIP_CMD_LISTENER_DEL, 0, ENOENT, 0, "no such",
	  { MANY, IP6(G(SOURCE), A), THERE, BY_TUNNEL, NR(1) } },
	{ "GET of no listener", PMIP_CMD_LISTENER_GET, 0, ENOENT, 0, "no such",
	  { IP6(G(ADDR), "ff0e::2"), THERE, BY_TUNNEL, NR(1) } },
	{ "GET without path", PMIP_CMD_LISTENER_GET, 0, EINVAL, G(PATH), "missing", { MANY } },
	{ "one group to be shown", PMIP_CMD_GROUP_GET, 0, EOPNOTSUPP, 0, NULL, { MANY } },
	{ "the listener can go", PMIP_CMD_LISTENER_DEL, 0, 0, 0, NULL,
	  { MANY, THERE, BY_TUNNEL, NR(1) } },
	{ "the flow can go", PMIP_CMD_FLOW_DEL, 0, 0, 0, NULL, { NODE1, U16(F(FID), 1) } },
	{ "the binding can go", PMIP_CMD_BINDING_DEL, 0, 0, 0, NULL,
	  { IP6(B(PREFIX), NET), U8(B(PREFIX_LEN), 64) } },
	{ "the link can go", PMIP_CMD_LINK_DEL, 0, 0, 0, NULL, { U32(L(IFINDEX), HERE) } },
	{ "the tunnel can go", PMIP_CMD_TUNNEL_DEL, 0, 0, 0, NULL, { U32(T(ID), 1) } },
};

static uint32_t device;

static const struct atom *put_atom(struct nlmsghdr *h, const struct atom *a)
{
	const struct atom *next = a + 1;
	uint8_t bytes[64] = { 0 };
	struct nlattr *nest;
	uint64_t value;

	if (a->type == VIA) {
		nest = mnl_attr_nest_start(h, B(PATH));
		mnl_attr_put_u8(h, P(KIND), PMIP_PATH_TUNNEL);
		mnl_attr_put_u32(h, P(TUNNEL), 1);
		mnl_attr_nest_end(h, nest);
		return next;
	}
	if (a->type & NLA_F_NESTED) {
		nest = mnl_attr_nest_start(h, a->type & NLA_TYPE_MASK);
		while (next <= a + a->inside)
			next = put_atom(h, next);
		mnl_attr_nest_end(h, nest);
		return next;
	}
	value = a->value == HERE ? device : a->value;
	memcpy(bytes, &value, sizeof(value));
	if (a->addr)
		inet_pton(AF_INET6, a->addr, bytes);
	mnl_attr_put(h, a->type, a->len, bytes);
	return next;
}

static int try(struct genl *g, const struct request *r)
{
	uint32_t buf[1024] = { 0 };
	struct nlmsghdr *h = genl_put(buf, g->family, r->cmd, r->flags | NLM_F_ACK, ++g->seq);
	const struct atom *a = r->atoms;
	struct answer answer;

	while (a < r->atoms + ATOMS && a->type)
		a = put_atom(h, a);
	genl_ask(g, h, &answer);
	/* 6.1 and 6.12 differ in what they call a length that does not fit */
	if (answer.error == r->error || (r->error == EINVAL && answer.error == ERANGE)) {
		if (r->attr && answer.attr != r->attr)
			goto bad;
		if (r->says && (!answer.message[0] || !strstr(answer.message, r->says)))
			goto bad;
		return 0;
	}
bad:
	printf("%s: errno %d attribute %d \"%s\", not errno %d attribute %d \"%s\"\n", r->name,
	       answer.error, answer.attr, answer.message, r->error, r->attr,
	       r->says ? r->says : "");
	return 1;
}

int main(int argc, char **argv)
{
	unsigned int i, n = sizeof(requests) / sizeof(*requests);
	struct genl g;
	int bad = 0;

	if (argc != 2)
		errx(2, "usage: nlabuse IFINDEX");
	device = atoi(argv[1]);
	genl_open(&g);
	for (i = 0; i < n; i++)
		bad += try(&g, &requests[i]);
	printf("requests=%u bad=%d\n", n, bad);
	return bad ? 1 : 0;
}
