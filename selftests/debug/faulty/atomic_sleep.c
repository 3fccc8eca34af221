// SPDX-License-Identifier: GPL-2.0
/*
 * Sleeps while it holds a spinlock.
 *
 * Kernel: kasan 3
 * Report: BUG: sleeping function called from invalid context
 */
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

static int __init faulty_init(void)
{
	spin_lock(&lock);
	might_sleep();
	spin_unlock(&lock);
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Sleeps while it holds a spinlock");
MODULE_LICENSE("GPL");
