// SPDX-License-Identifier: GPL-2.0
/* What gateways are to keep, and who they are (draft: flow mobility §3.2.2). */
#include "flow/grant.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

/**
 * flow_initiator_init() - no gateway keeps anything
 * @fi: the initiator
 * @env: its world
 * @conf: how it works; must outlive it
 * @ops: what its owner does; must outlive it
 * @address: the anchor's, from which it sends
 */
void flow_initiator_init(struct flow_initiator *fi, struct env *env,
			 const struct flow_initiator_conf *conf,
			 const struct flow_initiator_ops *ops,
			 const struct in6_addr *address)
{
	memset(fi, 0, sizeof(*fi));
	fi->env = env;
	fi->conf = conf;
	fi->ops = ops;
	fi->address = *address;
}

/**
 * flow_initiator_free() - forget all gateways and what they keep
 * @fi: the initiator
 */
void flow_initiator_free(struct flow_initiator *fi)
{
	struct flow_gateway *gw, *tmp;
	struct flow_grant *g, *next;

	HASH_ITER(hh, fi->gateways, gw, tmp) {
		DL_FOREACH_SAFE(gw->grants, g, next)
			flow_grant_free(g);
		HASH_DEL(fi->gateways, gw);
		free(gw);
	}
}

/**
 * gateway_find() - look up a gateway that has, or had, something to keep
 * @fi: the initiator
 * @mag: its address
 *
 * Return: the gateway, NULL if it has never been told of a flow.
 */
struct flow_gateway *gateway_find(struct flow_initiator *fi, const struct in6_addr *mag)
{
	struct flow_gateway *gw;

	HASH_FIND(hh, fi->gateways, mag, sizeof(*mag), gw);
	return gw;
}

/* Gateways stay: what they know of the dialects is not to be found out again. */
static struct flow_gateway *gateway_get(struct flow_initiator *fi,
					const struct in6_addr *mag)
{
	struct flow_gateway *gw = gateway_find(fi, mag);

	if (gw)
		return gw;
	gw = calloc(1, sizeof(*gw));
	if (!gw)
		return NULL;
	gw->address = *mag;
	dialect_begin(fi, gw);
	/* RFC 7077 §5.1: "MUST be initialized to a random number" */
	gw->seq = (uint16_t)fi->env->ops->random(fi->env->ctx);
	HASH_ADD(hh, fi->gateways, address, sizeof(gw->address), gw);
	return gw;
}

/**
 * flow_grant_new() - a gateway will have something to keep of a node
 * @fi: the initiator
 * @mag: the gateway; whoever asks has authorised it
 * @id: the node
 * @arg: for the initiator's ops
 *
 * Return: the grant, without flows and prefixes; NULL without memory.
 */
struct flow_grant *flow_grant_new(struct flow_initiator *fi, const struct in6_addr *mag,
				  const struct mn_id *id, void *arg)
{
	struct flow_gateway *gw = gateway_get(fi, mag);
	struct flow_grant *g;

	if (!gw)
		return NULL;
	g = calloc(1, sizeof(*g) + id->len);
	if (!g)
		return NULL;
	g->fi = fi;
	g->gw = gw;
	g->arg = arg;
	g->subtype = id->subtype;
	g->id_len = id->len;
	memcpy(g->id, id->id, id->len);
	timer_init(&g->timer, exchange_timer, g);
	timer_init(&g->end, outcome_expired, g);
	DL_APPEND(gw->grants, g);
	return g;
}

/**
 * grant_drop() - a flow is no longer of interest
 * @g: the grant
 * @f: its flow, which is freed
 */
void grant_drop(struct flow_grant *g, struct grant_flow *f)
{
	DL_DELETE(g->flows, f);
	free(f);
}

/**
 * grant_node() - which node a grant is of
 * @g: the grant
 * @id: its identifier, bytes beyond its length zero
 */
void grant_node(const struct flow_grant *g, struct mn_id *id)
{
	memset(id, 0, sizeof(*id));
	id->subtype = g->subtype;
	id->len = g->id_len;
	memcpy(id->id, g->id, g->id_len);
}

