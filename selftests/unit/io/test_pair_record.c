// SPDX-License-Identifier: GPL-2.0
/*
 * A record that goes from one machine to another, and what nobody has made.
 *
 * Shows: RFC 5847 §3.2: the counter "MUST NOT be incremented if the recovery happens
 * without losing state": what one anchor has written the other one can go on with
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_env.h"
#include "io/io.h"
#include "io/pair.h"
#include "store_dir.h"

struct bed {
	struct io io;
	struct fake_env f;
};

static void open_bed(struct bed *b)
{
	const struct store_owner owner = { .lma_layout = 1 };
	uint32_t counter;

	memset(b, 0, sizeof(*b));
	fake_init(&b->f);
	b->io.env = b->f.env;
	store_remove(dir);
	b->io.store = store_open(dir, &owner, &counter);
	assert_non_null(b->io.store);
}

static void close_bed(struct bed *b)
{
	store_close(b->io.store);
	fake_free(&b->f);
}

static void count(void *arg, const struct keep_key *key, const void *data, size_t len, bool more)
{
	(void)key;
	(void)data;
	(void)len;
	(void)more;
	++*(unsigned int *)arg;
}

static unsigned int kept(struct bed *b)
{
	struct keep_key at = { .kind = KEEP_NODE };
	unsigned int n = 0;
	uint64_t broken = 0;

	store_some(b->io.store, &at, 100, &broken, count, &n);
	assert_int_equal(broken, 0);
	return n;
}

/* What is refused leaves what there was. */
static void nonsense_is_refused(void **state)
{
	char value[20000] = "", key[PAIR_KEY_MAX + 1] = { KEEP_NODE, 1, 'm', 'n' };
	struct bed b;
	size_t len;

	(void)state;
	open_bed(&b);
	len = pair_record_put((uint8_t *)value, &b.io, "no record", 9, false);
	assert_int_equal(len, PAIR_HEAD + 9);
	assert_int_equal(pair_record_take(&b.io, key, 4, value, len), -EINVAL);
	assert_int_equal(pair_record_take(&b.io, key, 4, value, PAIR_HEAD), -EINVAL);
	assert_int_equal(pair_record_take(&b.io, key, 4, value, 1), -EINVAL);
	assert_int_equal(pair_record_take(&b.io, key, 4, value, sizeof(value)), -EINVAL);
	assert_int_equal(pair_record_take(&b.io, key, 1, value, 0), -EINVAL);
	assert_int_equal(pair_record_take(&b.io, key, sizeof(key), value, 0), -EINVAL);
	assert_int_equal(kept(&b), 0);
	key[0] = KEEP_DAEMON;
	assert_int_equal(pair_record_take(&b.io, key, 4, value, 0), -EINVAL);
	key[0] = KEEP_SESSION;
	assert_int_equal(pair_record_take(&b.io, key, 4, value, 0), -EINVAL);
	close_bed(&b);
}

static void what_is_gone_goes(void **state)
{
	struct keep_key k = { .kind = KEEP_NODE, .len = 3, .key = { 1, 'm', 'n' } };
	const char key[] = { KEEP_NODE, 1, 'm', 'n' };
	struct bed b;

	(void)state;
	open_bed(&b);
	store_put(b.io.store, &k, "x", 1, false);
	assert_int_equal(kept(&b), 1);
	assert_int_equal(pair_record_take(&b.io, key, sizeof(key), NULL, 0), 0);
	assert_int_equal(kept(&b), 0);
	/* twice is once */
	assert_int_equal(pair_record_take(&b.io, key, sizeof(key), NULL, 0), 0);
	close_bed(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(what_is_gone_goes),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
