// SPDX-License-Identifier: GPL-2.0
/* How an exchange with a gateway ends, and what its owner hears of it. */
#include "flow/grant.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <string.h>
#include <utlist.h>

static uint64_t now(const struct flow_grant *g)
{
	return g->fi->env->ops->now(g->fi->env->ctx);
}

static void tell(struct grant_news *news, const struct grant_flow *f, bool kept,
		 enum flow_loss why)
{
	news->item[news->n].fid = f->spec.fid;
	news->item[news->n].kept = kept;
	news->item[news->n].why = (uint8_t)why;
	news->n++;
}

/* The grant may be gone after the first. */
static void deliver(const struct grant_news *news)
{
	const struct flow_initiator_ops *ops = news->fi->ops;

	for (unsigned int i = 0; i < news->n; i++) {
		if (news->item[i].kept)
			ops->kept(news->arg, news->item[i].fid);
		else
			ops->lost(news->arg, news->item[i].fid,
				  (enum flow_loss)news->item[i].why);
	}
}

/* What the gateway knew of it before it still does: that is to be removed. */
static void lose(struct flow_grant *g, struct grant_flow *f, enum flow_loss why,
		 struct grant_news *news)
{
	tell(news, f, false, why);
	if (!f->known) {
		grant_drop(g, f);
		return;
	}
	f->state = GRANT_RETRACT;
	f->sent = false;
	f->fresh = false;
}

/**
 * outcome_rest() - until something must be refreshed
 * @g: the grant
 */
void outcome_rest(struct flow_grant *g)
{
	struct env *env = g->fi->env;
	struct grant_flow *f;
	uint64_t next = 0;

	DL_FOREACH(g->flows, f)
		if (f->state == GRANT_TOLD && f->refresh && (!next || f->refresh < next))
			next = f->refresh;
	if (!next)
		timerq_cancel(env->timers, &g->timer);
	else if (timerq_set(env->timers, &g->timer, next))
		log_err("no memory for the timer of a refresh");
}

/* The gateway forgets by itself, and then must not be sent any packets. */
static void watch_end(struct flow_grant *g)
{
	struct env *env = g->fi->env;
	struct grant_flow *f;
	uint64_t next = 0;

	DL_FOREACH(g->flows, f)
		if (f->state != GRANT_RETRACT && f->expires && (!next || f->expires < next))
			next = f->expires;
	if (!next)
		timerq_cancel(env->timers, &g->end);
	else if (timerq_set(env->timers, &g->end, next))
		log_err("no memory for the timer of a flow's end");
}

static void go_on(struct flow_grant *g)
{
	struct grant_flow *f;

	DL_FOREACH(g->flows, f) {
		if (f->state != GRANT_TOLD) {
			exchange_start(g);
			return;
		}
	}
	if (g->dirty)
		exchange_start(g);
	else
		outcome_rest(g);
}

/* What the answer says of one flow: RFC 6089 §4.2 */
static uint8_t status_of(const struct mh_msg *m, uint16_t fid)
{
	for (unsigned int i = 0; i < m->opts.n_flow; i++)
		if (m->opts.flow[i].fid == fid)
			return m->opts.flow[i].status;
	return FLOW_OK;
}

/* Of the flows in a refused message, those that were the reason */
static bool to_blame(const struct mh_msg *m, const struct grant_flow *f)
{
	uint8_t status = status_of(m, f->spec.fid);

	return status >= FLOW_PROHIBITED && status != FLOW_UNSPECIFIED;
}

/*
 * The lifetime is counted from when the message first left: it may have arrived then,
 * and the answer been lost.  Three quarters of it, and somewhat less: not all at once
 */
static void keep(struct flow_grant *g, struct grant_flow *f, const struct mh_msg *m)
{
	struct env *env = g->fi->env;
	uint16_t lifetime = g->fi->conf->lifetime;
	uint64_t ms;

	if (m->lifetime < lifetime)
		lifetime = m->lifetime;
	f->state = GRANT_TOLD;
	f->known = true;
	f->fresh = false;
	f->expires = 0;
	f->refresh = 0;
	if (m->kind == MH_UPA || lifetime == FMI_LIFETIME_INFINITE)
		return;
	ms = lifetime * 1000ULL;
	f->expires = g->since + ms * NSEC_PER_MSEC;
	ms = ms * 3 / 4 - env->ops->random(env->ctx) % (ms / 10);
	f->refresh = g->since + ms * NSEC_PER_MSEC;
}

