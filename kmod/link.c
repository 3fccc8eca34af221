// SPDX-License-Identifier: GPL-2.0
/*
 * Links.  The packet path reads the device's own carrier bit, so that it
 * switches with the driver's store; the notifiers here come a moment later
 * and only report.  Whichever of them sees a loss first raises the event; the
 * driver's call itself leaves no time behind that could be told.
 */
#include <linux/ktime.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include <net/netevent.h>

#include "batch.h"
#include "device.h"
#include "event.h"
#include "generation.h"
#include "hold.h"
#include "link.h"
#include "netns.h"
#include "path.h"

/**
 * pmip_link_loss() - why a link is down
 * @link: a link that is
 *
 * Context: RCU read side or the namespace's lock held.
 * Return: enum pmip_reason.
 */
u8 pmip_link_loss(const struct pmip_link *link)
{
	const struct net_device *dev = READ_ONCE(link->dev);

	if (!dev || dev->dismantle)
		return PMIP_REASON_REMOVED;
	if (!READ_ONCE(link->up))
		return PMIP_REASON_OPERATOR;
	return netif_running(dev) ? PMIP_REASON_CARRIER : PMIP_REASON_ADMIN;
}

/**
 * pmip_link_see_down() - a link was found down
 * @link: the link
 *
 * Records when, for the first of all packets and notifiers that find it so.
 *
 * Context: any, RCU read side or the namespace's lock held.
 * Return: true for the first, who then owes pmip_link_tell_down(), in the same
 * RCU read side critical section if it is in one.
 */
bool pmip_link_see_down(struct pmip_link *link)
{
	if (test_bit(PMIP_LINK_SEEN_DOWN, &link->state) ||
	    test_and_set_bit(PMIP_LINK_SEEN_DOWN, &link->state))
		return false;
	WRITE_ONCE(link->reason, pmip_link_loss(link));
	WRITE_ONCE(link->down_ns, ktime_get_ns());
	return true;
}

/**
 * pmip_link_tell_down() - raise the event of a loss
 * @link: the link
 *
 * Context: any, RCU read side or the namespace's lock held.
 */
void pmip_link_tell_down(const struct pmip_link *link)
{
	pmip_event_link(link, false, READ_ONCE(link->reason),
			READ_ONCE(link->down_ns));
}

static void pmip_link_note_down(struct pmip_link *link)
{
	if (pmip_link_see_down(link))
		pmip_link_tell_down(link);
}

/**
 * pmip_link_note_redirect() - a packet took another path because of a link
 * @link: the link that was down
 *
 * Context: softirq or process, RCU read side.
 */
void pmip_link_note_redirect(struct pmip_link *link)
{
	if (!atomic64_read(&link->redirect_ns))
		atomic64_cmpxchg(&link->redirect_ns, 0, ktime_get_ns());
}

static void pmip_link_sync(struct pmip_link *link)
{
	if (!pmip_link_up(link)) {
		pmip_link_note_down(link);
		return;
	}
	pmip_hold_kick(&link->pn->holds);
	if (!test_bit(PMIP_LINK_SEEN_DOWN, &link->state))
		return;
	/*
	 * Events come in their order: told after the loss, which a packet may
	 * have seen and not told yet, and before the next loss can be.
	 */
	synchronize_net();
	WRITE_ONCE(link->reason, PMIP_REASON_NONE);
	atomic64_set(&link->redirect_ns, 0);
	pmip_event_link(link, true, PMIP_REASON_NONE, ktime_get_ns());
	clear_bit(PMIP_LINK_SEEN_DOWN, &link->state);
	if (!pmip_link_up(link))
		pmip_link_note_down(link);
}

/**
 * pmip_link_set_state() - the operator's word on a link
 * @link: the link
 * @up: whether packets may take it
 *
 * Context: process, the namespace's lock held.
 */
void pmip_link_set_state(struct pmip_link *link, bool up)
{
	WRITE_ONCE(link->up, up);
	pmip_link_sync(link);
}

static int pmip_link_hook(struct pmip_link *link, struct net_device *dev)
{
	int err;

	link->ops.hook = pmip_batch_input;
	link->ops.priv = link;
	link->ops.dev = dev;
	link->ops.pf = NFPROTO_NETDEV;
	link->ops.hooknum = NF_NETDEV_INGRESS;
	link->ops.priority = 0;
	err = nf_register_net_hook(link->pn->net, &link->ops);
	link->hooked = !err;
	return err;
}

/**
 * pmip_link_unhook() - take no more packets from a link
 * @link: the link
 *
 * Context: process, RTNL and the namespace's lock held, or the namespace
 * going. Return: true if the caller owes pmip_batch_drain() before the link goes.
 */
