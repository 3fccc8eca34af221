// SPDX-License-Identifier: GPL-2.0
/* Nodes that leave: what the previous gateway does for them (RFC 5949 §4.1). */
#include "handover/request.h"

#include "core/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum leaving_state {
	LEAVING_ASKING,		/* an HI is under way to the next gateway */
	LEAVING_AGREED,		/* which expects the node; packets go to it here as ever */
	LEAVING_HOLDING,	/* they wait here, as it has asked with U */
	LEAVING_FORWARDING,	/* they go there */
	LEAVING_STATES,
};

enum leaving_event {
	LEAVING_ACCEPTED,
	LEAVING_DECLINED,	/* refused, or not answered */
	LEAVING_GO,		/* the node goes now */
	LEAVING_FORWARD,	/* the next gateway asks with F */
	LEAVING_HOLD,		/* and with U */
	LEAVING_TIMER,
	LEAVING_BACK,		/* the node is here */
	LEAVING_MOVED,		/* its anchor has it elsewhere */
	LEAVING_LOST,		/* a third gateway says that it is there */
	LEAVING_EVENTS,
};

struct leaving_key {
	struct mn_id id;
	struct in6_addr next;
};

struct leaving {
	struct handover *h;
	struct leaving_key key;
	uint8_t state;
	bool at_once;			/* agreed on with F, else with U */
	bool go;			/* as soon as it is agreed on */
	bool asked;			/* by the HI at hand: its answer says what failed */
	enum handover_outcome declined;	/* why it was */
	void *node;
	struct handover_request *request;	/* under way, or NULL */
	struct handover_answer answer;
	struct timer timer;
	UT_hash_handle hh;
};

static void event(struct leaving *l, enum leaving_event e);

static void fire(void *arg)
{
	event(arg, LEAVING_TIMER);
}

static struct leaving *find(const struct handover *h, const struct mn_id *id)
{
	struct leaving *l;

	HASH_FIND(hh, h->leavings, id, sizeof(*id), l);
	return l;
}

static struct leaving *find_ending(const struct handover *h, const struct mn_id *id,
				   const struct in6_addr *next)
{
	struct leaving_key key = { .id = *id, .next = *next };
	struct leaving *l;

	HASH_FIND(hh, h->endings, &key, sizeof(key), l);
	return l;
}

static struct leaving *create(struct handover *h, const struct in6_addr *next,
			      const struct mn_id *id, void *node)
{
	struct env *env = h->env;
	struct leaving *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->h = h;
	l->key.id = *id;
	l->key.next = *next;
	l->node = node;
	timer_init(&l->timer, fire, l);
	if (timerq_set(env->timers, &l->timer,
		       env->ops->now(env->ctx) + h->conf->forward_ms * NSEC_PER_MSEC)) {
		free(l);
		return NULL;
	}
	HASH_ADD(hh, h->leavings, key.id, sizeof(l->key.id), l);
	return l;
}

/* Of no table any more */
static void release(struct leaving *l)
{
	timerq_cancel(l->h->env->timers, &l->timer);
	request_cancel(l->request);
	free(l);
}

/* The next gateway knows, or never will: its own timer ends it there. */
static void ending_over(void *arg, const struct mh_msg *hack, enum handover_outcome why)
{
	struct leaving *l = arg;

	(void)hack;
	(void)why;
	l->request = NULL;
	HASH_DEL(l->h->endings, l);
	release(l);
}

/* What is said of the last time is not repeated: the next gateway would take it for this */
static void forget_end(struct handover *h, const struct leaving_key *k)
{
	struct leaving *old = find_ending(h, &k->id, &k->next);

	if (!old)
		return;
	HASH_DEL(h->endings, old);
	release(old);
}

/*
 * RFC 5949 §4.1: "the PMAG MAY send the HI message with the 'F' flag set and the Option
 * Code value set to 2", by which both ends end it.  Also for what has not begun: the
 * next gateway may have agreed, and its answer be lost.
 */
static void tell_end(struct leaving *l)
{
	struct handover *h = l->h;
	struct mh_msg hi;

	request_about(&hi, &l->key.id, NULL, HI_F_F);
	hi.code = HI_CODE_FORWARDED;
	forget_end(h, &l->key);
	l->request = request_start(h, &l->key.next, &hi, ending_over, l);
	if (!l->request) {
		release(l);
		return;
	}
	HASH_ADD(hh, h->endings, key, sizeof(l->key), l);
}

