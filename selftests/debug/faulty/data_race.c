// SPDX-License-Identifier: GPL-2.0
/*
 * Two threads write one number.
 *
 * Kernel: kcsan 1
 * Report: BUG: KCSAN: data-race in
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static unsigned long number;
static struct task_struct *threads[2];

static int count(void *unused)
{
	while (!kthread_should_stop()) {
		number++;
		cond_resched();
	}
	return 0;
}

static void stop(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(threads); i++)
		if (!IS_ERR_OR_NULL(threads[i]))
			kthread_stop(threads[i]);
}

static int __init faulty_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(threads); i++)
		threads[i] = kthread_run(count, NULL, "faulty%d", i);
	msleep(2000);
	stop();
	return 0;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Two threads write one number");
MODULE_LICENSE("GPL");
