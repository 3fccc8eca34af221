/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/*
 * The generic netlink family "pmip": forwarding state for Proxy Mobile IPv6.
 *
 * Documentation/netlink/specs/pmip.yaml is the specification; this header
 * follows it name by name.  All state belongs to one network namespace, that
 * of the socket, and every request but *-get needs CAP_NET_ADMIN in the user
 * namespace that owns it.
 *
 * Objects and how a request names one:
 *
 *	tunnel	 PMIP_A_TUNNEL_ID, chosen by user space.  One per pair of
 *		 gateway addresses: a second one for the same pair is -EEXIST.
 *	link	 PMIP_A_LINK_IFINDEX, a device that the module watches.
 *	path	 a tunnel, or a link and a link-layer address on it, or none:
 *		 drop, or hold until there is another.  It comes with the first
 *		 binding that uses it and leaves with the last.
 *	binding	 PMIP_A_BINDING_PREFIX and _PREFIX_LEN, with up to
 *		 PMIP_BINDING_PATHS paths in order of preference.
 *	flow	 PMIP_A_FLOW_NODE and _FID: packets to a mobile node that take
 *		 another than their binding's best path.  Up to PMIP_NODE_FLOWS
 *		 of one node, and of all what the module parameter flows_max says.
 *
 * *-NEW takes NLM_F_CREATE, NLM_F_EXCL and NLM_F_REPLACE as rtnetlink does:
 * without CREATE the object must exist (-ENOENT), with EXCL it must not
 * (-EEXIST), and an existing one changes only with REPLACE or without CREATE.
 * *-SET changes the attributes that are present and leaves the others.
 *
 * An object that is there from a dump's beginning to its end is in the dump
 * exactly once; if others of its kind came or went meanwhile, NLM_F_DUMP_INTR
 * says so.
 *
 *	TUNNEL_NEW/SET {
 *		PMIP_A_TUNNEL_ID: u32, not 0
 *		PMIP_A_TUNNEL_LOCAL, _REMOTE: in6_addr (NEW only)
 *		PMIP_A_TUNNEL_ROLE: u8, enum pmip_tunnel_role (NEW only)
 *		PMIP_A_TUNNEL_STATE: u8, enum pmip_state, default up
 *		PMIP_A_TUNNEL_HOP_LIMIT: u8, default 64
 *		PMIP_A_TUNNEL_FLAGS: u32, PMIP_TUNNEL_F_*
 *		PMIP_A_TUNNEL_GENERATION: u32
 *	}
 *	TUNNEL_GET answers these and PMIP_A_TUNNEL_USERS, _MTU and the counters.
 *
 *	LINK_NEW/SET {
 *		PMIP_A_LINK_IFINDEX: u32
 *		PMIP_A_LINK_TYPE: u8, enum pmip_link_type (NEW only)
 *		PMIP_A_LINK_STATE: u8, enum pmip_state: the operator's word
 *		PMIP_A_LINK_FLAGS: u32, PMIP_LINK_F_*
 *		PMIP_A_LINK_GENERATION: u32
 *	}
 *	LINK_GET answers these, PMIP_A_LINK_OPER (the state that packets meet),
 *	_REASON, _NAME, _USERS, _DOWN_NS and _REDIRECT_NS.
 *
 *	BINDING_NEW/SET {
 *		PMIP_A_BINDING_PREFIX: in6_addr, no bits beyond the length
 *		PMIP_A_BINDING_PREFIX_LEN: u8, 1 to 128
 *		PMIP_A_BINDING_UPLINK: u32, id of the tunnel to the local
 *			mobility anchor; absent or 0 at the anchor itself
 *		PMIP_A_BINDING_NODE: u64, user space's name for the mobile node
 *		PMIP_A_BINDING_PATH: nest, once per path, best first {
 *			PMIP_A_PATH_BID: u16; 0: no flow takes it by name
 *			PMIP_A_PATH_KIND: u8, enum pmip_path_kind
 *			PMIP_A_PATH_TUNNEL: u32 (kind tunnel)
 *			PMIP_A_PATH_IFINDEX: u32 (kind link)
 *			PMIP_A_PATH_LLADDR: binary (kind link; absent where
 *				the device has no link-layer addresses)
 *			PMIP_A_PATH_ADDR: in6_addr (kind link), the link-local
 *				address (fe80::/64) by which the controller
 *				probes the neighbour: neighbour
 *				unreachability detection moves the path if it
 *				is of this address, and leads to this
 *				link-layer address.  All bindings share it;
 *				absent leaves it, unspecified takes it away,
 *				and without one detection moves nothing
 *		}
 *		PMIP_A_BINDING_RETURN: nest, for a binding that is there and has
 *			no uplink: its packets may come back for a while.  Each
 *			request names one more tunnel, or says anew of one that
 *			is named; a fifth takes the place of that which ends
 *			soonest.  An answer has one nest for each {
 *			PMIP_A_RETURN_TUNNEL: u32, of role lma-to-mag, by which
 *				they may; 0 for none any more, of all
 *			PMIP_A_RETURN_TIME_MS: u32, for how long, up to
 *				PMIP_HOLD_TIME_MAX; 0 for by this tunnel no more
 *			PMIP_A_RETURN_WAIT_MS: u32, for how long newer packets
 *				wait for the end of the returned ones, by the
 *				last of the tunnels; 0, the default: not at all.
 *				Those that cannot have gone by them do not:
 *				what has the path that it had before, of a flow
 *				or of none
 *		}
 *		PMIP_A_BINDING_GENERATION: u32
 *	}
 *	BINDING_NEW/SET/DEL of several bindings {
 *		what they have in common: as above
 *		PMIP_A_BINDING_ITEM: nest, once per binding {
 *			what the request about this binding alone would have;
 *			what it does not say, the paths as a whole, is as above
 *			the items
 *		}
 *	}
 *	Items are taken in order, each with the request's flags, up to the first
 *	that is refused.  To this one or into it points NLMSGERR_ATTR_OFFS of
 *	the answer: those before it are in force, and it and those behind it are
 *	not.  An answer that points to no item, or a request that is no row of
 *	well-formed attributes: nothing of it is in force.  Who has not set
 *	NETLINK_CAP_ACK gets all of a refused request back.
 *
 *	BINDING_GET answers these, and the counters.  What is 0 it leaves out: who
 *	misses a number reads 0.  Of a path that packets may not take it answers
 *	_STATE, _OPER and _REASON: who misses these reads up, up and
 *	PMIP_REASON_NONE.
 *	The last path of a binding may be of kind hold: packets wait where no
 *	other path is up.  BINDING_GET answers PMIP_A_BINDING_HOLD
 *	{ PMIP_A_HOLD_PACKETS and what follows it } while there is a queue.
 *
 *	HOLD_SET {
 *		PMIP_A_HOLD_NODE_PACKETS, _NODE_BYTES, _LINK_PACKETS,
 *		_LINK_BYTES, _TOTAL_PACKETS, _TOTAL_BYTES: u32, how much may be
 *			held for one mobile node, for all behind one access
 *			link, and in the namespace; bytes are of memory
 *		PMIP_A_HOLD_AGE_MS: u32, for how long, 1 to PMIP_HOLD_TIME_MAX
 *		PMIP_A_HOLD_POLICY: u8, enum pmip_hold_policy
 *	}
 *	HOLD_GET answers these, and for the namespace PMIP_A_HOLD_QUEUES and
 *	what follows it.  What is held already stays when limits shrink.
 *
 *	HOLD_RELEASE {
 *		PMIP_A_HOLD_PREFIX, PMIP_A_HOLD_PREFIX_LEN: which binding
 *		PMIP_A_HOLD_TO: u8, enum pmip_hold_to
 *	}
 *
 *	PATH_SET {
 *		PMIP_A_PATH_IFINDEX, _LLADDR: which neighbour
 *		PMIP_A_PATH_STATE: u8, enum pmip_state
 *	}
 *	PATH_GET answers each distinct path with _USERS, _ADDR if it has one and,
 *	unless packets may take it, _STATE, _OPER (the state that packets meet)
 *	and _REASON.  A path that is declared dead keeps the reason of that; else
 *	it is the reason for which its link is down.
 *
 *	FLOW_NEW/SET {
 *		PMIP_A_FLOW_NODE: u64, as PMIP_A_BINDING_NODE, not 0
 *		PMIP_A_FLOW_FID: u16, not 0 (RFC 6089 4.2)
 *		PMIP_A_FLOW_PRIORITY: u16, not 0, the node's only one of this
 *			value; the flow of the lowest is asked first
 *		PMIP_A_FLOW_SELECTOR: nest { PMIP_A_SELECTOR_* }, which packets:
 *			the fields of RFC 6088 3.2, where the source is the
 *			correspondent.  A field has its first value and, where
 *			it is a range, its last in _END.  Absent or empty: all
 *		PMIP_A_FLOW_BID: u16, not 0, once per binding identifier, best
 *			first, up to PMIP_FLOW_BIDS
 *		PMIP_A_FLOW_ACTION: u8, enum pmip_flow_action, default forward
 *		PMIP_A_FLOW_GENERATION: u32
 *	}
 *	FLOW_GET answers these, _ACTIVE and the counters.  A packet belongs to
 *	the first active flow that selects it.  With action forward it takes the
 *	path of the first of the flow's binding identifiers that its binding has
 *	and that is up, else what its binding prefers.  A flow is inactive, and
 *	selects nothing, while no binding of its node has a path of any of its
 *	binding identifiers.  SET of other binding identifiers moves the flow.
 *
 *	LISTENER_NEW {
 *		PMIP_A_GROUP_UPSTREAM: u32, id of the tunnel that packets must come
 *			out of, of any role but lma-to-mag; absent or 0: they come
 *			in by a core link
 *		PMIP_A_GROUP_ADDR: in6_addr, the group, of a scope beyond the link
 *		PMIP_A_GROUP_SOURCE: in6_addr; absent or unspecified: any source
 *		PMIP_A_GROUP_PATH: nest { PMIP_A_PATH_KIND, and _TUNNEL, or _IFINDEX
 *			and _LLADDR, or (kind home) _PREFIX and _PREFIX_LEN }, who
 *			listens: a gateway, a neighbour, or the node that has a home
 *			network prefix
 *		PMIP_A_GROUP_BLOCK: u8, 1: it does not want this source, which must
 *			be one; default 0
 *		PMIP_A_GROUP_GENERATION: u32
 *	}
 *	The first four are what a listener is known by; a change is of the others.
 *	A packet of source S goes to each path with an entry for S that does not
 *	block it, and to each with one for any source and none for S: to each path
 *	once.  Packets that came by a core link go to links and to tunnels of role
 *	lma-to-mag; out of a tunnel of role mag-to-lma, to links and to tunnels of
 *	role mag-to-mag; out of one of these, to links alone.
 *	A listener of kind home, whose upstream is a tunnel, gets what comes by the
 *	first path of the prefix's binding that is up, unless that is a tunnel: where
 *	packets to the prefix are held its copies are, in one queue and in order, and
 *	with a link they leave by it.  Without a binding they are dropped.
 *	LISTENER_DEL { the key } deletes one.
 *	LISTENER_GET { the key } answers these, _PACKETS and _BYTES: copies that this
 *	entry has had sent.
 *
 *	GROUP_GET, a dump only, answers for each upstream, group and source that have
 *	a listener: PMIP_A_GROUP_UPSTREAM, _ADDR, _SOURCE, _LISTENERS, how many, and
 *	_PACKETS and _BYTES: packets that came and of which an entry for exactly
 *	this source, or any, has had a copy sent, each counted once.
 *
 *	STATS_GET {} answers PMIP_A_STATS_* for the namespace: objects held,
 *	the latest generation that any was given, by serial comparison and those
 *	that are gone included (0: none was), packets of flows found in the flow
 *	cache and not found there, one PMIP_A_STATS_DROP nest per drop reason
 *	{ NAME, PACKETS }, and
 *	PMIP_A_STATS_HOLD { PMIP_A_HOLD_QUEUES and what follows it }.
 *
 *	PURGE { PMIP_A_PURGE_GENERATION: u32, LIMIT: u32 } deletes every object
 *	of an older generation, in the order flows, bindings, listeners, links,
 *	tunnels.  With LIMIT no more flows, bindings and listeners than that are
 *	looked at: -EAGAIN says that there may be more, and the next request with
 *	LIMIT for the same generation goes on behind them.
 *
 *	EVENT (multicast group "events") { PMIP_A_EVENT_* }
 *	Seam: what comes out of _TUNNEL for _GROUP, from _SOURCE or, without that, from
 *	any, goes to the node that has _PREFIX no more, for its anchor sends it.  There
 *	is one for each listener at most.
 */
