// SPDX-License-Identifier: GPL-2.0
/* Log lines: one per call, at a bounded rate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/log.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char out[1 << 16];

/* What a function writes to stderr */
static size_t capture(void (*fn)(void))
{
	FILE *f = tmpfile();
	int saved = dup(STDERR_FILENO);
	size_t n;

	assert_non_null(f);
	assert_true(saved >= 0);
	fflush(stderr);
	dup2(fileno(f), STDERR_FILENO);
	fn();
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(f);
	n = fread(out, 1, sizeof(out) - 1, f);
	out[n] = '\0';
	fclose(f);
	return n;
}

static unsigned int lines(void)
{
	unsigned int n = 0;

	for (const char *p = out; *p; p++)
		n += *p == '\n';
	return n;
}

static void levels_fn(void)
{
	log_set_level(LOG_INFO);
	log_err("e%d", 1);
	log_debug("hidden");
	log_set_level(LOG_DEBUG);
	log_debug("shown");
	log_set_level(LOG_INFO);
}

/* sd-daemon(3): "<N>" before a line is its syslog priority */
static void levels(void **state)
{
	(void)state;
	capture(levels_fn);
	assert_string_equal(out, "<3>e1\n<7>shown\n");
}

static void control_fn(void)
{
	char longest[3000];

	log_info("a\nb%sc", "\033[2J");
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	log_info("%s", longest);
}

/* Bad input gets one clear line: what a peer sent cannot forge another */
static void one_line_each(void **state)
{
	(void)state;
	assert_true(capture(control_fn) < 1100);
	assert_int_equal(lines(), 2);
	assert_memory_equal(out, "<6>a?b?[2Jc\n", 12);
}

static void flood_fn(void)
{
	for (unsigned int i = 0; i < 1000; i++)
		log_ratelimited(LOG_WARNING, "flood %u", i);
	log_ratelimited(LOG_WARNING, "another place");
}

/* A flood of bad input fills no disk: 10 lines per 5 s and call site */
static void bounded_rate(void **state)
{
	(void)state;
	capture(flood_fn);
	assert_int_equal(lines(), 11);
	assert_non_null(strstr(out, "flood 9\n"));
	assert_null(strstr(out, "flood 10\n"));
	assert_non_null(strstr(out, "another place"));
}

static void next_window_fn(void)
{
	/* a window that began long ago, with lines left out */
	struct log_limit l = { .window = 1, .count = 10, .suppressed = 7 };

	assert_true(log_allowed(&l));
	assert_int_equal(l.count, 1);
	assert_int_equal(l.suppressed, 0);
}

/* The next window says how many lines were left out */
static void left_out_lines_are_counted(void **state)
{
	(void)state;
	capture(next_window_fn);
	assert_string_equal(out, "<4>7 similar lines left out\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels),
		cmocka_unit_test(one_line_each),
		cmocka_unit_test(bounded_rate),
		cmocka_unit_test(left_out_lines_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
