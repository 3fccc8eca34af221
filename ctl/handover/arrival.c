// SPDX-License-Identifier: GPL-2.0
/* Nodes that come: what the next gateway does for them (RFC 5949 §4.1). */
#include "handover/request.h"

#include "core/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum arrival_state {
	ARRIVAL_EXPECTED,	/* announced; packets that come wait for it */
	ARRIVAL_ASKING,		/* here; the previous gateway has not answered yet */
	ARRIVAL_PRESENT,	/* here; what it sends goes by the previous gateway */
	ARRIVAL_NATIVE,		/* by its anchor; the rest comes from the previous gateway */
	ARRIVAL_ALONE,		/* nothing comes from there any more; its anchor is to answer */
	ARRIVAL_STATES,
};

enum arrival_event {
	ARRIVAL_ANNOUNCED,	/* once more */
	ARRIVAL_ATTACHED,
	ARRIVAL_ANSWERED,
	ARRIVAL_DECLINED,	/* refused, or not answered */
	ARRIVAL_REGISTERED,
	ARRIVAL_OVER,		/* HI, code 2 */
	ARRIVAL_TIMER,
	ARRIVAL_GONE,
	ARRIVAL_EVENTS,
};

struct arrival {
	struct handover *h;
	struct mn_id id;
	struct in6_addr previous;
	uint8_t state;
	bool forwards;			/* the previous gateway does, or said it would */
	bool registered;
	bool first;			/* it is to hold, and to tell, before that */
	enum handover_outcome declined;	/* why it was */
	void *node;
	struct handover_request *request;	/* under way, or NULL */
	struct handover_request *met;	/* likewise, which says what comes from the anchor */
	struct handover_answer answer;
	struct timer timer;
	UT_hash_handle hh;
};

static void event(struct arrival *a, enum arrival_event e);

static void fire(void *arg)
{
	event(arg, ARRIVAL_TIMER);
}

static struct arrival *find(const struct handover *h, const struct mn_id *id)
{
	struct arrival *a;

	HASH_FIND(hh, h->arrivals, id, sizeof(*id), a);
	return a;
}

static int set_timer(struct arrival *a, uint32_t ms)
{
	struct env *env = a->h->env;

	return timerq_set(env->timers, &a->timer,
			  env->ops->now(env->ctx) + ms * NSEC_PER_MSEC);
}

static struct arrival *create(struct handover *h, const struct in6_addr *previous,
			      const struct mn_id *id, uint32_t ms)
{
	struct arrival *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->h = h;
	a->id = *id;
	a->previous = *previous;
	timer_init(&a->timer, fire, a);
	if (set_timer(a, ms)) {
		free(a);
		return NULL;
	}
	HASH_ADD(hh, h->arrivals, id, sizeof(a->id), a);
	return a;
}

static void release(struct arrival *a)
{
	timerq_cancel(a->h->env->timers, &a->timer);
	request_cancel(a->request);
	request_cancel(a->met);
	HASH_DEL(a->h->arrivals, a);
	free(a);
}

static void finish(struct arrival *a, enum handover_outcome why)
{
	struct handover *h = a->h;
	void *node = a->node;

	handover_notify(h, "arrival-ended", &a->id, &a->previous, handover_outcome_str(why));
	release(a);
	h->ops->arrival.ended(node, why);
}

static void answered(void *arg, const struct mh_msg *hack, enum handover_outcome why)
{
	struct arrival *a = arg;

	a->request = NULL;
	a->declined = why;
	/* RFC 5949 §4.1 (d): the context is there, if only forwarding is not */
	if (hack && (why == HANDOVER_DONE || hack->code == HACK_NO_FORWARDING))
		a->h->ops->arrival.told(a->node, &hack->opts);
	event(a, why == HANDOVER_DONE ? ARRIVAL_ANSWERED : ARRIVAL_DECLINED);
}

