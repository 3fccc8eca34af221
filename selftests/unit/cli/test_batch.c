// SPDX-License-Identifier: GPL-2.0
/* Batches: what travels together, and which line an error names */
#include "fake_kernel.h"

#include <errno.h>

static struct fake f;
static char file[64];

static int setup(void **state)
{
	(void)state;
	fake_start(&f);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_stop(&f);
	return 0;
}

static int run(const char *text)
{
	FILE *out = fopen(file, "we");
	int status;

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	status = batch_run(&f.c, file);
	fflush(f.c.out);
	fflush(f.c.err);
	return status;
}

static int count(int len, uint16_t *last_flags)
{
	struct nlmsghdr *nlh = f.buf;
	int n = 0;

	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
		assert_int_equal(nlh->nlmsg_seq, SEQ + 1 + n);
		*last_flags = nlh->nlmsg_flags;
		n++;
	}
	return n;
}

/* pmipctl(8): "consecutive bindings travel together" */
static void one_datagram(void **state)
{
	uint16_t flags = 0;

	(void)state;
	fake_error(&f, SEQ + 3, 0, NULL);
	assert_int_equal(run("# three of them\n"
			     "binding add prefix 2001:db8:0:1::/64 path drop\n\n"
			     "  binding replace prefix 2001:db8:0:2::/64 path drop # two\n"
			     "binding del prefix 2001:db8:0:3::/64\n"), CLI_OK);
	assert_int_equal(count(fake_sent(&f), &flags), 3);
	assert_true(flags & NLM_F_ACK);
	assert_false(f.buf->nlmsg_flags & NLM_F_ACK);
	assert_int_equal(fake_sent(&f), -1);
}

/* pmipctl(8): "The error names the line"; the lines behind are not run */
static void names_the_line(void **state)
{
	char want[128];

	(void)state;
	fake_error(&f, SEQ + 2, -EEXIST, "pmip: this prefix is bound");
	fake_error(&f, SEQ + 3, -EEXIST, "pmip: this prefix is bound");
	assert_int_equal(run("binding add prefix 2001:db8:0:1::/64 path drop\n"
			     "\n"
			     "binding add prefix 2001:db8:0:1::/64 path drop\n"
			     "binding add prefix 2001:db8:0:1::/64 path drop\n"
			     "purge generation 1\n"), CLI_FAILED);
	snprintf(want, sizeof(want),
		 "Error: pmip: this prefix is bound\nCommand failed %s:3\n", file);
	assert_string_equal(f.err, want);
	assert_true(fake_sent(&f) > 0);
	assert_int_equal(fake_sent(&f), -1);
}

/* pmipctl(8): "-force: goes on after an error"; the exit status still tells */
static void forced(void **state)
{
	(void)state;
	f.c.force = true;
	fake_error(&f, SEQ + 1, -EEXIST, NULL);
	fake_error(&f, SEQ + 2, 0, NULL);
	fake_error(&f, SEQ + 3, 0, NULL);
	assert_int_equal(run("binding add prefix 2001:db8:0:1::/64 path drop\n"
			     "binding add prefix 2001:db8:0:2::/64 path drop\n"
			     "bind nonsense\n"
			     "purge generation 1\n"), CLI_FAILED);
	assert_non_null(strstr(f.err, ":1\n"));
	assert_non_null(strstr(strstr(f.err, ":1\n"), ":3\n"));
	assert_true(fake_sent(&f) > 0);
	assert_true(fake_sent(&f) > 0);
	assert_int_equal(fake_cmd(f.buf), PMIP_CMD_PURGE);
}

/* pmipctl(8): a bundle is at most 64 KiB, what the kernel takes in one datagram */
static void full_bundle(void **state)
{
	enum { LINES = 1500 };
	char *text = calloc(LINES, 64), *p = text;
	uint16_t flags;
	int n;

	(void)state;
	for (int i = 1; i <= LINES; i++)
		p += sprintf(p, "binding add prefix 2001:db8:0:%x::/64 path drop\n", i);
	/* both bundles' acknowledgments, queued: sequence numbers tell them apart */
	for (int i = 1; i <= LINES; i++)
		if (i == LINES || i == 65536 / 68)
			fake_error(&f, SEQ + (uint32_t)i, 0, NULL);
	assert_int_equal(run(text), CLI_OK);
	n = count(fake_sent(&f), &flags);
	assert_int_equal(n, 65536 / 68);
	assert_true(fake_sent(&f) == (LINES - n) * 68);
	free(text);
}

#define CASE(fn)	cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(one_datagram), CASE(names_the_line), CASE(forced), CASE(full_bundle),
	};
	int fd, failed;

	snprintf(file, sizeof(file), "/tmp/test_batch.XXXXXX");
	fd = mkstemp(file);
	if (fd < 0)
		return 1;
	close(fd);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	return failed;
}
