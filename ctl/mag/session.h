/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The binding update list (RFC 5213 §6.1): mobile nodes, the sessions of
 * their interfaces and the other gateways they are attached to.  Inside
 * ctl/mag.
 */
#ifndef CTL_MAG_SESSION_H
#define CTL_MAG_SESSION_H

#include "core/hash.h"
#include "mag/mag.h"
#include "mag/revoke.h"
#include "revocation/responder.h"
#include <utlist.h>

#define BINDACK_MAX_MS		32000	/* MAX_BINDACK_TIMEOUT, RFC 6275 §12 */
#define MH_LIFETIME_MAX		0xfffe	/* 0xffff would mean infinity */
#define DEREG_TRIES		4
#define SHI_TRIES		4
#define PACE_BATCH		64	/* sessions per turn */
#define PACE_MS			10	/* between turns */
#define SOLICIT_SLOTS		4096

enum session_state {
	SESSION_REGISTERING,	/* no accepted binding yet */
	SESSION_ACTIVE,
	SESSION_REFRESHING,
	SESSION_DENIED,		/* until an administrative action, §6.9.1.2 */
	SESSION_BLOCKED,	/* the kernel has refused: deregistered until the next try */
	SESSION_LEAVING,	/* gone; its deregistration waits its turn */
	SESSION_DEREGISTERING,
	SESSION_LINGERING,	/* deregistered; packets in flight still move on */
	SESSION_STATES,
};

enum session_event {
	EVENT_ATTACH,		/* a sign of life */
	EVENT_OPERATOR,		/* attachment by administrative action */
	EVENT_DETACH,
	EVENT_ACCEPTED,
	EVENT_RETRY,		/* refused, but worth another try */
	EVENT_ANEW,		/* refused, try without the old prefixes */
	EVENT_DENIED,
	EVENT_BLOCKED,		/* accepted, but the kernel refuses to forward */
	EVENT_MISMATCH,		/* the PBA does not echo the request */
	EVENT_TIMER,
	EVENT_TURN,		/* of the paced queue */
	EVENT_REVOKED,		/* the anchor has, or will have, no binding any more */
	EVENT_YIELD,		/* we revoke it, with others in one message */
	SESSION_EVENTS,
};

struct rate {
	uint64_t window;
	uint32_t count;
};

struct session_key {
	uint32_t ifindex;
	struct llid lladdr;
};

struct session {
	struct session_key key;
	struct mag *mag;
	struct node *node;
	struct session *prev, *next;	/* of the node */
	struct session *q_prev, *q_next;	/* of the paced queue */
	bool queued;
	bool silent;		/* nobody is there to hear an advertisement */
	bool ask_any;		/* request ALL_ZERO instead of known prefixes */
	bool halted;		/* no PBU until an administrative action */
	bool revoking;		/* by the BRI at hand, and its turn is to come */
	uint8_t state, att, hi;
	uint16_t seq;		/* of the request in flight */
	unsigned int tries;	/* transmissions of it */
	uint32_t backoff_ms, lifetime;	/* s, granted */
	uint32_t blocked_ms;	/* until the next try, 0: the last one was good */
	uint64_t expires;	/* ns, 0: not registered */
	struct in6_addr lla, lma;
	struct peer *peer;	/* the anchor */
	uint32_t tunnel;	/* to it, 0: none held */
	unsigned int n_hnp, n_off;	/* advertised, and behind them only routed */
	struct prefix hnp[HNP_MAX];
	struct timer timer, ra_timer, probe_timer;
	struct rate rate;
	UT_hash_handle hh;
};

enum assoc_state {
	ASSOC_SOLICITING,
	ASSOC_ASSOCIATED,
	ASSOC_REFRESHING,
	ASSOC_REFUSED,
};

/* A node's association with another of its gateways, draft §4.1 */
struct assoc {
	struct node *node;
	struct assoc *prev, *next;
	struct peer *peer;
	uint32_t tunnel;	/* 0: none held */
	uint8_t state;
	bool ours;		/* named by our anchor: ours to refresh */
	bool named;		/* by the PBA at hand */
	bool fading;		/* no longer named: about to end */
	bool doubted;		/* the anchor has begun anew: solicit when named */
	uint16_t seq;
	unsigned int tries;	/* of the SHI in flight, 0: none is */
	uint32_t backoff_ms;
	uint64_t since, expires;	/* ns: last agreed on, and until when */
	struct timer timer;
};

