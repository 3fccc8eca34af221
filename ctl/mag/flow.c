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

/* For an anchor that has begun anew: by then all nodes have registered, at the queue's pace */
#define DOUBT_S		30

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

static bool needed(const struct flow_guest *g, const struct prefix *p)
{
	const struct flow *f;

	DL_FOREACH(g->flows.flows, f)
		if (selector_reaches(&f->spec.selector, p))
			return true;
	return false;
}

/* An acknowledgement's prefix goes like one of an FMI: with the last flow that has packets to it */
static void leave_prefixes(struct node *n, const struct flow *gone)
{
	bool changed = false;
	struct session *s;
	unsigned int i;

	DL_FOREACH(n->sessions, s) {
		for (i = s->n_hnp + s->n_off; i-- > s->n_hnp;) {
			if (!selector_reaches(&gone->spec.selector, &s->hnp[i]) ||
			    needed(n->guest, &s->hnp[i]))
				continue;
			prefix_off_drop(s, i);
			changed = true;
		}
	}
	if (changed)
		forward_update(n);
}

static void ended(void *arg, const struct flow *f, enum flow_end why)
{
	tell(arg, why == FLOW_EXPIRED ? "flow-expired" : "flow-removed", f);
	leave_prefixes(arg, f);
}

static bool is_guest(const struct flow_guest *g, const struct prefix *p)
{
	unsigned int i;

	for (i = 0; i < g->n_prefix; i++)
		if (prefix_equal(&g->prefix[i], p))
			return true;
	return false;
}

static void prefixes(void *arg)
{
	struct node *n = arg;
	struct session *s;
	unsigned int i;

	/* from now on they are here by this alone */
	DL_FOREACH(n->sessions, s)
		for (i = s->n_hnp + s->n_off; i-- > s->n_hnp;)
			if (is_guest(n->guest, &s->hnp[i]))
				prefix_off_drop(s, i);
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

/* A deregistration that was lost: the anchor has forgotten nothing, and says so. */
static void believe(struct flow_guest *g, const struct mh_opts *o)
{
	unsigned int i, j;

	for (i = 0; i < g->n_prefix; i++) {
		for (j = 0; j < o->n_hnp; j++)
			if (o->hnp[j].off_link && prefix_equal(&o->hnp[j].prefix, &g->prefix[i]))
				break;
		if (j == o->n_hnp)
			return;
	}
	flow_guest_trust(g);
}

/**
 * node_flows_told() - an anchor repeats which flows it has had this gateway keep
 * @n: the node
 * @pba: the acknowledgement of a registration
 *
 * Draft: flow mobility §3.2.2: the PBA "can convey full flow information".  They are
 * kept as long as the registration; what the node itself wants is not among them.
 */
void node_flows_told(struct node *n, const struct mh_msg *pba)
{
	const uint32_t s = (uint32_t)pba->lifetime * MH_LIFETIME_UNIT;
	const uint16_t max = n->mag->conf->flow.max_lifetime;
	unsigned int i;

	for (i = 0; i < pba->opts.n_flow; i++) {
		const struct mh_flow *f = &pba->opts.flow[i];

		if (wish_of(n, f->fid) || f->status || !(f->present & MH_FLOW_HAS_SELECTOR))
			continue;
		if (!guest_of(n) || flow_guest_keep(n->guest, f, s < max ? (uint16_t)s : max))
			log_ratelimited(LOG_WARNING, "flow %u of an acknowledgement: not kept",
					f->fid);
	}
	if (n->guest && pba->opts.n_flow)
		believe(n->guest, &pba->opts);
}

/* Whether the anchor has, as far as is known here, a binding by a session */
static bool bound(const struct session *s)
{
	return s->tunnel && s->state != SESSION_DEREGISTERING && s->state != SESSION_LINGERING;
}

/**
 * node_flows_doubt() - a session's binding has ended, and it may register afresh
 * @gone: the session: with the node's last binding here the anchor has forgotten what it
 *	had us keep
 */
void node_flows_doubt(const struct session *gone)
{
	const struct node *n = gone->node;
	const struct session *s;

	DL_FOREACH(n->sessions, s)
		if (s != gone && bound(s))
			return;
	if (n->guest)
		flow_guest_doubt(n->guest, DOUBT_S);
}

/**
 * mag_flows_anew() - an anchor has begun anew, and so do its sequence numbers
 * @m: the gateway
 * @p: the anchor: what it does not tell again, once the nodes have registered, is over
 */
void mag_flows_anew(struct mag *m, const struct peer *p)
{
	struct node *n, *tmp;
	struct session *s;

	flow_responder_anew(&m->responder, &p->remote);
	HASH_ITER(hh, m->nodes, n, tmp)
		DL_FOREACH(n->sessions, s)
			if (n->guest && s->peer == p)
				flow_guest_doubt(n->guest, DOUBT_S);
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
	/* these are not written down, so that a daemon without them has lost state */
	if (n)
		record_node(n);
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
