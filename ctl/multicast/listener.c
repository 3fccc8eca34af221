// SPDX-License-Identifier: GPL-2.0
/* The groups of one listener, and its messages about them (RFC 3810 §7.4, §8.3.2). */
#include "multicast/listener.h"

#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

static int group_changed(void *arg, const struct in6_addr *group,
			 const struct mcast_filter *before, const struct mcast_filter *after)
{
	struct mcast_listener *l = arg;

	return l->ops->changed(l->arg, group, before, after);
}

static void send_query(void *arg, const struct mld_query *q)
{
	struct mcast_listener *l = arg;

	l->ops->query(l->arg, q);
}

static void forget(struct mcast_listener *l, struct mcast_group *g)
{
	dict_del(&l->index, &g->entry);
	DL_DELETE(l->groups, g);
	l->n--;
	mcast_group_free(g);
}

static void group_ended(void *arg, struct mcast_group *g)
{
	forget(arg, g);
}

static const struct mcast_group_ops group_ops = { group_changed, send_query, group_ended };

/**
 * mcast_listener_init() - a listener of which nothing is known
 * @l: the listener; must not move from now on
 * @env: clock and timers
 * @conf: times and limits; must outlive it
 * @counters: count what it says, may be of several; must outlive it
 * @ops: its owner; must outlive it
 * @arg: for @ops
 *
 * mcast_querier_start() on its querier asks it what it listens to.
 */
void mcast_listener_init(struct mcast_listener *l, struct env *env,
			 const struct mcast_conf *conf, struct mcast_listener_counters *counters,
			 const struct mcast_listener_ops *ops, void *arg)
{
	memset(l, 0, sizeof(*l));
	l->env = env;
	l->conf = conf;
	l->counters = counters;
	l->ops = ops;
	l->arg = arg;
	mcast_querier_init(&l->querier, env, conf, send_query, l);
}

/**
 * mcast_listener_free() - forget a listener, without a word to its owner
 * @l: the listener
 */
void mcast_listener_free(struct mcast_listener *l)
{
	mcast_querier_stop(&l->querier);
	while (l->groups)
		forget(l, l->groups);
	dict_free(&l->index);
}

/**
 * mcast_listener_find() - what is known of its listening to a group
 * @l: the listener
 * @group: the group
 *
 * Return: the group; NULL: it does not listen to it.
 */
struct mcast_group *mcast_listener_find(const struct mcast_listener *l,
					const struct in6_addr *group)
{
	struct dict_entry *e = dict_first(&l->index, dict_hash(group, sizeof(*group)));

	for (; e; e = dict_next(e)) {
		struct mcast_group *g = dict_entry_of(e, struct mcast_group, entry);

		if (IN6_ARE_ADDR_EQUAL(&g->addr, group))
			return g;
	}
	return NULL;
}

/* Whether a record can make a group that is not there yet */
static bool begins(enum mld_record_type type, unsigned int n)
{
	return n ? type != MLD_BLOCK : type == MLD_IS_EX || type == MLD_TO_EX;
}

static int add(struct mcast_listener *l, const struct in6_addr *addr, struct mcast_group **out)
{
	struct mcast_group *g;

	if (l->n >= l->conf->max_groups)
		return -EDQUOT;
	g = mcast_group_new(l->env, l->conf, &group_ops, l, addr);
	if (!g)
		return -ENOMEM;
	dict_add(&l->index, &g->entry, dict_hash(addr, sizeof(*addr)));
	DL_APPEND(l->groups, g);
	l->n++;
	*out = g;
	return 0;
}

/* RFC 4604 §3.1: what a router "SHOULD ignore" about a group of one source each */
static bool is_ignored(const struct in6_addr *group, enum mld_record_type type)
{
	if (!mcast_group_is_routed(group))
		return true;
	return mcast_group_is_ssm(group) && (type == MLD_IS_EX || type == MLD_TO_EX);
}

/* 0, -EINVAL or -EACCES: the record does not count */
static int ignored(const struct mcast_listener *l, const struct in6_addr *group,
		   enum mld_record_type type)
{
	if (is_ignored(group, type))
		return -EINVAL;
	return mcast_conf_allows(l->conf, group) ? 0 : -EACCES;
}

