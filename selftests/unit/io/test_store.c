// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memmem() */
/*
 * What a daemon writes down for the next one, and files that none has written.
 *
 * Shows: RFC 5847 §3.2: the counter "MUST NOT be incremented if the recovery happens
 * without losing state", and where some has been lost no earlier one is gone on with
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_env.h"
#include "store_break.h"
#include "store_dir.h"

static const struct store_owner owner = { .lma_layout = 1, .mag_layout = 2 };

/* The file; "" if there is none */
static const char *file(void)
{
	static char path[256];
	char pattern[64];
	glob_t g;

	path[0] = '\0';
	snprintf(pattern, sizeof(pattern), "%s/sessions-*", dir);
	if (!glob(pattern, 0, NULL, &g)) {
		assert_int_equal(g.gl_pathc, 1);
		snprintf(path, sizeof(path), "%s", g.gl_pathv[0]);
		globfree(&g);
	}
	return path;
}

static struct keep_key key_of(uint8_t kind, uint32_t n)
{
	struct keep_key k = { .kind = kind, .len = sizeof(n) };

	memcpy(k.key, &n, sizeof(n));
	return k;
}

static void put(struct store *s, uint8_t kind, uint32_t n, const char *text, bool more)
{
	const struct keep_key k = key_of(kind, n);

	store_put(s, &k, text, text ? strlen(text) + 1 : 0, more);
}

struct seen {
	struct store *s;
	unsigned int n, stop;
	char text[4096];
};

static bool see(void *arg, const struct keep_key *key, const void *data, size_t len)
{
	struct seen *v = arg;

	assert_int_equal(key->len, 4);
	assert_int_equal(len, strlen(data) + 1);
	snprintf(v->text + strlen(v->text), sizeof(v->text) - strlen(v->text), "%s ",
		 (const char *)data);
	/* this one and others may be put */
	if (v->s)
		store_put(v->s, key, NULL, 0, false);
	return ++v->n != v->stop;
}

static const char *all(struct store *s, uint8_t kind)
{
	static struct seen v;

	memset(&v, 0, sizeof(v));
	assert_int_equal(store_each(s, kind, see, &v), 0);
	return v.text;
}

static struct store *open_store(uint32_t expected)
{
	uint32_t counter = 99;
	struct store *s = store_open(dir, &owner, &counter);

	assert_non_null(s);
	assert_int_equal(counter, expected);
	return s;
}

/* A store with two records, closed */
static void fill(uint32_t counter, bool more)
{
	struct store *s;

	store_remove(dir);
	s = open_store(0);
	store_count(s, counter);
	put(s, KEEP_NODE, 1, "one", false);
	put(s, KEEP_NODE, 2, "two", more);
	put(s, KEEP_SESSION, 1, "three", false);
	store_close(s);
}

static void what_was_put_is_found(void **state)
{
	struct store *s;

	(void)state;
	fill(7, false);
	s = open_store(7);
	assert_string_equal(all(s, KEEP_NODE), "one two ");
	assert_string_equal(all(s, KEEP_SESSION), "three ");
	put(s, KEEP_NODE, 1, NULL, false);
	put(s, KEEP_NODE, 9, NULL, false);
	put(s, KEEP_NODE, 2, "deux", false);
	assert_string_equal(all(s, KEEP_NODE), "deux ");
	store_close(s);
	s = open_store(7);
	assert_string_equal(all(s, KEEP_NODE), "deux ");
	store_close(s);
}

static void what_is_not_said_is_lost(void **state)
{
	struct store *s;

	(void)state;
	fill(7, true);
	s = open_store(0);
	assert_string_equal(all(s, KEEP_NODE), "one two ");
	put(s, KEEP_NODE, 2, "two", false);
	store_count(s, 8);
	store_close(s);
	store_close(open_store(8));
}

static void see_some(void *arg, const struct keep_key *key, const void *data, size_t len, bool more)
{
	char *text = arg;

	assert_int_equal(key->len, 4);
	assert_int_equal(len, strlen(data) + 1);
	sprintf(text + strlen(text), "%s%s ", (const char *)data, more ? "+" : "");
}