/**
 * flow_grant_free() - forget what a gateway keeps of a node
 * @g: the grant
 */
void flow_grant_free(struct flow_grant *g)
{
	exchange_end(g);
	timerq_cancel(g->fi->env->timers, &g->timer);
	timerq_cancel(g->fi->env->timers, &g->end);
	while (g->flows)
		grant_drop(g, g->flows);
	DL_DELETE(g->gw->grants, g);
	free(g);
}

static struct grant_flow *find(const struct flow_grant *g, uint16_t fid)
{
	struct grant_flow *f;

	DL_FOREACH(g->flows, f)
		if (f->spec.fid == fid)
			return f;
	return NULL;
}

static int room_for_another(const struct flow_grant *g)
{
	struct grant_flow *f;
	unsigned int all = 0, wanted = 0;

	DL_FOREACH(g->flows, f) {
		all++;
		wanted += f->state != GRANT_RETRACT;
	}
	return all < GRANT_FLOWS_MAX && wanted < FLOWS_MAX ? 0 : -ENOSPC;
}

static int add(struct flow_grant *g, uint16_t fid, struct grant_flow **f)
{
	int err = room_for_another(g);

	if (err)
		return err;
	*f = calloc(1, sizeof(**f));
	if (!*f)
		return -ENOMEM;
	(*f)->spec.fid = fid;
	DL_APPEND(g->flows, *f);
	return 0;
}

/**
 * flow_grant_set() - the gateway is to keep a flow, or another description of it
 * @g: the grant
 * @s: the flow
 *
 * To be followed by flow_grant_push(); ops.kept or ops.lost says how it ends, but
 * for a flow that is set to what it is already.
 *
 * Return: 0; -EINVAL if the flow's selector or numbers cannot be sent; -ENOSPC
 * for more than FLOWS_MAX flows; -EOPNOTSUPP if the gateway has answered both
 * dialects with a Binding Error; -ENOMEM.
 */
int flow_grant_set(struct flow_grant *g, const struct flow_spec *s)
{
	struct flow_spec copy = *s;
	struct grant_flow *f;
	int err;

	if (!dialect_any(g->fi, g->gw))
		return -EOPNOTSUPP;
	if (!s->fid || !s->pri || s->n_bid > PEERS_MAX ||
	    !selector_normalise(&copy.selector))
		return -EINVAL;
	f = find(g, s->fid);
	if (f && f->state != GRANT_RETRACT && flow_spec_equal(&f->spec, &copy))
		return 0;
	/* one that was on its way out counts again */
	if (f && f->state == GRANT_RETRACT && room_for_another(g))
		return -ENOSPC;
	if (!f) {
		err = add(g, s->fid, &f);
		if (err)
			return err;
	}
	f->spec = copy;
	f->state = GRANT_TELL;
	f->sent = false;
	f->fresh = true;
	g->dirty = true;
	return 0;
}

/**
 * flow_grant_del() - the gateway need not keep a flow any more
 * @g: the grant
 * @fid: the flow
 *
 * To be followed by flow_grant_push(); nothing is heard of it again.
 *
 * Return: 0, or -ENOENT.
 */
int flow_grant_del(struct flow_grant *g, uint16_t fid)
{
	struct grant_flow *f = find(g, fid);

	if (!f || f->state == GRANT_RETRACT)
		return -ENOENT;
	if (!f->left) {
		grant_drop(g, f);
		return 0;
	}
	f->state = GRANT_RETRACT;
	f->sent = false;
	f->fresh = false;
	g->dirty = true;
	return 0;
}

/* In whichever order; neither has one twice */
static bool same_prefixes(const struct flow_grant *g, const struct prefix *p, unsigned int n)
{
	unsigned int i, j, both = 0;

	for (i = 0; i < n; i++)
		for (j = 0; j < g->n_prefix; j++)
			both += prefix_equal(&p[i], &g->prefix[j]);
	return both == n && n == g->n_prefix;
}

/**
 * flow_grant_prefixes() - which prefixes the gateway is to route off-link
 * @g: the grant
 * @p: the prefixes, each once
 * @n: how many; more than HNP_MAX are cut off
 *
 * RFC 7864 §3.2.2: "prefixes that are requested to be provided with flow
 * mobility support".  To be followed by flow_grant_push().
 */
