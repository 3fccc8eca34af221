/* SPDX-License-Identifier: GPL-2.0 */
/* Devices that the module watches, and whose packets it takes. */
#ifndef _PMIP_LINK_H
#define _PMIP_LINK_H

#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <linux/pmip.h>
#include <net/sch_generic.h>

struct pmip_net;

/* Bits of pmip_link.state */
#define PMIP_LINK_SEEN_DOWN	0

/**
 * struct pmip_link - a device and what is known of it
 * @dev: the device; NULL once it is gone, if paths on it keep the link
 * @pn: the namespace's state
 * @flags: PMIP_LINK_F_*
 * @type: enum pmip_link_type
 * @lladdr_len: of its neighbours' link-layer addresses, 0 where there are none
 * @up: false while the operator has set the link down
 * @reason: enum pmip_reason for the last loss
 * @state: PMIP_LINK_* bits; whoever sets SEEN_DOWN raises the event
 * @down_ns: CLOCK_MONOTONIC when the loss was first seen, by a packet or by a
 *	     notifier: not before the driver's call, and not long after it
 * @redirect_ns: when the first packet took another path since
 * @ifindex: the device's index, kept after it is gone
 * @name: the device's name, likewise
 * @users: paths on this link
 * @generation: of the controller that made it
 * @ops: the ingress hook; @hooked: it is registered
 * @hooked: the ingress hook is registered
 * @tracker: of the reference to @dev
 * @rcu: readers may hold it until a grace period after its removal
 */
struct pmip_link {
	struct net_device *dev;
	struct pmip_net *pn;
	u32 flags;
	u8 type;
	u8 lladdr_len;
	bool up;
	u8 reason;
	unsigned long state;
	u64 down_ns;
	atomic64_t redirect_ns;
	int ifindex;
	char name[IFNAMSIZ];
	u32 users;
	u32 generation;
	struct nf_hook_ops ops;
	bool hooked;
	netdevice_tracker tracker;
	struct rcu_head rcu;
};

struct pmip_link_conf {
	u32 ifindex;
	u32 flags;
	u32 generation;
	u8 type;
	bool up;
};

struct pmip_link *pmip_link_new(struct pmip_net *pn,
				const struct pmip_link_conf *conf,
				struct netlink_ext_ack *extack);
int pmip_link_revive(struct pmip_link *link, const struct pmip_link_conf *conf,
		     struct netlink_ext_ack *extack);
void pmip_link_put(struct pmip_link *link);
int pmip_link_del(struct pmip_link *link, struct netlink_ext_ack *extack);
bool pmip_link_unhook(struct pmip_link *link);
void pmip_link_set_state(struct pmip_link *link, bool up);
u8 pmip_link_loss(const struct pmip_link *link);
bool pmip_link_see_down(struct pmip_link *link);
void pmip_link_tell_down(const struct pmip_link *link);
void pmip_link_note_redirect(struct pmip_link *link);
int pmip_link_notifier_init(void);
void pmip_link_notifier_exit(void);

/* Its device, if that is up: read once, for it may go or come at any time */
static inline const struct net_device *
pmip_link_dev_up(const struct pmip_link *link)
{
	const struct net_device *dev = READ_ONCE(link->dev);

	return dev && READ_ONCE(link->up) && netif_running(dev) &&
	       netif_carrier_ok(dev) ? dev : NULL;
}

/**
 * pmip_link_up() - is this link up now
 * @link: the link
 *
 * Reads the device's own state: the store with which a driver reports a lost
 * carrier is the one that moves every binding behind the link.
 *
 * Context: RCU read side. Return: true if it is up.
 */
static inline bool pmip_link_up(const struct pmip_link *link)
{
	return pmip_link_dev_up(link);
}

/**
 * pmip_link_sends() - would a packet that is given to a link now leave
 * @link: the link
 *
 * Where a carrier comes back after the kernel has put the device's queues away,
 * they swallow whatever is sent until they are back, too: milliseconds later, or
 * a second on a host that is busy with its devices.
 *
 * Context: RCU read side. Return: true if it would.
 */
static inline bool pmip_link_sends(const struct pmip_link *link)
{
	const struct net_device *dev = pmip_link_dev_up(link);

	return dev && rcu_access_pointer(netdev_get_tx_queue(dev, 0)->qdisc) !=
		      &noop_qdisc;
}

#endif /* _PMIP_LINK_H */
