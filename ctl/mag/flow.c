// SPDX-License-Identifier: GPL-2.0
/*
 * Flows that an anchor moves to a node that is attached here (draft: flow
 * mobility §4, RFC 7864 §3): their prefixes are routed to the node by way of
 * its links, and what it sends from them is taken.  Which packets come is the
 * anchor's to decide.
 */
#include "mag/session.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void tell(struct node *n, const char *event, const struct flow *f)
{
	char detail[32];

	snprintf(detail, sizeof(detail), "fid=%u priority=%u", f->spec.fid, f->spec.pri);
	mag_notify(n->mag, event, &n->id, NULL, detail);
}

static void changed(void *arg, const struct flow *f)
{
	tell(arg, "flow-kept", f);
}

static void ended(void *arg, const struct flow *f, enum flow_end why)
{
	tell(arg, why == FLOW_EXPIRED ? "flow-expired" : "flow-removed", f);
}

static void prefixes(void *arg)
{
	struct node *n = arg;
	unsigned int i;

	for (i = 0; i < n->guest->n_prefix; i++)
		forward_claim(n, &n->guest->prefix[i], false);
	forward_update(n);
}

/* The answer says that packets can come: the kernel has it all, and nobody else has. */
static int settle(void *arg)
{
	struct node *n = arg;
	unsigned int i;
	int err = forward_confirm(n);

	for (i = 0; !err && i < n->guest->n_prefix; i++)
		if (!forward_has(n, &n->guest->prefix[i]))
			err = -EBUSY;
	return err;
}

static const struct flow_guest_ops ops = { changed, ended, prefixes, settle };

static struct flow_guest *guest_of(struct node *n)
{
	if (n->guest)
		return n->guest;
	n->guest = calloc(1, sizeof(*n->guest));
	if (n->guest)
		flow_guest_init(n->guest, n->mag->env, &ops, n);
	return n->guest;
}

/**
 * node_flows_end() - a node has left
 * @n: the node, without sessions
 */
void node_flows_end(struct node *n)
{
	if (!n->guest)
		return;
	flow_guest_clear(n->guest);
	free(n->guest);
	n->guest = NULL;
}

/**
 * mag_flows_anew() - an anchor has begun anew, and so do its sequence numbers
 * @m: the gateway
 * @p: the anchor
 */
void mag_flows_anew(struct mag *m, const struct peer *p)
{
	struct node *n, *tmp;
	struct session *s;

	HASH_ITER(hh, m->nodes, n, tmp)
		DL_FOREACH(n->sessions, s)
			if (n->guest && s->peer == p)
				n->guest->heard = false;
}

static bool served_by(const struct node *n, const struct in6_addr *lma)
{
	const struct session *s;

	DL_FOREACH(n->sessions, s)
		if (session_attached(s) && IN6_ARE_ADDR_EQUAL(&s->lma, lma))
			return true;
	return false;
}

static void stray(struct mag *m, const struct in6_addr *src, const struct mh_msg *msg)
{
	char a[INET6_ADDRSTRLEN];

	m->counters.stray++;
	log_ratelimited(LOG_WARNING, "%s of %s: not the node's anchor", mh_kind_str(msg->kind),
			inet_ntop(AF_INET6, src, a, sizeof(a)));
}

/*
 * Who is meant, and may the sender say so?  A node that is not here has no anchor
 * here either: any gateway that this one talks to hears that.
 */
static bool authorised(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
		       const struct mh_msg *msg, struct node **n)
{
	struct peer *p = peer_find(m->peers, dst, src);

	*n = NULL;
	if (!p || !IN6_ARE_ADDR_EQUAL(dst, &m->conf->address))
		return false;
	if (msg->opts.present & MH_HAS_MN_ID)
		*n = mag_node_find(m, &msg->opts.mn_id);
	if (*n && !node_attached(*n))
		*n = NULL;
	if (*n && !served_by(*n, src))
		return false;
	peer_heard(p);
	return true;
}

/**
 * mag_on_flow() - an anchor says what is to be kept of a node's flows
 * @m: the gateway
 * @src: the anchor
 * @dst: our address
 * @msg: FMI (draft: flow mobility §4.1) or UPN (RFC 7864 §4.2)
 *
 * One of a stranger, or of an anchor that is not the node's, is counted and
 * otherwise ignored.
 */
void mag_on_flow(struct mag *m, const struct in6_addr *src, const struct in6_addr *dst,
		 const struct mh_msg *msg)
{
	struct flow_guest *g = NULL;
	struct node *n;

	if (!authorised(m, src, dst, msg, &n)) {
		stray(m, src, msg);
		return;
	}
	if (n) {
		g = guest_of(n);
		if (!g) {
			log_ratelimited(LOG_ERR, "no memory for flows");
			return;
		}
	}
	if (msg->kind == MH_FMI)
		flow_responder_on_fmi(&m->responder, g, src, msg);
	else
		flow_responder_on_upn(&m->responder, g, src, msg);
}

/**
 * mag_flow_counters() - what has been counted of FMI and UPN since the start
 * @m: the gateway
 *
 * Return: the counters, valid as long as the gateway.
 */
const struct flow_responder_counters *mag_flow_counters(const struct mag *m)
{
	return &m->responder.counters;
}
