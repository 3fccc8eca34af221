// SPDX-License-Identifier: GPL-2.0
/*
 * Takes two locks in one order, and then in the other.
 *
 * Kernel: kasan 10
 * Report: WARNING: possible circular locking dependency
 */
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(one);
static DEFINE_MUTEX(other);

static int __init faulty_init(void)
{
	mutex_lock(&one);
	mutex_lock(&other);
	mutex_unlock(&other);
	mutex_unlock(&one);

	mutex_lock(&other);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&other);
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Takes two locks in one order, and then in the other");
MODULE_LICENSE("GPL");