static void some_at_a_time(void **state)
{
	struct keep_key at = { .kind = KEEP_NODE };
	char text[64] = "";
	uint64_t broken = 0;
	struct store *s;

	(void)state;
	fill(7, true);
	s = open_store(0);
	put(s, KEEP_NODE, 4, "four", false);
	assert_int_equal(store_some(s, &at, 2, &broken, see_some, text), 2);
	assert_string_equal(text, "one two+ ");
	/* meanwhile some come, and go */
	put(s, KEEP_NODE, 2, NULL, false);
	put(s, KEEP_NODE, 3, "three", false);
	store_commit(s);
	assert_int_equal(store_some(s, &at, 1, &broken, see_some, text), 1);
	assert_int_equal(store_some(s, &at, 2, &broken, see_some, text), 1);
	assert_string_equal(text, "one two+ three four ");
	assert_int_equal(store_some(s, &at, 2, &broken, see_some, text), 0);
	assert_int_equal(store_some(NULL, &at, 2, &broken, see_some, text), 0);
	assert_int_equal(broken, 0);
	store_close(s);
}

/* What is skipped is counted. */
static void some_are_broken(void **state)
{
	struct keep_key at = { .kind = KEEP_NODE };
	char text[64] = "";
	uint64_t broken = 0;
	struct store *s;

	(void)state;
	fill(7, false);
	store_break(dir, "one");
	s = open_store(7);
	assert_int_equal(store_some(s, &at, 1, &broken, see_some, text), 1);
	assert_int_equal(broken, 1);
	assert_int_equal(store_some(s, &at, 9, &broken, see_some, text), 1);
	assert_string_equal(text, "two ");
	assert_int_equal(broken, 1);
	store_close(s);
}

