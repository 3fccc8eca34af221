// SPDX-License-Identifier: GPL-2.0
/*
 * Shifts further than a number is wide.
 *
 * Kernel: kasan 7
 * Report: UBSAN: shift-out-of-bounds
 */
#include <linux/module.h>

static int width = 32;
module_param(width, int, 0444);
MODULE_PARM_DESC(width, "how far");

static int __init faulty_init(void)
{
	pr_info("1 << %d is %d\n", width, 1 << width);
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Shifts further than a number is wide");
MODULE_LICENSE("GPL");