static void accept_all(struct flow_grant *g, const struct mh_msg *m, struct grant_news *news)
{
	struct grant_flow *f, *tmp;

	DL_FOREACH_SAFE(g->flows, f, tmp) {
		bool sent = f->sent;

		f->sent = false;
		if (!sent)
			continue;
		if (f->state == GRANT_RETRACT) {
			grant_drop(g, f);
			continue;
		}
		if (status_of(m, f->spec.fid) >= FLOW_PROHIBITED) {
			lose(g, f, status_of(m, f->spec.fid) == FLOW_TS_UNSUPPORTED ?
			     FLOW_LOSS_SELECTOR : FLOW_LOSS_REFUSED, news);
			continue;
		}
		if (f->fresh)
			tell(news, f, true, FLOW_LOSS_REFUSED);
		keep(g, f, m);
	}
}

static enum flow_loss reason(const struct mh_msg *m, const struct grant_flow *f)
{
	if (m->kind == MH_FMA && m->status == FMA_TS_UNSUPPORTED)
		return FLOW_LOSS_SELECTOR;
	return status_of(m, f->spec.fid) == FLOW_TS_UNSUPPORTED ? FLOW_LOSS_SELECTOR :
								  FLOW_LOSS_REFUSED;
}

/*
 * An UPN was refused, and with it what the gateway knew before, for all we know:
 * that is told again without what was new, or lost if nothing was.
 */
static void doubt_known(struct flow_grant *g, bool again, struct grant_news *news)
{
	struct grant_flow *f, *tmp;

	if (again) {
		g->dirty = true;
		return;
	}
	DL_FOREACH_SAFE(g->flows, f, tmp)
		if (f->sent && f->state == GRANT_TOLD)
			lose(g, f, FLOW_LOSS_REFUSED, news);
}

/*
 * A message is refused as a whole.  If the answer says which flows were the
 * reason, the others are told once more without them; if not, all are lost.
 */
static void refuse_all(struct flow_grant *g, const struct mh_msg *m, struct grant_news *news)
{
	struct grant_flow *f, *tmp;
	bool blamed = false, lost = false;

	DL_FOREACH(g->flows, f)
		blamed |= f->sent && f->state == GRANT_TELL && to_blame(m, f);
	DL_FOREACH_SAFE(g->flows, f, tmp) {
		if (!f->sent || f->state != GRANT_TELL || (blamed && !to_blame(m, f)))
			continue;
		lose(g, f, reason(m, f), news);
		lost = true;
	}
	if (exchange_standard(g))
		doubt_known(g, lost, news);
	/* removed with the rest next time, or not at all: so often is enough */
	DL_FOREACH_SAFE(g->flows, f, tmp) {
		if (f->sent && f->state == GRANT_RETRACT && !lost)
			grant_drop(g, f);
		else
			f->sent = false;
	}
}

static void say_refused(struct flow_grant *g, const struct mh_msg *m)
{
	struct env *env = g->fi->env;
	char text[INET6_ADDRSTRLEN];
	struct mn_id id;
	struct notice n = { .mn = &id, .peer = &g->gw->address };

	grant_node(g, &id);
	n.event = m->kind == MH_FMA ? "fmi-refused" : "upn-refused";
	n.detail = m->kind == MH_FMA ? fma_status_str(m->status) : upa_status_str(m->status);
	g->fi->counters.refused++;
	log_ratelimited(LOG_WARNING, "%s of %s: refused, %s", mh_kind_str(m->kind),
			inet_ntop(AF_INET6, &g->gw->address, text, sizeof(text)), n.detail);
	env->ops->notify(env->ctx, &n);
}

static void forget_all(struct flow_grant *g, enum flow_loss why, struct grant_news *news)
{
	struct grant_flow *f, *tmp;

	DL_FOREACH_SAFE(g->flows, f, tmp) {
		if (f->state != GRANT_RETRACT)
			tell(news, f, false, why);
		grant_drop(g, f);
	}
	g->dirty = false;
	g->told = false;
	timerq_cancel(g->fi->env->timers, &g->timer);
	timerq_cancel(g->fi->env->timers, &g->end);
}

static bool not_attached(const struct mh_msg *m)
{
	return m->status == (m->kind == MH_FMA ? FMA_NOT_ATTACHED : UPA_NOT_ATTACHED);
}

/**
 * outcome_answer() - the gateway has answered what is under way
 * @g: the grant, which may be gone afterwards
 * @m: FMA or UPA
 *
 * Draft §4.2, RFC 7864 §4.3.  To a removal it may say that there was nothing.
 */
