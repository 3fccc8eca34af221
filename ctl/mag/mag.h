/* SPDX-License-Identifier: GPL-2.0 */
/* The mobile access gateway (RFC 5213 §6): events in, actions out. */
#ifndef CTL_MAG_MAG_H
#define CTL_MAG_MAG_H

#include "core/env.h"
#include "flow/responder.h"
#include "handover/handover.h"
#include "mh/mh.h"
#include "multicast/conf.h"
#include "multicast/group.h"
#include "multicast/listener.h"
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
/*
 * The BID of a path that holds says whose the prefix is: beside this one bit for each of
 * the node's interfaces here, by session.number from 1.  Who begins anew and finds no
 * other path has to know which prefixes belong together.
 */
#define MAG_BID_HOLD		0x4000
#define MAG_BID_INTERFACES	14

/* A signal that says that a node is about to leave by a link, and where to */
struct mag_signal_rule {
	char dev[16];			/* the link, and its place in mag_conf.link */
	unsigned int link;
	struct llid ap;			/* towards this access point; len 0: any */
	int8_t below_dbm;
	uint8_t hysteresis_db;		/* so much above that it stays */
	struct in6_addr to;
};

struct mag_signal_conf {
	uint32_t interval_ms;		/* a node is not announced again before, 10000 */
	unsigned int n_rules;
	struct mag_signal_rule *rule;
};

/* When a node goes to which other anchor: what is there of these has to fit */
struct mag_anchor_rule {
	char dev[16];			/* the access link, and its place in mag_conf.link */
	unsigned int link;
	struct prefix prefix;		/* one of the node's is within; len 0: any */
	uint8_t load;			/* its anchor is as loaded, per cent; 0: however */
	struct in6_addr to;		/* :: with load: the anchor chooses */
};

/* LMA handover, and assignment by an anchor (RFC 6463) */
struct mag_anchor_conf {
	bool enabled;
	bool redirect;			/* EnableLMARedirectFunction, RFC 6463 §7 */
	uint32_t request_ms;		/* until LMA_HO_Req is repeated, 100; doubles, 6 tries */
	uint32_t interval_ms;		/* a node is not handed over again before, 10000 */
	uint32_t linger_ms;		/* packets of the previous anchor are taken still, 10000 */
	unsigned int n_anchors;
	struct prefix *anchor;		/* that a node may be at */
	unsigned int n_rules;
	struct mag_anchor_rule *rule;
};

struct mag_conf {
	bool enabled;
	struct in6_addr address;	/* Proxy-CoA */
	struct in6_addr lma;		/* default anchor */
	bool seamless;			/* SHI to the node's other MAGs */
	bool hold;			/* packets that have no way to the node */
	bool fast;			/* HI of, and to, the domain's other MAGs */
	struct handover_conf handover;
	struct mcast_role mcast;	/* nodes may listen to groups (RFC 6224) */
	struct mag_signal_conf signal;
	struct mag_anchor_conf anchors;
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
	struct prefix *peer;		/* MAGs that may send SHI and HI */
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
	const char *change;		/* NULL: it has one anchor alone; or: */
	struct in6_addr other_lma;	/* "tried", "doubted": the next; "lingering": the last */
	const char *state;
	uint8_t att;
	bool heard;			/* somebody has said how well, and so long ago: */
	int8_t dbm;
	unsigned int n_hnp;
	const struct prefix *hnp;
	uint64_t heard_ns;
	uint64_t remaining_ns;
	unsigned int n_off;		/* prefixes that are routed, not advertised */
	unsigned int n_vendor;		/* options that a previous gateway has told */
	const struct mh_vendor *vendor;
	struct prefix off[2 * HNP_MAX];
	const struct flow *flows;	/* moved here, by priority; NULL: none */
	unsigned int n_peers;
	struct mag_peer_view peer[PEERS_MAX];
};

/* A row of `pmipctl flow show mn-id` at a gateway */
struct mag_flow_view {
	const struct mn_id *mn_id;
	const struct flow_spec *spec;
	const char *state;		/* "asked", "accepted", "refused", "undone", "kept" */
	const char *why;		/* it was refused, or NULL */
	bool by_node;			/* else by the anchor, which has moved it here */
	uint32_t lifetime;		/* s left, FLOW_FOREVER */
	unsigned int n_bid;		/* by which the anchor has it come */
	const uint16_t *bid;
};

struct mag_anchor_counters {
	uint64_t req_tx, req_retransmitted, resp_rx, refused, silence, unsupported;
	uint64_t unsolicited;		/* LMA_HO_Resp, of these */
	uint64_t discarded;		/* LMA_HO_Resp that answers nothing, or may not */
	uint64_t changed, kept;		/* sessions that went, or were to go */
	uint64_t redirected;		/* by RFC 6463 */
	uint64_t redirect_ignored;
};

