// SPDX-License-Identifier: GPL-2.0
/* The count of starts, and what the kernel has kept of the one before. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/log.h"
#include "fake_env.h"
#include "io/io.h"
#include "io/pmip_msg.h"

static char dir[32] = "/tmp/test_restart.XXXXXX";

static uint32_t start(uint32_t kernel)
{
	uint32_t n;
	int lock;

	assert_int_equal(restart_counter(dir, &n, &lock), 0);
	assert_int_equal(restart_counter_pass(dir, &n, kernel), 0);
	close(lock);
	return n;
}

static void lose(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/restart-counter", dir);
	unlink(path);
}

/* RFC 5847 §3.4: a number that was used is not used again, whatever becomes of the file */
static void counter_never_goes_back(void **state)
{
	(void)state;
	log_set_level(LOG_EMERG);
	assert_non_null(mkdtemp(dir));
	assert_int_equal(start(0), 1);
	assert_int_equal(start(1), 2);
	assert_int_equal(start(2), 3);
	lose();
	assert_int_equal(start(3), 4);
	/* and it is on the disk */
	assert_int_equal(start(0), 5);
	lose();
	assert_int_equal(start(1), 2);
	/* the last number there is */
	assert_int_equal(start(0x70000000), 0x70000001);
	assert_int_equal(start(0xe0000000), 0xe0000001);
	assert_int_equal(start(0xffffffff), 0);
	lose();
}

/* A daemon that has the directory, until it is told to end; or it says not who it is */
static pid_t reign(bool named)
{
	int lock, fds[2];
	sigset_t set;
	uint32_t n;
	pid_t pid;
	char c;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid) {
		close(fds[1]);
		assert_int_equal(read(fds[0], &c, 1), 1);
		close(fds[0]);
		return pid;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (restart_counter(dir, &n, &lock) || (!named && ftruncate(lock, 0)) ||
	    write(fds[1], "", 1) != 1)
		_exit(1);
	sigwaitinfo(&set, NULL);
	_exit(0);
}

