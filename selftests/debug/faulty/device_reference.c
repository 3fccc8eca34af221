// SPDX-License-Identifier: GPL-2.0
/*
 * Forgets the reference that it took of a network device.
 *
 * Kernel: kasan 5
 * Report: leaked reference
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>

static netdevice_tracker tracker;

static int __init faulty_init(void)
{
	struct net_device *dev = alloc_netdev(0, "faulty", NET_NAME_UNKNOWN, ether_setup);

	if (!dev)
		return -ENOMEM;
	netdev_tracker_alloc(dev, &tracker, GFP_KERNEL);
	free_netdev(dev);
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Forgets the reference that it took of a network device");
MODULE_LICENSE("GPL");
