// SPDX-License-Identifier: GPL-2.0
/* What is known of a store that is elsewhere, is slow, and goes and comes back. */
#include "fake_env.h"

#include "policy/cache.h"
#include "policy/text.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define QUESTIONS	16
#define UPDATES		(2 * CACHE_UPDATES_SENT)

/* Somebody who waits, and what it was told */
struct waiter {
	struct policy_wait w;
	unsigned int told;
	int err;
};

struct bed {
	struct fake_env f;
	struct policy p;
	struct policy_cache *c;
	struct policy_watch watch;
	bool gone;
	const struct policy_question *q[QUESTIONS];
	unsigned int n_q;
	struct policy_update sent[UPDATES];
	const struct policy_update *u[UPDATES];
	unsigned int n_u;
	unsigned int changes;
	struct mn_id needed;
	unsigned int freed;
};

static int look_up(void *ctx, const struct policy_question *q)
{
	struct bed *b = ctx;

	if (b->gone || b->n_q == QUESTIONS)
		return -EAGAIN;
	b->q[b->n_q++] = q;
	return 0;
}

static int serve(void *ctx, const struct policy_update *u)
{
	struct bed *b = ctx;

	if (b->gone || b->n_u == UPDATES)
		return -EAGAIN;
	b->sent[b->n_u] = *u;
	b->u[b->n_u++] = u;
	return 0;
}

static void freed(void *ctx)
{
	((struct bed *)ctx)->freed++;
}

static const struct policy_remote_ops ops = {
	.look_up = look_up, .serve = serve, .free = freed,
};

static void changed(void *arg, const struct mn_id *id)
{
	(void)id;
	((struct bed *)arg)->changes++;
}

static bool serves(void *arg, const struct mn_id *id)
{
	return mn_id_equal(&((struct bed *)arg)->needed, id);
}

static int setup(void **state)
{
	static const struct policy_cache_conf conf = {
		.timeout_ms = 500, .refresh_s = 60, .keep_s = 3600,
	};
	struct bed *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	fake_init(&b->f);
	b->c = policy_cache_open(&b->p, &b->f.env, &conf, &ops, b);
	assert_non_null(b->c);
	b->watch = (struct policy_watch){ .changed = changed, .serves = serves, .arg = b };
	policy_watch(&b->p, &b->watch);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bed *b = *state;

	policy_unwatch(&b->p, &b->watch);
	policy_free(&b->p);
	assert_int_equal(b->freed, 1);
	assert_int_equal(b->f.timers.len, 0);
	fake_free(&b->f);
	free(b);
	return 0;
}

static void told(void *arg, int err)
{
	struct waiter *w = arg;

	w->told++;
	w->err = err;
}

static struct waiter waiter(struct waiter *self)
{
	return (struct waiter){ .w = { .fn = told, .arg = self } };
}

static struct policy_table *profile_of(const char *nai, const char *text)
{
	struct policy_text t = { .from = "test", .id = fake_nai(nai), .text = text };
	struct policy_table *table;
	char err[256] = "";

	table = policy_text_read(&t, err, sizeof(err));
	if (!table)
		fail_msg("%s", err);
	return table;
}

/* The oldest question, answered with a profile; text NULL: nobody's */
static void answer(struct bed *b, const char *nai, const char *text, uint32_t version)
{
	const struct policy_question *q = b->q[0];

	assert_true(b->n_q > 0);
	memmove(&b->q[0], &b->q[1], --b->n_q * sizeof(b->q[0]));
	policy_cache_answer(b->c, q, 0, text ? profile_of(nai, text) : NULL, version);
}

static void fail_question(struct bed *b, int err)
{
	const struct policy_question *q = b->q[0];

	assert_true(b->n_q > 0);
	memmove(&b->q[0], &b->q[1], --b->n_q * sizeof(b->q[0]));
	policy_cache_answer(b->c, q, err, NULL, 0);
}

static void know(struct bed *b, const char *nai, const char *text)
{
	struct mn_id id = fake_nai(nai);

	assert_int_equal(policy_ask(&b->p, &id, NULL), -EINPROGRESS);
	answer(b, nai, text, 1);
}