struct node {
	struct mn_id id;
	struct mag *mag;
	uint64_t number;	/* the kernel's name for the node */
	uint64_t timestamp;	/* last one sent, as on the wire */
	struct session *sessions;	/* oldest first */
	struct assoc *assocs;
	struct route *routes;
	struct flow_guest *guest;	/* flows moved here, NULL: never any */
	UT_hash_handle hh;
};

/* A prefix in use, and its binding as the kernel was last told: none if it
 * has no paths
 */
struct route {
	struct dp_binding binding;
	struct node *node;
	struct route *prev, *next;	/* of the node */
	bool wanted;
	bool unsure;		/* the kernel may not have it so: tell it again */
	UT_hash_handle hh;
};

struct mag {
	struct env *env;
	const struct mag_conf *conf;
	struct peers *peers;
	struct policy *policy;
	struct session *sessions;
	struct node *nodes;
	struct route *routes;		/* by prefix */
	struct session *queue;
	struct timer pace_timer;
	unsigned int n_sessions;
	uint16_t seq, shi_seq;
	struct flow_responder responder;
	struct revocation_initiator revocations;
	struct revocation_responder revoked;
	struct bulk *bulks;		/* revocations of all that is an anchor's */
	struct rate newcomer[SOLICIT_SLOTS];
	struct mag_counters counters;
};

/* mag.c */
const struct mag_link_conf *mag_link(const struct mag *m, uint32_t ifindex);
int mag_admits(const struct mag *m, const struct profile *pr,
	       const struct mag_link_conf *link);
void mag_leave(struct session *s, bool silent);

/* session.c */
struct node *mag_node_find(struct mag *m, const struct mn_id *id);
struct session *session_find(struct mag *m, uint32_t ifindex,
			     const struct llid *lladdr);
struct session *session_new(struct mag *m, const struct session_key *key,
			    const struct profile *pr, uint8_t att);
void session_free(struct session *s);
void session_move(struct session *s, uint32_t ifindex);
void session_event(struct session *s, enum session_event e);
const char *session_state_str(const struct session *s);
bool session_attached(const struct session *s);
bool node_attached(const struct node *n);
void mag_timer(struct mag *m, struct timer *t, uint64_t ms);
void mag_notify(struct mag *m, const char *event, const struct mn_id *id,
		const struct in6_addr *peer, const char *detail);

/* registration.c */
void registration_start(struct session *s, uint8_t hi);
void registration_again(struct session *s);
void registration_accept(struct session *s, const struct mh_msg *pba);
void registration_drop(struct session *s);
void registration_block(struct session *s);

/* association.c */
void assoc_named(struct node *n, const struct mh_opts *o);
void assoc_free(struct assoc *a, bool tell);
void assoc_end_all(struct node *n);
struct assoc *assoc_find(struct node *n, const struct in6_addr *mag);
void assoc_solicit(struct assoc *a, enum assoc_state state);
void assoc_drop_tunnel(struct assoc *a);

/* recovery.c */
void assoc_peer_restart(struct mag *m, struct peer *p);
void assoc_peer_alive(struct mag *m, struct peer *p);
void assoc_anchor_restart(struct mag *m, const struct peer *p);

/* advert.c */
void advert_start(struct session *s);
void advert_stop(struct session *s);
void advert_send(struct session *s);
void advert_withdraw(struct session *s);
bool advert_probed(const struct session *s, struct in6_addr *a);
void advert_probe(struct session *s, uint64_t ms);

/* forward.c */
void forward_update(struct node *n);
int forward_confirm(struct node *n);
void forward_renew(struct node *n);
void forward_let_go(struct node *n, struct peer *p);
bool forward_claim(struct node *n, const struct prefix *p, bool own);
bool forward_has(struct node *n, const struct prefix *p);

const struct dp_binding *forward_binding(struct node *n, const struct prefix *p);

/* hold.c */
void hold_release(struct session *s, uint8_t to);

/* pace.c */
void session_queue(struct session *s);

/* prefix.c */
bool prefix_own(const struct session *s, const struct prefix *p);
bool prefix_routed(const struct session *s, const struct prefix *p);
bool prefix_take(struct session *s, const struct mh_opts *o);
void prefix_claim(struct session *s);
void prefix_lose(struct session *s, const struct prefix *p);

/* flow.c */
void node_flows_end(struct node *n);
void mag_flows_anew(struct mag *m, const struct peer *p);

/* solicit.c */
bool rate_ok(struct mag *m, struct rate *r);
bool solicit_newcomer(struct mag *m, const struct session_key *key);

#endif