/* RFC 5949 §4.1 (e), or the reactive (c): forward them now, or hold them first */
static bool ask(struct arrival *a, const struct mh_opts *o)
{
	struct mh_msg hi;

	request_about(&hi, &a->id, o, a->first ? HI_F_U : HI_F_F);
	a->request = request_start(a->h, &a->previous, &hi, answered, a);
	return a->request;
}

/* RFC 5949 §4.1 (h) to (j); what was only promised so far is asked for now */
static void attached(struct arrival *a)
{
	a->state = ARRIVAL_PRESENT;
	set_timer(a, a->h->conf->forward_ms);
	a->h->ops->arrival.deliver(a->node, a->forwards ? &a->previous : NULL);
	if (!a->forwards && !a->request)
		ask(a, NULL);
}

/* The reactive (e), (f); or, where the anchor was faster, what has waited there */
static void forwarded(struct arrival *a)
{
	/*
	 * RFC 5949 §4.2: U "MUST be followed by another HI message with the 'F' flag set".
	 * Without memory for one its timer ends it there and here.
	 */
	if (a->first) {
		a->first = false;
		ask(a, NULL);
		return;
	}
	a->forwards = true;
	if (a->state == ARRIVAL_NATIVE)
		return;
	a->state = a->registered ? ARRIVAL_NATIVE : ARRIVAL_PRESENT;
	a->h->ops->arrival.deliver(a->node, a->registered ? NULL : &a->previous);
}

static void declined(struct arrival *a)
{
	finish(a, a->declined);
}

/* (l): "From this time on, the packets to/from the mobile node go through the new MAG" */
static void native(struct arrival *a)
{
	a->registered = true;
	a->h->ops->arrival.native(a->node);
	a->state = ARRIVAL_NATIVE;
}

/* What has waited at the previous gateway is still to come. */
static void native_before(struct arrival *a)
{
	a->registered = true;
	a->h->ops->arrival.native(a->node);
}

/*
 * The anchor's revocation may be faster at the previous gateway than its answer is here: the
 * anchor sends to the node already, and what the node sends goes there.
 */
static void over(struct arrival *a)
{
	if (a->state == ARRIVAL_EXPECTED || a->registered) {
		finish(a, a->registered ? HANDOVER_DONE : HANDOVER_BACK);
		return;
	}
	request_cancel(a->request);
	a->request = NULL;
	a->state = ARRIVAL_ALONE;
	a->h->ops->arrival.deliver(a->node, NULL);
}

static void registered_alone(struct arrival *a)
{
	a->h->ops->arrival.native(a->node);
	finish(a, HANDOVER_DONE);
}

static void expired(struct arrival *a)
{
	finish(a, a->state == ARRIVAL_NATIVE ? HANDOVER_DONE : HANDOVER_EXPIRED);
}

static void gone(struct arrival *a)
{
	finish(a, HANDOVER_ELSEWHERE);
}

static void wait_anew(struct arrival *a)
{
	set_timer(a, a->h->conf->expect_ms);
}

typedef void action_t(struct arrival *a);

static action_t *const table[ARRIVAL_STATES][ARRIVAL_EVENTS] = {
	[ARRIVAL_EXPECTED] = {
		[ARRIVAL_ANNOUNCED]	= wait_anew,
		[ARRIVAL_ATTACHED]	= attached,
		[ARRIVAL_OVER]		= over,
		[ARRIVAL_TIMER]		= expired,
	},
	[ARRIVAL_ASKING] = {
		[ARRIVAL_ANSWERED]	= forwarded,
		[ARRIVAL_DECLINED]	= declined,
		[ARRIVAL_REGISTERED]	= native_before,
		[ARRIVAL_OVER]		= over,
		[ARRIVAL_TIMER]		= expired,
		[ARRIVAL_GONE]		= gone,
	},
	[ARRIVAL_PRESENT] = {
		[ARRIVAL_ANSWERED]	= forwarded,
		[ARRIVAL_DECLINED]	= declined,
		[ARRIVAL_REGISTERED]	= native,
		[ARRIVAL_OVER]		= over,
		[ARRIVAL_TIMER]		= expired,
		[ARRIVAL_GONE]		= gone,
	},
	[ARRIVAL_NATIVE] = {
		[ARRIVAL_ANSWERED]	= forwarded,
		[ARRIVAL_DECLINED]	= declined,
		[ARRIVAL_OVER]		= over,
		[ARRIVAL_TIMER]		= expired,
		[ARRIVAL_GONE]		= gone,
	},
	[ARRIVAL_ALONE] = {
		[ARRIVAL_REGISTERED]	= registered_alone,
		[ARRIVAL_TIMER]		= expired,
		[ARRIVAL_GONE]		= gone,
	},
};

