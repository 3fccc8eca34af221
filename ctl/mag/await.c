// SPDX-License-Identifier: GPL-2.0
/*
 * Attachments of nodes that the policy store has to be asked about.  They wait for its
 * answer, and where it does not come the store is asked again, with a time-out that doubles:
 * a node that is here has nobody else to ask for it.  Those that the kernel has kept of
 * an earlier daemon's wait in the same way, and are forwarded to meanwhile.
 */
#include "mag/session.h"

#include "core/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGAIN_MS	1000	/* doubles to BINDACK_MAX_MS */

struct awaited {
	struct session_key key;
	struct mag *mag;
	struct policy_wait wait;
	struct mn_id id;		/* len 0: whose its address is */
	struct in6_addr lla;
	struct in6_addr from;		/* the gateway where it was; :: if nobody has said */
	enum attach_cause cause;
	struct mag_kept *kept;		/* of an earlier daemon's; NULL: it has just come */
	bool seen;			/* by this daemon */
	struct timer timer;
	uint32_t again_ms;
	UT_hash_handle hh;
};

static void forget(struct awaited *a)
{
	struct mag *m = a->mag;

	policy_cancel(&a->wait);
	timerq_cancel(m->env->timers, &a->timer);
	m->n_kept -= a->kept ? 1 : 0;
	HASH_DEL(m->awaited, a);
	free(a->kept);
	free(a);
}

static void attach(struct mag *m, const struct awaited *a)
{
	const struct mn_id *id = a->id.len ? &a->id : NULL;

	/* taken over; or another way of saying that it is here was faster */
	if (session_find(m, a->key.ifindex, &a->key.lladdr))
		return;
	if (IN6_IS_ADDR_UNSPECIFIED(&a->from))
		mag_newcomer(m, &a->key, id, &a->lla, a->cause);
	else
		handover_newcomer(m, &a->key, id, &a->lla, &a->from);
}

/* The store has said what it knows. */
static void go_on(struct awaited *a)
{
	struct mag *m = a->mag;
	struct awaited was = *a;

	a->kept = NULL;
	m->n_kept -= was.kept ? 1 : 0;
	forget(a);
	if (was.kept)
		takeover_late(m, was.kept);
	if (was.seen)
		attach(m, &was);
	free(was.kept);
}

static void later(struct awaited *a)
{
	struct mag *m = a->mag;
	char text[LLID_STRLEN], detail[LLID_STRLEN + 16];

	llid_str(&a->key.lladdr, text, sizeof(text));
	log_ratelimited(LOG_WARNING, "%s: the policy store does not answer", text);
	snprintf(detail, sizeof(detail), "lladdr=%s ms=%u", text, a->again_ms);
	mag_notify(m, "attach-delayed", a->id.len ? &a->id : NULL, NULL, detail);
	mag_timer(m, &a->timer, a->again_ms);
	a->again_ms *= 2;
	if (a->again_ms > BINDACK_MAX_MS)
		a->again_ms = BINDACK_MAX_MS;
}

static int ask(struct awaited *a)
{
	struct policy *p = a->mag->policy;

	return a->id.len ? policy_ask(p, &a->id, &a->wait) :
			   policy_ask_lladdr(p, &a->key.lladdr, &a->wait);
}

static void answered(void *arg, int err)
{
	struct awaited *a = arg;

	if (err)
		later(a);
	else
		go_on(a);
}

static void again(void *arg)
{
	struct awaited *a = arg;
	int err = ask(a);

	if (!err)
		go_on(a);
	else if (err != -EINPROGRESS)
		later(a);
}

static struct awaited *find(struct mag *m, const struct session_key *key)
{
	struct awaited *a;

	HASH_FIND(hh, m->awaited, key, sizeof(*key), a);
	return a;
}

static struct awaited *add(struct mag *m, const struct session_key *key)
{
	struct awaited *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->mag = m;
	a->key = *key;
	a->wait.fn = answered;
	a->wait.arg = a;
	a->again_ms = AGAIN_MS;
	timer_init(&a->timer, again, a);
	HASH_ADD(hh, m->awaited, key, sizeof(a->key), a);
	return a;
}

/* What is said of an attachment that waits already */
static void put(struct awaited *a, const struct mn_id *id, const struct in6_addr *lla,
		enum attach_cause cause)
{
	if (id && id->len)
		a->id = *id;
	if (lla)
		a->lla = *lla;
	if (cause == ATTACH_OPERATOR)
		a->cause = cause;
	a->seen = true;
	if (a->kept)
		a->kept->up = true;
}

