// SPDX-License-Identifier: GPL-2.0
/*
 * Links.  The packet path reads the device's own carrier bit, so that it
 * switches with the driver's store; the notifiers here come a moment later
 * and only report.  Whichever of them sees a loss first raises the event.
 */
#include <linux/ktime.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include <net/netevent.h>

#include "device.h"
#include "event.h"
#include "input.h"
#include "link.h"
#include "netns.h"
#include "path.h"

static u8 pmip_link_loss(const struct pmip_link *link)
{
	const struct net_device *dev = READ_ONCE(link->dev);

	if (!dev || dev->dismantle)
		return PMIP_REASON_REMOVED;
	if (!READ_ONCE(link->up))
		return PMIP_REASON_OPERATOR;
	return netif_running(dev) ? PMIP_REASON_CARRIER : PMIP_REASON_ADMIN;
}

/**
 * pmip_link_note_down() - a link was found down
 * @link: the link
 *
 * Records when and raises one event, however many packets and notifiers
 * find it so.
 *
 * Context: any, RCU read side or the namespace's lock held.
 */
void pmip_link_note_down(struct pmip_link *link)
{
	if (test_bit(PMIP_LINK_REPORTED_DOWN, &link->state) ||
	    test_and_set_bit(PMIP_LINK_REPORTED_DOWN, &link->state))
		return;
	WRITE_ONCE(link->reason, pmip_link_loss(link));
	WRITE_ONCE(link->down_ns, ktime_get_ns());
	pmip_event_link(link, false, link->reason, link->down_ns);
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
	if (!test_bit(PMIP_LINK_REPORTED_DOWN, &link->state))
		return;
	WRITE_ONCE(link->reason, PMIP_REASON_NONE);
	atomic64_set(&link->redirect_ns, 0);
	/* Told before the next loss can be: events come in their order. */
	pmip_event_link(link, true, PMIP_REASON_NONE, ktime_get_ns());
	clear_bit(PMIP_LINK_REPORTED_DOWN, &link->state);
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

static int pmip_link_hook(struct pmip_link *link)
{
	int err;

	link->ops.hook = pmip_input;
	link->ops.priv = link;
	link->ops.dev = link->dev;
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
 * going.
 */
void pmip_link_unhook(struct pmip_link *link)
{
	if (link->hooked)
		nf_unregister_net_hook(link->pn->net, &link->ops);
	link->hooked = false;
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

	dev = __dev_get_by_index(pn->net, conf->ifindex);
	if (!dev) {
		NL_SET_ERR_MSG(extack, "no device with this index");
		return ERR_PTR(-ENODEV);
	}
	if (pmip_device_is(dev) || (dev->flags & IFF_LOOPBACK) ||
	    dev->addr_len > PMIP_LLADDR_MAX) {
		NL_SET_ERR_MSG(extack, "device cannot be a link");
		return ERR_PTR(-EINVAL);
	}
	link = kzalloc(sizeof(*link), GFP_KERNEL_ACCOUNT);
	if (!link)
		return ERR_PTR(-ENOMEM);
	link->pn = pn;
	link->dev = dev;
	link->ifindex = dev->ifindex;
	strscpy(link->name, dev->name, sizeof(link->name));
	link->type = conf->type;
	link->flags = conf->flags;
	link->generation = conf->generation;
	link->up = conf->up;
	err = xa_insert(&pn->links, link->ifindex, link, GFP_KERNEL);
	if (err)
		goto err_free;
	netdev_hold(dev, &link->tracker, GFP_KERNEL);
	err = pmip_link_hook(link);
	if (err)
		goto err_put;
	pn->n_links++;
	if (!pmip_link_up(link)) {
		link->reason = pmip_link_loss(link);
		link->down_ns = ktime_get_ns();
		set_bit(PMIP_LINK_REPORTED_DOWN, &link->state);
	}
	return link;

err_put:
	netdev_put(dev, &link->tracker);
	xa_erase(&pn->links, link->ifindex);
err_free:
	kfree_rcu(link, rcu);
	return ERR_PTR(err);
}

static void pmip_link_forget_dev(struct pmip_link *link)
{
	struct net_device *dev = link->dev;

	if (!dev)
		return;
	pmip_link_unhook(link);
	WRITE_ONCE(link->dev, NULL);
	netdev_put(dev, &link->tracker);
}

/**
 * pmip_link_del() - leave a device alone again
 * @pn: the namespace
 * @link: the link
 * @extack: where to say what is wrong
 *
 * Context: process, RTNL and @pn->lock held, or the namespace going.
 * Return: 0 or -EBUSY.
 */
int pmip_link_del(struct pmip_net *pn, struct pmip_link *link,
		  struct netlink_ext_ack *extack)
{
	if (link->users) {
		NL_SET_ERR_MSG(extack, "bindings use this link");
		return -EBUSY;
	}
	pmip_link_forget_dev(link);
	xa_erase(&pn->links, link->ifindex);
	pn->n_links--;
	kfree_rcu(link, rcu);
	return 0;
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
		pmip_link_forget_dev(link);
		pmip_link_note_down(link);
		/* One that leaves for another namespace was set down first. */
		WRITE_ONCE(link->reason, PMIP_REASON_REMOVED);
		break;
	}
out:
	mutex_unlock(&pn->lock);
	return NOTIFY_DONE;
}

/* RFC 4861 §7.3.3, RFC 5213 §6.6: unreachability detection says that it left */
static int pmip_link_neigh_event(struct notifier_block *nb,
				 unsigned long event, void *ptr)
{
	struct neighbour *n = ptr;
	struct pmip_link *link;
	struct pmip_path *p;
	struct pmip_net *pn;
	u8 state;

	if (event != NETEVENT_NEIGH_UPDATE || n->tbl != &nd_tbl)
		return NOTIFY_DONE;
	/* The address that the controller probes; others may be of its past. */
	if (!(ipv6_addr_type((struct in6_addr *)n->primary_key) &
	      IPV6_ADDR_LINKLOCAL))
		return NOTIFY_DONE;
	state = READ_ONCE(n->nud_state);
	if (!(state & (NUD_FAILED | NUD_REACHABLE)))
		return NOTIFY_DONE;

	rcu_read_lock();
	pn = pmip_pernet(dev_net(n->dev));
	link = xa_load(&pn->links, n->dev->ifindex);
	if (link && link->type == PMIP_LINK_ACCESS) {
		p = pmip_path_find_neigh(pn, link, n->ha, n->dev->addr_len);
		if (p)
			pmip_path_set_state(pn, p, state & NUD_REACHABLE,
					    PMIP_REASON_NEIGHBOUR);
	}
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