static void event(struct arrival *a, enum arrival_event e)
{
	action_t *act = table[a->state][e];

	if (act)
		act(a);
}

/**
 * arrival_attached() - a node is here that has been elsewhere
 * @h: the handovers
 * @previous: the gateway where it was, NULL: nobody knows but who has announced it
 * @o: its identifier, and what is asked for if it has to be
 * @ready: its prefixes are known: what is forwarded can be delivered before it is answered
 * @node: for ops.arrival
 *
 * One that was announced by that gateway is delivered what has come for it; of any
 * other the gateway is asked to forward (RFC 5949 §4.1, reactive (c)), first of all to hold
 * unless @ready: what it forwards would be sooner here than what it says.
 *
 * Return: 0; -ENOENT if nobody knows; -ENOMEM if the gateway cannot be asked: the node is
 * here without what was for it.
 */
int arrival_attached(struct handover *h, const struct in6_addr *previous,
		     const struct mh_opts *o, bool ready, void *node)
{
	struct arrival *a = find(h, &o->mn_id);

	if (!previous && !a)
		return -ENOENT;
	if (!previous)
		previous = &a->previous;
	if (a && a->state == ARRIVAL_EXPECTED && IN6_ARE_ADDR_EQUAL(previous, &a->previous)) {
		a->node = node;
		event(a, ARRIVAL_ATTACHED);
		return 0;
	}
	if (a && IN6_ARE_ADDR_EQUAL(previous, &a->previous))
		return 0;
	/* it was to come from another, or came from there long ago */
	if (a)
		finish(a, HANDOVER_ELSEWHERE);
	a = create(h, previous, &o->mn_id, h->conf->forward_ms);
	if (!a)
		return -ENOMEM;
	a->node = node;
	a->first = !ready;
	a->state = ARRIVAL_ASKING;
	if (ask(a, o))
		return 0;
	release(a);
	return -ENOMEM;
}

/**
 * arrival_registered() - the anchor has accepted a node's registration
 * @h: the handovers
 * @id: the node
 */
void arrival_registered(struct handover *h, const struct mn_id *id)
{
	struct arrival *a = find(h, id);

	if (a)
		event(a, ARRIVAL_REGISTERED);
}

/* If it does not know such a thing, it goes on until the end. */
static void met_answered(void *arg, const struct mh_msg *hack, enum handover_outcome why)
{
	struct arrival *a = arg;

	(void)hack;
	(void)why;
	a->met = NULL;
}

/**
 * arrival_met() - packets to groups of a node come from its anchor
 * @h: the handovers
 * @o: its identifier, and the groups
 *
 * Draft: predictive multicast handover §4 (11): the previous gateway is told by an HI of code
 * 2 (RFC 5949 §6.1.1: "Indicate the completion of forwarding"), flag M and option 60.
 *
 * Return: 0; -ENOENT if nothing is forwarded; -EBUSY if it is being told already; -ENOMEM.
 */
int arrival_met(struct handover *h, const struct mh_opts *o)
{
	struct arrival *a = find(h, &o->mn_id);
	struct mh_msg hi;

	if (!a || a->state != ARRIVAL_NATIVE)
		return -ENOENT;
	if (a->met)
		return -EBUSY;
	request_about(&hi, &a->id, o, HI_F_F);
	hi.code = HI_CODE_FORWARDED;
	a->met = request_start(h, &a->previous, &hi, met_answered, a);
	return a->met ? 0 : -ENOMEM;
}

