// SPDX-License-Identifier: GPL-2.0
/* Forwarding state of what a node listens to (RFC 3810 §7.3). */
#include "multicast/route.h"

struct change {
	const struct mcast_route_ops *ops;
	void *arg;
	struct mcast_route route;
};

/* Those that a filter has and the other has not, or not so */
static void sources(struct change *c, const struct mcast_filter *f,
		    const struct mcast_filter *other, bool set)
{
	bool same = f->mode == other->mode;

	c->route.pass = f->mode == MCAST_IN;
	for (unsigned int i = 0; i < f->n; i++) {
		bool both = mcast_filter_has(other, &f->sources[i]);

		c->route.source = f->sources[i];
		if (set && !(both && same))
			c->ops->set(c->arg, &c->route);
		else if (!set && !both)
			c->ops->del(c->arg, &c->route);
	}
}

static void any(struct change *c, void (*what)(void *arg, const struct mcast_route *r))
{
	c->route.source = in6addr_any;
	c->route.pass = true;
	what(c->arg, &c->route);
}

/**
 * mcast_route_change() - what a node wants has changed
 * @ops: what is told of each route that is other than before
 * @arg: for @ops
 * @node: the node
 * @group: in which group
 * @before: what it wanted, and its routes say
 * @after: what it wants now
 *
 * RFC 3810 §7.3: with EXCLUDE "forward traffic from all sources" but those of the Exclude
 * List, with INCLUDE from those of the Include List.
 */
void mcast_route_change(const struct mcast_route_ops *ops, void *arg, uint64_t node,
			const struct in6_addr *group, const struct mcast_filter *before,
			const struct mcast_filter *after)
{
	struct change c = { ops, arg, { .group = *group, .node = node } };

	/* the one that lets most pass comes last, and goes first */
	if (before->mode == MCAST_EX && after->mode == MCAST_IN) {
		sources(&c, after, before, true);
		any(&c, ops->del);
		sources(&c, before, after, false);
		return;
	}
	sources(&c, after, before, true);
	if (before->mode == MCAST_IN && after->mode == MCAST_EX)
		any(&c, ops->set);
	sources(&c, before, after, false);
}
