// SPDX-License-Identifier: GPL-2.0
/*
 * What a node listens to, told from one access gateway to the next (draft: predictive
 * multicast handover §4; RFC 7411 §5.3): the next one asks its anchor for it as soon as that
 * serves the node there, instead of asking the node first.
 */
#include "mag/session.h"

#include "core/log.h"

#include <errno.h>
#include <stdlib.h>

#define REQUEST_GROUPS	20	/* in one request, which has more to say */
#define OPTION_SOURCES	14	/* in one option 57, of 255 bytes at most */

static bool add(struct mh_groups *all, const struct mcast_group *g)
{
	const struct mcast_filter *f = &g->told;
	struct mh_group group = {
		.address = g->addr,
		.record = f->mode == MCAST_EX ? MLD_IS_EX : MLD_IS_IN,
		.code = mcast_group_is_v1(g) && !f->n ? MULTICAST_MLDV1 : MULTICAST_MLDV2,
		.n_source = (uint16_t)f->n,
	};

	return f->n <= MH_SOURCES_MAX && mh_groups_add(all, &group, f->sources);
}

/**
 * subscription_list() - what a node listens to here
 * @s: its session, of a proxy instance
 * @all: empty; as much of it as fits into one message (RFC 7411 §5.5): of the rest the node is
 *	 asked where it goes
 */
void subscription_list(const struct session *s, struct mh_groups *all)
{
	const struct mcast_group *g;
	bool fits = true;

	DL_FOREACH(s->mcast.listener.groups, g)
		if (!mcast_filter_nobody(&g->told))
			fits &= add(all, g);
	if (!fits)
		log_ratelimited(LOG_INFO, "a node listens to more than one message can tell");
}

/**
 * subscription_tell() - what a node listens to here, for the gateway where it goes
 * @s: its session
 * @o: the options of a message to that gateway; something is added if it listens
 */
void subscription_tell(const struct session *s, struct mh_opts *o)
{
	if (s->mcast.proxy)
		subscription_list(s, &o->listens);
	else if (s->node->listens)
		o->listens = *s->node->listens;
	if (o->listens.n_group)
		o->present |= MH_HAS_MULTICAST;
}

/**
 * subscription_keep() - a node is not asked here any more
 * @s: its session, of a proxy instance yet
 *
 * Another gateway may ask, or it comes back.  Of several interfaces each listens for itself.
 */
void subscription_keep(const struct session *s)
{
	struct node *n = s->node;

	free(n->listens);
	n->listens = NULL;
	if (s->next || s != n->sessions || !s->mcast.listener.groups)
		return;
	n->listens = calloc(1, sizeof(*n->listens));
	if (n->listens)
		subscription_list(s, n->listens);
}

/**
 * subscription_add() - one more group, for options 57 (RFC 7161 §4.1: one for each record)
 * @to: the groups so far
 * @g: the group
 * @source: its sources
 *
 * RFC 3810 §5.2.15: a record that is too long is "split into multiple Multicast Address
 * Records"; of mode EXCLUDE it has "as many source addresses as can fit".
 *
 * Return: false if not all of it fits.
 */
bool subscription_add(struct mh_groups *to, const struct mh_group *g,
		      const struct in6_addr *source)
{
	bool any = g->record == MLD_IS_EX || g->record == MLD_TO_EX;
	struct mh_group part = *g;
	unsigned int left = g->n_source;

	do {
		part.n_source = (uint16_t)(left < OPTION_SOURCES ? left : OPTION_SOURCES);
		if (!mh_groups_add(to, &part, source))
			return false;
		source += part.n_source;
		left -= part.n_source;
	} while (left && !any);
	return true;
}

/**
 * subscription_request() - what the anchor is to send here with its answer
 * @s: the session that is registered
 * @o: the options of the request; something is added if a gateway has said that the node
 *     listens, and it has not been served here yet
 *
 * Draft: predictive multicast handover §4 (8), "extended PBU (PBU-M) message".  What does not
 * fit is asked for by a report as soon as the answer is there.
 *
 * Return: whether something was added.
 */
bool subscription_request(const struct session *s, struct mh_opts *o)
{
	const struct mh_groups *all = s->node->listens;
	const struct in6_addr *source;
	unsigned int i;

	if (!all || !s->mag->conf->mcast.enabled)
		return false;
	source = all->source;
	for (i = 0; i < all->n_group && o->listens.n_group < REQUEST_GROUPS; i++) {
		const struct mh_group *g = &all->group[i];

		if (g->record != MLD_BLOCK)
			subscription_add(&o->listens, g, source);
		source += g->n_source;
	}
	if (!o->listens.n_group)
		return false;
	o->present |= MH_HAS_SUBSCRIPTION;
	return true;
}

