// SPDX-License-Identifier: GPL-2.0
/*
 * Flows that a node which decides itself wants by an interface that is here (draft:
 * flow mobility §3.2.2: the option in a PBU "serves as a request from MAG to LMA"),
 * and what the anchor says of them.
 */
#include "mag/session.h"

#include "core/log.h"
#include "flow/option.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct wish *find(const struct node *n, uint16_t fid)
{
	struct wish *w;

	DL_FOREACH(n->wishes, w)
		if (w->spec.fid == fid)
			return w;
	return NULL;
}

static void drop(struct wish *w)
{
	DL_DELETE(w->session->node->wishes, w);
	free(w);
}

static void tell(const struct wish *w, const char *event, const char *why)
{
	const struct session *s = w->session;
	char detail[96];

	snprintf(detail, sizeof(detail), "fid=%u%s%s", w->spec.fid, why ? " why=" : "",
		 why ? why : "");
	mag_notify(s->mag, event, &s->node->id, &s->lma, detail);
}

/* RFC 7109 §6.2.1 */
static uint8_t action_of(const struct wish *w)
{
	if (w->state == WISH_UNDONE)
		return FLOW_DELETE;
	return w->state == WISH_ACCEPTED ? FLOW_REFRESH : FLOW_ADD;
}

/**
 * wishes_put() - a session's registration carries what its node wants
 * @s: the session
 * @o: options of the PBU
 *
 * With each all that the anchor may have forgotten, but no binding identifier where the
 * node has not named one: those are the anchor's, which has the flow come to the
 * attachment that is registered.  What it has refused it is not asked for again.
 */
void wishes_put(struct session *s, struct mh_opts *o)
{
	struct wish *w;

	DL_FOREACH(s->node->wishes, w) {
		if (w->session != s || w->state == WISH_REFUSED || o->n_flow == FLOWS_MAX)
			continue;
		o->flow[o->n_flow++] = flow_option_of(&w->spec, action_of(w));
		w->sent = true;
	}
	if (o->n_flow)
		o->present |= MH_HAS_FLOW;
}

static const struct mh_flow *answer_to(const struct wish *w, const struct mh_opts *o)
{
	unsigned int i;

	for (i = 0; i < o->n_flow; i++)
		if (o->flow[i].fid == w->spec.fid)
			return &o->flow[i];
	return NULL;
}

static void refuse(struct wish *w, uint8_t status, const char *why)
{
	char id[MN_ID_STRLEN];

	w->state = WISH_REFUSED;
	w->status = status;
	tell(w, "flow-refused", why);
	log_ratelimited(LOG_WARNING, "%s: flow %u: %s",
			mn_id_str(&w->session->node->id, id, sizeof(id)), w->spec.fid, why);
}

static void answered(struct wish *w, const struct mh_flow *f)
{
	const bool news = w->state != WISH_ACCEPTED;

	if (w->state == WISH_UNDONE) {
		tell(w, "flow-removed", NULL);
		drop(w);
		return;
	}
	/* RFC 5213 knows no flows: an anchor that does not skips the option */
	if (!f) {
		refuse(w, FLOW_UNSPECIFIED, "the anchor does not answer about flows");
		return;
	}
	/* the node has ended it by another gateway, or the anchor has */
	if (f->status == FLOW_NO_FID && w->state == WISH_ACCEPTED) {
		tell(w, "flow-removed", flow_status_str(f->status));
		drop(w);
		return;
	}
	w->n_bid = f->present & MH_FLOW_HAS_BIDS ? f->n_bid : 0;
	memcpy(w->bid, f->bid, sizeof(w->bid));
	if (f->status >= FLOW_PROHIBITED) {
		refuse(w, f->status, flow_status_str(f->status));
		return;
	}
	w->state = WISH_ACCEPTED;
	w->status = f->status;
	if (news)
		tell(w, "flow-accepted", NULL);
}

/**
 * wishes_answered() - the anchor has accepted a registration
 * @s: the session
 * @o: options of the PBA (RFC 6089 §5.3.2: with the status of each flow)
 */
void wishes_answered(struct session *s, const struct mh_opts *o)
{
	struct wish *w, *tmp;

	DL_FOREACH_SAFE(s->node->wishes, w, tmp) {
		if (w->session != s || !w->sent)
			continue;
		w->sent = false;
		answered(w, answer_to(w, o));
	}
}

/**
 * wishes_end() - an interface has gone, and what the node wanted by it
 * @s: the session
 */
void wishes_end(struct session *s)
{
	struct wish *w, *tmp;

	DL_FOREACH_SAFE(s->node->wishes, w, tmp)
		if (w->session == s)
			drop(w);
}

/**
 * wish_of() - whether a flow is the node's own wish
 * @n: the node
 * @fid: the flow
 *
 * Return: true if so.
 */
bool wish_of(const struct node *n, uint16_t fid)
{
	return find(n, fid);
}

