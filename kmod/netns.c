// SPDX-License-Identifier: GPL-2.0
/* State of a network namespace, from its birth to its end. */
#include <linux/slab.h>
#include <net/netns/generic.h>

#include "batch.h"
#include "binding.h"
#include "classify.h"
#include "flow.h"
#include "hold.h"
#include "home.h"
#include "link.h"
#include "listener.h"
#include "local.h"
#include "netns.h"
#include "node.h"
#include "path.h"
#include "policy.h"
#include "tunnel.h"

static unsigned int pmip_netns_id __read_mostly;

/**
 * pmip_pernet() - the module's state of a namespace
 * @net: the namespace
 *
 * Context: any. Return: the state.
 */
struct pmip_net *pmip_pernet(const struct net *net)
{
	return net_generic(net, pmip_netns_id);
}

static int pmip_netns_group_tables(struct pmip_net *pn)
{
	int err;

	err = pmip_table_init(&pn->groups, pmip_group_hash);
	if (err)
		return err;
	err = pmip_table_init(&pn->channels, pmip_channel_hash);
	if (err)
		goto err_group;
	err = pmip_table_init(&pn->listeners, pmip_listener_hash);
	if (err)
		goto err_channel;
	err = rhashtable_init(&pn->homes, &pmip_home_params);
	if (err)
		goto err_listener;
	return 0;

err_listener:
	pmip_table_destroy(&pn->listeners);
err_channel:
	pmip_table_destroy(&pn->channels);
err_group:
	pmip_table_destroy(&pn->groups);
	return err;
}

static void pmip_netns_free_group_tables(struct pmip_net *pn)
{
	rhashtable_destroy(&pn->homes);
	pmip_table_destroy(&pn->listeners);
	pmip_table_destroy(&pn->channels);
	pmip_table_destroy(&pn->groups);
}

static int pmip_netns_tables(struct pmip_net *pn)
{
	int err;

	err = rhashtable_init(&pn->tunnel_hash, &pmip_tunnel_params);
	if (err)
		return err;
	err = pmip_table_init(&pn->paths, pmip_path_hash);
	if (err)
		goto err_tunnel;
	err = pmip_table_init(&pn->bindings, pmip_binding_hash);
	if (err)
		goto err_path;
	err = pmip_table_init(&pn->nodes, pmip_node_hash);
	if (err)
		goto err_binding;
	err = pmip_table_init(&pn->flows, pmip_flow_hash);
	if (err)
		goto err_node;
	err = pmip_netns_group_tables(pn);
	if (err)
		goto err_flow;
	err = pmip_hold_init(&pn->holds);
	if (err)
		goto err_groups;
	return 0;

err_groups:
	pmip_netns_free_group_tables(pn);
err_flow:
	pmip_table_destroy(&pn->flows);
err_node:
	pmip_table_destroy(&pn->nodes);
err_binding:
	pmip_table_destroy(&pn->bindings);
err_path:
	pmip_table_destroy(&pn->paths);
err_tunnel:
	rhashtable_destroy(&pn->tunnel_hash);
	return err;
}

static void pmip_netns_free_tables(struct pmip_net *pn)
{
	pmip_hold_destroy(&pn->holds);
	pmip_netns_free_group_tables(pn);
	pmip_table_destroy(&pn->flows);
	pmip_table_destroy(&pn->nodes);
	pmip_table_destroy(&pn->bindings);
	pmip_table_destroy(&pn->paths);
	rhashtable_destroy(&pn->tunnel_hash);
}

/* The paths that lead nowhere, of which one of each is enough */
static int pmip_netns_paths(struct pmip_net *pn)
{
	pn->drop_path = kcalloc(2, sizeof(*pn->drop_path), GFP_KERNEL);
	if (!pn->drop_path)
		return -ENOMEM;
	pn->drop_path->kind = PMIP_PATH_DROP;
	pn->hold_path = pn->drop_path + 1;
	pn->hold_path->kind = PMIP_PATH_HOLD;
	return 0;
}