#ifndef _UAPI_LINUX_PMIP_H
#define _UAPI_LINUX_PMIP_H

#define PMIP_FAMILY_NAME	"pmip"
#define PMIP_FAMILY_VERSION	1
#define PMIP_MCGRP_EVENTS	"events"

/* Paths that one binding can have. */
#define PMIP_BINDING_PATHS	4
/* The longest link-layer address of a path, in bytes. */
#define PMIP_LLADDR_MAX		8
/* Binding identifiers that one flow can have. */
#define PMIP_FLOW_BIDS		4
/* Flows that one mobile node can have. */
#define PMIP_NODE_FLOWS		256
/* The longest time that packets are held or may come back, in milliseconds. */
#define PMIP_HOLD_TIME_MAX	30000

enum pmip_state {
	PMIP_STATE_DOWN,
	PMIP_STATE_UP,
};

/* What the far end of a tunnel is to this gateway. */
enum pmip_tunnel_role {
	PMIP_TUNNEL_LMA_TO_MAG = 1,	/* we are the anchor */
	PMIP_TUNNEL_MAG_TO_LMA,		/* we are the access gateway */
	PMIP_TUNNEL_MAG_TO_MAG,		/* seed 0: to the other access gateway */
};

/* Fragment the outer packet where it does not fit, instead of dropping. */
#define PMIP_TUNNEL_F_FRAGMENT	(1U << 0)
/* Do not copy the inner DSCP to the outer header; ECN always follows RFC 6040 */
#define PMIP_TUNNEL_F_NO_DSCP	(1U << 1)

