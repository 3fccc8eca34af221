/* SPDX-License-Identifier: GPL-2.0 */
/* The local mobility anchor (RFC 5213 §5): events in, actions out. */
#ifndef CTL_LMA_LMA_H
#define CTL_LMA_LMA_H

#include "core/env.h"
#include "flow/initiator.h"
#include "mh/mh.h"
#include "multicast/conf.h"
#include "multicast/group.h"
#include "multicast/listener.h"
#include "pair/pair.h"
#include "peer/peer.h"
#include "policy/policy.h"
#include "revocation/authority.h"
#include "revocation/initiator.h"

#define LMA_POOLS_MAX	16
#define LMA_MAGS_MAX	4096
#define LMA_LOADS_MAX	4096
#define LMA_METERS_MAX	256
#define LMA_NEIGHBOURS_MAX	64
#define QUALITY_MAX	100

/* Bytes on the way to and from a gateway's access links, and how many these can take */
struct lma_meter {
	struct in6_addr mag;
	uint8_t att;			/* 0: all its links */
	uint32_t kbps;			/* in either direction */
	char dev[16];			/* whose bytes; empty: those of our tunnel to it */
};

/* For whom some gateways may register, and how often */
struct lma_authority {
	struct prefix mag;
	unsigned int n_prefixes, n_realms;	/* 0: all */
	struct prefix *prefix;			/* their nodes' home network prefixes */
	struct mn_id *realm;			/* "@" before it */
	uint32_t rate;				/* requests a second of each, 0: as many as come */
};

/* Routes by which others find the pools: not for the state machine, but for ctl/io */
struct announce_conf {
	bool enabled;
	uint8_t protocol;			/* 214 */
	uint32_t table, metric;			/* 254 and 512 */
};

struct lma_conf {
	bool enabled;
	struct in6_addr address;		/* LMAA */
	unsigned int n_pools;
	struct prefix pool[LMA_POOLS_MAX];	/* home network prefixes to give out */
	uint8_t pool_prefix_len;		/* 64 */
	struct announce_conf announce;
	unsigned int n_mags;
	struct prefix *mag;			/* who may register; /128 for one */
	unsigned int n_learn, n_authorities;
	struct prefix *learn;			/* the same, if IPsec says who they are */
	struct lma_authority *authority;	/* allocated, see conf_free() */
	bool seamless;				/* tell MAGs of each other (option 51) */
	uint32_t max_lifetime;			/* s, 3600 */
	bool timestamps;			/* false: by sequence number alone (§5.5) */
	uint32_t timestamp_window_ms;		/* TimestampValidityWindow, 300 */
	uint32_t min_delay_before_bce_delete_ms;	/* 10000 */
	uint32_t max_delay_before_new_bce_assign_ms;	/* 1500 */
	uint32_t max_sessions;			/* 0: no limit */
	uint32_t return_ms;			/* packets may come back, 5000; 0: not */
	uint32_t order_ms;			/* newer ones wait for them, 3000 */
	uint8_t load_high, load_low;		/* percent, 80 and 60: see load.c */
	uint8_t quality_low, quality_good;	/* percent, 30 and 50 */
	uint32_t load_window_ms;		/* from one reading of a meter to the next, 2000 */
	uint32_t load_hold_ms;			/* what a meter finds high stays so, 10000 */
	unsigned int n_meters;
	struct lma_meter *meter;		/* allocated, see conf_free() */
	uint32_t flow_linger_ms;		/* a gateway keeps what a flow has left, 5000 */
	struct flow_initiator_conf flow;	/* peer: allocated, see conf_free() */
	struct mcast_role mcast;		/* gateways may listen to groups (RFC 6224) */
	bool revoke_handover;			/* a BRI to the gateway that a node has left */
	bool redirect;				/* RFC 6463 §7: EnableLMARedirectFunction */
	bool redirect_accept;			/* and EnableLMARedirectAcceptFunction */
	struct revocation_conf revocation;
	unsigned int n_bulk;
	struct revocation_authority *bulk;	/* who may revoke all its bindings at once */
	unsigned int n_neighbours;		/* 0: no node is handed over */
	struct in6_addr neighbour[LMA_NEIGHBOURS_MAX];	/* anchors, the first goes first */
	uint32_t handover_ms;			/* until gateways have to have gone there, 10000 */
	uint32_t init_ms, init_retries;		/* LMA_HO_Init: 500, doubling; 3 */
	uint32_t serve_lifetime;		/* s that we are forwarded to, 300 */
	uint32_t redirect_above;		/* from so many bindings on, 0: never */
	struct pair_conf pair;			/* another one takes over */
};

