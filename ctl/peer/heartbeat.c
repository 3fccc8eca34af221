// SPDX-License-Identifier: GPL-2.0
/*
 * Heartbeats (RFC 5847 §3).
 *
 * Some implementations stop listening once they have met a message that they
 * do not know.  So a peer is asked once, when the first binding with it has
 * been accepted; the next request leaves only when it has shown, by answering
 * or by asking itself, that it knows heartbeats.  One that never has is not
 * declared dead for its silence.
 *
 * Why two gateways agree again, whichever of them dies when: whoever holds
 * state of a peer asks it every interval, and compares the counter with the
 * last one, which survives the own death too.  Let the peer's last restart be
 * at t.  The first answer after t bears a counter that was not heard before,
 * so on_restart() follows, and what is agreed on then is agreed on with the
 * peer's last life.  A counter without a predecessor says nothing of what was
 * agreed on before it, and counts as another one.
 *
 * An announcement of a restart bears no number of ours, so that anybody could
 * have sent it, at any time.  It is believed once an answer says the same: it is
 * asked for at once, but not more than once a second.
 */
#include "peer/heartbeat.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <string.h>

#define ASK_MS		1000	/* between requests that an announcement causes */
#define ASK_TRIES	3
/* What comes by another way, or waited elsewhere, may be overtaken by so much */
#define REORDER_MS	250

static void send_heartbeat(struct peers *ps, const struct in6_addr *local,
			   const struct in6_addr *remote, uint16_t flags,
			   uint32_t seq)
{
	struct env *env = ps->env;
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_HEARTBEAT;
	m.flags = flags;
	m.hb_seq = seq;
	/* RFC 5847 §3.4: only in a response */
	if (flags & HB_F_R) {
		m.opts.present = MH_HAS_RESTART;
		m.opts.restart = ps->conf.restart_counter;
	}
	env->ops->send_mh(env->ctx, local, remote, &m);
}

static int arm_in(struct peer *p, uint64_t ms)
{
	struct env *env = p->owner->env;

	return timerq_set(env->timers, &p->hb_timer,
			  env->ops->now(env->ctx) + ms * NSEC_PER_MSEC);
}

static uint64_t interval(const struct peer *p)
{
	return p->owner->conf.heartbeat_ms * NSEC_PER_MSEC;
}

/* Whether a request would be the second to one that has not shown heartbeats */
static bool in_vain(const struct peer *p)
{
	return p->asked && !p->hears_heartbeats;
}

/**
 * heartbeat_start() - a peer has its first binding: heartbeats may begin
 * @p: the peer
 *
 * Return: 0, or -ENOMEM.
 */
int heartbeat_start(struct peer *p)
{
	p->missed = 0;
	p->awaiting = false;
	if (!p->owner->conf.heartbeat_ms || p->mute || in_vain(p))
		return 0;
	/* The sooner its counter is known, the less is there to ask about anew. */
	return arm_in(p, p->heard_restart && !p->announced_at ?
		      p->owner->conf.heartbeat_ms : 0);
}

/**
 * heartbeat_stop() - a peer has lost its last binding
 * @p: the peer
 */
void heartbeat_stop(struct peer *p)
{
	timerq_cancel(p->owner->env->timers, &p->hb_timer);
	p->missed = 0;
	p->awaiting = false;
}

/**
 * heartbeat_timer() - HEARTBEAT_INTERVAL is over (RFC 5847 §3.1)
 * @arg: the peer
 */
void heartbeat_timer(void *arg)
{
	struct peer *p = arg;
	struct peers *ps = p->owner;

	uint64_t now = ps->env->ops->now(ps->env->ctx), ms;

	if (in_vain(p))
		return;
	/* one that was sent early, and its answer, may still be on their way */
	if (p->awaiting && p->users && interval(p) && now - p->hb_sent >= interval(p) &&
	    p->missed <= ps->conf.missing_allowed &&
	    ++p->missed > ps->conf.missing_allowed) {
		peer_set_alive(p, false);
		/* whoever was told may have dropped the last binding */
		if (!p->users)
			return;
	}
	p->asked = true;
	p->awaiting = true;
	p->hb_sent = now;
	send_heartbeat(ps, &p->local, &p->remote, 0, ++p->hb_seq);
	if (p->ask_tries)
		p->ask_tries--;
	ms = ps->conf.heartbeat_ms;
	if (!p->users)
		ms = 0;
	if (p->ask_tries && (!ms || ms > ASK_MS))
		ms = ASK_MS;
	if (ms && arm_in(p, ms))
		log_err("no memory for the heartbeat timer");
}

static void say_restart(struct peer *p)
{
	struct peers *ps = p->owner;
	struct notice n = { .event = "peer-restarted", .peer = &p->remote };
	char text[INET6_ADDRSTRLEN];

	log_ratelimited(LOG_WARNING, "gateway %s has restarted",
			inet_ntop(AF_INET6, &p->remote, text, sizeof(text)));
	ps->env->ops->notify(ps->env->ctx, &n);
}

/* RFC 5847 §3.2: a value other than the last one means that it restarted. */
static void take_counter(struct peer *p, uint32_t counter)
{
	struct peers *ps = p->owner;
	bool known = p->heard_restart;

	if (known && p->restart_counter == counter)
		return;
	p->restart_counter = counter;
	p->heard_restart = true;
	ps->changed = true;
	if (known)
		say_restart(p);
	if (ps->on_restart)
		ps->on_restart(ps->arg, p);
}