enum pmip_link_type {
	PMIP_LINK_ACCESS = 1,	/* towards mobile nodes */
	PMIP_LINK_CORE,		/* towards gateways and correspondents */
};

/* Forwarded packets take the stack's way, FORWARD chain included. */
#define PMIP_LINK_F_STACK	(1U << 0)

enum pmip_path_kind {
	PMIP_PATH_TUNNEL = 1,
	PMIP_PATH_LINK,
	PMIP_PATH_DROP,
	PMIP_PATH_HOLD,		/* until another path is up; the last one only */
	PMIP_PATH_HOME,		/* of a listener: as the packets to a prefix go */
};

/* What gives way where no more packets can be held */
enum pmip_hold_policy {
	PMIP_HOLD_TAIL_DROP,	/* the packet that comes */
	PMIP_HOLD_HEAD_DROP,	/* the oldest of the same binding */
};

/* What becomes of the packets that are held */
enum pmip_hold_to {
	PMIP_HOLD_TO_RETURN = 1,	/* through the uplink, and end markers;
					 * later ones too, until a path is up
					 */
	PMIP_HOLD_TO_FORWARD,		/* by the best path that is up */
	PMIP_HOLD_TO_DROP,
};

enum pmip_reason {
	PMIP_REASON_NONE,
	PMIP_REASON_CARRIER,		/* the device lost its carrier */
	PMIP_REASON_ADMIN,		/* the device was set down */
	PMIP_REASON_REMOVED,		/* the device is gone */
	PMIP_REASON_NEIGHBOUR,		/* neighbour unreachability detection */
	PMIP_REASON_OPERATOR,		/* *-SET said so */
};