static int obey(struct mcast_listener *l, const struct mld_record *rec)
{
	struct mcast_group *g = mcast_listener_find(l, &rec->group);
	struct in6_addr *sources;
	int n = mcast_sources_read(&sources, &rec->sources), err = 0;

	if (n < 0)
		return n;
	if (!g && begins(rec->type, (unsigned int)n))
		err = add(l, &rec->group, &g);
	if (g)
		err = mcast_group_record(g, rec->type, sources, (unsigned int)n);
	free(sources);
	return err;
}

static int count(struct mcast_listener *l, int err)
{
	switch (err) {
	case 0:
		l->counters->records++;
		return 0;
	case -EACCES:
		l->counters->prohibited++;
		return err;
	case -EINVAL:
		l->counters->ignored++;
		return err;
	case -EDQUOT:
		l->counters->too_many_groups++;
		return -ENOSPC;
	case -ENOSPC:
		l->counters->too_many_sources++;
		return err;
	default:
		l->counters->no_memory++;
		return err;
	}
}

/**
 * mcast_listener_record() - one Multicast Address Record
 * @l: the listener
 * @rec: the record
 *
 * Return: 0; -EINVAL if it is one that is ignored: packets to the group never leave a link,
 * or, by RFC 4604 §3.1, the group is one of Source-Specific Multicast and the record one of
 * mode EXCLUDE; -EACCES if the configuration does not allow the group; -ENOSPC beyond
 * max_groups or max_sources, -ENOMEM: it does not count then.
 */
int mcast_listener_record(struct mcast_listener *l, const struct mld_record *rec)
{
	int err = ignored(l, &rec->group, rec->type);

	return count(l, err ? err : obey(l, rec));
}

static void on_report(struct mcast_listener *l, const struct mld_packet *p)
{
	struct mld_report r;
	struct mld_record rec;

	if (mld_report_open(&r, p->msg, p->len, l->conf->max_sources)) {
		l->counters->malformed++;
		return;
	}
	while (mld_report_next(&r, &rec))
		mcast_listener_record(l, &rec);
	l->counters->ignored += r.ignored;
	l->counters->too_many_sources += r.refused;
}

/* §8.3.2: Report is IS_EX({}), Done is TO_IN({}) while there are older hosts */
static int obey_v1(struct mcast_listener *l, uint8_t type, const struct in6_addr *group)
{
	struct mcast_group *g = mcast_listener_find(l, group);
	int err = 0;

	if (type == MLD_TYPE_V1_DONE) {
		if (!g || !mcast_group_is_v1(g))
			return -EINVAL;
		return mcast_group_record(g, MLD_TO_IN, NULL, 0);
	}
	if (!g)
		err = add(l, group, &g);
	if (!g)
		return err;
	mcast_group_older_host(g);
	return mcast_group_record(g, MLD_IS_EX, NULL, 0);
}

static void on_v1(struct mcast_listener *l, const struct mld_packet *p)
{
	struct in6_addr group;
	int err;

	if (mld_v1_read(&group, p->msg, p->len)) {
		l->counters->malformed++;
		return;
	}
	/* RFC 4605 §4.3: "should ignore those [...] MLDv1 subscriptions" to SSM */
	err = ignored(l, &group, MLD_IS_EX);
	count(l, err ? err : obey_v1(l, p->type, &group));
}

static bool affordable(struct mcast_listener *l)
{
	return bucket_take(&l->bucket, l->env->ops->now(l->env->ctx), l->conf->report_rate,
			   l->conf->report_burst);
}

/**
 * mcast_listener_input() - a message from it
 * @l: the listener
 * @p: the packet, valid
 *
 * Nothing is heard beyond report_rate: it is as if it had been lost, and RFC 3810 §2.2 has
 * what says something new repeated.
 */
void mcast_listener_input(struct mcast_listener *l, const struct mld_packet *p)
{
	if (p->type == MLD_TYPE_QUERY) {
		l->counters->queries++;
		return;
	}
	if (!affordable(l)) {
		l->counters->too_often++;
		return;
	}
	l->counters->reports++;
	if (p->type == MLD_TYPE_REPORT)
		on_report(l, p);
	else
		on_v1(l, p);
}
