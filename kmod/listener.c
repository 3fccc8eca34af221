// SPDX-License-Identifier: GPL-2.0
/*
 * Listeners.  User space has heard who wants which group (RFC 6224 §4.2, §4.3)
 * and says so here, path by path.  What it says is checked for what would bring
 * a packet back to where it came from: between gateways it goes down only.
 */
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "generation.h"
#include "hash.h"
#include "listener.h"
#include "netns.h"
#include "path.h"
#include "seam.h"
#include "tunnel.h"

static unsigned int listeners_max __read_mostly = 1 << 20;
module_param(listeners_max, uint, 0644);
MODULE_PARM_DESC(listeners_max,
		 "Multicast listeners that a network namespace can have");

struct pmip_listener_key {
	const struct pmip_channel *channel;
	const struct pmip_path *path;
};

static struct pmip_hash_key pmip_listener_hash_key __read_mostly;

static u64 pmip_listener_key_hash(const struct pmip_listener_key *key)
{
	BUILD_BUG_ON(sizeof(*key) != 4 * sizeof(u32));
	return pmip_hash(&pmip_listener_hash_key, (const u32 *)key, 4);
}

static __always_inline bool pmip_listener_equal(const void *object,
						const void *key)
{
	const struct pmip_listener_key *k = key;
	const struct pmip_listener *l = object;

	return l->channel == k->channel && l->path == k->path;
}

/**
 * pmip_listener_hash() - hash of a listener, for the table
 * @object: the listener
 *
 * Context: any. Return: the hash.
 */
u64 pmip_listener_hash(const void *object)
{
	const struct pmip_listener *l = object;
	struct pmip_listener_key key = { l->channel, l->path };

	return pmip_listener_key_hash(&key);
}

/**
 * pmip_listener_find() - the entry that a channel has for a path
 * @pn: the namespace
 * @c: the channel
 * @p: the path
 *
 * Context: RCU read side or @pn->lock held. Return: the entry, which need not be
 * live, or NULL.
 */
struct pmip_listener *pmip_listener_find(struct pmip_net *pn,
					 const struct pmip_channel *c,
					 const struct pmip_path *p)
{
	struct pmip_listener_key key = { c, p };

	return pmip_table_find(&pn->listeners, pmip_listener_key_hash(&key),
			       &key, pmip_listener_equal);
}

/**
 * pmip_listener_check() - may there be listeners to this
 * @conf: the group, the source, and where packets come from
 * @extack: where to say what is wrong
 *
 * Context: process. Return: 0, -EINVAL or -EOPNOTSUPP.
 */
int pmip_listener_check(const struct pmip_listener_conf *conf,
			struct netlink_ext_ack *extack)
{
	const int bad = IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL |
			IPV6_ADDR_LOOPBACK;

	if (!ipv6_addr_is_multicast(&conf->addr) ||
	    !pmip_group_is_routed(&conf->addr)) {
		NL_SET_ERR_MSG(extack,
			       "not a multicast group of a scope beyond the link");
		return -EINVAL;
	}
	if (ipv6_addr_type(&conf->source) & bad) {
		NL_SET_ERR_MSG(extack, "no packet of this source is forwarded");
		return -EINVAL;
	}
	if (conf->block && ipv6_addr_any(&conf->source)) {
		NL_SET_ERR_MSG(extack, "what is blocked is one source");
		return -EINVAL;
	}
	if (conf->upstream && conf->upstream->role == PMIP_TUNNEL_LMA_TO_MAG) {
		NL_SET_ERR_MSG(extack,
			       "packets of mobile sources are not replicated");
		return -EOPNOTSUPP;
	}
	return 0;
}

/*
 * From the core to access gateways, from the anchor to another access gateway,
 * and no further: no packet can meet a gateway twice.
 */
static int pmip_listener_check_tunnel(const struct pmip_tunnel *from,
				      const struct pmip_tunnel *to,
				      struct netlink_ext_ack *extack)
{
	if (from == to) {
		NL_SET_ERR_MSG(extack,
			       "packets do not go back into their tunnel");
		return -ELOOP;
	}
	if (from && from->role == PMIP_TUNNEL_MAG_TO_MAG) {
		NL_SET_ERR_MSG(extack,
			       "what an access gateway sent goes to no gateway");
		return -ELOOP;
	}
	if (to->role != (from ? PMIP_TUNNEL_MAG_TO_MAG :
				PMIP_TUNNEL_LMA_TO_MAG)) {
		NL_SET_ERR_MSG(extack,
			       "packets from there do not go by tunnels of this role");
		return -EINVAL;
	}
	return 0;
}

static int pmip_listener_check_path(const struct pmip_tunnel *from,
				    struct pmip_path *p,
				    struct netlink_ext_ack *extack)
{
	switch (p->kind) {
	case PMIP_PATH_TUNNEL:
		return pmip_listener_check_tunnel(from, pmip_path_tunnel(p),
						  extack);
	case PMIP_PATH_LINK:
		return 0;
	case PMIP_PATH_HOME:
		if (from)
			return 0;
		NL_SET_ERR_MSG(extack,
			       "no packet of a core link goes as to a prefix");
		return -EINVAL;
	default:
		NL_SET_ERR_MSG(extack, "who listens is at a tunnel or a link");
		return -EINVAL;
	}
}

