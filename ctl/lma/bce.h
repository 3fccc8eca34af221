/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The binding cache (RFC 5213 §5.1): mobile nodes, their binding cache
 * entries and their home network prefixes.  Inside ctl/lma.
 */
#ifndef CTL_LMA_BCE_H
#define CTL_LMA_BCE_H

#include "core/dict.h"
#include "core/hash.h"
#include "lma/lma.h"
#include "multicast/proxy.h"
#include "lma/pool.h"
#include "policy/queue.h"
#include "lma/revoke.h"

enum bce_state {
	BCE_ACTIVE,
	BCE_DEREGISTERED,	/* within MinDelayBeforeBCEDelete */
	BCE_HANDED,		/* another anchor has told of it, its gateway has not registered */
	BCE_STATES,
};

enum hnp_origin {
	HNP_FROM_PROFILE,
	HNP_FROM_POOL,		/* goes back to its pool */
	HNP_CLAIMED,		/* brought by a re-registration, see hnp.c */
	HNP_HANDED,		/* another anchor's */
};

struct hnp_path {
	uint32_t tunnel;		/* 0: no more paths */
	uint16_t bid;
};

struct hnp {
	struct prefix prefix;
	uint8_t origin;			/* enum hnp_origin */
	uint8_t waits;			/* newer packets, for those of these of set->returns */
	struct hnp_path path[PMIP_BINDING_PATHS];	/* as the kernel was last told */
	struct hnp_set *set;
	struct dict_entry by_prefix;
};

#define HNP_RETURNS	4	/* gateways that may send back packets at once: the kernel's */

/*
 * The prefixes of one mobility session, or of several that share them.  A session
 * has one set; a second one, common, if the policy combines prefixes that all
 * attachments share with some of each one's own.
 */
struct hnp_set {
	struct node *node;
	unsigned int n, users;
	bool refused;			/* by the kernel, when they were new */
	uint32_t returns[HNP_RETURNS];	/* tunnels by which packets may come back, or 0 */
	struct hnp hnp[];
};

struct pending {		/* waits for MaxDelayBeforeNewBCEAssign */
	struct in6_addr src, dst;
	struct mh_msg pbu;
	struct timer timer;
	struct lma *lma;
	struct node *node;
	struct pending *prev, *next;	/* of all nodes */
	struct revocation *asked;	/* the gateway before, NULL: not, or no more */
	struct in6_addr before;		/* that gateway */
};

struct node {
	struct dict_entry by_id;
	struct node *prev, *next;	/* oldest first */
	uint64_t number;		/* the kernel's name for the node */
	uint64_t timestamp;		/* newest accepted, as on the wire */
	uint16_t last_bid;
	uint8_t query_seq;		/* of the last Subscription Query about it */
	bool claimed;			/* the policy store has been told that it is served here */
	unsigned int n_bces, holds;
	struct bce *bces;		/* oldest attachment first */
	struct pending *pending;
	struct node_flows *flows;	/* NULL: none */
	struct anchoring *anchoring;	/* NULL: no other anchor has to do with it */
	uint8_t subtype, id_len;
	uint8_t id[];			/* no room for what no identifier has */
};

struct gateway {		/* a MAG, and the active entries it serves */
	struct lma *lma;
	struct peer *peer;
	struct bce *bces;
	struct timer stay;	/* pending: without any it has its groups yet, and its tunnel */
	struct mcast_node mcast;	/* what its nodes listen to, together */
	UT_hash_handle hh;
};

