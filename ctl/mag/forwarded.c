// SPDX-License-Identifier: GPL-2.0
/*
 * What a previous gateway forwards of the groups of a node that comes (draft: predictive
 * multicast handover §4; RFC 7411 §4.2.3): each packet comes by the tunnel between the two
 * once, and here is for the nodes that come from there alone, waiting where their own wait.
 */
#include "mag/session.h"

#include "core/log.h"

#include <errno.h>
#include <stdlib.h>

/* Seams come in turn: so long one is waited for after another before both are told. */
#define GATHER_MS	100

struct forwarded_group {
	struct in6_addr addr;
	struct mcast_filter wanted;
	unsigned int seams;		/* that its anchor's packets have met */
	bool told;			/* the previous gateway is, that it need not forward it */
};

struct forwarded {
	struct mag *mag;
	struct move *move;
	struct timer gather;
	uint32_t tunnel, anchor;	/* 0: nothing from there is taken for it yet */
	uint32_t from;			/* one of both: by which the routes at hand are */
	struct prefix home;
	unsigned int n;
	struct forwarded_group group[MH_GROUPS_MAX];
};

static struct dp_listener listener(const struct forwarded *f, const struct mcast_route *r)
{
	return (struct dp_listener){
		.upstream = f->from, .group = r->group, .source = r->source,
		.block = !r->pass, .path = { .kind = PMIP_PATH_HOME }, .home = f->home,
	};
}

static void route_set(void *arg, const struct mcast_route *r)
{
	struct forwarded *f = arg;
	struct dp_listener l = listener(f, r);

	f->mag->env->ops->dp_listener_set(f->mag->env->ctx, &l);
}

static void route_del(void *arg, const struct mcast_route *r)
{
	struct forwarded *f = arg;
	struct dp_listener l = listener(f, r);

	f->mag->env->ops->dp_listener_del(f->mag->env->ctx, &l);
}

static const struct mcast_route_ops ops = { route_set, route_del };
static const struct mcast_filter nobody;

/* A group that two records are about has what the first says. */
static int add(struct forwarded *f, const struct mh_group *g, const struct in6_addr *source)
{
	const struct mld_sources sources = { (const uint8_t *)source, g->n_source };
	struct forwarded_group *to = &f->group[f->n];
	int n;

	for (unsigned int i = 0; i < f->n; i++)
		if (IN6_ARE_ADDR_EQUAL(&f->group[i].addr, &g->address))
			return 0;
	n = mcast_sources_read(&to->wanted.sources, &sources);
	if (n < 0)
		return n;
	to->addr = g->address;
	to->wanted.mode = g->record == MLD_IS_EX || g->record == MLD_TO_EX ? MCAST_EX : MCAST_IN;
	to->wanted.n = (unsigned int)n;
	f->n++;
	return 0;
}

/* As many as its routes that let packets pass */
static bool is_met(const struct forwarded_group *g)
{
	return g->seams >= (g->wanted.mode == MCAST_EX ? 1 : g->wanted.n);
}

/* What fits into one message: the rest of it with the next */
static unsigned int list_met(struct forwarded *f, struct mh_groups *all, bool tell)
{
	for (unsigned int i = 0; i < f->n; i++) {
		struct forwarded_group *g = &f->group[i];
		const struct mh_group record = {
			.address = g->addr,
			.record = g->wanted.mode == MCAST_EX ? MLD_IS_EX : MLD_IS_IN,
			.code = MULTICAST_MLDV2, .n_source = (uint16_t)g->wanted.n,
		};

		if (is_met(g) && !g->told && mh_groups_add(all, &record, g->wanted.sources))
			g->told = tell;
	}
	return all->n_group;
}

/*
 * Draft: predictive multicast handover §4 (11).  Not before its anchor serves it: what comes
 * from there until then is another node's.
 */
static void gathered(void *arg)
{
	struct forwarded *f = arg;
	struct mh_opts o = { .present = MH_HAS_MULTICAST, .mn_id = f->move->node->id };

	if (!list_met(f, &o.listens, false))
		return;
	if (f->move->state != MOVE_NATIVE || f->move->node->leaving ||
	    arrival_met(&f->mag->handover, &o)) {
		mag_timer(f->mag, &f->gather, GATHER_MS);
		return;
	}
	memset(&o.listens, 0, sizeof(o.listens));
	list_met(f, &o.listens, true);
}

static struct forwarded *create(struct move *v)
{
	const struct mh_groups *all = v->node->listens;
	const struct in6_addr *source = all->source;
	struct forwarded *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->mag = v->node->mag;
	f->move = v;
	timer_init(&f->gather, gathered, f);
	f->tunnel = v->tunnel;
	f->home = v->hnp[0];
	for (unsigned int i = 0; i < all->n_group; i++) {
		if (all->group[i].record != MLD_BLOCK && add(f, &all->group[i], source)) {
			forwarded_free(f);
			return NULL;
		}
		source += all->group[i].n_source;
	}
	return f;
}