/* A process that is killed takes with it what was not committed, and that alone. */
static void death_takes_nothing(void **state)
{
	struct store *s;
	int status;
	pid_t pid;

	(void)state;
	fill(7, false);
	pid = fork();
	if (!pid) {
		s = open_store(7);
		put(s, KEEP_NODE, 3, "drei", false);
		store_commit(s);
		put(s, KEEP_NODE, 4, "vier", false);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	s = open_store(7);
	assert_string_equal(all(s, KEEP_NODE), "one two drei ");
	store_close(s);
}

static void walk_may_remove(void **state)
{
	struct seen v = { .n = 0 };

	(void)state;
	fill(7, false);
	v.s = open_store(7);
	assert_int_equal(store_each(v.s, KEEP_NODE, see, &v), 0);
	assert_string_equal(v.text, "one two ");
	assert_string_equal(all(v.s, KEEP_NODE), "");
	assert_string_equal(all(v.s, KEEP_SESSION), "three ");
	v = (struct seen){ .s = v.s, .stop = 1 };
	assert_int_equal(store_each(v.s, KEEP_SESSION, see, &v), 0);
	store_close(v.s);
}

/* Of other addresses, or with records that look otherwise */
static void foreign_one_is_begun_anew(void **state)
{
	struct store_owner other = owner;
	struct store *s;
	uint32_t counter;

	(void)state;
	fill(7, false);
	other.mag_layout++;
	s = store_open(dir, &other, &counter);
	assert_non_null(s);
	assert_int_equal(counter, 0);
	assert_string_equal(all(s, KEEP_NODE), "");
	store_close(s);
}

static void old_boot_is_removed(void **state)
{
	char path[256];
	FILE *f;

	(void)state;
	store_remove(dir);
	assert_string_equal(file(), "");
	snprintf(path, sizeof(path), "%s/sessions-of-another-boot", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
	store_close(open_store(0));
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(access(file(), F_OK), 0);
}

/* Where in the file a text is that was put */
static long find(const char *text)
{
	static char buf[1 << 16];
	FILE *f = fopen(file(), "r");
	const char *at;
	size_t len;

	assert_non_null(f);
	len = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	at = memmem(buf, len, text, strlen(text) + 1);
	assert_non_null(at);
	return at - buf;
}

static void write_at(long where, const void *data, size_t len)
{
	FILE *f = fopen(file(), "r+");

	assert_non_null(f);
	assert_int_equal(fseek(f, where, SEEK_SET), 0);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

/* No file whatever ends the daemon: it says what is wrong, and begins with nothing. */
static void broken_one_is_begun_anew(void **state)
{
	static const uint8_t junk[4096] = { [0 ... 4095] = 0xa5 };
	struct seen v = { .n = 0 };
	struct stat st;
	struct store *s;
	long at;

	(void)state;
	fill(7, false);
	assert_int_equal(stat(file(), &st), 0);
	/* some more than there are pages */
	for (at = 0; at < 8 * (long)sizeof(junk); at += (long)sizeof(junk)) {
		fill(7, false);
		write_at(at, junk, sizeof(junk));
		s = store_open(dir, &owner, &(uint32_t){ 0 });
		assert_non_null(s);
		put(s, KEEP_NODE, 5, "five", false);
		assert_true(store_commit(s));
		store_close(s);
	}
	/* a bit of what a record says */
	fill(7, false);
	write_at(find("three"), "T", 1);
	s = open_store(7);
	assert_int_equal(store_each(s, KEEP_SESSION, see, &v), -EIO);
	assert_int_equal(v.n, 0);
	assert_string_equal(all(s, KEEP_SESSION), "");
	assert_string_equal(all(s, KEEP_NODE), "one two ");
	store_close(s);
	fill(7, false);
	assert_int_equal(truncate(file(), st.st_size / 2), 0);
	s = open_store(0);
	assert_string_equal(all(s, KEEP_NODE), "");
	store_close(s);
	assert_int_equal(truncate(file(), 0), 0);
	store_close(open_store(0));
	write_at(0, "what is this?", 13);
	store_close(open_store(0));
}

/* A page larger than nothing: many records, so that the tree has branches */
static void many_are_found(void **state)
{
	char text[128];
	struct seen v = { .n = 0 };
	struct store *s;
	uint32_t i;

	(void)state;
	fill(7, false);
	s = open_store(7);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (i = 10; i < 5010; i++) {
		put(s, KEEP_NODE, i, text, false);
		if (i % 100 == 0)
			assert_true(store_commit(s));
	}
	store_close(s);
	s = open_store(7);
	assert_int_equal(store_each(s, KEEP_NODE, see, &v), 0);
	assert_int_equal(v.n, 5002);
	store_close(s);
}

static void no_place_is_no_store(void **state)
{
	uint32_t counter = 99;

	(void)state;
	assert_null(store_open("/nonexistent/dir", &owner, &counter));
	assert_int_equal(counter, 0);
	/* and nothing happens then */
	store_count(NULL, 1);
	put(NULL, KEEP_NODE, 1, "one", false);
	assert_false(store_commit(NULL));
	assert_string_equal(all(NULL, KEEP_NODE), "");
	store_close(NULL);
}

static void a_second_one_is_kept_out(void **state)
{
	uint32_t counter = 99;
	struct store *s;

	(void)state;
	fill(7, false);
	s = open_store(7);
	assert_null(store_open(dir, &owner, &counter));
	assert_int_equal(counter, 0);
	assert_string_equal(all(s, KEEP_NODE), "one two ");
	store_close(s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_is_found),
		cmocka_unit_test(what_is_not_said_is_lost),
		cmocka_unit_test(some_at_a_time),
		cmocka_unit_test(some_are_broken),
		cmocka_unit_test(death_takes_nothing),
		cmocka_unit_test(walk_may_remove),
		cmocka_unit_test(foreign_one_is_begun_anew),
		cmocka_unit_test(old_boot_is_removed),
		cmocka_unit_test(broken_one_is_begun_anew),
		cmocka_unit_test(many_are_found),
		cmocka_unit_test(no_place_is_no_store),
		cmocka_unit_test(a_second_one_is_kept_out),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
