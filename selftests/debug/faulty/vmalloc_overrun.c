// SPDX-License-Identifier: GPL-2.0
/*
 * Reads behind the end of what it has allocated, by vmalloc() as large tables are.
 *
 * Kernel: kasan 12
 * Report: BUG: KASAN: vmalloc-out-of-bounds in
 */
#include <linux/module.h>
#include <linux/vmalloc.h>

static int __init faulty_init(void)
{
	char *table = vmalloc(PAGE_SIZE - 8);

	if (!table)
		return -ENOMEM;
	pr_info("read %d\n", READ_ONCE(table[PAGE_SIZE - 8]));
	vfree(table);
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Reads behind the end of what it has allocated");
MODULE_LICENSE("GPL");