static int known(struct mag *m, const struct session_key *key, const struct mn_id *id)
{
	return id && id->len ? policy_ask(m->policy, id, NULL) :
			       policy_ask_lladdr(m->policy, &key->lladdr, NULL);
}

/**
 * await_attach() - let an attachment wait until it is known whose it is
 * @m: the gateway
 * @key: where and which interface
 * @id: whose, NULL: the store knows by the interface
 * @lla: its link-local address, may be NULL
 * @cause: how it was noticed
 *
 * Return: 0: it is known; -EINPROGRESS: it waits; -ENOSPC: too many do; -ENOMEM.
 */
int await_attach(struct mag *m, const struct session_key *key, const struct mn_id *id,
		 const struct in6_addr *lla, enum attach_cause cause)
{
	struct awaited *a = find(m, key);
	int err;

	if (a) {
		put(a, id, lla, cause);
		return -EINPROGRESS;
	}
	err = known(m, key, id);
	if (err != -EINPROGRESS && err != -EAGAIN)
		return err;
	if (HASH_COUNT(m->awaited) - m->n_kept >= AWAITED_MAX)
		return -ENOSPC;
	a = add(m, key);
	if (!a)
		return -ENOMEM;
	a->cause = cause;
	put(a, id, lla, cause);
	if (ask(a) != -EINPROGRESS)
		later(a);
	return -EINPROGRESS;
}

/**
 * await_kept() - the same for an attachment that the kernel has kept
 * @m: the gateway
 * @k: the attachment, copied; one that is on a link
 *
 * Return: 0: its interface's owner is known, or that it has none; -EINPROGRESS: it
 * waits; -EEXIST: another does; -ENOMEM.
 */
int await_kept(struct mag *m, const struct mag_kept *k)
{
	struct session_key key;
	struct awaited *a;
	int err = policy_ask_lladdr(m->policy, &k->lladdr, NULL);

	if (err != -EINPROGRESS && err != -EAGAIN)
		return err;
	key = session_key(k->ifindex, &k->lladdr);
	if (find(m, &key))
		return -EEXIST;
	a = add(m, &key);
	if (!a)
		return -ENOMEM;
	a->kept = malloc(sizeof(*a->kept));
	if (!a->kept) {
		forget(a);
		return -ENOMEM;
	}
	*a->kept = *k;
	m->n_kept++;
	if (ask(a) != -EINPROGRESS)
		later(a);
	return -EINPROGRESS;
}

/**
 * await_from() - it is known where an interface was that waits
 * @m: the gateway
 * @key: where and which, as await_attach() has let it wait
 * @previous: the gateway, which is asked for its packets when it is known whose it is
 */
void await_from(struct mag *m, const struct session_key *key, const struct in6_addr *previous)
{
	struct awaited *a = find(m, key);

	if (a)
		a->from = *previous;
}

static void leave(struct awaited *a)
{
	if (!a->kept) {
		forget(a);
		return;
	}
	a->kept->up = false;
	a->seen = false;
}

/**
 * await_cancel() - an interface has left before it was known whose it is
 * @m: the gateway
 * @ifindex: the link
 * @lladdr: the interface
 *
 * One that the kernel has kept goes on waiting: its binding is there to be ended.
 *
 * Return: whether it waited.
 */
bool await_cancel(struct mag *m, uint32_t ifindex, const struct llid *lladdr)
{
	const struct session_key key = session_key(ifindex, lladdr);
	struct awaited *a = find(m, &key);

	if (!a)
		return false;
	leave(a);
	return true;
}

/**
 * await_link_lost() - all interfaces of a link have left
 * @m: the gateway
 * @ifindex: the link
 */
void await_link_lost(struct mag *m, uint32_t ifindex)
{
	struct awaited *a, *tmp;

	HASH_ITER(hh, m->awaited, a, tmp)
		if (a->key.ifindex == ifindex)
			leave(a);
}

/**
 * await_free() - forget all that waits
 * @m: the gateway
 */
void await_free(struct mag *m)
{
	struct awaited *a, *tmp;

	HASH_ITER(hh, m->awaited, a, tmp)
		forget(a);
}

/**
 * mag_takes_over() - whether attachments of an earlier daemon's still wait to be known
 * @m: the gateway
 *
 * Return: true if so: what the kernel has of them is still needed.
 */
bool mag_takes_over(const struct mag *m)
{
	return m->n_kept;
}
