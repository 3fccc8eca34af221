// SPDX-License-Identifier: GPL-2.0
/*
 * Reads memory that it has freed.
 *
 * Kernel: kasan 11
 * Report: BUG: KASAN: .*use-after-free in
 */
#include <linux/module.h>
#include <linux/slab.h>

static int __init faulty_init(void)
{
	int *object = kmalloc(sizeof(*object), GFP_KERNEL);

	if (!object)
		return -ENOMEM;
	WRITE_ONCE(*object, 1);
	kfree(object);
	pr_info("read %d\n", READ_ONCE(*object));
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Reads memory that it has freed");
MODULE_LICENSE("GPL");
