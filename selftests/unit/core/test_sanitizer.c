// SPDX-License-Identifier: GPL-2.0
/* The sanitizers that these tests are built with report a fault, and end who commits it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__

/* Of a value that the compiler does not know */
static int unknown(int value)
{
	return getpid() ? value : 0;
}

static int overrun(void)
{
	char *p = calloc(1, 8);

	memset(p, 1, (size_t)unknown(9));
	return p[0];
}

static int freed(void)
{
	char *p = calloc(1, 8);

	if (unknown(1))
		free(p);
	return p[0];
}

static int overflow(void)
{
	return unknown(INT_MAX) + 1;
}

/* What a process says that commits the fault, which it does not survive */
static void is_reported(int (*fault)(void), const char *report)
{
	char said[8192] = "", rest[512];
	int end[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(end), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		dup2(end[1], STDERR_FILENO);
		close(end[0]);
		_exit(fault() ? 0 : 2);
	}
	close(end[1]);
	while ((got = read(end[0], said + n, sizeof(said) - 1 - n)) > 0)
		n += (size_t)got;
	/* or it would wait for room */
	while (read(end[0], rest, sizeof(rest)) > 0)
		;
	close(end[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 1);
	if (!strstr(said, report))
		fail_msg("no \"%s\" in: %s", report, said);
}

static void faults(void **state)
{
	(void)state;
	is_reported(overrun, "heap-buffer-overflow");
	is_reported(freed, "heap-use-after-free");
	is_reported(overflow, "signed integer overflow");
}

#else

static void faults(void **state)
{
	(void)state;
	skip();		/* built without, for valgrind */
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(faults) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