/* RFC 5213 §6.2: asked once however many wait, and all go on with the answer */
static void all_wait_for_one_answer(void **state)
{
	struct mn_id id = fake_nai("a@b.org");
	struct waiter one = waiter(&one), two = waiter(&two), gone = waiter(&gone);
	struct bed *b = *state;

	assert_int_equal(policy_ask(&b->p, &id, &one.w), -EINPROGRESS);
	assert_int_equal(policy_ask(&b->p, &id, &gone.w), -EINPROGRESS);
	assert_int_equal(policy_ask(&b->p, &id, &two.w), -EINPROGRESS);
	assert_int_equal(b->n_q, 1);
	assert_null(policy_by_mn_id(&b->p, &id));
	policy_cancel(&gone.w);
	answer(b, "a@b.org", "lifetime = 77;", 1);
	assert_int_equal(one.told + two.told, 2);
	assert_int_equal(one.err | two.err, 0);
	assert_int_equal(gone.told, 0);
	assert_int_equal(policy_by_mn_id(&b->p, &id)->lifetime, 77);
	assert_int_equal(policy_ask(&b->p, &id, &one.w), 0);
	fake_advance_ms(&b->f, 1000);
	assert_int_equal(one.told, 1);
}

/* RFC 5213 §6.2: by an interface, and by its identifier from then on */
static void found_by_interface(void **state)
{
	struct llid l = fake_llid("02:00:00:00:00:01"), other = fake_llid("02:00:00:00:00:02");
	struct waiter w = waiter(&w);
	struct bed *b = *state;
	struct mn_id id = fake_nai("a@b.org");

	assert_int_equal(policy_ask_lladdr(&b->p, &l, &w.w), -EINPROGRESS);
	assert_true(llid_equal(&b->q[0]->lladdr, &l));
	answer(b, "a@b.org", "lladdrs = [ \"02:00:00:00:00:01\", \"02:00:00:00:00:02\" ];", 1);
	assert_int_equal(w.told, 1);
	assert_int_equal(policy_ask_lladdr(&b->p, &other, NULL), 0);
	assert_ptr_equal(policy_by_lladdr(&b->p, &l), policy_by_mn_id(&b->p, &id));
	/* it changes hands: the latest word counts */
	know(b, "c@b.org", "lladdrs = [ \"02:00:00:00:00:01\" ];");
	id = fake_nai("c@b.org");
	assert_ptr_equal(policy_by_lladdr(&b->p, &l), policy_by_mn_id(&b->p, &id));
}

/* Ours: that there is nobody is known, too, for a moment; made-up names take no more room */
static void nobody_is_remembered(void **state)
{
	struct mn_id id = fake_nai("x@b.org");
	struct bed *b = *state;
	char name[32];
	unsigned int i;

	know(b, "x@b.org", NULL);
	assert_int_equal(policy_ask(&b->p, &id, NULL), 0);
	assert_null(policy_by_mn_id(&b->p, &id));
	fake_advance_ms(&b->f, CACHE_NOBODY_MS);
	assert_int_equal(policy_ask(&b->p, &id, NULL), -EINPROGRESS);
	answer(b, NULL, NULL, 0);
	policy_cache_changed(b->c, &id);
	assert_int_equal(policy_ask(&b->p, &id, NULL), -EINPROGRESS);
	answer(b, "x@b.org", "", 1);
	assert_non_null(policy_by_mn_id(&b->p, &id));
	for (i = 0; i < CACHE_NOBODY_MAX + 10; i++) {
		snprintf(name, sizeof(name), "n%u@b.org", i);
		know(b, name, NULL);
	}
	assert_int_equal(policy_cache_counters(b->c)->nobody, CACHE_NOBODY_MAX);
}

/* Ours: nobody waits longer than it is said; the answer that comes late is taken all the same */
static void slow_answer(void **state)
{
	struct mn_id id = fake_nai("a@b.org");
	struct waiter w = waiter(&w), again = waiter(&again);
	struct bed *b = *state;

	policy_ask(&b->p, &id, &w.w);
	fake_advance_ms(&b->f, 499);
	assert_int_equal(w.told, 0);
	fake_advance_ms(&b->f, 1);
	assert_int_equal(w.told, 1);
	assert_int_equal(w.err, -EAGAIN);
	/* the next one waits for the same answer */
	assert_int_equal(policy_ask(&b->p, &id, &again.w), -EINPROGRESS);
	assert_int_equal(b->n_q, 1);
	answer(b, "a@b.org", "", 1);
	assert_int_equal(w.told, 1);
	assert_int_equal(again.told, 1);
	assert_int_equal(again.err, 0);
}

