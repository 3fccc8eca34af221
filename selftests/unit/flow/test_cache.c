// SPDX-License-Identifier: GPL-2.0
/* The flow mobility cache of one node. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "fake_env.h"
#include "flow/cache.h"

struct bed {
	struct fake_env f;
	struct fmc c;
	bool up[16];			/* BIDs that are registered */
	unsigned int changed, removed, expired;
	uint16_t last;			/* FID of the last change */
};

static bool registered(void *arg, uint16_t bid)
{
	return ((struct bed *)arg)->up[bid];
}

static void changed(void *arg, const struct flow *f)
{
	struct bed *b = arg;

	/* what the owner is told is what it finds */
	assert_ptr_equal(fmc_find(&b->c, f->spec.fid), f);
	b->changed++;
	b->last = f->spec.fid;
}

static void ended(void *arg, const struct flow *f, enum flow_end why)
{
	struct bed *b = arg;

	assert_null(fmc_find(&b->c, f->spec.fid));
	if (why == FLOW_EXPIRED)
		b->expired++;
	else
		b->removed++;
}

static const struct fmc_ops ops = { registered, changed, ended };
static const struct fmc_ops without_bids = { NULL, changed, ended };

static int setup(void **state)
{
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	fake_init(&b->f);
	fmc_init(&b->c, &b->f.env, &ops, b);
	b->up[1] = true;
	b->up[2] = true;
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bed *b = *state;

	fmc_clear(&b->c);
	assert_int_equal(b->c.n, 0);
	assert_int_equal(b->f.timers.len, 0);
	fake_free(&b->f);
	free(b);
	return 0;
}

/* A flow to one port, through these attachments */
static struct flow_spec flow(uint16_t fid, uint16_t pri, uint16_t bid, uint16_t second)
{
	struct flow_spec s = {
		.fid = fid, .pri = pri, .n_bid = second ? 2 : 1, .bid = { bid, second },
		.selector = {
			.format = SELECTOR_IPV6, .fields = SELECTOR_HAS(SELECTOR_DPORT),
			.dport = { (uint16_t)(1000 + fid) },
		},
	};

	return s;
}

static int put(struct bed *b, struct flow_spec s, uint16_t lifetime)
{
	return fmc_update(&b->c, &s, 1, lifetime, FMC_KEEP, NULL);
}

/* The FIDs in their order, and nothing else */
static void expect(const struct bed *b, unsigned int n, ...)
{
	const struct flow *f = b->c.flows;
	va_list ap;

	assert_int_equal(b->c.n, n);
	va_start(ap, n);
	for (; n; n--, f = f->next) {
		assert_non_null(f);
		assert_int_equal(f->spec.fid, va_arg(ap, int));
	}
	va_end(ap);
	assert_null(f);
}

/* RFC 6089 §4.3: "the list is ordered according to the FID-PRI field" */
static void ordered_by_priority(void **state)
{
	struct bed *b = *state;

	assert_int_equal(put(b, flow(2, 30, 1, 0), FLOW_FOREVER), 0);
	assert_int_equal(put(b, flow(4, 10, 2, 0), FLOW_FOREVER), 0);
	assert_int_equal(put(b, flow(5, 65535, 1, 2), FLOW_FOREVER), 0);
	assert_int_equal(put(b, flow(1, 20, 1, 0), FLOW_FOREVER), 0);
	expect(b, 4, 4, 1, 2, 5);
	assert_int_equal(b->changed, 4);
	/* §5.3.2.2: "MUST change the priority of the entry according to the FID-PRI" */
	assert_int_equal(put(b, flow(4, 40, 2, 0), FLOW_FOREVER), 0);
	expect(b, 4, 1, 2, 4, 5);
	assert_int_equal(b->changed, 5);
	assert_int_equal(b->last, 4);
	assert_int_equal(fmc_remove(&b->c, 2), 0);
	assert_int_equal(fmc_remove(&b->c, 2), -ENOENT);
	expect(b, 3, 1, 4, 5);
	assert_int_equal(b->removed, 1);
}

