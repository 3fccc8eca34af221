/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a gateway keeps of flows that an anchor moves to it (draft: flow mobility
 * §5.2, RFC 7864 §3.4): for each node that is attached to it, a flow mobility
 * cache and the prefixes to be routed to the node and not advertised.
 */
#ifndef CTL_FLOW_RESPONDER_H
#define CTL_FLOW_RESPONDER_H

#include "core/hash.h"
#include "flow/cache.h"
#include "mh/mh.h"

/* None of these may call the guest back. */
struct flow_guest_ops {
	/* as in struct fmc_ops */
	void (*changed)(void *arg, const struct flow *f);
	void (*ended)(void *arg, const struct flow *f, enum flow_end why);
	/* the off-link prefixes are others than before: see struct flow_guest */
	void (*prefixes)(void *arg);
	/* what was asked for is in force: 0 or -errno; may be NULL */
	int (*settle)(void *arg);
};

/* Part of whatever the gateway has of a node */
struct flow_guest {
	struct fmc flows;
	unsigned int n_prefix;
	struct prefix prefix[HNP_MAX];
	const struct flow_guest_ops *ops;
	void *arg;
	uint64_t asked;			/* how often ops was called */
	bool by_flows;			/* the prefixes are there for them, and go with them */
	struct timer doubt;		/* else they go now, see flow_guest_doubt() */
	bool doubted;
	bool heard;			/* and this was the last number: */
	uint64_t number;		/* as flow_anchor's */
	const struct flow_anchor *anchor;	/* whose */
	uint64_t heard_at;		/* ns, when it was */
};

void flow_guest_init(struct flow_guest *g, struct env *env,
		     const struct flow_guest_ops *ops, void *arg);
/* The node leaves. */
void flow_guest_clear(struct flow_guest *g);
/* What is not told again in so many seconds ends. */
void flow_guest_doubt(struct flow_guest *g, uint16_t seconds);
void flow_guest_trust(struct flow_guest *g);
/* A flow that an acknowledgement says is kept here: 0 or -errno, see acknowledged.c */
int flow_guest_keep(struct flow_guest *g, const struct mh_flow *f, uint16_t lifetime);
/* A prefix has been given to another node; what it is there for stays known. */
void flow_guest_lose(struct flow_guest *g, const struct prefix *p);

struct flow_responder_conf {
	uint16_t max_lifetime;		/* s, FLOW_FOREVER */
};

struct flow_responder_counters {
	uint64_t fmi_rx, fma_tx, upn_rx, upa_tx, refused, late;
};

/*
 * An anchor counts its messages to this gateway, whichever node they are about: 16 bits
 * that wrap around.  Here they are the low ones of a number that does not.
 */
struct flow_anchor {
	struct in6_addr address;
	bool begun;			/* and this is the newest: */
	uint64_t newest;
	UT_hash_handle hh;
};

struct flow_responder {
	struct env *env;
	const struct flow_responder_conf *conf;
	struct in6_addr address;	/* Proxy-CoA */
	struct flow_anchor *anchors;
	struct flow_responder_counters counters;
};

void flow_responder_init(struct flow_responder *r, struct env *env,
			 const struct flow_responder_conf *conf,
			 const struct in6_addr *address);
void flow_responder_free(struct flow_responder *r);
/* An anchor counts anew; its guests are the caller's to know. */
void flow_responder_anew(struct flow_responder *r, const struct in6_addr *anchor);
/* The caller has verified that the anchor is the node's, and found the guest;
 * NULL: no node of that name is attached.
 */
void flow_responder_on_fmi(struct flow_responder *r, struct flow_guest *g,
			   const struct in6_addr *src, const struct mh_msg *fmi);
void flow_responder_on_upn(struct flow_responder *r, struct flow_guest *g,
			   const struct in6_addr *src, const struct mh_msg *upn);

#endif
