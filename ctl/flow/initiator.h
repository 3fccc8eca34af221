/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the anchor has gateways keep of its nodes' flows: FMI and FMA (draft: flow
 * mobility §4), or UPN and UPA in RFC 7864's form for gateways that know those.
 */
#ifndef CTL_FLOW_INITIATOR_H
#define CTL_FLOW_INITIATOR_H

#include "core/hash.h"
#include "flow/cache.h"
#include "mh/mh.h"

enum flow_dialect {
	FLOW_DIALECT_AUTO,	/* FMI, and UPN to whom that is unknown */
	FLOW_DIALECT_DRAFT,
	FLOW_DIALECT_RFC7864,
	FLOW_DIALECT_NONE,	/* the gateway knows neither, or had better not be told */
};

struct flow_peer_conf {
	struct prefix peer;
	uint8_t dialect;
};

struct flow_initiator_conf {
	uint8_t dialect;		/* of gateways that peer does not have */
	unsigned int n_peers;
	const struct flow_peer_conf *peer;	/* the first that contains it */
	uint16_t lifetime;		/* s, asked for in an FMI, or FLOW_FOREVER */
	uint32_t fmi_ms;		/* 500, doubling, four times in all */
	uint32_t upn_ms;		/* 1000, RFC 7077 §7: 500 to 5000 */
	unsigned int upn_retries;	/* 1, RFC 7077 §7: 0 to 5 */
	uint32_t retry_s;		/* until a gateway that knew neither is asked again, 3600;
					 * 0: not before it restarts
					 */
};

enum flow_loss {
	FLOW_LOSS_REFUSED,
	FLOW_LOSS_NOT_ATTACHED,		/* the node, at that gateway */
	FLOW_LOSS_SELECTOR,		/* of a format that it does not support */
	FLOW_LOSS_SILENCE,
	FLOW_LOSS_UNSUPPORTED,		/* by the gateway, in either dialect */
	FLOW_LOSS_REVOKED,		/* by either end, with the prefix (RFC 5846) */
};

/* Each is called when all is done and may do anything to any grant. */
struct flow_initiator_ops {
	/* the gateway knows the flow as it was last set: it can go there */
	void (*kept)(void *arg, uint16_t fid);
	/* it does not, or not any more; the grant has forgotten the flow */
	void (*lost)(void *arg, uint16_t fid, enum flow_loss why);
};

struct flow_initiator_counters {
	uint64_t fmi_tx, fma_rx, upn_tx, upa_rx, refused, silence, fallback, stray;
	uint64_t be_stray;		/* Binding Errors that answer nothing of ours */
	uint64_t recovered;		/* dialects given up that a gateway does know */
};

struct flow_gateway {
	struct in6_addr address;
	uint8_t dialect;
	bool knows;			/* has answered in it */
	uint64_t fell_back;		/* ns, when it said that it did not know one, 0: not */
	uint16_t seq;			/* the last one used */
	struct flow_grant *grants;
	struct flow_grant *flights;	/* those that wait for an answer, by seq */
	UT_hash_handle hh;
};

struct flow_initiator {
	struct env *env;
	const struct flow_initiator_conf *conf;
	const struct flow_initiator_ops *ops;
	struct in6_addr address;	/* LMAA */
	struct flow_gateway *gateways;
	struct flow_initiator_counters counters;
};

void flow_initiator_init(struct flow_initiator *fi, struct env *env,
			 const struct flow_initiator_conf *conf,
			 const struct flow_initiator_ops *ops,
			 const struct in6_addr *address);
void flow_initiator_free(struct flow_initiator *fi);

/* What one gateway is to keep of one node: its flows and their prefixes */
struct flow_grant;

/* NULL: no memory */
struct flow_grant *flow_grant_new(struct flow_initiator *fi, const struct in6_addr *mag,
				  const struct mn_id *id, void *arg);
/* Forget it; the gateway is not told, it forgets a node that leaves. */
void flow_grant_free(struct flow_grant *g);
/* 0; -EOPNOTSUPP: the gateway knows neither dialect; -EINVAL, -ENOSPC, -ENOMEM */
int flow_grant_set(struct flow_grant *g, const struct flow_spec *s);
/* 0; -ENOENT */
int flow_grant_del(struct flow_grant *g, uint16_t fid);
/* The prefixes that the gateway is to route, and not to advertise */
void flow_grant_prefixes(struct flow_grant *g, const struct prefix *p, unsigned int n);
/* Tell the gateway what was set and removed since the last time. */
void flow_grant_push(struct flow_grant *g);
/* Whether the gateway has nothing left to be told, or to answer */
bool flow_grant_settled(const struct flow_grant *g);
/* Whether a gateway is known to know about flows: by its answers, or as configured */
bool flow_initiator_knows(struct flow_initiator *fi, const struct in6_addr *mag);

void flow_initiator_on_fma(struct flow_initiator *fi, const struct in6_addr *src,
			   const struct in6_addr *dst, const struct mh_msg *fma);
void flow_initiator_on_upa(struct flow_initiator *fi, const struct in6_addr *src,
			   const struct in6_addr *dst, const struct mh_msg *upa);
void flow_initiator_on_binding_error(struct flow_initiator *fi,
				     const struct in6_addr *src,
				     const struct mh_msg *be);
/* A gateway has lost its memory: tell it everything again. */
void flow_initiator_on_restart(struct flow_initiator *fi, const struct in6_addr *mag);

#endif