/**
 * arrival_hush() - nothing of groups is told any more where a node was before
 * @h: the handovers
 * @id: the node, which may come from nowhere
 */
void arrival_hush(struct handover *h, const struct mn_id *id)
{
	struct arrival *a = find(h, id);

	if (!a)
		return;
	request_cancel(a->met);
	a->met = NULL;
}

/**
 * arrival_count() - of how many nodes something may come from elsewhere
 * @h: the handovers
 *
 * Return: their number.
 */
unsigned int arrival_count(const struct handover *h)
{
	return HASH_COUNT(h->arrivals);
}

/**
 * arrival_gone() - a node is not here any more
 * @h: the handovers
 * @id: the node
 */
void arrival_gone(struct handover *h, const struct mn_id *id)
{
	struct arrival *a = find(h, id);

	if (a)
		event(a, ARRIVAL_GONE);
}

/**
 * arrival_announced() - a gateway sees a node off (RFC 5949 §4.1 (c))
 * @h: the handovers
 * @src: its address
 * @hi: its message, which has the node's prefixes
 *
 * What is to wait for the node waits from the answer on.
 */
void arrival_announced(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi)
{
	struct arrival *a = find(h, &hi->opts.mn_id);
	bool again = a && IN6_ARE_ADDR_EQUAL(src, &a->previous) && a->state <= ARRIVAL_ASKING;
	void *node = again ? a->node : NULL;
	struct mh_opts o;
	uint8_t code;

	if (a && IN6_ARE_ADDR_EQUAL(src, &a->previous) && answer_repeat(h, &a->answer, src, hi))
		return;
	/* it is there, and comes back: it does not go there any more */
	leaving_moved(h, &hi->opts.mn_id);
	/* who says that it comes knows that it was not here */
	if (a && !again)
		finish(a, HANDOVER_ELSEWHERE);
	memset(&o, 0, sizeof(o));
	code = h->ops->expected(h->arg, src, hi, again, &o, &node);
	if (code >= HACK_UNSPECIFIED) {
		answer_give(h, again ? &a->answer : NULL, src, hi, code, &o);
		return;
	}
	if (!again)
		a = create(h, src, &hi->opts.mn_id, h->conf->expect_ms);
	if (!a) {
		h->ops->arrival.ended(node, HANDOVER_FAILED);
		answer_give(h, NULL, src, hi, HACK_NO_RESOURCES, NULL);
		return;
	}
	a->node = node;
	a->forwards |= hi->flags & HI_F_F;
	answer_give(h, &a->answer, src, hi, code, &o);
	event(a, ARRIVAL_ANNOUNCED);
}

/**
 * arrival_on_hi() - the previous gateway says more, or that it is over
 * @h: the handovers
 * @src: its address
 * @hi: its message
 *
 * Return: false if no node comes from there.
 */
bool arrival_on_hi(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi)
{
	struct arrival *a = find(h, &hi->opts.mn_id);

	if (!a || !IN6_ARE_ADDR_EQUAL(src, &a->previous))
		return false;
	if (hi->code == HI_CODE_FORWARDED) {
		event(a, ARRIVAL_OVER);
		answer_give(h, NULL, src, hi, HACK_OK, NULL);
		return true;
	}
	/* of one that is here it says that it has gone back, and wants packets itself */
	if (a->state != ARRIVAL_EXPECTED) {
		finish(a, HANDOVER_ELSEWHERE);
		return false;
	}
	arrival_announced(h, src, hi);
	return true;
}

/**
 * arrival_free_all() - forget all nodes that come
 * @h: the handovers; nobody is told
 */
void arrival_free_all(struct handover *h)
{
	struct arrival *a, *tmp;

	HASH_ITER(hh, h->arrivals, a, tmp)
		release(a);
}
