// SPDX-License-Identifier: GPL-2.0
/*
 * A gateway that dies, and the next one, which finds what that has written down.
 *
 * Shows: RFC 5847 §3.2: "the recovery happens without losing state for the PMIPv6
 * sessions active at the time of failure"
 */
#include "mag_bed.h"

#include "mag/session.h"

static void open_keeping(struct fixture *x)
{
	setup_in(x);
	x->f.keeps = true;
}

static void close_in(struct fixture *x)
{
	mag_free(x->m);
	peers_free(&x->peers);
	policy_free(&x->policy);
	fake_free(&x->f);
}

/* It is killed; the next one finds what it has left, and the kernel has @k of it. */
static void die(struct fixture *x, struct fixture *next, const struct mag_kept *k, size_t n)
{
	const struct fake_record *r;

	memset(next, 0, sizeof(*next));
	setup_in(next);
	fake_bequeath(&x->f, &next->f);
	next->conf.timestamps = x->conf.timestamps;
	next->conf.hold = x->conf.hold;
	close_in(x);
	DL_FOREACH(next->f.kept, r)
		assert_int_equal(mag_recall(next->m, &r->key, r->data, r->len), 0);
	mag_take_over(next->m, k, n);
	fake_advance_ms(&next->f, 1);
}

static struct mag_kept by_kernel(const struct fixture *x, bool up)
{
	struct mag_kept k = {
		.ifindex = IF1, .lladdr = x->l1, .node = mn_id_number(&x->id), .up = up,
		.n_hnp = 1,
	};

	k.hnp[0] = fake_prefix("2001:db8:100:1::/64");
	return k;
}

static const struct mh_msg *last_pbu(struct fixture *x)
{
	const struct fake_mh *m = fake_find_mh(&x->f, MH_PBU, -1);

	assert_non_null(m);
	return &m->msg;
}

/* RFC 5213 §6.1, RFC 6275 §11.7.1: numbers and lifetime go on; it is extended, HI 5 */
static void session_goes_on(void **state)
{
	struct fixture a = { 0 }, b;
	struct mag_kept k;
	uint16_t seq;

	(void)state;
	open_keeping(&a);
	attach(&a);
	answer(&a, PBA_ACCEPTED, NULL);
	seq = last_pbu(&a)->seq;
	assert_int_equal(fake_kept(&a.f, KEEP_SESSION), 1);
	fake_advance_ms(&a.f, 1000);
	k = by_kernel(&a, true);
	die(&a, &b, &k, 1);
	assert_int_equal(last_pbu(&b)->seq, (uint16_t)(seq + 1));
	assert_int_equal(last_pbu(&b)->opts.hi, HI_REREGISTRATION);
	assert_true(b.m->sessions->expires < b.f.now + 3600 * NSEC_PER_SEC);
	answer(&b, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(&b), "active");
	assert_int_equal(fake_kept(&b.f, KEEP_SESSION), 1);
	close_in(&b);
}

/* RFC 5213 §5.5: a clock that was set back meanwhile makes no timestamp older */
static void timestamps_go_on(void **state)
{
	struct fixture a = { 0 }, b;
	struct mag_kept k;
	uint64_t sent;

	(void)state;
	open_keeping(&a);
	attach(&a);
	answer(&a, PBA_ACCEPTED, NULL);
	sent = last_pbu(&a)->opts.timestamp;
	k = by_kernel(&a, true);
	a.f.wall -= 3600 * NSEC_PER_SEC;
	die(&a, &b, &k, 1);
	assert_true(last_pbu(&b)->opts.timestamp > sent);
	close_in(&b);
}

/* RFC 5213 §6.9.1.1: the anchor may have heard of it, or not: it is asked again */
static void request_is_repeated(void **state)
{
	struct fixture a = { 0 }, b;

	(void)state;
	open_keeping(&a);
	attach(&a);
	die(&a, &b, NULL, 0);
	assert_int_equal(fake_count(&b.f, FAKE_BINDING_SET), 0);
	assert_true(last_pbu(&b)->lifetime);
	answer(&b, PBA_ACCEPTED, NULL);
	assert_string_equal(state_of(&b), "active");
	assert_int_equal(fake_count(&b.f, FAKE_BINDING_SET), 1);
	close_in(&b);
}

