// SPDX-License-Identifier: GPL-2.0
/*
 * Walks a list that RCU protects without saying so.
 *
 * Kernel: kasan 2
 * Report: RCU-list traversed in non-reader section
 */
#include <linux/module.h>
#include <linux/rculist.h>

struct item {
	struct list_head list;
};

static LIST_HEAD(items);
static struct item item;

static int __init faulty_init(void)
{
	struct item *i;

	list_add_rcu(&item.list, &items);
	list_for_each_entry_rcu(i, &items, list)
		pr_info("met %s\n", i == &item ? "the item" : "another");
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Walks a list that RCU protects without saying so");
MODULE_LICENSE("GPL");