struct bce {
	struct node *node;
	struct bce *prev, *next;	/* of the node */
	struct bce *gw_prev, *gw_next;	/* of the gateway, while active */
	struct gateway *gw;		/* NULL unless active */
	struct hnp_set *set, *common;	/* common: may be NULL */
	struct lma *lma;
	struct in6_addr proxy_coa, lla;
	struct llid llid;		/* len 0: ALL_ZERO */
	struct timer timer;		/* lifetime, or the wait before deletion */
	struct revoke *revoke;		/* under way, NULL: none */
	unsigned int revoke_at;		/* its place there */
	struct handed *handed;		/* what it listens to where it was, NULL: nobody knows */
	uint64_t updated;		/* ns, when the last PBU was accepted */
	uint32_t tunnel;
	uint16_t bid, seq;
	uint16_t without;		/* revoked prefixes, see part.c */
	uint8_t pri;		/* BID-PRI, RFC 5648 §4.1: less goes first */
	uint8_t att, hi, state;
	bool speaks;		/* S in its last request, RFC 7161 §4.2.1 */
};

struct load_key {
	struct in6_addr mag;
	uint32_t att;			/* 0: all links of the gateway */
};

struct load {
	struct load_key key;
	uint8_t said, measured;		/* percent, the more of which counts */
	uint8_t quality;		/* percent, QUALITY_MAX: nothing is said of it */
	bool metered;			/* somebody measures it */
	bool full;			/* by what is measured alone */
	bool high, poor;
	uint64_t held_until, calm;	/* ns: not low before; and low since */
	uint32_t hold_ms;		/* the last time; longer if it is soon again */
	UT_hash_handle hh;
};

/* What a meter has last read */
struct meter {
	bool begun;
	uint64_t at, tx, rx;		/* ns, bytes */
};

struct lma {
	struct env *env;
	const struct lma_conf *conf;
	struct peers *peers;
	struct policy *policy;
	struct policy_watch watch;
	struct policy_queue unknown;	/* requests for nodes that the store is asked about */
	uint64_t came;			/* of the one at hand, ns of the wall clock; 0: now */
	const struct lma_authority *asking;	/* whoever prefixes are looked for, or NULL */
	struct pace *paces;		/* of gateways, the longest silent first */
	struct pools pools;
	struct node *nodes;		/* oldest first */
	struct dict nodes_by_id, hnps_by_prefix;
	struct gateway *gateways;	/* by peer */
	struct returning *returning;	/* see return.c */
	unsigned int n_bces;
	struct revocation_initiator revocations;
	struct pending *pending;
	struct revoke *bulks;		/* of all that a gateway serves */
	struct revocation_responder revoked;
	struct lma_counters counters;
	struct flow_initiator flow_initiator;
	struct load *loads;
	struct meter *meters;		/* as many as the configuration has */
	struct mcast_proxy mcast;	/* see multicast.c */
	uint32_t upstream;		/* link to a multicast router, 0: none is there */
	struct in6_addr upstream_lla;
	struct handed *handed;		/* of all entries, see handed.c */
	struct anchoring *anchorings;	/* of all nodes that other anchors have to do with */
	struct init *inits;		/* that wait for an answer */
	uint16_t init_seq;
	struct assignment *assignments;	/* new sessions that others are asked to take */
	const struct mh_msg *proxied;	/* the request at hand, if another anchor passes it on */
	struct in6_addr proxy;		/* that one */
	const struct bce *resumed;	/* whose request waits for nobody any more */
};

/* bce.c */
void node_claim(struct lma *l, struct node *n, const struct profile *prof);
struct node *lma_node_find(struct lma *l, const struct mn_id *id);
struct mn_id node_id(const struct node *n);
struct node *node_get(struct lma *l, const struct mn_id *id);
void node_put(struct lma *l, struct node *n);
struct bce *bce_new(struct lma *l, struct node *n, struct hnp_set *set,
		    struct hnp_set *common);
bool bce_has(const struct bce *b, const struct hnp_set *set);
unsigned int bce_prefixes(const struct bce *b, struct prefix p[HNP_MAX]);
void bce_free(struct lma *l, struct bce *b);
void bce_make_youngest(struct bce *b, const struct bce *was);
int bce_serve(struct bce *b, const struct in6_addr *lmaa,
	      const struct in6_addr *proxy_coa);
void bce_unserve(struct bce *b);
void bce_put_tunnel(struct lma *l, struct gateway *gw);
struct gateway *bce_gateway(struct lma *l, const struct in6_addr *mag);