enum pmip_flow_action {
	PMIP_FLOW_FORWARD = 1,
	PMIP_FLOW_DROP,
};

enum pmip_event {
	PMIP_EVENT_LINK = 1,
	PMIP_EVENT_PATH,
	PMIP_EVENT_TUNNEL,
	PMIP_EVENT_SEAM,	/* of a listener of kind home: see EVENT */
};

enum pmip_cmd {
	PMIP_CMD_TUNNEL_NEW = 1,
	PMIP_CMD_TUNNEL_SET,
	PMIP_CMD_TUNNEL_DEL,
	PMIP_CMD_TUNNEL_GET,
	PMIP_CMD_LINK_NEW,
	PMIP_CMD_LINK_SET,
	PMIP_CMD_LINK_DEL,
	PMIP_CMD_LINK_GET,
	PMIP_CMD_BINDING_NEW,
	PMIP_CMD_BINDING_SET,
	PMIP_CMD_BINDING_DEL,
	PMIP_CMD_BINDING_GET,
	PMIP_CMD_PATH_SET,
	PMIP_CMD_PATH_GET,
	PMIP_CMD_STATS_GET,
	PMIP_CMD_PURGE,
	PMIP_CMD_EVENT,
	PMIP_CMD_FLOW_NEW,
	PMIP_CMD_FLOW_SET,
	PMIP_CMD_FLOW_DEL,
	PMIP_CMD_FLOW_GET,
	PMIP_CMD_HOLD_SET,
	PMIP_CMD_HOLD_GET,
	PMIP_CMD_HOLD_RELEASE,
	PMIP_CMD_LISTENER_NEW,
	PMIP_CMD_LISTENER_DEL,
	PMIP_CMD_LISTENER_GET,
	PMIP_CMD_GROUP_GET,