/* Ours: what is known goes on being so while the store is gone, and is asked for afterwards */
static void store_goes_and_comes_back(void **state)
{
	struct mn_id id = fake_nai("a@b.org"), other = fake_nai("c@b.org");
	struct waiter w = waiter(&w);
	struct bed *b = *state;

	know(b, "a@b.org", "lifetime = 77;");
	b->gone = true;
	fake_advance(&b->f, 7200 * NSEC_PER_SEC);
	assert_int_equal(policy_ask(&b->p, &id, &w.w), 0);
	assert_int_equal(policy_by_mn_id(&b->p, &id)->lifetime, 77);
	assert_int_equal(policy_ask(&b->p, &other, &w.w), -EAGAIN);
	assert_int_equal(w.told, 0);
	b->gone = false;
	policy_cache_up(b->c);
	assert_int_equal(b->n_q, 0);
	assert_int_equal(policy_by_mn_id(&b->p, &id)->lifetime, 77);
	assert_int_equal(b->n_q, 1);
	/* in the background, once */
	assert_int_equal(policy_by_mn_id(&b->p, &id)->lifetime, 77);
	assert_int_equal(b->n_q, 1);
	fail_question(b, -EAGAIN);
	assert_int_equal(policy_by_mn_id(&b->p, &id)->lifetime, 77);
	assert_int_equal(b->n_q, 0);
	fake_advance_ms(&b->f, CACHE_AGAIN_MS);
	policy_by_mn_id(&b->p, &id);
	answer(b, "a@b.org", "lifetime = 88;", 2);
	assert_int_equal(policy_by_mn_id(&b->p, &id)->lifetime, 88);
}

/* Ours: a connection that breaks amid a question tells who waits at once */
static void store_goes_amid_a_question(void **state)
{
	struct mn_id id = fake_nai("a@b.org");
	struct waiter w = waiter(&w);
	struct bed *b = *state;

	policy_ask(&b->p, &id, &w.w);
	fail_question(b, -EAGAIN);
	assert_int_equal(w.told, 1);
	assert_int_equal(w.err, -EAGAIN);
	assert_int_equal(policy_ask(&b->p, &id, NULL), -EINPROGRESS);
	/* what can be no profile is nobody's, which is an answer */
	fail_question(b, -EINVAL);
	assert_int_equal(policy_ask(&b->p, &id, NULL), 0);
	assert_null(policy_by_mn_id(&b->p, &id));
}

/* Ours: a change is asked for at once where it matters, and watchers hear of it once */
static void change_is_told(void **state)
{
	struct mn_id id = fake_nai("a@b.org"), other = fake_nai("c@b.org");
	struct bed *b = *state;
	unsigned int before;

	know(b, "a@b.org", "lifetime = 77;");
	before = b->changes;
	policy_cache_changed(b->c, &other);
	assert_int_equal(b->n_q, 0);
	policy_cache_changed(b->c, &id);
	assert_int_equal(b->n_q, 1);
	/* and once more meanwhile: the answer may be from before */
	policy_cache_changed(b->c, &id);
	assert_int_equal(b->n_q, 1);
	answer(b, "a@b.org", "lifetime = 88;", 2);
	assert_int_equal(b->changes, before + 1);
	assert_int_equal(policy_by_mn_id(&b->p, &id)->lifetime, 88);
	assert_int_equal(b->n_q, 1);
	answer(b, "a@b.org", "lifetime = 88;", 2);
	assert_int_equal(b->changes, before + 1);
	policy_cache_changed(b->c, &id);
	answer(b, NULL, NULL, 0);
	assert_int_equal(b->changes, before + 2);
	assert_null(policy_by_mn_id(&b->p, &id));
}

/* Ours: nobody's use and nobody's need: it is forgotten; a session keeps it */
static void unused_is_forgotten(void **state)
{
	struct mn_id kept = fake_nai("kept@b.org"), id = fake_nai("a@b.org");
	struct bed *b = *state;

	b->needed = kept;
	know(b, "kept@b.org", "");
	know(b, "a@b.org", "");
	fake_advance(&b->f, 3600 * NSEC_PER_SEC);
	know(b, "new@b.org", "");
	know(b, "newer@b.org", "");
	assert_null(policy_by_mn_id(&b->p, &id));
	assert_non_null(policy_by_mn_id(&b->p, &kept));
	assert_int_equal(policy_cache_counters(b->c)->profiles, 3);
}