/* RFC 7864 §5.2: "simply updates the pointer of the flow-binding entry with the BID" */
static void a_move_is_one_change(void **state)
{
	struct bed *b = *state;
	const struct flow *f;

	put(b, flow(1, 10, 1, 0), FLOW_FOREVER);
	put(b, flow(2, 20, 1, 0), FLOW_FOREVER);
	b->changed = 0;
	assert_int_equal(put(b, flow(2, 20, 2, 1), FLOW_FOREVER), 0);
	assert_int_equal(b->changed, 1);
	assert_int_equal(b->last, 2);
	f = fmc_find(&b->c, 2);
	assert_int_equal(f->spec.n_bid, 2);
	assert_int_equal(f->spec.bid[0], 2);
	/* the same again is none */
	assert_int_equal(put(b, flow(2, 20, 2, 1), FLOW_FOREVER), 0);
	assert_int_equal(b->changed, 1);
}

/* RFC 7864 §5.2: "An entry becomes "Inactive" only if all of the BIDs are de-registered" */
static void inactive_without_any_bid(void **state)
{
	struct bed *b = *state;
	struct flow_spec drop = flow(3, 30, 0, 0);

	drop.verdict = FLOW_DROP;
	drop.n_bid = 0;
	put(b, flow(1, 10, 1, 0), FLOW_FOREVER);
	put(b, flow(2, 20, 1, 2), FLOW_FOREVER);
	assert_int_equal(put(b, drop, FLOW_FOREVER), 0);
	b->changed = 0;
	b->up[1] = false;
	fmc_bids_changed(&b->c);
	assert_int_equal(b->changed, 1);
	assert_false(fmc_find(&b->c, 1)->active);
	assert_true(fmc_find(&b->c, 2)->active);
	b->up[2] = false;
	fmc_bids_changed(&b->c);
	assert_int_equal(b->changed, 2);
	assert_false(fmc_find(&b->c, 2)->active);
	/* what is dropped needs no attachment */
	assert_true(fmc_find(&b->c, 3)->active);
	/* RFC 6089 §5.3.1: "the entry MUST be marked as 'Active'" */
	b->up[2] = true;
	fmc_bids_changed(&b->c);
	fmc_bids_changed(&b->c);
	assert_int_equal(b->changed, 3);
	assert_true(fmc_find(&b->c, 2)->active);
	/* one that begins inactive */
	assert_int_equal(put(b, flow(4, 40, 9, 0), FLOW_FOREVER), 0);
	assert_false(fmc_find(&b->c, 4)->active);
	/* and one that a move makes active */
	assert_int_equal(put(b, flow(4, 40, 9, 2), FLOW_FOREVER), 0);
	assert_true(fmc_find(&b->c, 4)->active);
}

/* Draft: flow mobility §5.2: at a gateway, BIDs are "assigned and used by the" anchor */
static void bids_mean_nothing_at_a_gateway(void **state)
{
	struct bed *b = *state;
	struct flow_spec s = flow(1, 10, 0, 0);

	s.n_bid = 0;
	assert_int_equal(put(b, s, FLOW_FOREVER), -EINVAL);
	b->c.ops = &without_bids;
	assert_int_equal(put(b, s, FLOW_FOREVER), 0);
	assert_true(b->c.flows->active);
	fmc_bids_changed(&b->c);
	assert_int_equal(b->changed, 1);
}

