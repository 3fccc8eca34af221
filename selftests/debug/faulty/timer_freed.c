// SPDX-License-Identifier: GPL-2.0
/*
 * Frees the memory of a timer that still runs.
 *
 * Kernel: kasan 4
 * Report: ODEBUG: free active .* object type: timer_list
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timer.h>

struct object {
	struct timer_list timer;
};

static void expired(struct timer_list *timer)
{
}

static int __init faulty_init(void)
{
	struct object *object = kzalloc(sizeof(*object), GFP_KERNEL);

	if (!object)
		return -ENOMEM;
	timer_setup(&object->timer, expired, 0);
	mod_timer(&object->timer, jiffies + 3600 * HZ);
	/* What reports it also stops the timer */
	kfree(object);
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Frees the memory of a timer that still runs");
MODULE_LICENSE("GPL");
