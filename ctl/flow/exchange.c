// SPDX-License-Identifier: GPL-2.0
/* One FMI or UPN under way for each grant: what is in it, and how often it leaves. */
#include "flow/grant.h"

#include "core/log.h"
#include "flow/option.h"

#include <string.h>
#include <utlist.h>

/**
 * exchange_standard() - whether the grant's gateway is spoken to as RFC 7864 has it
 * @g: the grant
 *
 * Return: true for UPN, false for FMI.
 */
bool exchange_standard(const struct flow_grant *g)
{
	return g->gw->dialect == FLOW_DIALECT_RFC7864;
}

static void set_timer(struct flow_grant *g, uint64_t ms)
{
	struct env *env = g->fi->env;

	if (timerq_set(env->timers, &g->timer,
		       env->ops->now(env->ctx) + ms * NSEC_PER_MSEC))
		log_err("no memory for the timer of an %s",
			exchange_standard(g) ? "UPN" : "FMI");
}

static bool any(const struct flow_grant *g, enum grant_state state)
{
	struct grant_flow *f;

	DL_FOREACH(g->flows, f)
		if (f->state == state)
			return true;
	return false;
}

/* Which flows the next message is about; false: there is nothing to say */
static bool choose(struct flow_grant *g)
{
	enum grant_state state = any(g, GRANT_RETRACT) ? GRANT_RETRACT : GRANT_TELL;
	struct grant_flow *f;
	unsigned int n = 0;

	if (exchange_standard(g)) {
		/* what is left out is removed: each message has all */
		DL_FOREACH(g->flows, f)
			f->sent = true;
		return g->flows || g->n_prefix || g->told;
	}
	/* first what makes room for the others, if only for their priorities */
	g->removing = state == GRANT_RETRACT;
	DL_FOREACH(g->flows, f) {
		f->sent = f->state == state && n < FLOWS_MAX;
		n += f->sent;
	}
	return n;
}

static uint8_t action_of(const struct grant_flow *f)
{
	if (f->state == GRANT_RETRACT)
		return FLOW_DELETE;
	if (!f->known)
		return FLOW_ADD;
	return f->fresh ? FLOW_MODIFY : FLOW_REFRESH;
}

static void put_flow(const struct grant_flow *f, struct mh_opts *o)
{
	o->flow[o->n_flow++] = flow_option_of(&f->spec, action_of(f));
	o->present |= MH_HAS_FLOW;
}

/* RFC 7864 §3.2.2: "with the off-link bit (L) set to one"; an FMI has them, too */
static void put_prefixes(const struct flow_grant *g, struct mh_opts *o)
{
	for (unsigned int i = 0; i < g->n_prefix; i++)
		o->hnp[i] = (struct mh_hnp){ .prefix = g->prefix[i], .off_link = true };
	o->n_hnp = g->n_prefix;
	if (o->n_hnp)
		o->present |= MH_HAS_HNP;
}

static void fill(const struct flow_grant *g, struct mh_msg *m)
{
	bool standard = exchange_standard(g);
	struct grant_flow *f;

	memset(m, 0, sizeof(*m));
	m->kind = standard ? MH_UPN : MH_FMI;
	m->seq = g->seq;
	m->opts.present = MH_HAS_MN_ID;
	grant_node(g, &m->opts.mn_id);
	if (standard) {
		m->reason = UPN_FLOW_MOBILITY;
		m->flags = UPN_F_A | (g->tries ? UPN_F_D : 0);
	} else {
		m->lifetime = g->removing ? 0 : g->fi->conf->lifetime;
	}
	if (standard || !g->removing)
		put_prefixes(g, &m->opts);
	DL_FOREACH(g->flows, f)
		if (standard ? f->state != GRANT_RETRACT : f->sent)
			put_flow(f, &m->opts);
}

static void notify(const struct flow_grant *g, const struct mh_msg *m)
{
	struct env *env = g->fi->env;
	struct notice n = { .mn = &m->opts.mn_id, .peer = &g->gw->address };

	n.event = exchange_standard(g) ? "upn-sent" :
		  g->removing ? "fmi-release-sent" : "fmi-sent";
	env->ops->notify(env->ctx, &n);
}

