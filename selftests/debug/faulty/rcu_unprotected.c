// SPDX-License-Identifier: GPL-2.0
/*
 * Reads what RCU protects without saying so.
 *
 * Kernel: kasan 1
 * Report: WARNING: suspicious RCU usage
 */
#include <linux/module.h>
#include <linux/rcupdate.h>

static int object;
static int __rcu *pointer;

static int __init faulty_init(void)
{
	RCU_INIT_POINTER(pointer, &object);
	pr_info("read %d\n", *rcu_dereference(pointer));
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Reads what RCU protects without saying so");
MODULE_LICENSE("GPL");
