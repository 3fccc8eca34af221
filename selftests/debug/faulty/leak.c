// SPDX-License-Identifier: GPL-2.0
/*
 * Forgets what it has allocated.
 *
 * Kernel: kasan 8
 * Report: kmemleak: .* new suspected memory leaks
 */
#include <linux/module.h>
#include <linux/slab.h>

static int __init faulty_init(void)
{
	int i;

	/* Several: one of them may look referenced by chance */
	for (i = 0; i < 8; i++)
		if (!kmalloc(1000, GFP_KERNEL))
			return -ENOMEM;
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Forgets what it has allocated");
MODULE_LICENSE("GPL");