bool pmip_link_unhook(struct pmip_link *link)
{
	if (!link->hooked)
		return false;
	nf_unregister_net_hook(link->pn->net, &link->ops);
	link->hooked = false;
	return true;
}

static struct net_device *pmip_link_device(struct pmip_net *pn, u32 ifindex,
					   struct netlink_ext_ack *extack)
{
	struct net_device *dev = __dev_get_by_index(pn->net, ifindex);

	if (!dev) {
		NL_SET_ERR_MSG(extack, "no device with this index");
		return ERR_PTR(-ENODEV);
	}
	if (pmip_device_is(dev) || (dev->flags & IFF_LOOPBACK) ||
	    dev->addr_len > PMIP_LLADDR_MAX) {
		NL_SET_ERR_MSG(extack, "device cannot be a link");
		return ERR_PTR(-EINVAL);
	}
	return dev;
}

static u8 pmip_link_dev_lladdr_len(const struct net_device *dev)
{
	return dev->header_ops ? dev->addr_len : 0;
}

/* Packets find the device last: what they need of it is there then. */
static int pmip_link_watch(struct pmip_link *link, struct net_device *dev,
			   const struct pmip_link_conf *conf)
{
	int err = pmip_link_hook(link, dev);

	if (err)
		return err;
	netdev_hold(dev, &link->tracker, GFP_KERNEL);
	strscpy(link->name, dev->name, sizeof(link->name));
	pmip_generation_set(link->pn, &link->generation, conf->generation);
	WRITE_ONCE(link->flags, conf->flags);
	WRITE_ONCE(link->up, conf->up);
	WRITE_ONCE(link->dev, dev);
	return 0;
}

/**
 * pmip_link_new() - watch a device and take its packets
 * @pn: the namespace
 * @conf: what the link shall be
 * @extack: where to say what is wrong
 *
 * Context: process, RTNL and @pn->lock held.
 * Return: the link, or ERR_PTR of -ENODEV, -EINVAL, -ENOMEM.
 */
struct pmip_link *pmip_link_new(struct pmip_net *pn,
				const struct pmip_link_conf *conf,
				struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	struct pmip_link *link;
	int err;

	dev = pmip_link_device(pn, conf->ifindex, extack);
	if (IS_ERR(dev))
		return ERR_CAST(dev);
	link = kzalloc(sizeof(*link), GFP_KERNEL_ACCOUNT);
	if (!link)
		return ERR_PTR(-ENOMEM);
	link->pn = pn;
	link->ifindex = dev->ifindex;
	link->type = conf->type;
	link->lladdr_len = pmip_link_dev_lladdr_len(dev);
	err = xa_insert(&pn->links, link->ifindex, link, GFP_KERNEL);
	if (err)
		goto err_free;
	err = pmip_link_watch(link, dev, conf);
	if (err)
		goto err_erase;
	pn->n_links++;
	pn->link_changes++;
	if (!pmip_link_up(link)) {
		WRITE_ONCE(link->reason, pmip_link_loss(link));
		WRITE_ONCE(link->down_ns, ktime_get_ns());
		set_bit(PMIP_LINK_SEEN_DOWN, &link->state);
	}
	return link;

err_erase:
	xa_erase(&pn->links, link->ifindex);
err_free:
	kfree_rcu(link, rcu);
	return ERR_PTR(err);
}

/**
 * pmip_link_revive() - a device has come with the index of one that went
 * @link: the link of the one that went, which bindings still use
 * @conf: what the link shall be
 * @extack: where to say what is wrong
 *
 * The bindings' paths come back to life with it.
 *
 * Context: process, RTNL and the namespace's lock held.
 * Return: 0, -ENODEV, -EINVAL, -EBUSY or -ENOMEM.
 */
