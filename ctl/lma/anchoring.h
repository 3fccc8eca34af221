/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A node goes from one anchor to another (draft: LMA handover §4.2), and its prefixes
 * stay where they are.  Inside ctl/lma.
 */
#ifndef CTL_LMA_ANCHORING_H
#define CTL_LMA_ANCHORING_H

#include "lma/flows.h"

enum anchoring_state {
	HO_HERE,		/* it is served here: see anchoring_is_guest() */
	HO_ASKED,		/* another anchor has been sent its context */
	HO_ANSWERED,		/* that has taken it: gateways are to register there */
	HO_LEFT,		/* they have; what was here goes in a while */
	HO_AWAY,		/* that has gone; the prefixes are ours yet */
	HO_HANDED,		/* another anchor has sent its context */
	HO_COMING,		/* the first of its gateways has registered */
	HO_STATES,
};

struct anchoring {
	struct lma *lma;
	struct node *node;
	struct anchoring *prev, *next;	/* of all nodes */
	uint8_t state;			/* enum anchoring_state */
	struct in6_addr anchor;		/* whose the prefixes are; ::: ours */
	struct in6_addr before;		/* who has handed it to us; ::: nobody */
	struct in6_addr to;		/* whom we hand it to, or have */
	struct peer *onward;		/* the tunnel to that, NULL: there is none */
	struct peer *from[2];		/* packets come by their tunnels; NULL: they do not */
	struct timer timer;		/* of the state */
	struct timer refresh;		/* the anchor is told again */
	struct timer returns;		/* the kernel is told again of @from */
	struct timer late;		/* from[1] ends */
	struct timer tell;		/* other gateways are told again */
	uint64_t until;			/* ns: forwarded for so long */
	uint64_t heard;			/* ns: when that was last said */
	uint64_t since;			/* when the node came to whoever serves it: a timestamp */
	struct in6_addr mag;		/* the gateway that has asked; ::: none */
	uint16_t req_seq, init_seq, tell_seq;
	unsigned int told;		/* times that other gateways have been */
	struct policy_wait stored;
	unsigned int n_set;
	struct hnp_set *set[HNP_MAX];	/* those held beyond their entries */
	struct handed_flows *flows;	/* of the operator, to be set here; NULL: none */
};

struct handed_flows {
	unsigned int n;
	struct flow_spec spec[FLOWS_MAX];
	uint16_t lifetime[FLOWS_MAX];
};

/* Padding, and what is behind the identifier, is zero */
struct init_key {
	struct in6_addr to;
	uint8_t code;
	struct mn_id id;
};

/* An LMA_HO_Init that waits for its answer */
struct init {
	struct lma *lma;
	struct init_key key;
	struct timer timer;
	unsigned int tries;
	struct mh_msg msg;
	UT_hash_handle hh;
};

/* init.c */
int init_send(struct lma *l, const struct in6_addr *to, const struct mh_msg *m);
void init_cancel(struct lma *l, const struct in6_addr *to, const struct mn_id *id, uint8_t code);
void init_free(struct lma *l);
void init_answer(struct lma *l, const struct in6_addr *to, const struct mh_msg *init,
		 uint8_t status);
bool neighbour_has(const struct lma *l, const struct in6_addr *a);
bool neighbour_alive(const struct lma *l, const struct in6_addr *a);

/* anchoring.c */
struct anchoring *anchoring_get(struct lma *l, struct node *n);
void anchoring_end(struct anchoring *h);
void anchoring_hold(struct anchoring *h);
void anchoring_unhold(struct anchoring *h);
int anchoring_onward(struct anchoring *h, const struct in6_addr *to);
void anchoring_no_onward(struct anchoring *h);
void anchoring_notify(const struct anchoring *h, const char *event, const struct in6_addr *peer,
		      const char *detail);
uint64_t anchoring_clock(const struct anchoring *h);
void anchoring_arm(struct anchoring *h, struct timer *t, uint64_t ms);

static inline bool anchoring_is_guest(const struct anchoring *h)
{
	return !IN6_IS_ADDR_UNSPECIFIED(&h->anchor);
}

/* leaving.c: we are the PLMA */
void leaving_result(struct anchoring *h, uint8_t status);
void leaving_void(struct anchoring *h);
void leaving_left(struct anchoring *h, const struct mh_msg *serve);
void leaving_empty(struct anchoring *h);
void leaving_over(struct anchoring *h);
void leaving_tell(struct anchoring *h);

/* away.c: we are the anchor whose the prefixes are, or were it for a while */
uint8_t away_serve(struct lma *l, const struct in6_addr *src, const struct mh_msg *m);
void away_forget(struct anchoring *h);

/* arriving.c: we are the NLMA */
uint8_t arriving_context(struct lma *l, const struct in6_addr *src, const struct mh_msg *m);
void arriving_settle(struct anchoring *h);
void arriving_void(struct anchoring *h);
void arriving_result(struct anchoring *h, const struct in6_addr *from, uint8_t status);
void arriving_refresh(struct anchoring *h);
void arriving_claim(struct anchoring *h);
void arriving_return(struct anchoring *h);
void arriving_late(struct anchoring *h);
void arriving_release(struct anchoring *h);

/* assign.c: RFC 6463 */
bool assign_takes(struct lma *l, const struct in6_addr *src, const struct mh_msg *pbu);
const struct in6_addr *assign_sender(const struct lma *l, const struct in6_addr *src,
				     const struct mh_msg *pbu);
void assign_free(struct lma *l);

/* transfer.c */
int transfer_write(struct lma *l, const struct node *n, struct mh_opts *o);
uint8_t transfer_read(struct anchoring *h, const struct mh_opts *o, uint64_t ms);

#endif