/* Draft: LMA handover §4.2 (g), (h): Update and Update_Ack */
static void update_is_acknowledged(void **state)
{
	struct in6_addr lma = fake_addr("2001:db8::1"), before = fake_addr("2001:db8::2");
	struct mn_id id = fake_nai("a@b.org");
	struct waiter w = waiter(&w), other = waiter(&other);
	struct bed *b = *state;

	assert_int_equal(policy_serve(&b->p, &id, &lma, &before, &w.w), 0);
	assert_int_equal(b->n_u, 1);
	assert_memory_equal(&b->sent[0].lma, &lma, sizeof(lma));
	assert_memory_equal(&b->sent[0].before, &before, sizeof(before));
	policy_cache_served(b->c, b->u[0], 0);
	assert_int_equal(w.told, 1);
	assert_int_equal(w.err, 0);
	b->n_u = 0;
	policy_serve(&b->p, &id, &lma, &before, &other.w);
	policy_cache_served(b->c, b->u[0], -EBUSY);
	assert_int_equal(other.err, -EBUSY);
	assert_int_equal(policy_cache_counters(b->c)->updates, 0);
}

/* Ours: it is tried until the store answers; the latest word is the one that is tried */
static void update_outlives_the_store(void **state)
{
	struct in6_addr lma = fake_addr("2001:db8::1"), none = in6addr_any;
	struct mn_id id = fake_nai("a@b.org");
	struct waiter w = waiter(&w);
	struct bed *b = *state;

	b->gone = true;
	assert_int_equal(policy_serve(&b->p, &id, &lma, &none, &w.w), 0);
	fake_advance_ms(&b->f, 60000);
	assert_int_equal(w.told, 0);
	b->gone = false;
	policy_cache_up(b->c);
	assert_int_equal(b->n_u, 1);
	/* lost on its way, and overtaken by its opposite */
	assert_int_equal(policy_serve(&b->p, &id, &none, &lma, NULL), 0);
	assert_int_equal(b->n_u, 1);
	policy_cache_served(b->c, b->u[0], -EAGAIN);
	fake_advance_ms(&b->f, CACHE_AGAIN_MS);
	assert_int_equal(b->n_u, 2);
	assert_memory_equal(&b->sent[1].lma, &none, sizeof(none));
	assert_memory_equal(&b->sent[1].before, &lma, sizeof(lma));
	policy_cache_served(b->c, b->u[1], 0);
	assert_int_equal(w.told, 1);
	/* overtaken where it was made */
	policy_serve(&b->p, &id, &lma, &none, NULL);
	policy_serve(&b->p, &id, &none, &lma, NULL);
	assert_int_equal(b->n_u, 3);
	policy_cache_served(b->c, b->u[2], 0);
	assert_int_equal(b->n_u, 4);
	assert_memory_equal(&b->sent[3].lma, &none, sizeof(none));
	policy_cache_served(b->c, b->u[3], 0);
	assert_int_equal(policy_cache_counters(b->c)->updates, 0);
}

/* Ours: nodes that wait for the store do not get to it at once, and each gets there */
static void updates_are_paced(void **state)
{
	const unsigned int all = CACHE_UPDATES_SENT + 1000;
	struct in6_addr lma = fake_addr("2001:db8::1");
	struct bed *b = *state;
	struct mn_id id;
	char name[32];
	unsigned int i;

	b->gone = true;
	for (i = 0; i < all; i++) {
		snprintf(name, sizeof(name), "n%u@b.org", i);
		id = fake_nai(name);
		assert_int_equal(policy_serve(&b->p, &id, &lma, &in6addr_any, NULL), 0);
	}
	/* one timer for all of them */
	assert_int_equal(b->f.timers.len, 1);
	b->gone = false;
	policy_cache_up(b->c);
	assert_int_equal(b->n_u, CACHE_UPDATES_SENT);
	/* it goes with all of these, and comes back */
	b->gone = true;
	for (i = 0; i < CACHE_UPDATES_SENT; i++)
		policy_cache_served(b->c, b->u[i], -EAGAIN);
	b->gone = false;
	b->n_u = 0;
	policy_cache_up(b->c);
	assert_int_equal(b->n_u, CACHE_UPDATES_SENT);
	for (i = 0; i < all; i++) {
		unsigned int sent = i + CACHE_UPDATES_SENT;

		assert_int_equal(b->n_u, sent < all ? sent : all);
		policy_cache_served(b->c, b->u[i], 0);
	}
	assert_int_equal(policy_cache_counters(b->c)->updates, 0);
	assert_int_equal(policy_cache_counters(b->c)->updated, all);
}