int pmip_link_revive(struct pmip_link *link, const struct pmip_link_conf *conf,
		     struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int err;

	dev = pmip_link_device(link->pn, conf->ifindex, extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	if (link->type != conf->type ||
	    link->lladdr_len != pmip_link_dev_lladdr_len(dev)) {
		NL_SET_ERR_MSG(extack,
			       "bindings use a link of another kind with this index");
		return -EBUSY;
	}
	err = pmip_link_watch(link, dev, conf);
	if (err)
		return err;
	if (!pmip_link_up(link))
		WRITE_ONCE(link->reason, pmip_link_loss(link));
	pmip_link_sync(link);
	return 0;
}

static void pmip_link_forget_dev(struct pmip_link *link)
{
	struct net_device *dev = link->dev;

	if (!dev)
		return;
	if (pmip_link_unhook(link))
		pmip_batch_drain();
	WRITE_ONCE(link->dev, NULL);
	netdev_put(dev, &link->tracker);
}

static void pmip_link_free(struct pmip_link *link)
{
	xa_erase(&link->pn->links, link->ifindex);
	link->pn->n_links--;
	link->pn->link_changes++;
	kfree_rcu(link, rcu);
}

/**
 * pmip_link_put() - a path lets go of its link
 * @link: the link; without a device it goes with its last user
 *
 * Context: process, the namespace's lock held.
 */
void pmip_link_put(struct pmip_link *link)
{
	if (!--link->users && !link->dev)
		pmip_link_free(link);
}

/**
 * pmip_link_del() - leave a device alone again
 * @link: the link
 * @extack: where to say what is wrong
 *
 * Context: process, RTNL and the namespace's lock held, or the namespace going.
 * Return: 0 or -EBUSY.
 */
int pmip_link_del(struct pmip_link *link, struct netlink_ext_ack *extack)
{
	if (link->users) {
		NL_SET_ERR_MSG(extack, "bindings or listeners use this link");
		return -EBUSY;
	}
	pmip_link_forget_dev(link);
	pmip_link_free(link);
	return 0;
}

static void pmip_link_removed(struct pmip_link *link)
{
	pmip_link_forget_dev(link);
	pmip_link_note_down(link);
	/* One that leaves for another namespace was set down first. */
	WRITE_ONCE(link->reason, PMIP_REASON_REMOVED);
	if (!link->users)
		pmip_link_free(link);
}

static int pmip_link_netdev_event(struct notifier_block *nb,
				  unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct pmip_net *pn = pmip_pernet(dev_net(dev));
	struct pmip_link *link;

	mutex_lock(&pn->lock);
	link = xa_load(&pn->links, dev->ifindex);
	if (!link || link->dev != dev)
		goto out;
	switch (event) {
	case NETDEV_UP:
	case NETDEV_CHANGE:
	case NETDEV_DOWN:
		pmip_link_sync(link);
		break;
	case NETDEV_CHANGENAME:
		strscpy(link->name, dev->name, sizeof(link->name));
		break;
	case NETDEV_UNREGISTER:
		pmip_link_removed(link);
		break;
	}
out:
	mutex_unlock(&pn->lock);
	return NOTIFY_DONE;
}

/*
 * An entry counts if it is of the address by which the controller probes the
 * path, and leads to the path's neighbour: anybody on the link can have this
 * host make one of another address with that neighbour's link-layer address,
 * or of that address with another one.
 */
static void pmip_link_neigh(struct pmip_net *pn, struct pmip_link *link,
			    struct neighbour *n, bool reachable)
{
	u8 ha[MAX_ADDR_LEN];
	struct pmip_path *p;

	neigh_ha_snapshot(ha, n, n->dev);
	p = pmip_path_find_neigh(pn, link, ha, link->lladdr_len);
	if (p && pmip_path_has_addr(p, (struct in6_addr *)n->primary_key))
		pmip_path_set_state(pn, p, reachable, PMIP_REASON_NEIGHBOUR);
}

/* RFC 4861 §7.3.3, RFC 5213 §6.6: unreachability detection says that it left */
static int pmip_link_neigh_event(struct notifier_block *nb,
				 unsigned long event, void *ptr)
{
	struct neighbour *n = ptr;
	struct pmip_link *link;
	struct pmip_net *pn;
	u8 state;

	if (event != NETEVENT_NEIGH_UPDATE || n->tbl != &nd_tbl)
		return NOTIFY_DONE;
	state = READ_ONCE(n->nud_state);
	if (!(state & (NUD_FAILED | NUD_REACHABLE)))
		return NOTIFY_DONE;

	rcu_read_lock();
	pn = pmip_pernet(dev_net(n->dev));
	link = xa_load(&pn->links, n->dev->ifindex);
	if (link && link->type == PMIP_LINK_ACCESS)
		pmip_link_neigh(pn, link, n, state & NUD_REACHABLE);
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static struct notifier_block pmip_link_netdev_nb = {
	.notifier_call = pmip_link_netdev_event,
};

static struct notifier_block pmip_link_neigh_nb = {
	.notifier_call = pmip_link_neigh_event,
};

/**
 * pmip_link_notifier_init() - begin to hear of devices and neighbours
 *
 * Context: process. Return: 0 or a negative errno.
 */
int __init pmip_link_notifier_init(void)
{
	int err;

	err = register_netdevice_notifier(&pmip_link_netdev_nb);
	if (err)
		return err;
	err = register_netevent_notifier(&pmip_link_neigh_nb);
	if (err)
		unregister_netdevice_notifier(&pmip_link_netdev_nb);
	return err;
}

/**
 * pmip_link_notifier_exit() - hear no more
 *
 * Context: process.
 */
void pmip_link_notifier_exit(void)
{
	unregister_netevent_notifier(&pmip_link_neigh_nb);
	unregister_netdevice_notifier(&pmip_link_netdev_nb);
}