	__PMIP_CMD_MAX,
};

#define PMIP_CMD_MAX (__PMIP_CMD_MAX - 1)

enum pmip_attr_tunnel {
	PMIP_A_TUNNEL_ID = 1,		/* u32 */
	PMIP_A_TUNNEL_LOCAL,		/* in6_addr */
	PMIP_A_TUNNEL_REMOTE,		/* in6_addr */
	PMIP_A_TUNNEL_ROLE,		/* u8 */
	PMIP_A_TUNNEL_STATE,		/* u8 */
	PMIP_A_TUNNEL_HOP_LIMIT,	/* u8 */
	PMIP_A_TUNNEL_FLAGS,		/* u32 */
	PMIP_A_TUNNEL_GENERATION,	/* u32 */
	PMIP_A_TUNNEL_USERS,		/* u32, answer only */
	PMIP_A_TUNNEL_MTU,		/* u32, bytes of inner packet, answer only */
	PMIP_A_TUNNEL_TX_PACKETS,	/* u64, answer only, as those below */
	PMIP_A_TUNNEL_TX_BYTES,		/* u64 */
	PMIP_A_TUNNEL_RX_PACKETS,	/* u64 */
	PMIP_A_TUNNEL_RX_BYTES,		/* u64 */
	PMIP_A_TUNNEL_REDIRECTED,	/* u64, packets that took this second-best path */
	PMIP_A_TUNNEL_PAD,

	__PMIP_A_TUNNEL_MAX,
};

#define PMIP_A_TUNNEL_MAX (__PMIP_A_TUNNEL_MAX - 1)

