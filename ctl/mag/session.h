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
#include "multicast/proxy.h"
#include "policy/queue.h"
#include "revocation/responder.h"
#include <utlist.h>

#define BINDACK_MAX_MS		32000	/* MAX_BINDACK_TIMEOUT, RFC 6275 §12 */
#define MH_LIFETIME_MAX		0xfffe	/* 0xffff would mean infinity */
#define DEREG_TRIES		4
#define SHI_TRIES		4
#define PACE_BATCH		64	/* sessions per turn */
#define PACE_MS			10	/* between turns */
#define CHANGE_TRIES		6	/* 6.3 s: an anchor expects a node for 10 s */
#define HOME_TRIES		4
/* From where a node was to whose its prefixes are, and from there to where it is */
#define REDIRECTS_MAX		2
#define REQUEST_TRIES		6
#define SOLICIT_SLOTS		4096
#define AWAITED_MAX		4096

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

/* How well a node is heard by a link */
struct signal {
	bool heard;		/* since it is there */
	int8_t dbm;
	uint64_t at, again;	/* ns: then; and not before this is it announced for it */
};

struct session_key {
	uint32_t ifindex;	/* 0: of one that had left, nobody knows, see takeover.c; */
				/* then lladdr.len 0 if its address is not known either */
	struct llid lladdr;
};

enum change_state {
	CHANGE_OVER,
	CHANGE_TRIED,		/* the next anchor is asked; the one that it has serves */
	CHANGE_DOUBTED,		/* the next one is silent: the one that it has is asked */
	CHANGE_LINGERING,	/* the next one serves; the previous one may still send */
	CHANGE_STATES,
};