/* What was agreed on before a restart was announced is of an earlier life. */
static void take_announcement(struct peer *p, uint32_t counter)
{
	uint64_t before = p->announced_at - REORDER_MS * NSEC_PER_MSEC;

	if (!p->announced_at || p->announced != counter || !p->heard_restart)
		return;
	if (p->announced_at > REORDER_MS * NSEC_PER_MSEC && before > p->counter_seen)
		p->counter_seen = before;
}

/* RFC 5847 §3.2: unsolicited; its sequence number is ignored */
static void on_announcement(struct peer *p, uint32_t counter)
{
	struct peers *ps = p->owner;
	uint64_t now = ps->env->ops->now(ps->env->ctx), at;

	if ((p->heard_restart && p->restart_counter == counter) ||
	    (p->announced_at && p->announced == counter))
		return;
	p->announced = counter;
	p->announced_at = now;
	p->ask_tries = ASK_TRIES;
	/* also without a tunnel: registrations may be under way, and waiting */
	if (p->mute)
		return;
	at = p->hurried + ASK_MS * NSEC_PER_MSEC;
	if (at < now)
		at = now;
	if (timer_pending(&p->hb_timer) && p->hb_timer.deadline <= at)
		return;
	p->hurried = at;
	if (timerq_set(ps->env->timers, &p->hb_timer, at))
		log_err("no memory for the heartbeat timer");
}

static void on_answer(struct peer *p, uint32_t counter)
{
	struct peers *ps = p->owner;

	take_announcement(p, counter);
	take_counter(p, counter);
	p->counter_seen = p->hb_sent;
	/* An answer that is older than the announcement says nothing of it. */
	if (!p->announced_at ||
	    (p->hb_sent < p->announced_at && p->announced != counter))
		return;
	p->announced_at = 0;
	p->ask_tries = 0;
	if (!timer_pending(&p->hb_timer))
		return;
	if (p->users && ps->conf.heartbeat_ms)
		timerq_set(ps->env->timers, &p->hb_timer, p->hb_sent + interval(p));
	else
		timerq_cancel(ps->env->timers, &p->hb_timer);
}

static void on_response(struct peer *p, const struct mh_msg *msg)
{
	bool counted = msg->opts.present & MH_HAS_RESTART;
	char text[INET6_ADDRSTRLEN];

	if (msg->flags & HB_F_U) {
		peer_heard(p);
		if (counted)
			on_announcement(p, msg->opts.restart);
		return;
	}
	if (!p->awaiting || msg->hb_seq != p->hb_seq) {
		log_ratelimited(LOG_NOTICE,
				"heartbeat response %u from %s matches no request",
				msg->hb_seq,
				inet_ntop(AF_INET6, &p->remote, text,
					  sizeof(text)));
		return;
	}
	p->awaiting = false;
	peer_heard(p);
	if (counted)
		on_answer(p, msg->opts.restart);
}

/* It knows heartbeats: begin, unless they are on their way already. */
static void begin(struct peer *p)
{
	struct peers *ps = p->owner;
	bool news = !p->hears_heartbeats;

	ps->changed |= news || p->mute;
	p->hears_heartbeats = true;
	p->mute = false;
	if (!p->users || !ps->conf.heartbeat_ms)
		return;
	/* an unanswered probe may have stopped the timer */
	if ((!timer_pending(&p->hb_timer) || (news && !p->awaiting)) &&
	    arm_in(p, p->heard_restart ? ps->conf.heartbeat_ms : 0))
		log_err("no memory for the heartbeat timer");
}

/**
 * peer_on_heartbeat() - a Heartbeat message has come (RFC 5847 §3)
 * @ps: the table
 * @local: its destination
 * @remote: its source
 * @msg: the message
 *
 * A request is answered even without a binding (§3), and makes no peer.
 */
void peer_on_heartbeat(struct peers *ps, const struct in6_addr *local,
		       const struct in6_addr *remote, const struct mh_msg *msg)
{
	struct peer *p;

	if (IN6_IS_ADDR_UNSPECIFIED(remote) || IN6_IS_ADDR_MULTICAST(remote))
		return;
	p = peer_find(ps, local, remote);
	if (p)
		begin(p);
	if (msg->flags & HB_F_R) {
		if (p)
			on_response(p, msg);
		return;
	}
	send_heartbeat(ps, local, remote, HB_F_R, msg->hb_seq);
	if (p)
		peer_heard(p);
}

/**
 * peer_on_binding_error() - a Binding Error has come
 * @ps: the table
 * @local: its destination
 * @remote: its source
 * @msg: the message
 *
 * RFC 5847 §3: status 2 in answer to a request means "MUST NOT use Heartbeat
 * messages with the other end again".  Status 2 without a request under way
 * is about some other message.
 */
void peer_on_binding_error(struct peers *ps, const struct in6_addr *local,
			   const struct in6_addr *remote,
			   const struct mh_msg *msg)
{
	struct peer *p = peer_find(ps, local, remote);

	if (!p || msg->status != BE_UNKNOWN_TYPE || !p->awaiting)
		return;
	p->mute = true;
	p->hears_heartbeats = false;
	ps->changed = true;
	heartbeat_stop(p);
	peer_heard(p);
}

/**
 * peers_announce_restart() - tell the peers of old that state was lost
 * @ps: the table; whoever stored peers across the restart has put them into
 *	it with peer_recall()
 *
 * RFC 5847 §3.2: an unsolicited Heartbeat Response with the new counter.
 */
void peers_announce_restart(struct peers *ps)
{
	struct peer *p, *tmp;

	HASH_ITER(hh, ps->table, p, tmp)
		if (p->hears_heartbeats)
			send_heartbeat(ps, &p->local, &p->remote,
				       HB_F_R | HB_F_U, 0);
}