enum lma_flow_origin {
	LMA_FLOW_OPERATOR,
	LMA_FLOW_POLICY,
	LMA_FLOW_NODE,			/* by way of a gateway */
};

/* Identifiers of the policy's flows begin here. */
#define LMA_FLOW_RULES	0x8000

/* A row of `pmipctl load show` */
struct lma_load_view {
	struct in6_addr mag;
	uint8_t att, level;
	uint8_t quality;
	bool metered;			/* the level, or a part of it */
	bool high, poor;		/* either way flows of the policy avoid it */
};

/* A row of `pmipctl flow show mn-id` */
struct lma_flow_view {
	const struct mn_id *mn_id;
	const struct flow_spec *spec;	/* as it is to be */
	bool active;
	bool waiting;			/* for gateways to answer */
	uint8_t origin;			/* enum lma_flow_origin */
	uint32_t lifetime;		/* s left, FLOW_FOREVER */
	unsigned int n_bid;		/* what is in force */
	const uint16_t *bid;
	unsigned int n_lingers;		/* gateways that it has left, and that keep it yet */
	struct in6_addr lingers_at[PMIP_BINDING_PATHS];	/* these of them */
};

struct lma;

/* A row of `pmipctl binding show`: one binding cache entry */
struct lma_bce_view {
	const struct mn_id *mn_id;
	const struct llid *llid;
	struct in6_addr proxy_coa;
	uint16_t bid;
	uint8_t bid_pri;		/* less goes first */
	/* draft: fault tolerance §3.1, its two flags */
	bool multihomed;		/* the node has entries by other gateways */
	bool available;			/* the interface can be reached by this one */
	uint8_t att, hi;
	/* "active", "revoking", "deregistered", "pending"; "handed" and "away": anchoring.h */
	const char *state;
	uint16_t seq;
	uint64_t remaining_ns;
	unsigned int n_hnp;
	const struct prefix *hnp;
	unsigned int n_shared;		/* the last so many other entries have, too */
};

struct lma_handover_counters {
	uint64_t req_rx, resp_tx;
	uint64_t init_tx, init_retransmitted, init_silent, init_rx;
	uint64_t hack_tx, hack_rx;
	uint64_t refused;		/* requests of gateways and of anchors */
	uint64_t failed;		/* that we have asked other anchors for */
	uint64_t voided;		/* no gateway has gone there, or come here, in time */
	uint64_t left, forgotten;	/* nodes that others serve, and do so no more */
	uint64_t handed, came, released;	/* nodes of others */
	uint64_t redirected;		/* gateways that have come to the wrong anchor */
	uint64_t assign_asked;		/* PBUs to others, RFC 6463 §5.3.2 */
	uint64_t assigned;		/* sessions that these have taken */
	uint64_t stray;			/* messages about nothing */
};

struct lma_counters {
	uint64_t pbu_rx, pba_tx, refused, status[256];
	uint64_t too_often;		/* requests of gateways beyond their rate, dropped */
	uint64_t asked;			/* requests that waited for the policy store */
	uint64_t forwarding_refused;	/* by the kernel, after a second try */
	uint64_t flows_lost;		/* that a gateway did not take */
	uint64_t revoked;		/* entries, by us or by their gateway */
	uint64_t revoked_prefixes;	/* and prefixes of entries that have others */
	uint64_t deferred;		/* requests that met a revocation, to be repeated */
	uint64_t mld_queries, mld_reports;	/* sent to gateways, and upstream */
	uint64_t mld_invalid;
	struct mcast_listener_counters mld;	/* what gateways say */
	struct subscription_counters subscription;
	struct revocation_counters revocation;
	struct lma_handover_counters handover;
};

/* Bindings of a node; NULL and 0: whichever */
struct lma_revocation {
	const struct mn_id *mn_id;
	const struct in6_addr *proxy_coa;
	const struct prefix *hnp;	/* those that have it, and of these only that */
	uint16_t bid;
	uint8_t trigger;		/* enum bri_trigger, below 128 */
};

struct lma *lma_new(struct env *env, const struct lma_conf *conf,
		    struct peers *peers, struct policy *policy);
void lma_free(struct lma *l);
/* conf and policy stay the caller's and must outlive the machine. */