enum pmip_attr_link {
	PMIP_A_LINK_IFINDEX = 1,	/* u32 */
	PMIP_A_LINK_TYPE,		/* u8 */
	PMIP_A_LINK_STATE,		/* u8 */
	PMIP_A_LINK_FLAGS,		/* u32 */
	PMIP_A_LINK_GENERATION,		/* u32 */
	PMIP_A_LINK_OPER,		/* u8, answer only, as those below */
	PMIP_A_LINK_REASON,		/* u8, enum pmip_reason */
	PMIP_A_LINK_NAME,		/* string */
	PMIP_A_LINK_USERS,		/* u32, paths on this link */
	PMIP_A_LINK_DOWN_NS,		/* u64, CLOCK_MONOTONIC when the loss was first seen */
	PMIP_A_LINK_REDIRECT_NS,	/* u64, when the first packet went elsewhere since */
	PMIP_A_LINK_PAD,

	__PMIP_A_LINK_MAX,
};

#define PMIP_A_LINK_MAX (__PMIP_A_LINK_MAX - 1)

enum pmip_attr_path {
	PMIP_A_PATH_BID = 1,		/* u16 */
	PMIP_A_PATH_KIND,		/* u8 */
	PMIP_A_PATH_TUNNEL,		/* u32 */
	PMIP_A_PATH_IFINDEX,		/* u32 */
	PMIP_A_PATH_LLADDR,		/* binary */
	PMIP_A_PATH_STATE,		/* u8 */
	PMIP_A_PATH_OPER,		/* u8, answer only, as those below */
	PMIP_A_PATH_USERS,		/* u32, bindings and listeners with this path */
	PMIP_A_PATH_REASON,		/* u8, enum pmip_reason: why it is down */
	PMIP_A_PATH_ADDR,		/* in6_addr, link-local, whose reachability counts */
	PMIP_A_PATH_PREFIX,		/* in6_addr */
	PMIP_A_PATH_PREFIX_LEN,		/* u8 */

	__PMIP_A_PATH_MAX,
};

#define PMIP_A_PATH_MAX (__PMIP_A_PATH_MAX - 1)

enum pmip_attr_binding {
	PMIP_A_BINDING_PREFIX = 1,	/* in6_addr */
	PMIP_A_BINDING_PREFIX_LEN,	/* u8 */
	PMIP_A_BINDING_UPLINK,		/* u32 */
	PMIP_A_BINDING_NODE,		/* u64 */
	PMIP_A_BINDING_PATH,		/* nest of pmip_attr_path, repeated */
	PMIP_A_BINDING_GENERATION,	/* u32 */
	PMIP_A_BINDING_DOWN_PACKETS,	/* u64, answer only, as those below */
	PMIP_A_BINDING_DOWN_BYTES,	/* u64 */
	PMIP_A_BINDING_UP_PACKETS,	/* u64 */
	PMIP_A_BINDING_UP_BYTES,	/* u64 */
	PMIP_A_BINDING_PAD,
	PMIP_A_BINDING_HOLD,		/* nest of pmip_attr_hold, answer only */
	PMIP_A_BINDING_RETURN,		/* nest of pmip_attr_return */
	PMIP_A_BINDING_ITEM,		/* nest of pmip_attr_binding, repeated, request only */

	__PMIP_A_BINDING_MAX,
};

#define PMIP_A_BINDING_MAX (__PMIP_A_BINDING_MAX - 1)

enum pmip_attr_flow {
	PMIP_A_FLOW_NODE = 1,		/* u64 */
	PMIP_A_FLOW_FID,		/* u16 */
	PMIP_A_FLOW_PRIORITY,		/* u16 */
	PMIP_A_FLOW_SELECTOR,		/* nest of pmip_attr_selector */
	PMIP_A_FLOW_BID,		/* u16, repeated */
	PMIP_A_FLOW_ACTION,		/* u8, enum pmip_flow_action */
	PMIP_A_FLOW_GENERATION,		/* u32 */
	PMIP_A_FLOW_ACTIVE,		/* u8, 0 or 1, answer only, as those below */
	PMIP_A_FLOW_PACKETS,		/* u64 */
	PMIP_A_FLOW_BYTES,		/* u64 */
	PMIP_A_FLOW_PAD,