struct mag_counters {
	uint64_t pbu_tx, pba_rx, pbu_retransmitted, shi_tx, shi_rx, shack_tx,
		 shack_rx, rs_rx, rs_limited, ra_tx, attach, detach, stray;
	uint64_t forwarding_refused;	/* by the kernel, after a second try */
	uint64_t signals, signal_announced, signal_withdrawn;
	uint64_t revoked;		/* sessions, by their anchor or by us */
	uint64_t revoked_prefixes;	/* of sessions that have others, or only routed */
	uint64_t mld_queries, mld_reports;	/* sent to nodes, and to anchors */
	uint64_t mld_invalid;
	struct mcast_listener_counters mld;	/* what nodes say */
	struct subscription_counters subscription;
	struct revocation_counters revocation;
	struct mag_anchor_counters lma_handover;
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

/*
 * An attachment of an earlier daemon's, as the kernel has kept it; or of a node that had
 * left it, which interface and link no one knows, what waits to go back to its anchor
 */
struct mag_kept {
	uint32_t ifindex;		/* 0: it had left */
	struct llid lladdr;
	uint64_t node;			/* the binding's */
	uint8_t number;			/* had left: which of the node's it was; 0: unknown */
	bool up;			/* so far as the kernel knows */
	struct in6_addr lla;		/* ::, if nobody knows */
	unsigned int n_hnp, n_off;	/* advertised, and behind them only routed */
	struct prefix hnp[HNP_MAX];
};

/* What an earlier daemon's env_ops.keep() was given of a session, see record.c */
int mag_recall(struct mag *m, const struct keep_key *key, const void *data, size_t len);
uint32_t mag_layout(void);
/* Go on with them: once, at the start. */
void mag_take_over(struct mag *m, const struct mag_kept *v, size_t n);
/* Whether some of them wait until it is known whose they are */
bool mag_takes_over(const struct mag *m);

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
/* It too: of a node's group nothing is needed any more that a previous gateway forwards. */
void mag_on_seam(struct mag *m, uint32_t tunnel, const struct prefix *home,
		 const struct in6_addr *group);

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
void mag_on_hi(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
	       const struct mh_msg *hi);
void mag_on_hack(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
		 const struct mh_msg *hack);
void mag_on_hi_unknown(struct mag *m, const struct in6_addr *src, const struct mh_msg *be);
/* Whole IPv6 packets with messages of MLD, from a node and out of an anchor's tunnel */
void mag_on_mld(struct mag *m, uint32_t ifindex, const struct llid *lladdr,
		const uint8_t *packet, size_t len);
void mag_on_mld_upstream(struct mag *m, const struct in6_addr *lma, const uint8_t *packet,
			 size_t len);
/* RFC 7161: what a node listens to that has left, and what one listened to that has come */
void mag_on_subscription_query(struct mag *m, const struct in6_addr *src,
			       const struct in6_addr *dst, const struct mh_msg *query);
void mag_on_subscription_response(struct mag *m, const struct in6_addr *src,
				  const struct in6_addr *dst, const struct mh_msg *response);
void mag_on_subscription_unknown(struct mag *m, const struct in6_addr *src,
				 const struct mh_msg *be);
void mag_each_listening(struct mag *m, bool (*fn)(void *arg, const struct mcast_view *v),
			void *arg);
/* LMA handover draft §4.2 (e), and a Binding Error 2 in answer to (b) */
void mag_on_lma_ho_resp(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
			const struct mh_msg *resp);
void mag_on_lma_ho_unknown(struct mag *m, const struct in6_addr *src, const struct mh_msg *be);
void mag_on_peer_dead(struct mag *m, struct peer *p);
void mag_on_peer_restart(struct mag *m, struct peer *p);
void mag_on_peer_alive(struct mag *m, struct peer *p);
/* conf.peer is other than before */
void mag_peers_changed(struct mag *m);

/*
 * A node is about to leave for another gateway, or is here and was at another before:
 * fast handovers (RFC 5949), predictive and reactive.  0 or -errno, see handover.c
 */
int mag_handover_start(struct mag *m, const struct mn_id *id, const struct in6_addr *next,
		       bool at_once);
int mag_handover_from(struct mag *m, const struct mn_id *id, const struct in6_addr *previous);
int mag_handover_attach(struct mag *m, uint32_t ifindex, const struct llid *lladdr,
			const struct mn_id *id, const struct in6_addr *previous);

/*
 * Nodes go to other anchors, as the operator says: @to or, ::, whatever theirs choose.  0,
 * or how many, or -errno, see boundary.c
 */
int mag_lma_handover(struct mag *m, const struct mn_id *id, const struct in6_addr *to);
int mag_lma_handover_all(struct mag *m, const struct in6_addr *to);

/* How well a node is heard: the word of whoever measures it */
struct mag_signal {
	uint32_t ifindex;		/* the access link */
	const struct mn_id *id;		/* whose, or NULL, and then: */
	const struct llid *lladdr;	/* which interface; or NULL */
	const struct llid *ap;		/* the access point that it may go to, NULL: not known */
	int8_t dbm;
};

int mag_signal_set(struct mag *m, const struct mag_signal *v);	/* 0 or -errno, signal.c */

/* Flows that a node wants by an interface that is here; 0 or -errno, see wish.c */
int mag_flow_add(struct mag *m, const struct mn_id *id, const struct flow_spec *spec);
int mag_flow_del(struct mag *m, const struct mn_id *id, uint16_t fid);
void mag_each_flow(struct mag *m, const struct mn_id *id,
		   bool (*fn)(void *arg, const struct mag_flow_view *v), void *arg);

void mag_each(struct mag *m, bool (*fn)(void *arg, const struct mag_session_view *v),
	      void *arg);
const struct mag_counters *mag_counters(const struct mag *m);
const struct handover_counters *mag_handover_counters(const struct mag *m);
const struct flow_responder_counters *mag_flow_counters(const struct mag *m);

#endif