/* A prefix that some profile owns: never handed out of a pool; 0 or -ENOMEM */
int lma_reserve(struct lma *l, const struct prefix *p);
/* What conf says of pools and gateways is other than before: first the one, then the other */
int lma_pools_change(struct lma *l, const struct prefix *range, unsigned int n);
void lma_mags_changed(struct lma *l);

/* Ask for the forwarding state of every session again: the kernel has lost it. */
void lma_renew(struct lma *l);

/* What an earlier daemon's env_ops.keep() was given of a node: at the start, see record.c */
int lma_recall(struct lma *l, const struct keep_key *key, const void *data, size_t len);
void lma_recalled(struct lma *l);
bool lma_record_shift(void *data, size_t len, int64_t by);
uint32_t lma_layout(void);

void lma_on_pbu(struct lma *l, const struct in6_addr *src,
		const struct in6_addr *dst, const struct mh_msg *pbu);
void lma_on_peer_restart(struct lma *l, struct peer *p);
void lma_on_peer_dead(struct lma *l, struct peer *p);

/* Whole IPv6 packets with messages of MLD, out of a gateway's tunnel and from upstream */
void lma_on_mld(struct lma *l, const struct in6_addr *mag, const uint8_t *packet, size_t len);
void lma_on_mld_upstream(struct lma *l, const uint8_t *packet, size_t len);
void lma_on_upstream(struct lma *l, uint32_t ifindex, const struct in6_addr *lla);
/* RFC 7161: what a node listens to where it was, and who asks for it where it is */
void lma_on_subscription_query(struct lma *l, const struct in6_addr *src,
			       const struct in6_addr *dst, const struct mh_msg *query);
void lma_on_subscription_response(struct lma *l, const struct in6_addr *src,
				  const struct in6_addr *dst, const struct mh_msg *response);
void lma_on_subscription_unknown(struct lma *l, const struct in6_addr *src,
				 const struct mh_msg *be);
void lma_each_listening(struct lma *l, bool (*fn)(void *arg, const struct mcast_view *v),
			void *arg);

/* Draft: LMA handover §4.2: a gateway asks for it, and anchors agree on it */
void lma_on_lma_ho_req(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		       const struct mh_msg *req);
void lma_on_lma_ho_init(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
			const struct mh_msg *init);
void lma_on_init_unknown(struct lma *l, const struct in6_addr *src, const struct mh_msg *be);
/* RFC 6463 §5.3.2: another anchor has been asked to take a session */
void lma_on_pba(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *pba);
void lma_on_lma_hack(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		     const struct mh_msg *hack);

/* Answers of gateways about flows */
void lma_on_fma(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *fma);
void lma_on_upa(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *upa);
void lma_on_binding_error(struct lma *l, const struct in6_addr *src, const struct mh_msg *be);

/* Flows, by the operator; 0 or -errno, see flows.c */
int lma_flow_add(struct lma *l, const struct mn_id *id, const struct flow_spec *s,
		 uint16_t lifetime);
int lma_flow_move(struct lma *l, const struct mn_id *id, uint16_t fid,
		  const uint16_t *bid, unsigned int n_bid);
int lma_flow_del(struct lma *l, const struct mn_id *id, uint16_t fid);
void lma_each_flow(struct lma *l, const struct mn_id *id,
		   bool (*fn)(void *arg, const struct lma_flow_view *v), void *arg);

/* How loaded links are, by whoever measures it; 0 or -errno, see load.c */
int lma_load_set(struct lma *l, const struct in6_addr *mag, uint8_t att, uint8_t said);
int lma_quality_set(struct lma *l, const struct in6_addr *mag, uint8_t att, uint8_t quality);
/* What a meter of the configuration counts, each load_window_ms */
void lma_meter_read(struct lma *l, unsigned int i, uint64_t tx, uint64_t rx);
void lma_each_load(struct lma *l, bool (*fn)(void *arg, const struct lma_load_view *v),
		   void *arg);
/* RFC 5846 §8; how many entries it is about, or -errno */
int lma_revoke(struct lma *l, const struct lma_revocation *v);
int lma_revoke_gateway(struct lma *l, const struct in6_addr *mag, const struct mn_id *realm);
void lma_on_bri(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *bri);
void lma_on_bra(struct lma *l, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *bra);
void lma_on_bri_unknown(struct lma *l, const struct in6_addr *src, const struct mh_msg *be);

void lma_each(struct lma *l, bool (*fn)(void *arg, const struct lma_bce_view *v),
	      void *arg);
const struct lma_counters *lma_counters(const struct lma *l);
const struct flow_initiator_counters *lma_flow_counters(const struct lma *l);

#endif
