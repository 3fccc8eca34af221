// SPDX-License-Identifier: GPL-2.0
/*
 * The child that takes the address away after its daemon's death, and the next daemon.
 *
 * Shows: pmipd(8): "a pmipd that has begun by then goes on with it"
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include "pair_bed.h"

static char where[32];

static int try_lock(const char *name)
{
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/%s", where, name);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0);
	ret = flock(fd, LOCK_EX | LOCK_NB) ? -errno : 0;
	close(fd);
	return ret;
}

static int begin(void **state)
{
	(void)state;
	log_set_level(LOG_EMERG);
	snprintf(where, sizeof(where), "/tmp/pmip-keeper-XXXXXX");
	return mkdtemp(where) ? 0 : -1;
}

static int end(void **state)
{
	char cmd[64];

	(void)state;
	snprintf(cmd, sizeof(cmd), "rm -r %s", where);
	return system(cmd);
}

/* Whatever it looks for, and however long it takes: nobody is told that there is another one. */
static void a_start_is_not_refused(void **state)
{
	uint32_t n;
	int lock, fd;

	(void)state;
	assert_int_equal(restart_counter(where, &n, &lock), 0);
	close(lock);
	fd = keeper_alone(where, getpid());
	assert_true(fd >= 0);
	assert_int_equal(restart_counter(where, &n, &lock), 0);
	/* but it does not touch the address meanwhile */
	assert_int_equal(try_lock("pair-lock"), -EWOULDBLOCK);
	close(fd);
	assert_int_equal(try_lock("pair-lock"), 0);
	close(lock);
}

static void the_next_one_is_left_alone(void **state)
{
	uint32_t n;
	int lock;

	(void)state;
	/* one of a pair */
	bed_open();
	assert_int_equal(keeper_alone(bed.dir, getpid()), -EWOULDBLOCK);
	bed_close();
	/* any other one, which does not lend the address: it may have one of its own */
	assert_int_equal(restart_counter(where, &n, &lock), 0);
	assert_int_equal(keeper_alone(where, getpid() + 1), -EBUSY);
	close(lock);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_start_is_not_refused, begin, end),
		cmocka_unit_test_setup_teardown(the_next_one_is_left_alone, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