/* pmipd(8), --replace: "has the pmipd end that runs with it", and only that */
static void other_is_replaced(void **state)
{
	int status, lock;
	uint32_t n;
	pid_t pid;

	(void)state;
	assert_int_equal(restart_replace(dir), 0);
	pid = reign(true);
	assert_int_equal(restart_counter(dir, &n, &lock), -EWOULDBLOCK);
	assert_int_equal(restart_replace(dir), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	pid = reign(false);
	assert_int_equal(restart_replace(dir), -ESRCH);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	/* nobody is there */
	assert_int_equal(restart_replace(dir), 0);
	assert_int_equal(restart_replace("/nonexistent"), 0);
	assert_int_equal(restart_counter(dir, &n, &lock), 0);
	close(lock);
	lose();
}

/* The netlink contract: a binding with an uplink is an access gateway's */
static void attachments_are_read(void **state)
{
	struct dp_binding b = {
		.prefix = fake_prefix("2001:db8:100:1::/64"), .node = 7, .n_paths = 2,
		.path = { { .kind = PMIP_PATH_LINK, .ifindex = 3 },
			  { .kind = PMIP_PATH_TUNNEL, .tunnel = 2 } },
	};
	struct pmip_event_msg e = { .type = PMIP_EVENT_LINK, .ifindex = 3 };
	struct mag_kept *list;
	struct kept *t = NULL;

	(void)state;
	b.path[0].lladdr = fake_llid("02:00:00:00:01:01");
	assert_int_equal(kept_add(&t, &b), 0);
	assert_null(t);
	b.uplink = 1;
	assert_int_equal(kept_add(&t, &b), 0);
	b.prefix = fake_prefix("2001:db8:100:2::/64");
	assert_int_equal(kept_add(&t, &b), 0);
	b.path[0].lladdr = fake_llid("02:00:00:00:01:02");
	b.node = 8;
	assert_int_equal(kept_add(&t, &b), 0);
	e.type = PMIP_EVENT_PATH;
	e.lladdr = b.path[0].lladdr;
	kept_state(t, &e);
	assert_int_equal(kept_list(t, &list, NULL), 2);
	assert_int_equal(list[0].n_hnp, 2);
	assert_int_equal(list[0].node, 7);
	assert_true(list[0].up);
	assert_int_equal(list[1].n_hnp, 1);
	assert_false(list[1].up);
	free(list);
	e.type = PMIP_EVENT_LINK;
	kept_state(t, &e);
	assert_int_equal(kept_list(t, &list, NULL), 2);
	assert_false(list[0].up);
	free(list);
	kept_free(&t);
}

/* RFC 7864 §3.2.2: what is routed by a link and not advertised there is no prefix of its own */
static void routed_prefixes_are_no_attachments(void **state)
{
	struct dp_binding b = {
		.prefix = fake_prefix("2001:db8:100:1::/64"), .node = 7, .n_paths = 2, .uplink = 1,
		.path = { { .kind = PMIP_PATH_LINK, .ifindex = 3, .bid = 1 },
			  { .kind = PMIP_PATH_LINK, .ifindex = 4, .bid = MAG_BID_OFF_LINK | 2 } },
	};
	struct mag_kept *list;
	struct kept *t = NULL;

	(void)state;
	b.path[0].lladdr = fake_llid("02:00:00:00:01:01");
	b.path[1].lladdr = fake_llid("02:00:00:00:01:02");
	assert_int_equal(kept_add(&t, &b), 0);
	b.prefix = fake_prefix("2001:db8:100:2::/64");
	b.path[0].bid |= MAG_BID_OFF_LINK;
	assert_int_equal(kept_add(&t, &b), 0);
	assert_int_equal(kept_list(t, &list, NULL), 1);
	assert_int_equal(list[0].ifindex, 3);
	assert_int_equal(list[0].n_hnp, 1);
	free(list);
	kept_free(&t);
}

/*
 * Draft: fault tolerant multihoming §3.2: what waits alone is of a node that had left: its
 * own prefixes, and behind them those that were only routed
 */
static void what_waits_is_read(void **state)
{
	struct dp_binding b = {
		.prefix = fake_prefix("2001:db8:100:1::/64"), .node = 7, .n_paths = 1, .uplink = 1,
		.path = { { .kind = PMIP_PATH_HOLD, .bid = MAG_BID_OFF_LINK | 1 } },
	};
	struct mag_kept *list;
	struct kept *t = NULL;

	(void)state;
	assert_int_equal(kept_add(&t, &b), 0);
	b.prefix = fake_prefix("2001:db8:100:2::/64");
	b.path[0].bid = 1;
	assert_int_equal(kept_add(&t, &b), 0);
	b.node = 8;
	assert_int_equal(kept_add(&t, &b), 0);
	/* what is redirected does not wait */
	b.node = 9;
	b.path[1] = b.path[0];
	b.path[0] = (struct dp_path){ .kind = PMIP_PATH_TUNNEL, .tunnel = 2 };
	b.n_paths = 2;
	assert_int_equal(kept_add(&t, &b), 0);
	assert_int_equal(kept_list(t, &list, NULL), 2);
	assert_true(list[0].node == 7 && list[0].ifindex == 0 && !list[0].up);
	assert_true(list[0].n_hnp == 1 && list[0].n_off == 1);
	assert_true(prefix_equal(&list[0].hnp[0], &b.prefix));
	assert_true(list[1].node == 8 && list[1].n_hnp == 1 && !list[1].n_off);
	free(list);
	kept_free(&t);
}

static int tidy(void **state)
{
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "%s/lock", dir);
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(counter_never_goes_back),
		cmocka_unit_test(other_is_replaced),
		cmocka_unit_test(attachments_are_read),
		cmocka_unit_test(routed_prefixes_are_no_attachments),
		cmocka_unit_test(what_waits_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, tidy);
}
