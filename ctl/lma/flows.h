/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flows of a mobile node (draft: flow mobility §5.2): its flow mobility cache,
 * what its gateways have been told of it, and what the kernel has.  Inside ctl/lma.
 */
#ifndef CTL_LMA_FLOWS_H
#define CTL_LMA_FLOWS_H

#include "lma/bce.h"

/* Beside its entry in the cache, which says what it is to be */
struct lma_flow {
	struct lma_flow *prev, *next;
	uint16_t fid;
	uint8_t origin;			/* enum lma_flow_origin */
	uint8_t n_asker;
	uint16_t asker[PEERS_MAX];	/* BIDs of the sessions that have asked, if the node has */
	bool waiting;			/* for gateways; meanwhile it is as it was: */
	bool ready;			/* these know all */
	struct flow_spec *was;		/* NULL: not there */
	/* what the kernel has: nothing, or these */
	bool in_kernel, stale;		/* stale: another selector or action than it has */
	bool asked;			/* and has not said yet that it takes it */
	uint16_t pri;
	uint8_t n_bid;
	uint16_t bid[PMIP_FLOW_BIDS];
};

/* How flows name an attachment's gateway */
enum flows_named {
	FLOWS_NONE,
	FLOWS_WANTED,			/* some are to go there */
	FLOWS_IN_FORCE,			/* some do */
};

/* What a gateway is to keep of a flow */
struct told {
	struct flow_spec spec;
	bool asked;			/* and has not answered */
	bool known;			/* it keeps it, perhaps as it was before */
	bool lost;			/* it does not, for this reason: */
	uint8_t why;			/* enum flow_loss */
	bool wanted;
	uint64_t until;			/* ns: by no flow any more, see linger.c; 0: not so */
};

struct lma_grant {
	struct lma_grant *prev, *next;
	struct node_flows *nf;
	struct in6_addr mag;
	struct flow_grant *grant;
	unsigned int n_told, n_prefix, n_open;
	struct told told[FLOWS_MAX];
	struct prefix prefix[HNP_MAX];	/* it is to route, too */
	struct prefix open[HNP_MAX];	/* of these, what it is known to */
};

struct node_flows {
	struct lma *lma;
	struct node *node;
	struct fmc cache;
	struct lma_flow *flows;		/* one for each entry of the cache */
	struct lma_grant *grants;
	struct timer timer;		/* flows_settle(): what cannot be at once, or lingers */
	bool busy, again;
	bool asked_kernel;		/* for anything that it has not answered */
	bool silent;			/* what is freed stays in the kernel */
};

/* flows.c */
struct lma_flow *flows_find(const struct node_flows *nf, uint16_t fid);
int flows_put(struct lma *l, struct node *n, const struct flow_spec *s,
	      uint16_t lifetime, enum lma_flow_origin origin);
void flows_remove(struct node_flows *nf, uint16_t fid);
void flows_review(struct lma *l, struct node *n, const struct profile *prof);
void flows_changed(struct lma *l, struct node *n);
void flows_free(struct node *n);
void flows_forget(struct node *n);
void flows_notify(const struct node_flows *nf, const char *event, uint16_t fid,
		  const struct in6_addr *mag, const char *why);
const struct flow_spec *flow_wish(const struct node_flows *nf, const struct lma_flow *f);
bool flow_has_bid(const struct flow_spec *s, uint16_t bid);

/* settle.c */
void flows_settle(struct node_flows *nf);
void flows_settle_timer(void *arg);

/* grant.c */
void grants_sync(struct node_flows *nf);
bool grants_open(struct node_flows *nf);
void grants_free(struct node_flows *nf);
struct lma_grant *grant_of(const struct node_flows *nf, const struct in6_addr *mag);
const struct told *grant_told(const struct node_flows *nf, const struct bce *b,
			      uint16_t fid);
bool flow_told(const struct bce *b, const struct flow_spec *s, struct prefix p[HNP_MAX],
	       unsigned int *n);
extern const struct flow_initiator_ops grant_ops;

/* linger.c: what flows have left */
bool lingers(const struct lma_grant *g, struct told *t, struct prefix p[HNP_MAX],
	     unsigned int *n);
bool linger_only(const struct lma_grant *g, const struct prefix *p);
unsigned int linger_at(const struct node_flows *nf, uint16_t fid,
		       struct in6_addr at[PMIP_BINDING_PATHS]);
void linger_wait(struct node_flows *nf);

/* granted.c: prefixes that gateways only route are revoked */
struct lma_grant *grant_at(const struct node *n, const struct in6_addr *mag,
			   const struct prefix *p);
bool grant_open_at(const struct node *n, const struct in6_addr *mag, const struct prefix *p);
void grant_revoked(struct lma_grant *g, const struct prefix *p);

/* dpflow.c */
enum flows_named flows_name(const struct bce *b);
bool dpflow_carries(const struct hnp *h, uint32_t tunnel);
void dpflow_sync(struct node_flows *nf);
void dpflow_rename(struct node_flows *nf);
void dpflow_renew(struct node_flows *nf);
void dpflow_del(struct node_flows *nf, struct lma_flow *f);

/* wish.c: what registrations say, of so many flows at most */
#define FLOWS_ASKED	(FLOWS_MAX + MH_SPARE_FLOWS)
void flows_wanted(struct lma *l, const struct bce *b, const struct profile *prof,
		  const struct mh_opts *o, bool anew, uint8_t status[FLOWS_ASKED]);
void flows_answer(const struct bce *b, const struct mh_opts *o, const uint8_t *status,
		  struct mh_opts *out);

/* load.c */
bool load_is_high(const struct lma *l, const struct bce *b);
void load_measured(struct lma *l, const struct in6_addr *mag, uint8_t att, uint8_t measured);
void load_free(struct lma *l);

/* rule.c: what the policy wants */
void rules_apply(struct lma *l, struct node *n, const struct profile *prof);

#endif