static void finish(struct leaving *l, enum handover_outcome why, bool tell)
{
	struct handover *h = l->h;
	void *node = l->node;

	HASH_DEL(h->leavings, l);
	timerq_cancel(h->env->timers, &l->timer);
	request_cancel(l->request);
	l->request = NULL;
	handover_notify(h, "leaving-ended", &l->key.id, &l->key.next,
			handover_outcome_str(why));
	/* packets go where they go from now on before the other end lets go of them */
	h->ops->leaving.ended(node, why);
	if (tell)
		tell_end(l);
	else
		release(l);
}

/* Its packets wait or go elsewhere now, which has made any other request needless; or not */
static void diverted(struct leaving *l, int err, enum leaving_state state)
{
	request_cancel(l->request);
	l->request = NULL;
	if (err)
		finish(l, HANDOVER_FAILED, !l->asked);
	else
		l->state = state;
}

static void forward(struct leaving *l)
{
	diverted(l, l->h->ops->leaving.forward(l->node, &l->key.next), LEAVING_FORWARDING);
}

static void hold(struct leaving *l)
{
	diverted(l, l->h->ops->leaving.hold(l->node), LEAVING_HOLDING);
}

static void answered(void *arg, const struct mh_msg *hack, enum handover_outcome why);

/* RFC 5949 §4.2: one with U "MUST be followed by another HI message with the 'F' flag set" */
static void go(struct leaving *l)
{
	struct handover *h = l->h;
	struct mn_id id = l->key.id;
	struct mh_msg hi;

	forward(l);
	/* it is gone if that failed */
	l = find(h, &id);
	if (!l)
		return;
	request_about(&hi, &id, NULL, HI_F_F);
	l->request = request_start(h, &l->key.next, &hi, answered, l);
}

static void accepted(struct leaving *l)
{
	l->state = LEAVING_AGREED;
	if (l->at_once)
		forward(l);
	else if (l->go)
		go(l);
}

static void declined(struct leaving *l)
{
	/* who was silent may have agreed */
	finish(l, l->declined, l->declined == HANDOVER_SILENCE);
}

/* Who has agreed before and is silent now may have the packets all the same. */
static void declined_late(struct leaving *l)
{
	if (l->declined != HANDOVER_SILENCE)
		finish(l, l->declined, false);
}

/* It cannot go before it is agreed where to */
static void later(struct leaving *l)
{
	l->go = true;
}

static void expired(struct leaving *l)
{
	finish(l, HANDOVER_EXPIRED, true);
}

static void back(struct leaving *l)
{
	finish(l, HANDOVER_BACK, true);
}

static void moved(struct leaving *l)
{
	finish(l, HANDOVER_DONE, true);
}

static void lost(struct leaving *l)
{
	finish(l, HANDOVER_ELSEWHERE, true);
}

typedef void action_t(struct leaving *l);

static action_t *const table[LEAVING_STATES][LEAVING_EVENTS] = {
	[LEAVING_ASKING] = {
		[LEAVING_ACCEPTED]	= accepted,
		[LEAVING_DECLINED]	= declined,
		[LEAVING_GO]		= later,
		[LEAVING_FORWARD]	= forward,
		[LEAVING_HOLD]		= hold,
		[LEAVING_TIMER]		= expired,
		[LEAVING_BACK]		= back,
		[LEAVING_MOVED]		= moved,
		[LEAVING_LOST]		= lost,
	},
	[LEAVING_AGREED] = {
		[LEAVING_GO]		= go,
		[LEAVING_FORWARD]	= forward,
		[LEAVING_HOLD]		= hold,
		[LEAVING_TIMER]		= expired,
		[LEAVING_BACK]		= back,
		[LEAVING_MOVED]		= moved,
		[LEAVING_LOST]		= lost,
	},
	[LEAVING_HOLDING] = {
		[LEAVING_GO]		= go,
		[LEAVING_FORWARD]	= forward,
		[LEAVING_TIMER]		= expired,
		[LEAVING_BACK]		= back,
		[LEAVING_MOVED]		= moved,
		[LEAVING_LOST]		= lost,
	},
	[LEAVING_FORWARDING] = {
		[LEAVING_DECLINED]	= declined_late,
		[LEAVING_TIMER]		= expired,
		[LEAVING_BACK]		= back,
		[LEAVING_MOVED]		= moved,
		[LEAVING_LOST]		= lost,
	},
};