static void transmit(struct flow_grant *g)
{
	struct env *env = g->fi->env;
	struct grant_flow *f;
	struct mh_msg m;

	fill(g, &m);
	g->tries++;
	g->told = true;
	DL_FOREACH(g->flows, f)
		f->left |= f->sent;
	if (exchange_standard(g))
		g->fi->counters.upn_tx++;
	else
		g->fi->counters.fmi_tx++;
	set_timer(g, g->backoff_ms);
	env->ops->send_mh(env->ctx, &g->fi->address, &g->gw->address, &m);
	notify(g, &m);
}

/* RFC 7077 §4.1: "no collision between the Sequence Numbers of all outstanding" */
static void take_number(struct flow_grant *g)
{
	struct flow_grant *other;

	do {
		g->seq = ++g->gw->seq;
		HASH_FIND(hh, g->gw->flights, &g->seq, sizeof(g->seq), other);
	} while (other);
	HASH_ADD(hh, g->gw->flights, seq, sizeof(g->seq), g);
}

/**
 * exchange_end() - wait for no answer any more
 * @g: the grant, with or without a message under way
 */
void exchange_end(struct flow_grant *g)
{
	if (!g->tries)
		return;
	HASH_DEL(g->gw->flights, g);
	g->tries = 0;
	timerq_cancel(g->fi->env->timers, &g->timer);
}

/**
 * exchange_start() - tell the gateway what it does not know
 * @g: the grant, which may be gone afterwards; what was under way is overtaken
 *
 * With nothing to tell, the grant rests until something must be refreshed.
 */
void exchange_start(struct flow_grant *g)
{
	const struct flow_initiator_conf *conf = g->fi->conf;

	exchange_end(g);
	if (!dialect_any(g->fi, g->gw)) {
		outcome_lose_all(g, FLOW_LOSS_UNSUPPORTED);
		return;
	}
	if (HASH_COUNT(g->gw->flights) > UINT16_MAX) {
		/* no number is left to tell it from the others by */
		set_timer(g, RETRY_MS);
		return;
	}
	g->dirty = false;
	if (!choose(g)) {
		outcome_rest(g);
		return;
	}
	take_number(g);
	g->since = g->fi->env->ops->now(g->fi->env->ctx);
	g->backoff_ms = exchange_standard(g) ? conf->upn_ms : conf->fmi_ms;
	transmit(g);
}

/**
 * exchange_again() - send the message under way with a number far ahead
 * @g: the grant
 *
 * The gateway remembers a number that was not ours, or of long ago: it takes
 * what is up to half the number space ahead of it for new.
 */
void exchange_again(struct flow_grant *g)
{
	HASH_DEL(g->gw->flights, g);
	g->gw->seq += INT16_MAX - 1;
	take_number(g);
	transmit(g);
}

static void refresh(struct flow_grant *g)
{
	struct grant_flow *f;

	DL_FOREACH(g->flows, f)
		if (f->state == GRANT_TOLD)
			f->state = GRANT_TELL;
	exchange_start(g);
}

/**
 * exchange_timer() - no answer in time, or time to refresh
 * @arg: the grant
 */
void exchange_timer(void *arg)
{
	struct flow_grant *g = arg;
	bool standard = exchange_standard(g);
	unsigned int max = standard ? 1 + g->fi->conf->upn_retries : FMI_TRIES;

	if (!g->tries) {
		refresh(g);
	} else if (g->dirty) {
		/* RFC 7077 §5.2: only what is the same "as in the original message"
		 * is a retransmission
		 */
		exchange_start(g);
	} else if (g->tries < max) {
		/* MIN_DELAY_BETWEEN_UPDATE_NOTIFICATION_REPLAY does not double */
		if (!standard)
			g->backoff_ms *= 2;
		transmit(g);
	} else {
		outcome_silence(g);
	}
}