void outcome_answer(struct flow_grant *g, const struct mh_msg *m)
{
	struct grant_news news = { .fi = g->fi, .arg = g->arg };
	bool ok = m->status < FMA_UNSPECIFIED;

	if (m->kind == MH_FMA && m->status == FMA_SEQ_OUT_OF_WINDOW && g->tries < FMI_TRIES) {
		exchange_again(g);
		return;
	}
	exchange_end(g);
	g->gw->knows = true;
	if (m->kind == MH_FMA && g->removing)
		ok |= m->status == FMA_NO_ENTRY;
	else if (m->kind == MH_FMA && !m->lifetime)
		ok = false;
	if (!ok)
		say_refused(g, m);
	if (not_attached(m)) {
		forget_all(g, FLOW_LOSS_NOT_ATTACHED, &news);
	} else {
		if (ok)
			accept_all(g, m, &news);
		else
			refuse_all(g, m, &news);
		watch_end(g);
		go_on(g);
	}
	deliver(&news);
}

/**
 * outcome_lose_all() - the gateway keeps nothing of the grant
 * @g: the grant, which may be gone afterwards
 * @why: what its owner hears
 */
void outcome_lose_all(struct flow_grant *g, enum flow_loss why)
{
	struct grant_news news = { .fi = g->fi, .arg = g->arg };

	exchange_end(g);
	forget_all(g, why, &news);
	deliver(&news);
}

/* Whether the gateway is to be asked about it again */
static bool unanswered(struct flow_grant *g, struct grant_flow *f, bool lasts,
		       struct grant_news *news)
{
	/* whether an UPN has arrived, and was refused, cannot be known */
	if (f->state == GRANT_TOLD && f->sent)
		f->state = GRANT_TELL;
	f->sent = false;
	if (f->state == GRANT_TOLD)
		return false;
	if (f->state == GRANT_TELL && f->known && !f->fresh &&
	    (!f->expires || f->expires > now(g)))
		return true;
	if (f->state == GRANT_TELL)
		tell(news, f, false, FLOW_LOSS_SILENCE);
	f->state = GRANT_RETRACT;
	f->fresh = false;
	if (!lasts)
		grant_drop(g, f);
	return lasts;
}

/* A quarter of what is left of the first to end: so that many tries are in it */
static uint64_t retry_ms(struct flow_grant *g)
{
	uint64_t ms = RETRY_MS, left;
	struct grant_flow *f;

	DL_FOREACH(g->flows, f) {
		if (f->state == GRANT_RETRACT || f->expires <= now(g))
			continue;
		left = (f->expires - now(g)) / 4 / NSEC_PER_MSEC;
		if (left < ms)
			ms = left;
	}
	return ms < RETRY_MIN_MS ? RETRY_MIN_MS : ms;
}

/**
 * outcome_expired() - a gateway may have forgotten what it kept
 * @arg: the grant, which may be gone afterwards
 *
 * Draft §4.1: it keeps a flow for the lifetime, and none of the refreshes of this one
 * was answered in time.  Should one have arrived, it is told to forget.
 */
void outcome_expired(void *arg)
{
	struct flow_grant *g = arg;
	struct grant_news news = { .fi = g->fi, .arg = g->arg };
	struct grant_flow *f, *tmp;

	DL_FOREACH_SAFE(g->flows, f, tmp) {
		if (f->state == GRANT_RETRACT || !f->expires || f->expires > now(g))
			continue;
		lose(g, f, FLOW_LOSS_SILENCE, &news);
		g->dirty = true;
	}
	watch_end(g);
	if (news.n && !g->tries && timerq_set(g->fi->env->timers, &g->timer, now(g)))
		log_err("no memory for the timer of an FMI");
	deliver(&news);
}

/**
 * outcome_silence() - the last retransmission was not answered either
 * @g: the grant, which may be gone afterwards
 *
 * RFC 7077 §5.2: "the message MUST be discarded, and the event SHOULD be logged".
 * Later another one follows about what the gateway may keep for longer.
 */
void outcome_silence(struct flow_grant *g)
{
	struct grant_news news = { .fi = g->fi, .arg = g->arg };
	bool lasts = exchange_standard(g) || g->fi->conf->lifetime == FLOW_FOREVER;
	bool later = exchange_standard(g);
	struct env *env = g->fi->env;
	struct grant_flow *f, *tmp;
	char text[INET6_ADDRSTRLEN];

	exchange_end(g);
	g->fi->counters.silence++;
	log_ratelimited(LOG_WARNING, "gateway %s does not answer about flows",
			inet_ntop(AF_INET6, &g->gw->address, text, sizeof(text)));
	DL_FOREACH_SAFE(g->flows, f, tmp)
		later |= unanswered(g, f, lasts, &news);
	if (!later)
		outcome_rest(g);
	else if (timerq_set(env->timers, &g->timer, now(g) + retry_ms(g) * NSEC_PER_MSEC))
		log_err("no memory for the timer of a refresh");
	watch_end(g);
	deliver(&news);
}