/* RFC 6089 §4.2: "two FIDs MUST NOT be associated with the same FID-PRI value" */
static void priorities_are_unique(void **state)
{
	struct bed *b = *state;
	struct flow_spec two[2] = { flow(1, 20, 1, 0), flow(2, 10, 1, 0) };
	unsigned int which = 9;

	put(b, flow(1, 10, 1, 0), FLOW_FOREVER);
	put(b, flow(2, 20, 1, 0), FLOW_FOREVER);
	b->changed = 0;
	assert_int_equal(put(b, flow(3, 20, 1, 0), FLOW_FOREVER), -EEXIST);
	assert_int_equal(put(b, flow(1, 20, 1, 0), FLOW_FOREVER), -EEXIST);
	assert_int_equal(b->changed, 0);
	/* two can trade theirs in one update */
	assert_int_equal(fmc_update(&b->c, two, 2, FLOW_FOREVER, FMC_KEEP, &which), 0);
	expect(b, 2, 2, 1);
	two[0] = flow(7, 70, 1, 0);
	two[1] = flow(8, 70, 1, 0);
	assert_int_equal(fmc_update(&b->c, two, 2, FLOW_FOREVER, FMC_KEEP, &which), -EEXIST);
	assert_int_equal(which, 1);
	two[1] = flow(7, 80, 1, 0);
	assert_int_equal(fmc_update(&b->c, two, 2, FLOW_FOREVER, FMC_KEEP, &which), -EEXIST);
	expect(b, 2, 2, 1);
}

/* RFC 7864 §3.4: "simply omits those that need to be removed" */
static void removal_by_omission(void **state)
{
	struct bed *b = *state;
	struct flow_spec all[3] = { flow(1, 10, 1, 0), flow(2, 20, 1, 0), flow(3, 30, 1, 0) };
	struct flow_spec next[2] = { flow(3, 30, 1, 0), flow(4, 10, 1, 0) };

	assert_int_equal(fmc_update(&b->c, all, 3, FLOW_FOREVER, FMC_REMOVE, NULL), 0);
	expect(b, 3, 1, 2, 3);
	b->changed = 0;
	/* the priority of one that goes is free */
	assert_int_equal(fmc_update(&b->c, next, 2, FLOW_FOREVER, FMC_REMOVE, NULL), 0);
	expect(b, 2, 4, 3);
	assert_int_equal(b->removed, 2);
	assert_int_equal(b->changed, 1);
	assert_int_equal(fmc_update(&b->c, NULL, 0, FLOW_FOREVER, FMC_REMOVE, NULL), 0);
	expect(b, 0);
	assert_int_equal(b->removed, 4);
}

/* Draft: flow mobility §3.2.2: "the flow state at MAG2 will be removed upon timer expiration" */
static void each_expires_in_its_time(void **state)
{
	struct bed *b = *state;

	put(b, flow(1, 10, 1, 0), 30);
	put(b, flow(2, 20, 1, 0), 10);
	put(b, flow(3, 30, 1, 0), FLOW_FOREVER);
	put(b, flow(4, 40, 1, 0), 20);
	fake_advance_ms(&b->f, 9999);
	assert_int_equal(b->expired, 0);
	assert_int_equal(flow_remaining(&b->c, fmc_find(&b->c, 2)), 1);
	fake_advance_ms(&b->f, 2);
	expect(b, 3, 1, 3, 4);
	/* refreshed: its owner has nothing to do */
	b->changed = 0;
	put(b, flow(4, 40, 1, 0), 30);
	assert_int_equal(b->changed, 0);
	assert_int_equal(flow_remaining(&b->c, fmc_find(&b->c, 4)), 30);
	fake_advance_ms(&b->f, 20000);
	expect(b, 2, 3, 4);
	fake_advance_ms(&b->f, 10000);
	expect(b, 1, 3);
	assert_int_equal(b->expired, 3);
	assert_int_equal(flow_remaining(&b->c, b->c.flows), FLOW_FOREVER);
	/* one that was forever ends, one that was to end is forever */
	put(b, flow(3, 30, 1, 0), 1);
	put(b, flow(5, 50, 1, 0), 1);
	put(b, flow(5, 50, 1, 0), FLOW_FOREVER);
	fake_advance_ms(&b->f, 1000);
	expect(b, 1, 5);
	fake_advance_ms(&b->f, 100000000);
	expect(b, 1, 5);
	/* nothing waits for one that is gone */
	put(b, flow(6, 60, 1, 0), 5);
	assert_int_equal(b->f.timers.len, 1);
	fmc_remove(&b->c, 6);
	assert_int_equal(b->f.timers.len, 0);
}