void flow_grant_prefixes(struct flow_grant *g, const struct prefix *p, unsigned int n)
{
	struct grant_flow *f;

	if (n > HNP_MAX)
		n = HNP_MAX;
	if (same_prefixes(g, p, n))
		return;
	for (unsigned int i = 0; i < n; i++)
		g->prefix[i] = p[i];
	g->n_prefix = n;
	g->dirty = true;
	/* an FMI has none without flows */
	DL_FOREACH(g->flows, f) {
		if (f->state == GRANT_TOLD)
			f->state = GRANT_TELL;
		f->sent = false;
	}
}

/**
 * flow_grant_push() - tell the gateway what is new
 * @g: the grant
 *
 * At once, or after what is under way has been answered.  If the gateway has shown
 * meanwhile that it knows neither dialect, the flows are lost before this returns.
 */
void flow_grant_push(struct flow_grant *g)
{
	if (g->dirty && !g->tries)
		exchange_start(g);
}

/**
 * flow_grant_settled() - whether the gateway knows all
 * @g: the grant
 *
 * Return: false while a message is under way, was not pushed, or was not answered
 * and is to be followed by another.
 */
bool flow_grant_settled(const struct flow_grant *g)
{
	struct grant_flow *f;

	DL_FOREACH(g->flows, f)
		if (f->state != GRANT_TOLD)
			return false;
	return !g->dirty && !g->tries;
}

static void stray(struct flow_initiator *fi, const char *what, const struct in6_addr *src)
{
	char text[INET6_ADDRSTRLEN];

	fi->counters.stray++;
	log_ratelimited(LOG_WARNING, "%s of %s answers nothing of ours", what,
			inet_ntop(AF_INET6, src, text, sizeof(text)));
}

/* RFC 7077 §5.2: "does not match any [...] MUST be discarded, and [...] logged" */
static struct flow_grant *awaited(struct flow_initiator *fi, const struct in6_addr *src,
				  const struct in6_addr *dst, const struct mh_msg *m)
{
	struct flow_gateway *gw = gateway_find(fi, src);
	struct flow_grant *g = NULL;

	if (gw && IN6_ARE_ADDR_EQUAL(dst, &fi->address))
		HASH_FIND(hh, gw->flights, &m->seq, sizeof(m->seq), g);
	if (g && m->kind != (exchange_standard(g) ? MH_UPA : MH_FMA))
		g = NULL;
	if (g && (m->opts.present & MH_HAS_MN_ID) &&
	    (m->opts.mn_id.subtype != g->subtype || m->opts.mn_id.len != g->id_len ||
	     memcmp(m->opts.mn_id.id, g->id, g->id_len)))
		g = NULL;
	if (!g)
		stray(fi, mh_kind_str(m->kind), src);
	return g;
}

/**
 * flow_initiator_on_fma() - a Flow Mobility Acknowledgement (draft §4.2)
 * @fi: the initiator
 * @src: the gateway
 * @dst: our address
 * @fma: the message; must answer an FMI under way
 */
void flow_initiator_on_fma(struct flow_initiator *fi, const struct in6_addr *src,
			   const struct in6_addr *dst, const struct mh_msg *fma)
{
	struct flow_grant *g = awaited(fi, src, dst, fma);

	fi->counters.fma_rx++;
	if (g)
		outcome_answer(g, fma);
	else
		dialect_recover(fi, src, fma);
}

/**
 * flow_initiator_on_upa() - an Update Notification Acknowledgement (RFC 7864 §4.3)
 * @fi: the initiator
 * @src: the gateway
 * @dst: our address
 * @upa: the message; must answer an UPN under way
 */
void flow_initiator_on_upa(struct flow_initiator *fi, const struct in6_addr *src,
			   const struct in6_addr *dst, const struct mh_msg *upa)
{
	struct flow_grant *g = awaited(fi, src, dst, upa);

	fi->counters.upa_rx++;
	if (g)
		outcome_answer(g, upa);
	else
		dialect_recover(fi, src, upa);
}
