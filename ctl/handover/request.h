/* SPDX-License-Identifier: GPL-2.0 */
/* Handover Initiates, until they are answered (RFC 5568 §6.2.1.1).  Inside ctl/handover. */
#ifndef CTL_HANDOVER_REQUEST_H
#define CTL_HANDOVER_REQUEST_H

#include "handover/handover.h"

/* @hack: NULL if there was none; @why: then, why.  The request is gone. */
typedef void request_ended_t(void *arg, const struct mh_msg *hack, enum handover_outcome why);

/* An HI of that node, with its context if @o is not NULL */
void request_about(struct mh_msg *hi, const struct mn_id *id, const struct mh_opts *o,
		   uint16_t flags);
struct handover_request *request_start(struct handover *h, const struct in6_addr *peer,
				       const struct mh_msg *hi, request_ended_t *ended,
				       void *arg);
/* Wait no more for its answer; NULL: none to wait for. */
void request_cancel(struct handover_request *r);
void request_cancel_all(struct handover *h);

/* answer.c */
struct handover_answer {
	bool given;
	struct mh_msg hack;		/* to the last HI, of which: */
	uint16_t flags;
	uint8_t code;
};

bool answer_repeat(struct handover *h, const struct handover_answer *a,
		   const struct in6_addr *to, const struct mh_msg *hi);
void answer_give(struct handover *h, struct handover_answer *a, const struct in6_addr *to,
		 const struct mh_msg *hi, uint8_t code, const struct mh_opts *o);

/* handover.c */
void handover_notify(struct handover *h, const char *event, const struct mn_id *id,
		     const struct in6_addr *peer, const char *detail);
const char *handover_wants(const struct mh_msg *hi);

/* leaving.c: false: it is for no node that leaves for there */
bool leaving_on_hi(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi);
void leaving_claimed(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi);
void leaving_free_all(struct handover *h);

/* arrival.c: likewise */
bool arrival_on_hi(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi);
void arrival_hush(struct handover *h, const struct mn_id *id);
void arrival_announced(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi);
void arrival_free_all(struct handover *h);

#endif