	__PMIP_A_FLOW_MAX,
};

#define PMIP_A_FLOW_MAX (__PMIP_A_FLOW_MAX - 1)

/* A first value and, behind it, the last one of a range */
enum pmip_attr_selector {
	PMIP_A_SELECTOR_SRC = 1,	/* in6_addr, of the correspondent */
	PMIP_A_SELECTOR_SRC_END,
	PMIP_A_SELECTOR_DST,		/* in6_addr, of the mobile node */
	PMIP_A_SELECTOR_DST_END,
	PMIP_A_SELECTOR_SPI,		/* u32, of ESP */
	PMIP_A_SELECTOR_SPI_END,
	PMIP_A_SELECTOR_FLOW_LABEL,	/* u32, 20 bits */
	PMIP_A_SELECTOR_FLOW_LABEL_END,
	PMIP_A_SELECTOR_SPORT,		/* u16 */
	PMIP_A_SELECTOR_SPORT_END,
	PMIP_A_SELECTOR_DPORT,		/* u16 */
	PMIP_A_SELECTOR_DPORT_END,
	PMIP_A_SELECTOR_TCLASS,		/* u8, the lower two bits do not count */
	PMIP_A_SELECTOR_TCLASS_END,
	PMIP_A_SELECTOR_NEXTHDR,	/* u8, of what follows the extension headers */
	PMIP_A_SELECTOR_NEXTHDR_END,

	__PMIP_A_SELECTOR_MAX,
};

#define PMIP_A_SELECTOR_MAX (__PMIP_A_SELECTOR_MAX - 1)

enum pmip_attr_return {
	PMIP_A_RETURN_TUNNEL = 1,	/* u32 */
	PMIP_A_RETURN_TIME_MS,		/* u32, in an answer: what is left of it */
	PMIP_A_RETURN_WAIT_MS,		/* u32, likewise */

	__PMIP_A_RETURN_MAX,
};

#define PMIP_A_RETURN_MAX (__PMIP_A_RETURN_MAX - 1)

enum pmip_attr_hold {
	PMIP_A_HOLD_NODE_PACKETS = 1,	/* u32 */
	PMIP_A_HOLD_NODE_BYTES,		/* u32 */
	PMIP_A_HOLD_LINK_PACKETS,	/* u32 */
	PMIP_A_HOLD_LINK_BYTES,		/* u32 */
	PMIP_A_HOLD_TOTAL_PACKETS,	/* u32 */
	PMIP_A_HOLD_TOTAL_BYTES,	/* u32 */
	PMIP_A_HOLD_AGE_MS,		/* u32 */
	PMIP_A_HOLD_POLICY,		/* u8 */
	PMIP_A_HOLD_PREFIX,		/* in6_addr */
	PMIP_A_HOLD_PREFIX_LEN,		/* u8 */
	PMIP_A_HOLD_TO,			/* u8 */
	PMIP_A_HOLD_QUEUES,		/* u32, answer only, as those below */
	PMIP_A_HOLD_PACKETS,		/* u32, held now */
	PMIP_A_HOLD_BYTES,		/* u32, held now */
	PMIP_A_HOLD_HELD,		/* u64, packets, as those below */
	PMIP_A_HOLD_RETURNED,		/* u64, sent back to the anchor */
	PMIP_A_HOLD_FORWARDED,		/* u64, sent on to the node */
	PMIP_A_HOLD_EXPIRED,		/* u64, too old */
	PMIP_A_HOLD_DROPPED,		/* u64, no room, or nobody to wait for */
	PMIP_A_HOLD_ACCEPTED,		/* u64, came back to this anchor */
	PMIP_A_HOLD_OPENED,		/* u64, times that newer packets ceased to
					 * wait for those, as room ran out
					 */
	PMIP_A_HOLD_PAD,

	__PMIP_A_HOLD_MAX,
};

#define PMIP_A_HOLD_MAX (__PMIP_A_HOLD_MAX - 1)