static void event(struct leaving *l, enum leaving_event e)
{
	action_t *act = table[l->state][e];

	if (act)
		act(l);
}

static void answered(void *arg, const struct mh_msg *hack, enum handover_outcome why)
{
	struct leaving *l = arg;

	(void)hack;
	l->request = NULL;
	l->declined = why;
	event(l, why == HANDOVER_DONE ? LEAVING_ACCEPTED : LEAVING_DECLINED);
}

/**
 * leaving_start() - a node is about to leave (RFC 5949 §4.1 (c))
 * @h: the handovers
 * @next: the gateway to which it goes
 * @o: its identifier, and all that gateway is to know
 * @at_once: packets are forwarded from the agreement on
 * @node: for ops.leaving
 *
 * Without @at_once the next gateway is asked to hold (U) what will be sent once
 * leaving_go() is called, or it asks for it.  A handover that ends before says so.
 *
 * Return: 0; -EEXIST if the node is about to leave already; -ENOMEM.
 */
int leaving_start(struct handover *h, const struct in6_addr *next, const struct mh_opts *o,
		  bool at_once, void *node)
{
	struct leaving *l;
	struct mh_msg hi;

	if (find(h, &o->mn_id))
		return -EEXIST;
	l = create(h, next, &o->mn_id, node);
	if (!l)
		return -ENOMEM;
	request_about(&hi, &o->mn_id, o, at_once ? HI_F_F : HI_F_U);
	hi.code = HI_CODE_ALL_CONTEXT;
	l->at_once = at_once;
	l->request = request_start(h, next, &hi, answered, l);
	if (l->request) {
		forget_end(h, &l->key);
		/* where it goes now that would be the end of this */
		arrival_hush(h, &l->key.id);
		return 0;
	}
	HASH_DEL(h->leavings, l);
	release(l);
	return -ENOMEM;
}

/**
 * leaving_go() - a node that is about to leave leaves now (RFC 5949 §4.1 (g))
 * @h: the handovers
 * @id: the node
 *
 * Return: 0; -ENOENT if it is not about to.
 */
int leaving_go(struct handover *h, const struct mn_id *id)
{
	struct leaving *l = find(h, id);

	if (!l)
		return -ENOENT;
	event(l, LEAVING_GO);
	return 0;
}

/**
 * leaving_back() - a node has not left, or has come back
 * @h: the handovers
 * @id: the node
 */
void leaving_back(struct handover *h, const struct mn_id *id)
{
	struct leaving *l = find(h, id);

	if (l)
		event(l, LEAVING_BACK);
}

/**
 * leaving_moved() - the anchor has a node elsewhere
 * @h: the handovers
 * @id: the node
 */
void leaving_moved(struct handover *h, const struct mn_id *id)
{
	struct leaving *l = find(h, id);

	if (l)
		event(l, LEAVING_MOVED);
}

/* What F and U ask for, and whether it is so then */
static uint8_t obey(struct handover *h, const struct mn_id *id, const struct mh_msg *hi)
{
	struct leaving *l = find(h, id);

	l->asked = true;
	if (hi->flags & (HI_F_F | HI_F_U))
		event(l, hi->flags & HI_F_F ? LEAVING_FORWARD : LEAVING_HOLD);
	/* it is gone if that failed */
	l = find(h, id);
	if (l) {
		l->asked = false;
		return HACK_OK;
	}
	return hi->flags & HI_F_F ? HACK_NO_FORWARDING : HACK_NO_RESOURCES;
}

/* What was to become of it ends here; who asks before it knows is told so. */
static bool on_ending(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi)
{
	struct leaving *l = find_ending(h, &hi->opts.mn_id, src);

	if (!l || !(hi->flags & (HI_F_F | HI_F_U)))
		return false;
	if (!answer_repeat(h, &l->answer, src, hi))
		answer_give(h, &l->answer, src, hi, HACK_NO_FORWARDING, NULL);
	return true;
}