/* Draft: flow mobility §5.2: at most FLOWS_MAX of them, and all or nothing */
static void bounded(void **state)
{
	struct flow_spec many[FLOWS_MAX + 1];
	struct bed *b = *state;
	unsigned int which;

	for (unsigned int i = 0; i <= FLOWS_MAX; i++)
		many[i] = flow((uint16_t)(i + 1), (uint16_t)(i + 1), 1, 0);
	assert_int_equal(fmc_update(&b->c, many, FLOWS_MAX + 1, 5, FMC_KEEP, &which), -ENOSPC);
	expect(b, 0);
	assert_int_equal(fmc_update(&b->c, many, FLOWS_MAX, 5, FMC_KEEP, &which), 0);
	assert_int_equal(put(b, many[FLOWS_MAX], 5), -ENOSPC);
	assert_int_equal(b->c.n, FLOWS_MAX);
	assert_int_equal(put(b, many[2], 9), 0);
	/* a set takes the place of the one before */
	assert_int_equal(fmc_update(&b->c, many + 1, FLOWS_MAX, 5, FMC_REMOVE, &which), 0);
	assert_int_equal(b->c.n, FLOWS_MAX);
	assert_null(fmc_find(&b->c, 1));
}

/* RFC 6089 §4.2, RFC 6088 §3: what cannot be changes nothing */
static void refused(void **state)
{
	struct bed *b = *state;
	struct flow_spec pair[2] = { flow(1, 15, 2, 0), flow(2, 20, 1, 0) };
	unsigned int which = 0;

	put(b, flow(1, 10, 1, 0), FLOW_FOREVER);
	b->changed = 0;
	for (unsigned int i = 0; i < 8; i++) {
		struct flow_spec *s = &pair[1];

		*s = flow(2, 20, 1, 0);
		if (i == 0)
			s->fid = 0;
		else if (i == 1)
			s->pri = 0;
		else if (i == 2)
			s->verdict = 2;
		else if (i == 3)
			s->n_bid = PEERS_MAX + 1;
		else if (i == 4)
			s->bid[0] = 0;
		else if (i == 5)
			s->selector.format = 3;
		else if (i == 6)
			s->selector.ranges = s->selector.fields;	/* 1002 to 0 */
		else
			s->n_bid = 0;
		assert_int_equal(fmc_update(&b->c, pair, 2, 60, FMC_KEEP, &which), -EINVAL);
		assert_int_equal(which, 1);
	}
	assert_int_equal(put(b, flow(1, 10, 1, 0), 0), -EINVAL);
	assert_int_equal(b->changed, 0);
	expect(b, 1, 1);
	assert_int_equal(b->c.flows->spec.pri, 10);
	assert_int_equal(b->f.timers.len, 0);
}

/* RFC 6088 §3.1 (K): two spellings of a selector are the same flow */
static void spellings(void **state)
{
	struct bed *b = *state;
	struct flow_spec s = flow(1, 10, 1, 0);

	s.selector.fields |= SELECTOR_HAS(SELECTOR_TC);
	s.selector.tc[0] = 0x28;
	put(b, s, FLOW_FOREVER);
	s.selector.tc[0] = 0x2b;
	s.selector.dst[0] = fake_addr("2001:db8::1");
	put(b, s, FLOW_FOREVER);
	assert_int_equal(b->changed, 1);
	assert_int_equal(b->c.flows->spec.selector.tc[0], 0x28);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ordered_by_priority, setup, teardown),
		cmocka_unit_test_setup_teardown(a_move_is_one_change, setup, teardown),
		cmocka_unit_test_setup_teardown(inactive_without_any_bid, setup, teardown),
		cmocka_unit_test_setup_teardown(bids_mean_nothing_at_a_gateway, setup, teardown),
		cmocka_unit_test_setup_teardown(priorities_are_unique, setup, teardown),
		cmocka_unit_test_setup_teardown(removal_by_omission, setup, teardown),
		cmocka_unit_test_setup_teardown(each_expires_in_its_time, setup, teardown),
		cmocka_unit_test_setup_teardown(bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(spellings, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