static bool pmip_listener_forwards(const struct pmip_tunnel *from,
				   const struct pmip_path *p)
{
	return p->kind == PMIP_PATH_HOME && from &&
	       from->role == PMIP_TUNNEL_MAG_TO_MAG;
}

/* From now on packets find it, from one moment to the next. */
static void pmip_listener_start(struct pmip_net *pn, struct pmip_listener *l)
{
	struct pmip_channel *c = l->channel;

	if (l->seam)
		pmip_seam_start(l->seam);
	write_seqlock_bh(&c->group->change);
	list_add_tail_rcu(&l->node, &c->listeners);
	WRITE_ONCE(l->live, true);
	write_sequnlock_bh(&c->group->change);
	c->n_listeners++;
	WRITE_ONCE(pn->n_listeners, pn->n_listeners + 1);
	pn->listener_changes++;
}

/**
 * pmip_listener_new() - somebody listens
 * @pn: the namespace
 * @conf: to what, as pmip_listener_check() has let pass
 * @p: by which path; the caller's reference becomes the listener's
 * @extack: where to say what is wrong
 *
 * Context: process, @pn->lock held.
 * Return: 0, -EINVAL, -ELOOP, -ENOSPC or -ENOMEM.
 */
int pmip_listener_new(struct pmip_net *pn, const struct pmip_listener_conf *conf,
		      struct pmip_path *p, struct netlink_ext_ack *extack)
{
	struct pmip_listener *l;
	int err;

	err = pmip_listener_check_path(conf->upstream, p, extack);
	if (err)
		return err;
	if (pn->n_listeners >= READ_ONCE(listeners_max)) {
		NL_SET_ERR_MSG(extack,
			       "there are listeners_max listeners already");
		return -ENOSPC;
	}
	l = kzalloc(sizeof(*l), GFP_KERNEL_ACCOUNT);
	if (!l)
		return -ENOMEM;
	l->path = p;
	l->block = conf->block;
	if (pmip_listener_forwards(conf->upstream, p)) {
		l->seam = pmip_seam_new(pn, l);
		if (!l->seam)
			goto err_free;
	}
	l->channel = pmip_channel_get(pn, conf->upstream, &conf->addr,
				      &conf->source);
	if (!l->channel)
		goto err_seam;
	if (pmip_table_insert(&pn->listeners, l))
		goto err_channel;
	pmip_generation_set(pn, &l->generation, conf->generation);
	pmip_listener_start(pn, l);
	return 0;

err_channel:
	pmip_channel_put(pn, l->channel);
err_seam:
	kfree(l->seam);
err_free:
	kfree(l);
	return -ENOMEM;
}

/**
 * pmip_listener_change() - it wants a source, or no longer
 * @pn: the namespace
 * @l: the listener
 * @conf: the request
 *
 * Context: process, @pn->lock held.
 */
void pmip_listener_change(struct pmip_net *pn, struct pmip_listener *l,
			  const struct pmip_listener_conf *conf)
{
	struct pmip_group *g = l->channel->group;

	if (l->block != conf->block) {
		write_seqlock_bh(&g->change);
		WRITE_ONCE(l->block, conf->block);
		write_sequnlock_bh(&g->change);
	}
	if (conf->has_generation)
		pmip_generation_set(pn, &l->generation, conf->generation);
}

static void pmip_listener_free_rcu(struct rcu_head *head)
{
	struct pmip_listener *l = container_of(head, struct pmip_listener, rcu);

	kfree(l->seam);
	kfree(l);
}

/**
 * pmip_listener_del() - it does not listen any more
 * @pn: the namespace
 * @l: the listener; readers may use it for a grace period more
 *
 * Context: process, @pn->lock held.
 */
void pmip_listener_del(struct pmip_net *pn, struct pmip_listener *l)
{
	struct pmip_channel *c = l->channel;

	write_seqlock_bh(&c->group->change);
	WRITE_ONCE(l->live, false);
	list_del_rcu(&l->node);
	write_sequnlock_bh(&c->group->change);
	pmip_table_remove(&pn->listeners, l);
	if (l->seam)
		pmip_seam_stop(l->seam);
	c->n_listeners--;
	WRITE_ONCE(pn->n_listeners, pn->n_listeners - 1);
	pn->listener_changes++;
	pmip_channel_put(pn, c);
	pmip_path_put(pn, l->path);
	if (l->seam)
		call_rcu(&l->rcu, pmip_listener_free_rcu);
	else
		kfree_rcu(l, rcu);
}

/**
 * pmip_listener_init() - choose the keys of the hashes
 *
 * Context: process.
 */
void __init pmip_listener_init(void)
{
	pmip_hash_key_init(&pmip_listener_hash_key);
	pmip_seam_init();
}