/* Ours: a store that answers with errors is not asked more often than every 32 s for long */
static void refused_update_backs_off(void **state)
{
	struct in6_addr lma = fake_addr("2001:db8::1");
	struct mn_id id = fake_nai("a@b.org");
	uint64_t ms = CACHE_AGAIN_MS;
	struct bed *b = *state;
	unsigned int i;

	assert_int_equal(policy_serve(&b->p, &id, &lma, &in6addr_any, NULL), 0);
	for (i = 0; i < 10; i++) {
		assert_int_equal(b->n_u, i + 1);
		policy_cache_served(b->c, b->u[i], -EAGAIN);
		fake_advance_ms(&b->f, ms - 1);
		assert_int_equal(b->n_u, i + 1);
		fake_advance_ms(&b->f, 1);
		ms = ms * 2 < CACHE_AGAIN_MAX_MS ? ms * 2 : CACHE_AGAIN_MAX_MS;
	}
	assert_int_equal(ms, CACHE_AGAIN_MAX_MS);
	policy_cache_served(b->c, b->u[10], 0);
	assert_int_equal(policy_cache_counters(b->c)->updates, 0);
}

/* Ours: an answer from before a change is used, and not believed for long */
static void answer_is_older_than_a_change(void **state)
{
	struct mn_id id = fake_nai("a@b.org");
	struct bed *b = *state;

	assert_int_equal(policy_ask(&b->p, &id, NULL), -EINPROGRESS);
	policy_cache_changed(b->c, &id);
	answer(b, NULL, NULL, 0);
	assert_int_equal(policy_ask(&b->p, &id, NULL), -EINPROGRESS);
	/* that of all nodes of a realm, say */
	policy_cache_changed(b->c, NULL);
	answer(b, "a@b.org", "lifetime = 77;", 1);
	assert_int_equal(policy_by_mn_id(&b->p, &id)->lifetime, 77);
	assert_int_equal(b->n_q, 1);
	answer(b, "a@b.org", "lifetime = 88;", 2);
	assert_int_equal(policy_by_mn_id(&b->p, &id)->lifetime, 88);
	assert_int_equal(b->n_q, 0);
}

/* Who waits goes with the store without a word; and many questions have a bound */
static void end_amid_questions(void **state)
{
	struct waiter w[QUESTIONS + 1];
	struct bed *b = *state;
	struct mn_id id;
	char name[32];
	unsigned int i;

	for (i = 0; i <= QUESTIONS; i++) {
		snprintf(name, sizeof(name), "n%u@b.org", i);
		id = fake_nai(name);
		w[i] = waiter(&w[i]);
		assert_int_equal(policy_ask(&b->p, &id, &w[i].w),
				 i < QUESTIONS ? -EINPROGRESS : -EAGAIN);
	}
	policy_unwatch(&b->p, &b->watch);
	policy_free(&b->p);
	for (i = 0; i <= QUESTIONS; i++) {
		assert_int_equal(w[i].told, 0);
		assert_null(w[i].w.list);
	}
	policy_cancel(&w[0].w);
	b->n_q = 0;
	b->freed = 0;
	b->c = policy_cache_open(&b->p, &b->f.env, &(struct policy_cache_conf){ .timeout_ms = 1 },
				 &ops, b);
	policy_watch(&b->p, &b->watch);
}

/* What a store elsewhere has is no better than what is in the file */
static void texts_are_checked(void **state)
{
	static const struct { const char *text, *want; } bad[] = {
		{ "lifetime = \"x\";", "from:1: lifetime: a number of seconds" },
		{ "\nlifetimes = 1;", "from:2: lifetimes: no such key" },
		{ "mn-id = \"a@b\";", "from:1: mn-id: not here" },
		{ "lifetime = ;", "from:1: syntax: " },
		{ "@include \"/etc/passwd\"\n", "from:1: @include: not here" },
		{ "hnps = [ \"2001:db8::/63\", \"2001:db8::/64\" ];", "from:1: hnps: " },
	};
	struct policy_text t = { .from = "from", .id = fake_nai("a@b.org") };
	char err[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		t.text = bad[i].text;
		assert_null(policy_text_read(&t, err, sizeof(err)));
		if (!strstr(err, bad[i].want))
			fail_msg("\"%s\" lacks \"%s\"", err, bad[i].want);
	}
	t.realm = true;
	t.text = "lladdrs = [ \"02:00:00:00:00:01\" ];";
	assert_null(policy_text_read(&t, err, sizeof(err)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_wait_for_one_answer),
		TEST(found_by_interface),
		TEST(nobody_is_remembered),
		TEST(slow_answer),
		TEST(store_goes_and_comes_back),
		TEST(store_goes_amid_a_question),
		TEST(change_is_told),
		TEST(unused_is_forgotten),
		TEST(update_is_acknowledged),
		TEST(update_outlives_the_store),
		TEST(updates_are_paced),
		TEST(refused_update_backs_off),
		TEST(answer_is_older_than_a_change),
		TEST(end_amid_questions),
		cmocka_unit_test(texts_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
