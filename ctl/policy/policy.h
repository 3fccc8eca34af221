/* SPDX-License-Identifier: GPL-2.0 */
/* The policy store (RFC 5213 §6.2): who a mobile node is and what it may do. */
#ifndef CTL_POLICY_POLICY_H
#define CTL_POLICY_POLICY_H

#include "core/env.h"
#include "core/id.h"
#include "core/selector.h"

enum multihoming {
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

struct profile {
	struct mn_id mn_id;
	struct in6_addr lma;		/* ::: the configured default */
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
	unsigned int n_lladdrs;		/* interfaces by which a MAG knows the node */
	struct llid lladdr[PROFILE_LLADDRS];
};

struct policy;

struct policy_ops {
	const struct profile *(*by_mn_id)(void *store, const struct mn_id *id);
	const struct profile *(*by_lladdr)(void *store, const struct llid *l);
	/* until fn returns false */
	void (*each)(void *store, bool (*fn)(void *arg, const struct profile *pr),
		     void *arg);
	void (*free)(void *store);
};

struct policy {
	const struct policy_ops *ops;
	void *store;
};

/* Pointers are valid until the next call that reloads the store. */
const struct profile *policy_by_mn_id(struct policy *p, const struct mn_id *id);
/* That of its own, else that of its realm: "*@realm" */
const struct profile *policy_find(struct policy *p, const struct mn_id *id);
const struct profile *policy_by_lladdr(struct policy *p, const struct llid *l);
void policy_each(struct policy *p,
		 bool (*fn)(void *arg, const struct profile *pr), void *arg);
void policy_free(struct policy *p);

/* Back end "file": libconfig; on error -1 and "file:line: key: what" in err. */
int policy_file_open(struct policy *p, const char *path, const struct in6_addr *own,
		     unsigned int n_own, char *err, size_t size);
/* Back end "table": profiles given by the caller (unit tests). */
int policy_table_open(struct policy *p, const struct profile *v, size_t n);

#endif
