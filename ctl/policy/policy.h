/* SPDX-License-Identifier: GPL-2.0 */
/* The policy store (RFC 5213 §6.2): who a mobile node is and what it may do. */
#ifndef CTL_POLICY_POLICY_H
#define CTL_POLICY_POLICY_H

#include "core/env.h"
#include "core/id.h"
#include "core/selector.h"

enum multihoming {
	MULTIHOMING_DEFAULT,	/* RFC 5213, unless a gateway asks to share */
	MULTIHOMING_SINGLE,	/* RFC 5213 as it stands */
	/* draft: flow mobility §3.1, in its order */
	MULTIHOMING_SHARED,	/* every attachment shares the prefix set */
	MULTIHOMING_DIFFERENT,	/* every attachment has prefixes of its own */
	MULTIHOMING_COMBINED,	/* some are shared, and each has its own */
};

/* RFC 7864 §3.2: "MUST be taken either by the MN or the LMA, but [...] not [...] by both" */
enum flow_decider {
	FLOW_DECIDES_LMA,
	FLOW_DECIDES_NODE,	/* its gateways tell, the anchor follows */
};

/* Packets that prefer some access technologies, or are dropped */
struct flow_rule {
	struct selector selector;
	uint16_t pri;
	bool drop;
	uint8_t n_att;
	uint8_t att[PMIP_FLOW_BIDS];	/* the best one first */
};

/* Of a rule that says none; the next one's is one more. */
#define POLICY_FLOW_PRIORITY	0x8000
#define PROFILE_LLADDRS	8
#define PROFILE_ATTS	15	/* att_mask has bits for no more */

struct mh_vendor;

struct profile {
	struct mn_id mn_id;
	struct in6_addr lma;		/* LMAA; ::: the configured default */
	struct in6_addr before;		/* PLMAA, draft: LMA handover §4.1; ::: none */
	bool serving;			/* lma is where it is served now, else where it belongs */
	bool allowed;
	enum multihoming multihoming;
	uint16_t att_mask;		/* bit n: access technology n allowed; 0: all */
	uint32_t lifetime;		/* s, 0: the role's default */
	bool keep_order;		/* packets wait for those that come back */
	unsigned int n_hnp;		/* 0: from the pool */
	struct prefix hnp[HNP_MAX];
	unsigned int n_shared_hnp;	/* combined: 0: one from the pool */
	struct prefix shared_hnp[HNP_MAX];
	unsigned int n_prefer;		/* access technologies, the best one first */
	uint8_t prefer[PROFILE_ATTS];
	uint8_t decides;		/* enum flow_decider */
	unsigned int n_rules;		/* FLOWS_MAX at most */
	const struct flow_rule *rule;	/* not copied with the profile */
	unsigned int n_vendor;		/* MH_VENDORS_MAX at most: told to the next gateway */
	const struct mh_vendor *vendor;	/* likewise not copied */
	unsigned int n_lladdrs;		/* interfaces by which a MAG knows the node */
	struct llid lladdr[PROFILE_LLADDRS];
};

/* Whether the anchor moves flows of such a node */
static inline bool profile_moves_flows(const struct profile *pr)
{
	return pr->multihoming > MULTIHOMING_SINGLE;
}

/*
 * Whether a gateway's Handoff Indicator may have an attachment share all prefixes of
 * another (draft: flow mobility §3.2.1).  What the profile says goes first.
 */
static inline bool profile_may_share(const struct profile *pr)
{
	return pr->multihoming != MULTIHOMING_SINGLE &&
	       pr->multihoming != MULTIHOMING_DIFFERENT;
}

struct policy;

/* Who waits for a store; inside whatever is to go on then */
struct policy_wait {
	/* once: 0: what is known now is what there is; else see policy_ask() and so on */
	void (*fn)(void *arg, int err);
	void *arg;
	struct policy_wait *prev, *next;
	struct policy_wait **list;	/* that it is in, NULL: it does not wait */
};

/* Who uses a store */
struct policy_watch {
	/* what is known of a node is not what it was; NULL: of any number of them */
	void (*changed)(void *arg, const struct mn_id *id);
	/* whether what is known of a node is still needed: it has a session, say */
	bool (*serves)(void *arg, const struct mn_id *id);
	void *arg;
	struct policy_watch *prev, *next;
};

/* Look-ups tell what is known at once, and never wait. */
struct policy_ops {
	const struct profile *(*by_mn_id)(void *store, const struct mn_id *id);
	const struct profile *(*by_lladdr)(void *store, const struct llid *l);
	/* as policy_ask() and policy_ask_lladdr(); NULL: all is known */
	int (*ask)(void *store, const struct mn_id *id, const struct llid *l,
		   struct policy_wait *w);
	/* as policy_serve(); NULL: it cannot be written */
	int (*serve)(void *store, const struct mn_id *id, const struct in6_addr *lma,
		     const struct in6_addr *before, struct policy_wait *w);
	/* until fn returns false */
	void (*each)(void *store, bool (*fn)(void *arg, const struct profile *pr),
		     void *arg);
	void (*free)(void *store);
};

struct policy {
	const struct policy_ops *ops;
	void *store;
	struct policy_watch *watches;
};

/* Pointers are valid until the caller has returned to the event loop. */
const struct profile *policy_by_mn_id(struct policy *p, const struct mn_id *id);
/* That of its own, else that of its realm: "*@realm" */
const struct profile *policy_find(struct policy *p, const struct mn_id *id);
const struct profile *policy_by_lladdr(struct policy *p, const struct llid *l);
void policy_each(struct policy *p,
		 bool (*fn)(void *arg, const struct profile *pr), void *arg);
void policy_free(struct policy *p);

/* Have it known what there is of a node; 0: it is, -EINPROGRESS, -EAGAIN, -ENOMEM */
int policy_ask(struct policy *p, const struct mn_id *id, struct policy_wait *w);
int policy_ask_lladdr(struct policy *p, const struct llid *l, struct policy_wait *w);
/* The anchor that serves a node from now on; 0, -EOPNOTSUPP or -ENOMEM */
int policy_serve(struct policy *p, const struct mn_id *id, const struct in6_addr *lma,
		 const struct in6_addr *before, struct policy_wait *w);
/* Wait no more; nothing happens where nobody does. */
void policy_cancel(struct policy_wait *w);

void policy_watch(struct policy *p, struct policy_watch *w);
void policy_unwatch(struct policy *p, struct policy_watch *w);
/* Another store in the place of this one */
void policy_replace(struct policy *p, struct policy *by);

/* For stores: all who wait in a list go on, and all who watch are told or asked. */
void policy_answer(struct policy_wait **list, int err);
void policy_changed(struct policy *p, const struct mn_id *id);
bool policy_serves(struct policy *p, const struct mn_id *id);

/* What this gateway has itself: no node's anchor, and what is in no node's prefix */
struct policy_own {
	unsigned int n_anchor, n_address;
	struct in6_addr anchor[2], address[2];
};

/* Back end "file": libconfig; on error -1 and "file:line: key: what" in err. */
int policy_file_open(struct policy *p, const char *path, const struct policy_own *own,
		     char *err, size_t size);
/* Back end "table": profiles given by the caller (unit tests). */
int policy_table_open(struct policy *p, const struct profile *v, size_t n);

#endif
