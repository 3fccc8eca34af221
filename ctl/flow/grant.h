/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the initiator share; nothing for its users. */
#ifndef CTL_FLOW_GRANT_H
#define CTL_FLOW_GRANT_H

#include "flow/initiator.h"

/* A flow that is being removed makes room for another before its end is known. */
#define GRANT_FLOWS_MAX	(2 * FLOWS_MAX)
#define FMI_TRIES	4
#define RETRY_MS	32000	/* until a silent gateway is asked again, at most */
#define RETRY_MIN_MS	1000
/* Errors so soon after the first may be about other FMIs, or the same one again. */
#define FALL_BACK_MS	10000
/* Answers to so many of the newest messages show what their sender knows. */
#define RECENT		1024

enum grant_state {
	GRANT_TELL,		/* new, other than before, or due to be refreshed */
	GRANT_TOLD,
	GRANT_RETRACT,
};

struct grant_flow {
	struct flow_spec spec;
	uint8_t state;
	bool sent;		/* is as it was in the message under way */
	bool left;		/* a message with it may have arrived */
	bool known;		/* the gateway has acknowledged it */
	bool fresh;		/* its owner waits to hear of it */
	uint64_t expires, refresh;	/* ns, 0: never */
	struct grant_flow *prev, *next;
};

struct flow_grant {
	struct flow_initiator *fi;
	struct flow_gateway *gw;
	struct flow_grant *prev, *next;	/* of the gateway */
	void *arg;
	struct grant_flow *flows;
	unsigned int n_prefix;
	struct prefix prefix[HNP_MAX];
	bool dirty;		/* changed since the message under way was made */
	bool removing;		/* that message is an FMI of lifetime 0 */
	bool told;		/* the gateway may have something */
	uint16_t seq;
	uint64_t since;		/* ns, when it first left */
	unsigned int tries;	/* of it, 0: none is under way */
	uint32_t backoff_ms;
	struct timer timer;
	struct timer end;	/* of what the gateway keeps, unless refreshed */
	UT_hash_handle hh;	/* while one is */
	uint8_t subtype, id_len;
	uint8_t id[];		/* no room for what no identifier has */
};

/* What an answer, or none, means for flows; told when all is settled. */
struct grant_news {
	struct flow_initiator *fi;
	void *arg;
	unsigned int n;
	struct {
		uint16_t fid;
		bool kept;
		uint8_t why;
	} item[GRANT_FLOWS_MAX];
};

/* exchange.c: one message under way for each grant */
void exchange_start(struct flow_grant *g);
void exchange_end(struct flow_grant *g);
void exchange_again(struct flow_grant *g);
void exchange_timer(void *arg);
bool exchange_standard(const struct flow_grant *g);

/* outcome.c: how it ends */
void outcome_answer(struct flow_grant *g, const struct mh_msg *m);
void outcome_silence(struct flow_grant *g);
void outcome_lose_all(struct flow_grant *g, enum flow_loss why);
void outcome_rest(struct flow_grant *g);
void outcome_expired(void *arg);

/* initiator.c */
struct flow_gateway *gateway_find(struct flow_initiator *fi, const struct in6_addr *mag);
void grant_drop(struct flow_grant *g, struct grant_flow *f);
void grant_node(const struct flow_grant *g, struct mn_id *id);

/* dialect.c: which messages a gateway knows */
void dialect_begin(const struct flow_initiator *fi, struct flow_gateway *gw);
bool dialect_any(const struct flow_initiator *fi, struct flow_gateway *gw);
void dialect_recover(struct flow_initiator *fi, const struct in6_addr *src,
		     const struct mh_msg *m);

#endif