/* RFC 7411 §5.4: 2, 3, or 0 */
static uint8_t judge(const struct mag *m, const struct mh_group *g)
{
	const struct mcast_conf *c = &m->conf->mcast.down;

	if (!m->conf->mcast.enabled || !mcast_group_is_routed(&g->address) ||
	    (mcast_group_is_ssm(&g->address) && g->record != MLD_IS_IN) ||
	    g->n_source > c->max_sources)
		return MULTICAST_GROUP_UNSUPPORTED;
	return mcast_conf_allows(c, &g->address) ? MULTICAST_OK : MULTICAST_GROUP_PROHIBITED;
}

/* Records of one kind of refusal follow each other: they go into one option. */
static void refuse(const struct mag *m, const struct mh_groups *asked, uint8_t why,
		   struct mh_groups *refused)
{
	const struct in6_addr *source = asked->source;
	unsigned int i;

	for (i = 0; i < asked->n_group; i++) {
		struct mh_group g = asked->group[i];

		g.code = why;
		if (judge(m, &asked->group[i]) == why)
			mh_groups_add(refused, &g, source);
		source += g.n_source;
	}
}

static void keep(const struct mag *m, const struct mh_groups *asked, struct mh_groups *kept)
{
	const struct in6_addr *source = asked->source;
	unsigned int i;

	memset(kept, 0, sizeof(*kept));
	for (i = 0; i < asked->n_group; i++) {
		if (!judge(m, &asked->group[i]) &&
		    kept->n_group < m->conf->mcast.down.max_groups)
			mh_groups_add(kept, &asked->group[i], source);
		source += asked->group[i].n_source;
	}
}

/**
 * subscription_take() - a gateway has said what a node listens to that comes from there
 * @n: the node, which keeps it until the anchor serves it here
 * @o: the options of the message; nothing happens if it does not say
 *
 * Return: 0 or -ENOMEM.
 */
int subscription_take(struct node *n, const struct mh_opts *o)
{
	if (!(o->present & MH_HAS_MULTICAST))
		return 0;
	if (!n->listens)
		n->listens = calloc(1, sizeof(*n->listens));
	if (!n->listens)
		return -ENOMEM;
	keep(n->mag, &o->listens, n->listens);
	return 0;
}

/**
 * subscription_answer() - what of it is not served here (RFC 7411 §5.4)
 * @m: the gateway
 * @asked: the options of the request; nothing happens if it does not say
 * @o: those of the answer
 */
void subscription_answer(const struct mag *m, const struct mh_opts *asked, struct mh_opts *o)
{
	if (!(asked->present & MH_HAS_MULTICAST))
		return;
	o->present |= MH_HAS_MULTICAST_ACK;
	o->refused.foreign = asked->listens.foreign;
	refuse(m, &asked->listens, MULTICAST_GROUP_UNSUPPORTED, &o->refused);
	refuse(m, &asked->listens, MULTICAST_GROUP_PROHIBITED, &o->refused);
}

static void hear(struct session *s, const struct mh_group *g, const struct in6_addr *source)
{
	const struct mld_record rec = {
		.type = g->record, .group = g->address,
		.sources = { (const uint8_t *)source, g->n_source },
	};

	mcast_listener_record(&s->mcast.listener, &rec);
}

/**
 * subscription_hear() - an anchor says what a node listened to where it came from
 * @s: its session; nothing happens unless it is of a proxy instance
 * @all: the groups; those that are not served here are left out
 *
 * RFC 7161 §5.2.2 step 5: "set up the multicast status of the point-to-point link", as if the
 * node had said it itself.
 */
void subscription_hear(struct session *s, const struct mh_groups *all)
{
	const struct in6_addr *source = all->source;

	if (!s->mcast.proxy)
		return;
	for (unsigned int i = 0; i < all->n_group; i++) {
		const struct mh_group *g = &all->group[i];

		if (!judge(s->mag, g) && g->record != MLD_BLOCK)
			hear(s, g, source);
		source += g->n_source;
	}
}

/**
 * subscription_begin() - the anchor serves a node here that has come from elsewhere
 * @s: its session, which is of a proxy instance
 *
 * As if it had said it itself, which it will when it is asked: what it does not confirm
 * runs out as any node's does.
 */
void subscription_begin(struct session *s)
{
	struct mh_groups *all = s->node->listens;
	const struct in6_addr *source;
	unsigned int i;

	if (!all)
		return;
	s->node->listens = NULL;
	source = all->source;
	for (i = 0; i < all->n_group; i++) {
		hear(s, &all->group[i], source);
		source += all->group[i].n_source;
	}
	free(all);
}