static void tell_one(struct forwarded *f, uint32_t from, unsigned int i, bool there)
{
	const struct mcast_filter *w = &f->group[i].wanted;

	f->from = from;
	mcast_route_change(&ops, f, 0, &f->group[i].addr, there ? &nobody : w,
			   there ? w : &nobody);
}

static void tell(struct forwarded *f, uint32_t from, bool there)
{
	for (unsigned int i = 0; from && i < f->n; i++)
		tell_one(f, from, i, there);
}

/**
 * forwarded_begin() - the previous gateway has said what a node that comes listens to
 * @v: its handover; what was told before is over
 *
 * Of one that is here already its anchor is asked as soon, or has been.
 */
void forwarded_begin(struct move *v)
{
	bool here = v->state != MOVE_AWAITED;
	const struct session *s;

	if (!v->node->listens || !v->node->listens->n_group || !v->tunnel || !v->n_hnp)
		return;
	DL_FOREACH(v->node->sessions, s)
		if (s->mcast.proxy)
			return;
	forwarded_end(v);
	v->forwarded = create(v);
	if (!v->forwarded) {
		log_ratelimited(LOG_ERR, "no memory: groups of a node are not forwarded to it");
		return;
	}
	tell(v->forwarded, v->forwarded->tunnel, true);
	if (here)
		forwarded_native(v);
}

/**
 * forwarded_native() - the node is here, and its anchor is about to be told
 * @v: its handover
 *
 * What that sends of its groups may be faster than its answer.
 */
void forwarded_native(struct move *v)
{
	if (!v->forwarded || !v->anchor_tunnel)
		return;
	v->forwarded->anchor = v->anchor_tunnel;
	tell(v->forwarded, v->anchor_tunnel, true);
}

/**
 * forwarded_served() - the anchor has answered, and what it sends is the session's now
 * @s: the session, of a proxy instance
 *
 * Routes of groups that it does not listen to by now, or not so, go.
 */
void forwarded_served(struct session *s)
{
	struct forwarded *f = s->node->arriving ? s->node->arriving->forwarded : NULL;
	bool gone = false;

	for (unsigned int i = 0; f && f->anchor && i < f->n; i++) {
		const struct mcast_group *g = mcast_listener_find(&s->mcast.listener,
								  &f->group[i].addr);

		if (s->mcast_home.len && g && mcast_filter_equal(&g->told, &f->group[i].wanted))
			continue;
		tell_one(f, f->anchor, i, false);
		gone = true;
	}
	if (f)
		f->anchor = 0;
	if (gone)
		mcast_node_restore(&s->mcast);
}

/**
 * forwarded_end() - nothing of the node's groups is taken from there any more
 * @v: its handover, whose tunnel is there still
 */
void forwarded_end(struct move *v)
{
	if (!v->forwarded)
		return;
	tell(v->forwarded, v->forwarded->tunnel, false);
	tell(v->forwarded, v->forwarded->anchor, false);
	forwarded_free(v->forwarded);
	v->forwarded = NULL;
}

/**
 * mag_on_seam() - what is forwarded of a node's group comes from its anchor as well
 * @m: the gateway
 * @tunnel: by which it is forwarded
 * @home: the node's prefix
 * @group: the group
 */
void mag_on_seam(struct mag *m, uint32_t tunnel, const struct prefix *home,
		 const struct in6_addr *group)
{
	struct node *n = forward_whose(m, home);
	struct forwarded *f = n && n->arriving ? n->arriving->forwarded : NULL;

	if (!f || f->tunnel != tunnel || !prefix_equal(&f->home, home))
		return;
	for (unsigned int i = 0; i < f->n; i++)
		if (IN6_ARE_ADDR_EQUAL(&f->group[i].addr, group))
			f->group[i].seams++;
	if (!timer_pending(&f->gather))
		mag_timer(m, &f->gather, GATHER_MS);
}

/**
 * forwarded_renew() - the kernel has lost everything: tell it again
 * @v: the handover
 */
void forwarded_renew(struct move *v)
{
	if (!v->forwarded)
		return;
	for (unsigned int i = 0; i < v->forwarded->n; i++)
		v->forwarded->group[i].seams = 0;
	tell(v->forwarded, v->forwarded->tunnel, true);
	tell(v->forwarded, v->forwarded->anchor, true);
}

/**
 * forwarded_home() - by which prefix the node gets what is forwarded
 * @v: its handover
 *
 * Return: the prefix; NULL if nothing is.
 */
const struct prefix *forwarded_home(const struct move *v)
{
	return v->forwarded ? &v->forwarded->home : NULL;
}

/**
 * forwarded_free() - forget it, without a word to the kernel
 * @f: what was forwarded, or NULL
 */
void forwarded_free(struct forwarded *f)
{
	if (!f)
		return;
	timerq_cancel(f->mag->env->timers, &f->gather);
	for (unsigned int i = 0; i < f->n; i++)
		mcast_filter_clear(&f->group[i].wanted);
	free(f);
}
