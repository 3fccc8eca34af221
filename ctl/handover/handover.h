/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fast handover between gateways (RFC 5949): both ends of it, for the nodes that leave
 * this gateway and for those that come to it.  Events in, actions out.
 */
#ifndef CTL_HANDOVER_HANDOVER_H
#define CTL_HANDOVER_HANDOVER_H

#include "core/env.h"
#include "mh/mh.h"

struct handover_conf {
	uint32_t hi_ms;			/* 100, doubling; RFC 5568 §6.2.1.1 */
	unsigned int hi_retries;	/* HI_RETRIES, 3; RFC 5568 §9 */
	uint32_t expect_ms;		/* packets wait so long for a node that is to come */
	uint32_t forward_ms;		/* and are forwarded for so long, unless it ends before */
	uint32_t wait_ms;		/* of a node that has left unannounced the anchor hears */
					/* so late: where it is now may ask for it first */
};

struct handover_counters {
	uint64_t hi_tx, hi_retransmitted, hack_rx, hack_refused, hack_stray, silence,
		 unsupported;
	uint64_t hi_rx, hi_repeated, hi_refused, hi_discarded, hack_tx;
};

enum handover_outcome {
	HANDOVER_DONE,			/* the node goes on elsewhere, or here */
	HANDOVER_BACK,			/* it never went, or has come back */
	HANDOVER_REFUSED,		/* by the other gateway */
	HANDOVER_SILENCE,		/* of the other gateway */
	HANDOVER_UNSUPPORTED,		/* the other gateway knows no such message */
	HANDOVER_FAILED,		/* forwarding, here */
	HANDOVER_EXPIRED,		/* the node did not come, or nobody said that it is over */
	HANDOVER_ELSEWHERE,		/* a third gateway has the node */
};

const char *handover_outcome_str(enum handover_outcome o);

/* What becomes of the packets of a node that leaves.  None of these calls back. */
struct leaving_ops {
	/* they wait here: 0 or -errno */
	int (*hold)(void *arg);
	/* they go to the next gateway, first those that waited, and what it sends for the
	 * node goes to its anchor: 0 or -errno
	 */
	int (*forward)(void *arg, const struct in6_addr *next);
	/* the next gateway has packets to these groups from the anchor, and needs them no more */
	void (*met)(void *arg, const struct mh_groups *groups);
	/* neither any more; said once, the leaving is gone */
	void (*ended)(void *arg, enum handover_outcome why);
};

/* And of those of a node that comes.  None of these calls back. */
struct arrival_ops {
	/* what the previous gateway has told of the node, in its answer or once more */
	void (*told)(void *arg, const struct mh_opts *o);
	/* the node is here: what waited for it is delivered, and what it sends goes to the
	 * previous gateway; NULL: which has not agreed yet, or need not any more
	 */
	void (*deliver)(void *arg, const struct in6_addr *previous);
	/* the anchor has accepted it: what it sends goes there */
	void (*native)(void *arg);
	/* nothing comes from the previous gateway any more; said once */
	void (*ended)(void *arg, enum handover_outcome why);
};

/* Whose the nodes are.  None of these calls back. */
struct handover_ops {
	/*
	 * A gateway says that a node of ours is there: what it asked for and may know
	 * goes into the answer's options; with F or U in @hi, and unless the node leaves
	 * for there already, the owner's argument into *@node, for ops.leaving.
	 * HACK_ALL_CONTEXT, HACK_CONTEXT if there is more; or why not.
	 */
	uint8_t (*claimed)(void *arg, const struct in6_addr *next, const struct mh_msg *hi,
			   struct mh_opts *o, void **node);
	/*
	 * A gateway says that a node comes: packets that are forwarded wait for it.
	 * @again: of one that is expected already.  HACK_CONTEXT; or why not.
	 */
	uint8_t (*expected)(void *arg, const struct in6_addr *previous, const struct mh_msg *hi,
			    bool again, struct mh_opts *o, void **node);
	struct leaving_ops leaving;
	struct arrival_ops arrival;
};

struct handover_request;
struct leaving;
struct arrival;

struct handover {
	struct env *env;
	const struct handover_conf *conf;
	const struct handover_ops *ops;
	void *arg;
	struct in6_addr address;	/* Proxy-CoA */
	uint16_t seq;			/* the last one used */
	struct handover_request *requests;	/* by seq */
	struct leaving *leavings;	/* by node */
	struct leaving *endings;	/* by node and gateway, until that knows */
	struct arrival *arrivals;	/* by node */
	struct handover_counters counters;
};

void handover_init(struct handover *h, struct env *env, const struct handover_conf *conf,
		   const struct handover_ops *ops, void *arg, const struct in6_addr *address);
void handover_free(struct handover *h);

/* Messages; the caller knows the sender for a gateway of the domain. */
void handover_on_hi(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi);
bool handover_on_hack(struct handover *h, const struct in6_addr *src,
		      const struct in6_addr *dst, const struct mh_msg *hack);
void handover_on_binding_error(struct handover *h, const struct in6_addr *src,
			       const struct mh_msg *be);

/*
 * A node is about to leave for another gateway (RFC 5949 §4.1, predictive).  @o: its
 * identifier and context.  @at_once: packets are forwarded as soon as the other agrees,
 * else once leaving_go() says so, or the other.  0, -EEXIST, -ENOMEM.
 */
int leaving_start(struct handover *h, const struct in6_addr *next, const struct mh_opts *o,
		  bool at_once, void *node);
/* The node leaves now; -ENOENT: it is not about to */
int leaving_go(struct handover *h, const struct mn_id *id);
/* It is here, for good */
void leaving_back(struct handover *h, const struct mn_id *id);
/* Its anchor has it elsewhere, and has let go of this gateway. */
void leaving_moved(struct handover *h, const struct mn_id *id);

/*
 * A node is here that has been elsewhere: @previous is asked for its context, and to
 * forward what comes for it (RFC 5949 §4.1, reactive), if nobody has announced it.
 * @o: its identifier, and what is wanted.  @ready: packets may come before the answer, else
 * they wait there until that is known.  0, -ENOENT, -ENOMEM.
 */
int arrival_attached(struct handover *h, const struct in6_addr *previous,
		     const struct mh_opts *o, bool ready, void *node);
/* The anchor has accepted its registration. */
void arrival_registered(struct handover *h, const struct mn_id *id);
/* Packets to groups of it come from its anchor, and no more are needed from where it was */
int arrival_met(struct handover *h, const struct mh_opts *o);
/* How many are expected, or have not settled yet */
unsigned int arrival_count(const struct handover *h);
/* It is not here any more. */
void arrival_gone(struct handover *h, const struct mn_id *id);

#endif