/* multicast.c */
int lma_multicast_init(struct lma *l);
void lma_multicast_free(struct lma *l);
void lma_multicast_begin(struct lma *l, struct gateway *gw);
void lma_multicast_end(struct gateway *gw);
void lma_multicast_renew(struct lma *l);
bool lma_multicast_asked(const struct lma *l, const struct mh_msg *pbu);
void lma_multicast_told(struct lma *l, struct gateway *gw, const struct mh_msg *pbu);
void lma_multicast_hear(struct gateway *gw, const struct mh_groups *all);
void lma_multicast_stay(struct lma *l, struct gateway *left, const struct mh_msg *pbu);

/* part.c: which of its session's prefixes an entry has */
bool part_has(const struct bce *b, const struct hnp *h);
struct hnp *part_find(const struct bce *b, const struct prefix *p);
bool part_had(const struct bce *b, const struct prefix *p);
bool part_orphan(const struct hnp *h);
void part_leave(struct lma *l, struct bce *b);
bool part_lose(struct lma *l, struct bce *b, const struct prefix *p);

/* hnp.c */
struct hnp *hnp_find(struct lma *l, const struct prefix *p);
struct hnp_set *hnp_set_new(struct lma *l, struct node *n,
			    const struct profile *prof,
			    const struct mh_opts *o, uint8_t *status);
struct hnp_set *hnp_set_common(struct lma *l, struct node *n,
			       const struct profile *prof, uint8_t *status);
struct hnp_set *hnp_set_recall(struct lma *l, struct node *n, const struct prefix *p,
			       const enum hnp_origin *origin, unsigned int count);
void hnp_set_put(struct lma *l, struct hnp_set *set);
void hnp_set_unused(struct lma *l, struct hnp_set *set);

/* record.c */
void record_keep(struct lma *l, const struct node *n);

/* lookup.c */
enum lookup_verdict {
	LOOKUP_CREATE,		/* a new mobility session */
	LOOKUP_SHARE,		/* a new one with the prefixes of .bce */
	LOOKUP_UPDATE,		/* .bce */
	LOOKUP_WAIT,		/* for the deregistration of .bce */
	LOOKUP_REFUSE,		/* with .status */
	LOOKUP_IGNORE,
};

struct lookup {
	enum lookup_verdict verdict;
	struct bce *bce;
	uint8_t status;
};

bool hnp_given(const struct mh_hnp *h);
bool request_llid(const struct mh_opts *o, struct llid *llid);
struct lookup bce_lookup(struct lma *l, const struct in6_addr *src,
			 const struct mh_msg *pbu, const struct profile *prof);

/* validate.c */
uint8_t validate_sender(const struct lma *l, const struct in6_addr *src,
			const struct mh_msg *pbu);
bool validate_leaves(struct lma *l, const struct mh_msg *pbu);
uint8_t validate_request(struct lma *l, const struct mh_msg *pbu, const struct profile **prof);
bool validate_addresses(struct lma *l, const struct in6_addr *src,
			const struct in6_addr *dst, const struct mh_msg *pbu);
uint8_t validate_sequence(const struct mh_msg *pbu, const struct lma_conf *c,
			  const struct bce *b);
bool validate_mag(const struct lma_conf *c, const struct in6_addr *src);
uint8_t validate_options(const struct mh_msg *pbu, const struct profile *prof);

/* reply.c */
struct reply {
	uint8_t status;
	uint16_t lifetime;	/* units of 4 s */
	const struct bce *bce;	/* NULL: refused */
	const uint8_t *flow_status;	/* of the request's flows, NULL: it has none */
	uint16_t seq;
};

void reply_send(struct lma *l, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_msg *pbu,
		const struct reply *r);
void refuse(struct lma *l, const struct in6_addr *src,
	    const struct in6_addr *dst, const struct mh_msg *pbu,
	    uint8_t status, const struct bce *b);
void lma_notify(struct lma *l, const char *event, const struct bce *b);