static int __net_init pmip_netns_start(struct net *net)
{
	struct pmip_net *pn = pmip_pernet(net);
	int err = -ENOMEM;

	pn->net = net;
	pmip_hash_key_init(&pn->label_key);
	mutex_init(&pn->lock);
	pmip_policy_start(pn);
	xa_init(&pn->tunnels);
	pn->tunnel_ends = RB_ROOT;
	xa_init(&pn->links);
	pn->drops = alloc_percpu(struct pmip_drops);
	if (!pn->drops)
		return err;
	err = pmip_netns_paths(pn);
	if (err)
		goto err_drops;
	err = pmip_netns_tables(pn);
	if (err)
		goto err_drop_path;
	err = pmip_local_register(net);
	if (err)
		goto err_tables;
	return 0;

err_tables:
	pmip_netns_free_tables(pn);
err_drop_path:
	kfree(pn->drop_path);
err_drops:
	free_percpu(pn->drops);
	return err;
}

/* No packet comes in any more once the core has waited for its readers. */
static void __net_exit pmip_netns_stop(struct net *net)
{
	struct pmip_net *pn = pmip_pernet(net);
	struct pmip_link *link;
	bool hooked = false;
	unsigned long i;

	WRITE_ONCE(pn->dead, true);
	pmip_policy_stop(pn);
	pmip_local_unregister(net);
	mutex_lock(&pn->lock);
	xa_for_each(&pn->links, i, link)
		hooked |= pmip_link_unhook(link);
	mutex_unlock(&pn->lock);
	if (hooked)
		pmip_batch_drain();
	pmip_hold_close(&pn->holds);
}

/* Did it have tunnels, which are freed a grace period from now? */
static bool pmip_netns_flush(struct pmip_net *pn)
{
	struct pmip_walk walk = {}, walk_flow = {}, walk_listener = {};
	struct pmip_listener *l;
	struct pmip_binding *b;
	struct pmip_tunnel *t;
	struct pmip_link *link;
	struct pmip_flow *f;
	bool tunnels = false;
	unsigned long i;

	mutex_lock(&pn->lock);
	while ((f = pmip_table_next(&pn->flows, &walk_flow))) {
		pmip_flow_del(pn, f);
		cond_resched();
	}
	while ((b = pmip_table_next(&pn->bindings, &walk))) {
		pmip_binding_del(pn, b);
		cond_resched();
	}
	while ((l = pmip_table_next(&pn->listeners, &walk_listener))) {
		pmip_listener_del(pn, l);
		cond_resched();
	}
	pmip_path_free_gone(pn);
	xa_for_each(&pn->links, i, link)
		pmip_link_del(link, NULL);
	xa_for_each(&pn->tunnels, i, t) {
		pmip_tunnel_del(pn, t, NULL);
		tunnels = true;
	}
	mutex_unlock(&pn->lock);
	return tunnels;
}

static void pmip_netns_free(struct pmip_net *pn)
{
	pmip_classify_exit(pn);
	pmip_nodes_free(pn);
	pmip_netns_free_tables(pn);
	kfree(pn->drop_path);
	xa_destroy(&pn->links);
	xa_destroy(&pn->tunnels);
	free_percpu(pn->drops);
}

static void __net_exit pmip_netns_end(struct list_head *nets)
{
	bool tunnels = false;
	struct net *net;

	list_for_each_entry(net, nets, exit_list)
		tunnels |= pmip_netns_flush(pmip_pernet(net));
	/* Their routes belong to IPv6, which ends next. */
	if (tunnels)
		rcu_barrier();
	list_for_each_entry(net, nets, exit_list)
		pmip_netns_free(pmip_pernet(net));
}

static struct pernet_operations pmip_netns_ops = {
	.init		= pmip_netns_start,
	.pre_exit	= pmip_netns_stop,
	.exit_batch	= pmip_netns_end,
	.id		= &pmip_netns_id,
	.size		= sizeof(struct pmip_net),
};

/**
 * pmip_netns_init() - begin in every namespace
 *
 * Context: process. Return: 0 or a negative errno.
 */
int __init pmip_netns_init(void)
{
	return register_pernet_subsys(&pmip_netns_ops);
}

/**
 * pmip_netns_exit() - end in every namespace
 *
 * Context: process.
 */
void pmip_netns_exit(void)
{
	unregister_pernet_subsys(&pmip_netns_ops);
}