/*
 * Draft: predictive multicast handover §4 (11): "Multicast packet forwarding is completed
 * between p-MAG and n-MAG"; of these groups, not of the node's own packets.
 */
static bool on_met(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi)
{
	struct leaving *l = find(h, &hi->opts.mn_id);

	if (!(hi->opts.present & MH_HAS_MULTICAST) || !l ||
	    !IN6_ARE_ADDR_EQUAL(src, &l->key.next))
		return false;
	if (l->state == LEAVING_FORWARDING)
		h->ops->leaving.met(l->node, &hi->opts.listens);
	answer_give(h, NULL, src, hi, HACK_OK, NULL);
	return true;
}

static void remember(struct handover *h, const struct in6_addr *src,
		     const struct handover_answer *a)
{
	struct leaving *l = find(h, &a->hack.opts.mn_id);

	if (!l)
		l = find_ending(h, &a->hack.opts.mn_id, src);
	if (l)
		l->answer = *a;
}

/**
 * leaving_on_hi() - the next gateway asks to hold or to forward (RFC 5949 §4.1 (e)), or has
 * what it needs
 * @h: the handovers
 * @src: its address
 * @hi: its message
 *
 * Return: false if no node leaves for there, or it is not about that.
 */
bool leaving_on_hi(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi)
{
	struct leaving *l = find(h, &hi->opts.mn_id);
	struct handover_answer a = { 0 };
	struct mh_opts o;
	uint8_t code = HACK_OK, had = HACK_OK;
	void *node;

	if (hi->code == HI_CODE_FORWARDED)
		return on_met(h, src, hi);
	if (!l || !IN6_ARE_ADDR_EQUAL(src, &l->key.next))
		return on_ending(h, src, hi);
	if (answer_repeat(h, &l->answer, src, hi))
		return true;
	memset(&o, 0, sizeof(o));
	/* RFC 5949 §6.1.2: "requested or default context"; who has not agreed may have none */
	if ((hi->opts.present & MH_HAS_WANTED) || l->state == LEAVING_ASKING)
		code = h->ops->claimed(h->arg, src, hi, &o, &node);
	if (code < HACK_UNSPECIFIED)
		had = obey(h, &hi->opts.mn_id, hi);
	answer_give(h, &a, src, hi, had >= HACK_UNSPECIFIED ? had : code, &o);
	remember(h, src, &a);
	return true;
}

/**
 * leaving_claimed() - a gateway says that a node is there (RFC 5949 §4.1, reactive (c))
 * @h: the handovers
 * @src: its address
 * @hi: its message
 *
 * The answer has what is asked for, and what has been done about packets has been
 * done before it leaves.
 */
void leaving_claimed(struct handover *h, const struct in6_addr *src, const struct mh_msg *hi)
{
	struct leaving *l = find(h, &hi->opts.mn_id);
	struct handover_answer a = { 0 };
	uint8_t code, had = HACK_OK;
	void *node = NULL;
	struct mh_opts o;

	memset(&o, 0, sizeof(o));
	code = h->ops->claimed(h->arg, src, hi, &o, &node);
	if (code < HACK_UNSPECIFIED && (hi->flags & (HI_F_F | HI_F_U))) {
		if (l)
			event(l, LEAVING_LOST);
		l = create(h, src, &hi->opts.mn_id, node);
		if (l)
			l->state = LEAVING_AGREED;
		else
			h->ops->leaving.ended(node, HANDOVER_FAILED);
		had = l ? obey(h, &hi->opts.mn_id, hi) : HACK_NO_RESOURCES;
	}
	answer_give(h, &a, src, hi, had >= HACK_UNSPECIFIED ? had : code, &o);
	remember(h, src, &a);
}

/**
 * leaving_free_all() - forget all nodes that leave
 * @h: the handovers; nobody is told
 */
void leaving_free_all(struct handover *h)
{
	struct leaving *l, *tmp;

	HASH_ITER(hh, h->leavings, l, tmp) {
		HASH_DEL(h->leavings, l);
		release(l);
	}
	HASH_ITER(hh, h->endings, l, tmp) {
		HASH_DEL(h->endings, l);
		release(l);
	}
}
