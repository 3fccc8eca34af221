// SPDX-License-Identifier: GPL-2.0
/*
 * A signal that says stop is heard whatever else happens in the same turn of the loop.
 *
 * Shows: pmipd(8): "0 after a clean stop": of one of a pair, too, whose turn has just come,
 * or is over
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pair_bed.h"

static void stop_is_heard(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct io *io = w->data;

	(void)revents;
	io->stopped = true;
	ev_break(loop, EVBREAK_ALL);
}

/* It does not begin, nor does it begin anew. */
static void stop_is_not_lost(void **state)
{
	struct ev_timer t;

	(void)state;
	bed_open();
	bed.px->begin = true;
	bed.io.again = true;
	ev_timer_init(&t, stop_is_heard, 0., 0.);
	t.data = &bed.io;
	ev_timer_start(bed.io.loop, &t);
	assert_int_equal(io_run(&bed.io), 0);
	assert_true(bed.px->begin);
	assert_false(bed.px->write.on);
	assert_false(bed.io.again);
	bed_close();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(stop_is_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
