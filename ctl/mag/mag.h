/* SPDX-License-Identifier: GPL-2.0 */
/* The mobile access gateway (RFC 5213 §6): events in, actions out. */
#ifndef CTL_MAG_MAG_H
#define CTL_MAG_MAG_H

#include "core/env.h"
#include "flow/responder.h"
#include "mh/mh.h"
#include "peer/peer.h"
#include "policy/policy.h"
#include "revocation/initiator.h"

#define MAG_LINKS_MAX	64

struct mag_link_conf {
	char name[16];			/* access interface */
	uint8_t att;			/* access technology type */
	uint32_t ifindex;		/* filled in by the daemon, 0: absent */
	bool stack;			/* forwarded packets also pass the FORWARD chain */
	bool attach_on_carrier;		/* a lone node's link: carrier up is attachment */
	struct mn_id mn_id;		/* then: whose (len 0: none) */
	struct llid lladdr;		/* and with which link-layer address */
};

/* Messages by which an anchor may move flows here; the rest is unknown */
#define MAG_FLOW_FMI	(1U << 0)	/* draft: flow mobility §4 */
#define MAG_FLOW_UPN	(1U << 1)	/* RFC 7864 §4 */

/* In the BIDs of paths by which a prefix is only routed: not the interface's own */
#define MAG_BID_OFF_LINK	0x8000

struct mag_conf {
	bool enabled;
	struct in6_addr address;	/* Proxy-CoA */
	struct in6_addr lma;		/* default anchor */
	bool seamless;			/* SHI to the node's other MAGs */
	bool hold;			/* packets that have no way to the node */
	uint32_t lifetime;		/* s, 3600 */
	uint32_t shi_lifetime;		/* s, 3600 */
	bool timestamps;
	uint32_t bindack_ms;		/* InitialBindackTimeoutFirstReg, 1000; doubles to 32000 */
	uint32_t shi_ms;		/* 500; doubles, 4 tries */
	uint32_t linger_ms;		/* a binding goes on redirecting after its PBA, 3000 */
	uint32_t probe_ms;		/* neighbour probing interval, 0: none, 10000 */
	uint32_t ra_ms;			/* periodic advertisements, 60000, 0: none */
	uint16_t router_lifetime;	/* s, 1800 */
	uint32_t rs_per_second;		/* per link-layer address, 3; the rest is ignored */
	uint32_t max_sessions;		/* 0: no limit */
	uint8_t flow_messages;		/* MAG_FLOW_* */
	struct flow_responder_conf flow;
	unsigned int n_links;
	struct mag_link_conf link[MAG_LINKS_MAX];
	unsigned int n_peers;
	struct prefix *peer;		/* MAGs that may send SHI */
	struct mn_id identity;		/* this gateway's name, to revoke in bulk; len 0: none */
	struct revocation_conf revocation;
};

struct mag;

struct mag_peer_view {			/* the other MAG of a session, seed 0 */
	struct in6_addr mag;
	const char *state;		/* "soliciting", "associated", "refused" */
};

struct mag_session_view {
	const struct mn_id *mn_id;
	const struct llid *lladdr;
	uint32_t ifindex;
	struct in6_addr lla;		/* the node's link-local address, if seen */
	struct in6_addr lma;
	const char *state;
	uint8_t att;
	uint64_t remaining_ns;
	unsigned int n_hnp;
	const struct prefix *hnp;
	unsigned int n_off;		/* prefixes that are routed, not advertised */
	struct prefix off[2 * HNP_MAX];
	const struct flow *flows;	/* moved here, by priority; NULL: none */
	unsigned int n_peers;
	struct mag_peer_view peer[PEERS_MAX];
};

struct mag_counters {
	uint64_t pbu_tx, pba_rx, pbu_retransmitted, shi_tx, shi_rx, shack_tx,
		 shack_rx, rs_rx, rs_limited, ra_tx, attach, detach, stray;
	uint64_t forwarding_refused;	/* by the kernel, after a second try */
	uint64_t revoked;		/* sessions, by their anchor or by us */
	struct revocation_counters revocation;
};

enum attach_cause {
	ATTACH_RS,		/* router solicitation, or another sign of life */
	ATTACH_CARRIER,
	ATTACH_OPERATOR,
};

struct mag *mag_new(struct env *env, const struct mag_conf *conf,
		    struct peers *peers, struct policy *policy);
/* Deregisters nothing: the process is going, the sessions are not. */
void mag_free(struct mag *m);

/* Ask for the forwarding state of every session again: the kernel has lost it. */
void mag_renew(struct mag *m);

/* An attachment of an earlier daemon's, as the kernel has kept it */
struct mag_kept {
	uint32_t ifindex;
	struct llid lladdr;
	uint64_t node;			/* the binding's */
	bool up;			/* so far as the kernel knows */
	struct in6_addr lla;		/* ::, if nobody knows */
	unsigned int n_hnp;
	struct prefix hnp[HNP_MAX];
};

/* Go on with them: once, at the start. */
void mag_take_over(struct mag *m, const struct mag_kept *v, size_t n);

/* What happens on the access links. id may be NULL: looked up by lladdr. */
int mag_on_attach(struct mag *m, uint32_t ifindex, const struct llid *lladdr,
		  const struct mn_id *id, const struct in6_addr *lla,
		  enum attach_cause cause);	/* 0 or -errno */
int mag_on_detach(struct mag *m, uint32_t ifindex, const struct llid *lladdr);
/* Router solicitation: attach if new, answer with an advertisement if not. */
void mag_on_rs(struct mag *m, uint32_t ifindex, const struct llid *lladdr,
	       const struct in6_addr *src);
/* The kernel says so; packets are already on their second-best path. */
void mag_on_link(struct mag *m, uint32_t ifindex, bool up);
void mag_on_neighbour(struct mag *m, uint32_t ifindex,
		      const struct llid *lladdr, bool reachable);

/* Messages */
void mag_on_pba(struct mag *m, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_msg *pba);
void mag_on_shi(struct mag *m, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_msg *shi);
void mag_on_shack(struct mag *m, const struct in6_addr *src,
		  const struct in6_addr *dst, const struct mh_msg *shack);
void mag_on_binding_error(struct mag *m, const struct in6_addr *src,
			  const struct in6_addr *dst, const struct mh_msg *be);
void mag_on_flow(struct mag *m, const struct in6_addr *src,
		 const struct in6_addr *dst, const struct mh_msg *msg);
void mag_on_bri(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *bri);
void mag_on_bra(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *bra);
void mag_on_bri_unknown(struct mag *m, const struct in6_addr *src, const struct mh_msg *be);
/* RFC 5846 §9.2; how many sessions, or -errno */
int mag_revoke_anchor(struct mag *m, const struct in6_addr *lma);
void mag_on_peer_restart(struct mag *m, struct peer *p);
void mag_on_peer_alive(struct mag *m, struct peer *p);

void mag_each(struct mag *m, bool (*fn)(void *arg, const struct mag_session_view *v),
	      void *arg);
const struct mag_counters *mag_counters(const struct mag *m);
const struct flow_responder_counters *mag_flow_counters(const struct mag *m);

#endif
