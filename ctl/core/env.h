/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a state machine may do to the world, and nothing else: the daemon
 * gives it sockets behind these functions, a unit test a list of actions.
 */
#ifndef CTL_CORE_ENV_H
#define CTL_CORE_ENV_H

#include "core/id.h"
#include "core/selector.h"
#include "core/timerq.h"
#include <linux/pmip.h>

struct mh_msg;

#define HNP_MAX		8	/* home network prefixes of one session */
#define PEERS_MAX	8	/* attachments of one mobile node */
#define FLOWS_MAX	8	/* flows of one mobile node: all fit into one message */

/* Forwarding state, as the kernel module knows it (linux/pmip.h) */
struct dp_tunnel {
	uint32_t id;
	struct in6_addr local, remote;
	uint8_t role;		/* enum pmip_tunnel_role */
	uint8_t state;		/* enum pmip_state */
};

struct dp_path {
	uint16_t bid;
	uint8_t kind;		/* enum pmip_path_kind */
	uint32_t tunnel;	/* kind tunnel */
	uint32_t ifindex;	/* kind link */
	struct llid lladdr;	/* kind link */
	struct in6_addr addr;	/* kind link: by which it is probed, unspecified: not known */
};

struct dp_binding {
	struct prefix prefix;
	uint32_t uplink;	/* tunnel id, 0 at the anchor */
	uint64_t node;
	unsigned int n_paths;
	struct dp_path path[PMIP_BINDING_PATHS];
};

/* Packets to a node that take another than their binding's best path.  A priority
 * is the node's only one: who gives a flow that of another removes the other first.
 */
struct dp_flow {
	uint64_t node;
	uint16_t fid, pri;
	uint8_t action;		/* enum pmip_flow_action */
	unsigned int n_bid;
	uint16_t bid[PMIP_FLOW_BIDS];	/* the first that is up */
	struct selector selector;
};

/* By which tunnel packets of a binding may come back to the anchor */
struct dp_return {
	uint32_t tunnel;	/* 0: none any more */
	uint32_t time_ms;	/* for so long, up to PMIP_HOLD_TIME_MAX; 0: no more */
	uint32_t wait_ms;	/* and newer ones wait for them so long, 0: not */
};

/* One who gets the packets of a group, and the way there */
struct dp_listener {
	uint32_t upstream;	/* tunnel id by which the packets come, 0: by a port */
	struct in6_addr group;
	struct in6_addr source;	/* unspecified: from anywhere */
	bool block;		/* what comes from there it does not get */
	struct dp_path path;
	struct prefix home;	/* path of kind home: as packets to this prefix go */
};

/* A whole IPv6 packet with an MLD message: out of one link, or into one tunnel */
struct mld_out {
	uint32_t ifindex;	/* 0: into the tunnel between these */
	struct in6_addr local, remote;
	struct llid lladdr;	/* of the one node on the link; len 0: to all that listen */
	const uint8_t *packet;
	size_t len;
};

/* RFC 4861 §4.2 router advertisement to one node, from the address of RFC 6543 */
struct ra_out {
	uint32_t ifindex;
	struct in6_addr dst;	/* the node's link-local address, or ff02::1 */
	struct llid lladdr;	/* where to, on the link layer */
	uint16_t router_lifetime;	/* s; 0: no longer a router */
	uint32_t valid, preferred;	/* s */
	uint32_t mtu;		/* 0: leave the option out */
	unsigned int n_prefixes;
	struct prefix prefix[HNP_MAX];
};

/* One line of `pmipctl monitor`: name and fields, all strings. */
struct notice {
	const char *event;	/* "binding-new", "shi-sent", … */
	const struct mn_id *mn;	/* may be NULL */
	const struct in6_addr *peer;	/* may be NULL */
	const char *detail;	/* "key=value key=value", may be NULL */
};

enum keep_kind {
	KEEP_DAEMON,		/* the daemon itself, see io/store.c */
	KEEP_NODE,		/* at an anchor */
	KEEP_SESSION,		/* at a gateway */
	KEEP_KINDS,
};

#define KEEP_KEY_MAX	256	/* a mobile node's identifier, with its subtype */

struct keep_key {
	uint8_t kind;		/* enum keep_kind */
	uint16_t len;
	uint8_t key[KEEP_KEY_MAX];
};

struct env_ops {
	/* Messages; what dp_* asked for before is in force when it leaves. */
	void (*send_mh)(void *ctx, const struct in6_addr *src,
			const struct in6_addr *dst, const struct mh_msg *msg);
	void (*send_ra)(void *ctx, const struct ra_out *ra);
	void (*send_mld)(void *ctx, const struct mld_out *m);
	/* Ask the kernel to probe a neighbour (RFC 4861 §7.3).  Without lladdr the
	 * address is a guess: silence means nothing until it has once answered.
	 */
	void (*probe)(void *ctx, uint32_t ifindex, const struct in6_addr *addr,
		      const struct llid *lladdr);

	/* Forwarding state: create or change, and remove. */
	void (*dp_tunnel_set)(void *ctx, const struct dp_tunnel *t);
	void (*dp_tunnel_del)(void *ctx, uint32_t id);
	void (*dp_binding_set)(void *ctx, const struct dp_binding *b);
	void (*dp_binding_del)(void *ctx, const struct prefix *p);
	void (*dp_path_state)(void *ctx, uint32_t ifindex,
			      const struct llid *lladdr, uint8_t state);
	void (*dp_flow_set)(void *ctx, const struct dp_flow *f);
	void (*dp_flow_del)(void *ctx, uint64_t node, uint16_t fid);
	void (*dp_listener_set)(void *ctx, const struct dp_listener *l);
	void (*dp_listener_del)(void *ctx, const struct dp_listener *l);	/* block: any */
	/* What may come back from a gateway, and what becomes of packets that are
	 * held here, enum pmip_hold_to
	 */
	void (*dp_return_set)(void *ctx, const struct prefix *p,
			      const struct dp_return *r);
	void (*dp_hold_release)(void *ctx, const struct prefix *p, uint8_t to);
	/* All that was asked for has been told to the kernel: 0, or -errno of the
	 * first refusal since the last commit; what came after it is in force.
	 */
	int (*dp_commit)(void *ctx);

	void (*notify)(void *ctx, const struct notice *n);
	/* whether anybody hears notices; NULL: to be assumed */
	bool (*watched)(void *ctx);

	/* Amid what takes long: whoever asks whether we are there is answered, and nothing
	 * else happens to the machine but that it may hear of a peer's restart.  NULL: nobody asks
	 */
	void (*serve)(void *ctx);

	/* What the next daemon is to find if this one dies: by a kind and a key, in the place of
	 * what is there; without data nothing any more.  It can be found before the messages
	 * leave that are sent next.  more: there is state that it does not say.  NULL: nobody
	 * writes it down
	 */
	void (*keep)(void *ctx, const struct keep_key *key, const void *data, size_t len,
		     bool more);

	uint64_t (*now)(void *ctx);	/* ns, monotonic: the timer queue's clock */
	uint64_t (*wall)(void *ctx);	/* ns since 1970, for the Timestamp option */
	uint32_t (*random)(void *ctx);
};

struct env {
	const struct env_ops *ops;
	void *ctx;
	struct timerq *timers;
};

#define NSEC_PER_SEC	1000000000ULL
#define NSEC_PER_MSEC	1000000ULL

#endif