enum pmip_attr_group {
	PMIP_A_GROUP_UPSTREAM = 1,	/* u32 */
	PMIP_A_GROUP_ADDR,		/* in6_addr */
	PMIP_A_GROUP_SOURCE,		/* in6_addr */
	PMIP_A_GROUP_PATH,		/* nest of pmip_attr_path */
	PMIP_A_GROUP_BLOCK,		/* u8, 0 or 1 */
	PMIP_A_GROUP_GENERATION,	/* u32 */
	PMIP_A_GROUP_LISTENERS,		/* u32, answer only, as those below */
	PMIP_A_GROUP_PACKETS,		/* u64 */
	PMIP_A_GROUP_BYTES,		/* u64 */
	PMIP_A_GROUP_PAD,

	__PMIP_A_GROUP_MAX,
};

#define PMIP_A_GROUP_MAX (__PMIP_A_GROUP_MAX - 1)

enum pmip_attr_stats {
	PMIP_A_STATS_TUNNELS = 1,	/* u32 */
	PMIP_A_STATS_LINKS,		/* u32 */
	PMIP_A_STATS_PATHS,		/* u32 */
	PMIP_A_STATS_BINDINGS,		/* u32 */
	PMIP_A_STATS_DROP,		/* nest of pmip_attr_drop, repeated */
	PMIP_A_STATS_PAD,
	PMIP_A_STATS_FLOWS,		/* u32 */
	PMIP_A_STATS_FLOW_HITS,		/* u64, packets */
	PMIP_A_STATS_FLOW_MISSES,	/* u64, packets */
	PMIP_A_STATS_HOLD,		/* nest of pmip_attr_hold */
	PMIP_A_STATS_GENERATION,	/* u32 */
	PMIP_A_STATS_GROUPS,		/* u32, as GROUP_GET has them */
	PMIP_A_STATS_LISTENERS,		/* u32 */

	__PMIP_A_STATS_MAX,
};

#define PMIP_A_STATS_MAX (__PMIP_A_STATS_MAX - 1)

enum pmip_attr_drop {
	PMIP_A_DROP_NAME = 1,		/* string */
	PMIP_A_DROP_PACKETS,		/* u64 */
	PMIP_A_DROP_PAD,

	__PMIP_A_DROP_MAX,
};

#define PMIP_A_DROP_MAX (__PMIP_A_DROP_MAX - 1)

enum pmip_attr_purge {
	PMIP_A_PURGE_GENERATION = 1,	/* u32 */
	PMIP_A_PURGE_LIMIT,		/* u32, not 0 */

	__PMIP_A_PURGE_MAX,
};

#define PMIP_A_PURGE_MAX (__PMIP_A_PURGE_MAX - 1)

enum pmip_attr_event {
	PMIP_A_EVENT_TYPE = 1,		/* u8, enum pmip_event */
	PMIP_A_EVENT_STATE,		/* u8, enum pmip_state: what it is now (not seam) */
	PMIP_A_EVENT_REASON,		/* u8, enum pmip_reason (not seam) */
	PMIP_A_EVENT_IFINDEX,		/* u32 (link, path) */
	PMIP_A_EVENT_LLADDR,		/* binary (path) */
	PMIP_A_EVENT_TUNNEL,		/* u32 (tunnel, seam) */
	PMIP_A_EVENT_TIME_NS,		/* u64, CLOCK_MONOTONIC */
	PMIP_A_EVENT_PAD,
	PMIP_A_EVENT_GROUP,		/* in6_addr (seam) */
	PMIP_A_EVENT_SOURCE,		/* in6_addr (seam) */
	PMIP_A_EVENT_PREFIX,		/* in6_addr (seam) */
	PMIP_A_EVENT_PREFIX_LEN,	/* u8 (seam) */

	__PMIP_A_EVENT_MAX,
};

#define PMIP_A_EVENT_MAX (__PMIP_A_EVENT_MAX - 1)

#endif /* _UAPI_LINUX_PMIP_H */