/* forward.c */
void forward_set(struct lma *l, const struct bce *b);
void forward_end(struct lma *l, const struct bce *b);
void forward_onward(struct lma *l, struct node *n);
bool forward_leads(const struct bce *b, const struct hnp *h);
bool forward_carries(const struct hnp *h, uint32_t tunnel);
bool forward_tunnel_up(const struct node *n, uint32_t tunnel);
uint16_t forward_bid(const struct bce *b, const struct hnp *h);
int forward_settle(struct lma *l, const struct bce *b);
void forward_refused(struct lma *l, const struct node *node, int err);
void forward_leave(struct lma *l, const struct bce *b, struct gateway *gw,
		   bool now);

/* registration.c */
enum bce_event {
	EV_EXTEND,		/* §5.3.3: from the gateway that serves it */
	EV_HANDOFF,		/* §5.3.4: from another one */
	EV_DEREGISTER,		/* §5.3.5 */
	EV_FOREIGN_DEREGISTER,	/* §5.3.5 rule 1: from another gateway */
	EV_TIMER,		/* lifetime, or MinDelayBeforeBCEDelete, over */
	EV_INVALID,		/* RFC 5847 §3: the gateway has lost its state */
	EV_REVOKED,		/* RFC 5846 §6.2.2: by us, and its gateway knows */
	EV_RELEASE,		/* RFC 5846 §8: by its gateway */
	EV_MOVED,		/* draft: LMA handover §4.2: another anchor has it */
	BCE_EVENTS,
};

struct request {
	const struct in6_addr *src, *dst;
	const struct mh_msg *pbu;
	const struct profile *prof;
};

void register_new(struct lma *l, const struct request *r, struct bce *share);
void register_update(struct lma *l, const struct request *r, struct bce *b);
void bce_timer(void *arg);
void bce_invalidate(struct lma *l, struct bce *b);
void bce_happen(struct lma *l, const struct request *r, struct bce *b, enum bce_event ev);

/* return.c */
void return_open(struct lma *l, const struct bce *b, const struct prefix *only,
		 uint64_t later_ms);
void return_lost(struct lma *l, const struct bce *b);
void return_again(struct lma *l, const struct bce *b);
void return_left(struct lma *l, const struct bce *b, const struct bce *was);
void return_close(struct lma *l, const struct bce *b);
void return_free(struct lma *l);

/* pending.c */
void request_resume(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		    const struct mh_msg *pbu);
void pending_set(struct lma *l, const struct request *r, struct node *n);
void pending_run(struct lma *l, struct node *n);
void pending_drop(struct lma *l, struct node *n);
void pending_drop_of(struct lma *l, const struct in6_addr *mag);

/* anchoring.c: nodes that other anchors have to do with, see anchoring.h */
bool anchoring_holds(const struct hnp_set *set);
bool anchoring_leads(const struct node *n, uint32_t *tunnel);
bool anchoring_fills(const struct node *n, uint32_t *tunnel);
const struct in6_addr *anchoring_where(struct lma *l, const struct mn_id *id);
void anchoring_attached(const struct bce *b);
void anchoring_registered(struct bce *b);
void anchoring_entry_gone(struct node *n);
void anchoring_forget(struct node *n);
void anchoring_restarted(struct lma *l, const struct peer *p);

/* handed.c: what a node listens to, on its way from one gateway to the next */
bool handed_defers(struct lma *l, const struct request *r, struct bce *b);
void handed_other(const struct request *r, struct bce *b);
void handed_ask(struct lma *l, const struct request *r, struct bce *b);
void handed_here(struct lma *l, const struct request *r, struct bce *b);
bool handed_tell(struct lma *l, const struct bce *b, const struct mh_msg *pbu,
		 struct mh_opts *o);
void handed_left(struct lma *l, const struct request *r, struct bce *b);
void handed_run(struct bce *b);
void handed_drop(struct bce *b);
void handed_drop_of(struct lma *l, const struct in6_addr *mag);
void handed_lost(struct lma *l, const struct in6_addr *mag);

#endif
