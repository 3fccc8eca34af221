// SPDX-License-Identifier: GPL-2.0
/*
 * Gives the reference that it took of a network namespace back twice.
 *
 * Kernel: kasan 6
 * Report: reference already released
 */
#include <linux/module.h>
#include <net/net_namespace.h>

static netns_tracker tracker;

static int __init faulty_init(void)
{
	netns_tracker_alloc(&init_net, &tracker, GFP_KERNEL);
	netns_tracker_free(&init_net, &tracker);
	netns_tracker_free(&init_net, &tracker);
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Gives the reference of a network namespace back twice");
MODULE_LICENSE("GPL");