/* RFC 5213 §6.9.1.4: a deregistration that nobody has answered is repeated, and then over */
static void departure_is_repeated(void **state)
{
	struct fixture a = { 0 }, b;

	(void)state;
	open_keeping(&a);
	attach(&a);
	answer(&a, PBA_ACCEPTED, NULL);
	assert_int_equal(mag_on_detach(a.m, IF1, &a.l1), 0);
	fake_advance_ms(&a.f, 1);
	assert_int_equal(last_pbu(&a)->lifetime, 0);
	die(&a, &b, NULL, 0);
	assert_int_equal(last_pbu(&b)->lifetime, 0);
	assert_int_equal(last_pbu(&b)->opts.n_hnp, 1);
	answer(&b, PBA_ACCEPTED, NULL);
	assert_int_equal(fake_kept(&b.f, KEEP_SESSION), 0);
	fake_advance_ms(&b.f, 5000);
	assert_string_equal(state_of(&b), "none");
	close_in(&b);
}

/* RFC 5213 §6.10.5: who has been deregistered is not to be found */
static void what_has_ended_is_not_found(void **state)
{
	struct fixture a = { 0 };

	(void)state;
	open_keeping(&a);
	attach(&a);
	answer(&a, PBA_ACCEPTED, NULL);
	mag_on_detach(a.m, IF1, &a.l1);
	fake_advance_ms(&a.f, 1);
	answer(&a, PBA_ACCEPTED, NULL);
	assert_int_equal(fake_kept(&a.f, KEEP_SESSION), 0);
	close_in(&a);
}

/* Whom the operator has named is known by that name, without a walk through all profiles. */
static void name_goes_on(void **state)
{
	struct fixture a = { 0 }, b;
	struct mag_kept k;
	struct llid unknown = fake_llid("02:00:00:00:09:09");

	(void)state;
	open_keeping(&a);
	assert_int_equal(mag_on_attach(a.m, IF1, &unknown, &a.id, NULL, ATTACH_OPERATOR), 0);
	answer(&a, PBA_ACCEPTED, NULL);
	k = by_kernel(&a, true);
	k.lladdr = unknown;
	die(&a, &b, &k, 1);
	assert_true(mn_id_equal(&last_pbu(&b)->opts.mn_id, &b.id));
	close_in(&b);
}

/* It is the store's word against the kernel's: whose interface it was the kernel says. */
static void another_node_is_not_taken_for_it(void **state)
{
	struct fixture a = { 0 }, b;
	struct mn_id mn2 = fake_nai("mn2@example.org");
	struct mag_kept k;

	(void)state;
	open_keeping(&a);
	attach(&a);
	answer(&a, PBA_ACCEPTED, NULL);
	k = by_kernel(&a, true);
	k.node = mn_id_number(&mn2);
	k.hnp[0] = fake_prefix("2001:db8:100:2::/64");
	die(&a, &b, &k, 1);
	assert_true(mn_id_equal(&last_pbu(&b)->opts.mn_id, &mn2));
	close_in(&b);
}

/* What nobody has put is refused. */
static void nonsense_is_refused(void **state)
{
	const struct fake_record *r;
	struct fixture a = { 0 };
	uint8_t data[4096];
	size_t i;

	(void)state;
	open_keeping(&a);
	attach(&a);
	r = fake_record(&a.f, KEEP_SESSION, 0);
	assert_in_range(r->len, 1, sizeof(data));
	for (i = 0; i < r->len; i++)
		assert_int_equal(mag_recall(a.m, &r->key, r->data, i), -EINVAL);
	for (i = 0; i < r->len; i++) {
		memcpy(data, r->data, r->len);
		data[i] ^= 0xff;
		mag_recall(a.m, &r->key, data, r->len);
		while (memory_next(a.m))
			memory_forget(a.m, memory_next(a.m));
	}
	close_in(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(session_goes_on),
		cmocka_unit_test(timestamps_go_on),
		cmocka_unit_test(request_is_repeated),
		cmocka_unit_test(departure_is_repeated),
		cmocka_unit_test(what_has_ended_is_not_found),
		cmocka_unit_test(name_goes_on),
		cmocka_unit_test(another_node_is_not_taken_for_it),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