/* A session goes to another anchor, see anchor.c */
struct change {
	struct session *session;
	struct peer *peer;	/* tried, doubted: the next anchor; lingering: the previous one */
	uint32_t tunnel;	/* to it */
	uint8_t state;
	bool turning;		/* just now the kernel is told which of the two it is */
	struct timer timer;
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
	bool expelled;		/* revoked: an answer to a probe brings it not back */
	uint8_t state, att, hi;
	uint8_t number;		/* which of the node's interfaces, from 1; 0: too many */
	uint16_t seq;		/* of the request in flight */
	unsigned int tries;	/* transmissions of it */
	uint32_t backoff_ms, lifetime;	/* s, granted */
	uint32_t blocked_ms;	/* until the next try, 0: the last one was good */
	uint64_t expires;	/* ns, 0: not registered */
	struct in6_addr lla, lma;
	struct in6_addr told_lla;	/* that a previous gateway knew; ::, if none did */
	struct peer *peer;	/* the anchor */
	uint32_t tunnel;	/* to it, 0: none held */
	struct change *change;	/* of its anchor, NULL: none */
	struct change *earlier;	/* the one before it, lingering; NULL: none */
	uint8_t redirected;	/* times, by anchors, since one has accepted */
	unsigned int n_hnp, n_off;	/* advertised, and behind them only routed */
	struct prefix hnp[HNP_MAX];
	struct timer timer, ra_timer, probe_timer;
	struct rate rate;
	struct mcast_node mcast;	/* of no instance: it is not asked what it listens to */
	uint32_t mcast_link;	/* where its routes of groups lead */
	struct prefix mcast_home;	/* or as packets to this go; len 0: by the link */
	struct mag_outlet *outlet;	/* or to the next gateway, with others', see multicast.c */
	struct mh_groups *left;	/* what it listened to here, and does no more; NULL: nothing */
	struct inquiry *inquiry;	/* to the anchor, see inquiry.c; NULL: none */
	bool tells;		/* the request in flight says what it listens to */
	struct signal signal;
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

enum wish_state {
	WISH_ASKED,		/* the anchor has not said anything yet */
	WISH_ACCEPTED,
	WISH_REFUSED,
	WISH_UNDONE,		/* wanted no more; the anchor does not know yet */
};

/* A flow that the node wants by an interface that is here, draft flow mobility §3.2.2 */
struct wish {
	struct wish *prev, *next;	/* of the node */
	struct session *session;	/* whose registrations carry it */
	struct flow_spec spec;
	uint8_t state;
	uint8_t status;			/* enum flow_status, as it was answered */
	bool sent;			/* is in the request in flight */
	uint8_t n_bid;			/* by which the anchor has it come */
	uint16_t bid[PEERS_MAX];
};

enum move_state {
	MOVE_SOON,		/* it is about to leave; its packets go as ever */
	MOVE_HELD,		/* they wait here */
	MOVE_FORWARDED,		/* they go to the next gateway */
	MOVE_AWAITED,		/* it is about to come; its packets wait here */
	MOVE_HERE,		/* what it sends goes by the previous gateway */
	MOVE_NATIVE,		/* it has come, and its anchor knows */
};

/* A fast handover of a node to another gateway, or from one (RFC 5949 §4.1) */
struct move {
	struct node *node;
	struct peer *peer;	/* the other gateway */
	uint32_t tunnel;	/* to it, 0: none held */
	struct in6_addr told_lma;	/* its anchor, as the previous one says; ::, if not */
	struct peer *anchor;	/* of a node that comes: it may send before it answers */
	uint32_t anchor_tunnel;
	uint8_t state;
	bool guessed;		/* by its signal: nobody has said that it leaves */
	bool agreed;		/* the previous one sends on what the node sends by it */
	bool asking;		/* it has been asked for the prefixes; the PBU waits for them */
	struct llid llid;	/* of a node that comes: of the interface that it had there */
	struct in6_addr lla;	/* and that one's link-local address, :: if not known */
	unsigned int n_hnp;	/* of a node that comes, before its anchor says them */
	struct prefix hnp[HNP_MAX];
	struct forwarded *forwarded;	/* of its groups, NULL: nothing is */
};

enum boundary_state {
	BOUNDARY_REST,
	BOUNDARY_ASKED,		/* its anchor is asked to hand it over */
	BOUNDARY_MOVING,	/* that has agreed, and its sessions go to the next one */
	BOUNDARY_STATES,
};

/* What is between a node's anchors, see boundary.c */
struct boundary {
	struct node *node;
	struct boundary *prev, *next;	/* of all that wait for an answer */
	uint8_t state;
	uint8_t reason;		/* enum lma_ho_reason */
	struct peer *anchor;	/* that is asked */
	struct in6_addr wish;	/* the next one; ::, if that is for the anchor to choose */
	struct in6_addr home;	/* whose the prefixes are, where that serves no more; or :: */
	bool bounced;		/* asked for there since somebody has accepted it */
	uint16_t seq;
	unsigned int tries;
	uint32_t backoff_ms;
	uint64_t again;		/* ns: by policy not before this */
	struct timer timer;
};

struct node {
	struct mn_id id;
	struct mag *mag;
	uint64_t number;	/* the kernel's name for the node */
	uint64_t timestamp;	/* last one sent, as on the wire */
	uint8_t query_seq;	/* of the last Subscription Query about it */
	struct session *sessions;	/* oldest first */
	struct assoc *assocs;
	struct route *routes;
	struct flow_guest *guest;	/* flows moved here, NULL: never any */
	struct wish *wishes;
	struct move *leaving, *arriving;	/* NULL: it is not */
	struct boundary *boundary;	/* NULL: it has never been about to change anchors */
	/* what it listens to, while it is not served here: another gateway has said so, or
	 * it did when it left; or NULL
	 */
	struct mh_groups *listens;
	unsigned int n_vendor;
	struct mh_vendor *vendor;	/* a previous gateway has told them, NULL: none */
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
	struct timer fade;	/* what still comes goes back to the anchor until then */
	bool unsure;		/* the kernel may not have it so: tell it again */
	UT_hash_handle hh;
};

struct mag {
	struct env *env;
	const struct mag_conf *conf;
	struct peers *peers;
	struct policy *policy;
	struct policy_watch watch;
	struct policy_queue unknown;	/* HIs for nodes that the store is asked about */
	struct awaited *awaited;	/* attachments of such, see await.c */
	unsigned int n_kept;		/* that the kernel has kept, of these */
	struct session *sessions;
	struct node *nodes;
	struct boundary *asked;		/* whose anchors are asked to hand them over */
	struct route *routes;		/* by prefix */
	struct session *queue;
	struct timer pace_timer;
	unsigned int n_sessions;
	struct memory *memories;	/* of an earlier daemon's, see record.c */
	uint64_t recalled;		/* the newest timestamp in them */
	uint16_t seq, shi_seq, lma_ho_seq;
	struct flow_responder responder;
	struct handover handover;
	struct mag_proxy *proxies;	/* see multicast.c */
	struct inquiry *inquiries;	/* under way, see inquiry.c */
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
const struct in6_addr *mag_anchor(const struct mag *m, const struct profile *pr);
void mag_leave(struct session *s, bool silent);
int mag_newcomer(struct mag *m, const struct session_key *key, const struct mn_id *id,
		 const struct in6_addr *lla, enum attach_cause cause);

/* await.c: attachments of nodes that the policy store is asked about */
int await_attach(struct mag *m, const struct session_key *key, const struct mn_id *id,
		 const struct in6_addr *lla, enum attach_cause cause);
void await_from(struct mag *m, const struct session_key *key, const struct in6_addr *previous);
int await_kept(struct mag *m, const struct mag_kept *k);
bool await_cancel(struct mag *m, uint32_t ifindex, const struct llid *lladdr);
void await_link_lost(struct mag *m, uint32_t ifindex);
void await_free(struct mag *m);

/* session.c */
struct node *mag_node_find(struct mag *m, const struct mn_id *id);
struct node *mag_node_get(struct mag *m, const struct mn_id *id);
void mag_node_put(struct node *n);
struct session_key session_key(uint32_t ifindex, const struct llid *lladdr);
struct session *session_find(struct mag *m, uint32_t ifindex,
			     const struct llid *lladdr);
struct session *session_new(struct mag *m, const struct session_key *key,
			    const struct profile *pr, uint8_t att);
void session_free(struct session *s);
void session_move(struct session *s, uint32_t ifindex);
void session_event(struct session *s, enum session_event e);
const char *session_state_str(const struct session *s);
void session_linger(struct session *s);
bool session_attached(const struct session *s);
bool node_attached(const struct node *n);
void mag_timer(struct mag *m, struct timer *t, uint64_t ms);
void mag_notify(struct mag *m, const char *event, const struct mn_id *id,
		const struct in6_addr *peer, const char *detail);

/* record.c: what the next daemon is to know, and what an earlier one has known */
void record_session(const struct session *s);
void record_node(const struct node *n);
void record_end(struct mag *m, const struct session_key *k);
struct memory *memory_find(struct mag *m, const struct session_key *key);
struct memory *memory_next(struct mag *m);
void memory_each(struct mag *m, void (*fn)(struct mag *m, struct memory *e, size_t *count),
		 size_t *count);
const struct session_key *memory_key(const struct memory *e);
const struct mn_id *memory_owner(const struct memory *e);
bool memory_leaves(const struct memory *e);
bool memory_registered(const struct memory *e);
void memory_kept(const struct memory *e, struct mag_kept *k);
int memory_apply(struct session *s, const struct memory *e);
void memory_forget(struct mag *m, struct memory *e);

/* registration.c */
void registration_start(struct session *s, uint8_t hi);
void registration_again(struct session *s);
void registration_accept(struct session *s, const struct mh_msg *pba);
void registration_drop(struct session *s);
void registration_block(struct session *s);

/* anchor.c: a session and its anchors */
int anchor_change(struct session *s, struct peer *next);
void anchor_follow(struct session *s, struct peer *next);
bool anchor_tried(const struct session *s);
struct peer *anchor_asked(const struct session *s);
bool anchor_turn(struct session *s);
void anchor_turned(struct session *s, int err);
void anchor_refused(struct session *s);
void anchor_silent(struct session *s);
void anchor_stayed(struct session *s);
void anchor_left(struct session *s);
void anchor_forget(struct session *s);

/* boundary.c: a node and its anchors */
bool boundary_may(const struct mag *m, const struct in6_addr *anchor);
const struct in6_addr *boundary_anchor(struct mag *m, const struct node *n,
				       const struct profile *pr);
int boundary_ask(struct session *s, enum lma_ho_reason reason, const struct in6_addr *to,
		 uint64_t wait_ms);
void boundary_settled(struct node *n);
void boundary_left(struct node *n);
struct boundary *boundary_get(struct node *n);
void boundary_free(struct node *n);

/* home.c: the anchor whose its prefixes are */
void home_left(struct session *s, const struct in6_addr *from);
void home_settled(struct node *n);
bool home_ask(struct session *s);

/* anchor_rule.c: where the configuration wants nodes */
void anchor_judge(struct session *s);

/* redirect.c (RFC 6463) */
void redirect_offer(const struct mag *m, struct mh_opts *o);
bool redirect_follow(struct session *s, const struct mh_msg *pba);

/* association.c */
void assoc_named(struct node *n, const struct mh_opts *o);
void assoc_free(struct assoc *a, bool tell);
void assoc_end_all(struct node *n);
struct assoc *assoc_find(struct node *n, const struct in6_addr *mag);
void assoc_solicit(struct assoc *a, enum assoc_state state);
void assoc_drop_tunnel(struct assoc *a);

bool mag_is_peer(const struct mag *m, const struct in6_addr *a);

/* handover.c */
void mag_handover_init(struct mag *m);
bool handover_leaves(struct session *s);
bool handover_may_follow(const struct session *s);
void handover_returns(struct node *n);
bool handover_guessed(const struct node *n);
void handover_revoked(struct node *n);
void handover_attached(struct session *s);
int handover_newcomer(struct mag *m, const struct session_key *key, const struct mn_id *id,
		      const struct in6_addr *lla, const struct in6_addr *previous);
void handover_registered(struct node *n);
void handover_gone(struct node *n);
bool handover_asks(const struct node *n);
bool move_has(const struct move *v, const struct prefix *p);
void move_lose(struct move *v, const struct prefix *p);

/* multicast.c */
void mag_multicast_update(struct session *s);
void mag_multicast_end(struct session *s);
void mag_multicast_met(struct node *n, const struct mh_groups *groups);
void mag_multicast_renew(struct mag *m);
void mag_multicast_free(struct mag *m);

/* forwarded.c */
void forwarded_begin(struct move *v);
void forwarded_native(struct move *v);
void forwarded_served(struct session *s);
void forwarded_end(struct move *v);
void forwarded_renew(struct move *v);
const struct prefix *forwarded_home(const struct move *v);
void forwarded_free(struct forwarded *f);

/* subscription.c */
void subscription_tell(const struct session *s, struct mh_opts *o);
void subscription_keep(const struct session *s);
int subscription_take(struct node *n, const struct mh_opts *o);
void subscription_answer(const struct mag *m, const struct mh_opts *asked, struct mh_opts *o);
void subscription_begin(struct session *s);
bool subscription_add(struct mh_groups *to, const struct mh_group *g,
		      const struct in6_addr *source);
bool subscription_request(const struct session *s, struct mh_opts *o);
void subscription_list(const struct session *s, struct mh_groups *all);
void subscription_hear(struct session *s, const struct mh_groups *all);

/* inquiry.c */
bool inquiry_flag(const struct session *s, struct mh_opts *o);
void inquiry_left(struct session *s);
void inquiry_end(struct session *s);
void inquiry_free(struct session *s);
void inquiry_registered(struct session *s, const struct mh_msg *pba);

/* context.c */
void context_name(const struct session *s, struct mh_opts *o);
void context_tell(const struct session *s, struct mh_opts *o);
bool context_answer(const struct session *s, const struct mh_opts *asked, struct mh_opts *o);
void context_take(struct move *v, const struct mh_opts *o);
void context_use(const struct move *v);

/* signal.c */
void signal_arrived(struct session *s);
void signal_moved(struct session *s);
void signal_forget(struct session *s);

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
void forward_fade(struct session *s, const struct prefix *p);
struct node *forward_whose(struct mag *m, const struct prefix *p);
bool forward_has(struct node *n, const struct prefix *p);

const struct dp_binding *forward_binding(struct node *n, const struct prefix *p);

/* hold.c */
void hold_release(struct session *s, uint8_t to);
void hold_forward(struct node *n);

/* takeover.c */
void takeover_technology(struct session *s);
void takeover_late(struct mag *m, const struct mag_kept *k);
struct session *takeover_claim(struct mag *m, const struct profile *pr,
			       const struct session_key *key, uint8_t att);

/* pace.c */
void session_queue(struct session *s);

/* prefix.c */
bool prefix_own(const struct session *s, const struct prefix *p);
bool prefix_routed(const struct session *s, const struct prefix *p);
void prefix_off_drop(struct session *s, unsigned int i);
bool prefix_take(struct session *s, const struct mh_opts *o);
void prefix_claim(struct session *s);
void prefix_lose(struct session *s, const struct prefix *p);

/* flow.c */
void node_flows_end(struct node *n);
void node_flows_doubt(const struct session *gone);
void mag_flows_anew(struct mag *m, const struct peer *p);
void node_flows_told(struct node *n, const struct mh_msg *pba);

/* wish.c: flows in registrations, and in their answers */
void wishes_put(struct session *s, struct mh_opts *o);
void wishes_answered(struct session *s, const struct mh_opts *o);
void wishes_end(struct session *s);
bool wish_of(const struct node *n, uint16_t fid);

/* solicit.c */
bool rate_ok(struct mag *m, struct rate *r);
bool solicit_newcomer(struct mag *m, const struct session_key *key);

#endif