/* Whom the policy has decide (RFC 7864 §3.2), and by which interface it is asked */
static int may_ask(struct mag *m, const struct mn_id *id, struct session **s)
{
	const struct profile *pr = policy_by_mn_id(m->policy, id);
	struct node *n = mag_node_find(m, id);

	*s = NULL;
	if (!n || !pr)
		return -ESRCH;
	DL_FOREACH(n->sessions, *s)
		if (session_attached(*s))
			break;
	if (!*s)
		return -ESRCH;
	if (!profile_moves_flows(pr))
		return -EOPNOTSUPP;
	return pr->decides == FLOW_DECIDES_NODE ? 0 : -EPERM;
}

/* RFC 6089 §4.2: neither two of one identifier, nor two of one priority */
static int check(const struct node *n, const struct flow_spec *s)
{
	unsigned int count = 0;
	const struct wish *w;

	if (!s->fid || !s->pri || s->verdict != FLOW_FORWARD)
		return -EINVAL;
	DL_FOREACH(n->wishes, w) {
		if (w->state == WISH_REFUSED && w->spec.fid == s->fid)
			continue;
		if (w->spec.fid == s->fid || w->spec.pri == s->pri)
			return -EEXIST;
		count++;
	}
	return count < FLOWS_MAX ? 0 : -ENOSPC;
}

/**
 * mag_flow_add() - a node wants a flow by an interface that is here
 * @m: the gateway
 * @id: the node
 * @spec: the flow; without binding identifiers its oldest interface here is meant
 *
 * The anchor is asked at once, and again with each registration; the notice
 * "flow-accepted" or "flow-refused" says what it has answered.
 *
 * Return: 0; -ESRCH if the node is not attached; -EPERM if its policy has the anchor
 * decide; -EOPNOTSUPP if that is multihoming "single"; -EEXIST for a known identifier
 * or priority; -EINVAL for what is no flow, or is to be dropped; -ENOSPC for more than
 * FLOWS_MAX; -ENOMEM.
 */
int mag_flow_add(struct mag *m, const struct mn_id *id, const struct flow_spec *spec)
{
	struct flow_spec copy = *spec;
	struct wish *w, *old;
	struct session *s;
	int err = may_ask(m, id, &s);

	if (!err)
		err = check(s->node, spec);
	if (!err && !selector_normalise(&copy.selector))
		err = -EINVAL;
	if (err)
		return err;
	w = calloc(1, sizeof(*w));
	if (!w)
		return -ENOMEM;
	old = find(s->node, spec->fid);
	if (old)
		drop(old);
	w->session = s;
	w->spec = copy;
	DL_APPEND(s->node->wishes, w);
	session_queue(s);
	return 0;
}

/**
 * mag_flow_del() - a node wants a flow no more
 * @m: the gateway
 * @id: the node
 * @fid: the flow
 *
 * Return: as mag_flow_add(); -ENOENT for a flow that it has not wanted here.
 */
int mag_flow_del(struct mag *m, const struct mn_id *id, uint16_t fid)
{
	struct session *s;
	struct wish *w;
	int err = may_ask(m, id, &s);

	if (err)
		return err;
	w = find(s->node, fid);
	if (!w || w->state == WISH_UNDONE)
		return -ENOENT;
	if (w->state == WISH_REFUSED) {
		drop(w);
		return 0;
	}
	w->state = WISH_UNDONE;
	session_queue(w->session);
	return 0;
}

static bool show_wishes(const struct node *n, bool (*fn)(void *arg,
							 const struct mag_flow_view *v),
			void *arg)
{
	static const char * const name[] = {
		[WISH_ASKED] = "asked", [WISH_ACCEPTED] = "accepted",
		[WISH_REFUSED] = "refused", [WISH_UNDONE] = "undone",
	};
	const struct wish *w;

	DL_FOREACH(n->wishes, w) {
		struct mag_flow_view v = {
			.mn_id = &n->id, .spec = &w->spec, .state = name[w->state],
			.by_node = true, .lifetime = FLOW_FOREVER,
			.n_bid = w->n_bid, .bid = w->bid,
		};

		if (w->state == WISH_REFUSED)
			v.why = flow_status_str(w->status);
		if (!fn(arg, &v))
			return false;
	}
	return true;
}

static bool show_guests(const struct node *n, bool (*fn)(void *arg,
							 const struct mag_flow_view *v),
			void *arg)
{
	const struct flow *f;

	if (!n->guest)
		return true;
	DL_FOREACH(n->guest->flows.flows, f) {
		struct mag_flow_view v = {
			.mn_id = &n->id, .spec = &f->spec, .state = "kept",
			.lifetime = flow_remaining(&n->guest->flows, f),
			.n_bid = f->spec.n_bid, .bid = f->spec.bid,
		};

		if (!fn(arg, &v))
			return false;
	}
	return true;
}

/**
 * mag_each_flow() - show what nodes want, and what anchors have had this gateway keep
 * @m: the gateway
 * @id: of this node alone, NULL: of all
 * @fn: called with each; false ends it
 * @arg: its first argument
 */
void mag_each_flow(struct mag *m, const struct mn_id *id,
		   bool (*fn)(void *arg, const struct mag_flow_view *v), void *arg)
{
	struct node *n, *tmp;

	HASH_ITER(hh, m->nodes, n, tmp) {
		if (id && !mn_id_equal(id, &n->id))
			continue;
		if (!show_wishes(n, fn, arg) || !show_guests(n, fn, arg))
			return;
	}
}
