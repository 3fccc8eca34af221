// SPDX-License-Identifier: GPL-2.0
/*
 * Forgets its first allocation when the second fails.
 *
 * Kernel: fail 1
 * Report: kmemleak: .* new suspected memory leaks
 */
#include <linux/module.h>
#include <linux/slab.h>

static void *first[8], *second;

static int __init faulty_init(void)
{
	void *kept[ARRAY_SIZE(first)];
	int i;

	/* Several: one of them may look referenced by chance */
	for (i = 0; i < ARRAY_SIZE(kept); i++) {
		kept[i] = kmalloc(1000, GFP_KERNEL);
		if (!kept[i])
			return -ENOMEM;
	}
	second = kmalloc(1000, GFP_KERNEL);
	if (!second)
		return -ENOMEM;
	memcpy(first, kept, sizeof(first));
	return 0;
}

static void __exit faulty_exit(void)
{
	int i;

	kfree(second);
	for (i = 0; i < ARRAY_SIZE(first); i++)
		kfree(first[i]);
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Forgets its first allocation when the second fails");
MODULE_LICENSE("GPL");
