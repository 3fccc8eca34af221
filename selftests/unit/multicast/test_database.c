// SPDX-License-Identifier: GPL-2.0
/* Memberships merged: RFC 3810 §4.2, RFC 4605 §4.1. */
#include "multicast_bed.h"

#include "multicast/database.h"

#define LISTENERS	8
#define SOURCES		6

struct member {
	enum mcast_mode mode;
	uint32_t mask;
};

static void change(struct mcast_database *db, unsigned int group, struct member *m,
		   enum mcast_mode mode, uint32_t mask)
{
	struct mcast_filter before = filter_of(m->mode, m->mask), after = filter_of(mode, mask);
	struct in6_addr addr = group_addr(group);

	assert_int_equal(mcast_database_change(db, &addr, &before, &after), 0);
	mcast_filter_clear(&before);
	mcast_filter_clear(&after);
	m->mode = mode;
	m->mask = mask;
}

static void expect(const struct mcast_database *db, unsigned int group, enum mcast_mode mode,
		   uint32_t mask)
{
	struct in6_addr addr = group_addr(group);
	const struct mcast_entry *e = mcast_database_find(db, &addr);
	struct mcast_filter f;

	assert_non_null(e);
	assert_int_equal(mcast_entry_filter(e, &f), 0);
	assert_int_equal(f.mode, mode);
	assert_int_equal(filter_mask(&f), mask);
	mcast_filter_clear(&f);
}

/* RFC 3810 §4.2, both examples: bit 0 is source a */
static void examples(void **state)
{
	struct mcast_database db = { .n = 0 };
	struct member s1 = { MCAST_IN, 0 }, s2 = s1, s3 = s1, s4 = s1;

	(void)state;
	change(&db, 1, &s1, MCAST_EX, 0xf);
	change(&db, 1, &s2, MCAST_EX, 0x1e);
	change(&db, 1, &s3, MCAST_IN, 0x38);
	expect(&db, 1, MCAST_EX, 0x6);
	change(&db, 1, &s4, MCAST_EX, 0);
	expect(&db, 1, MCAST_EX, 0);
	change(&db, 1, &s1, MCAST_IN, 0x7);
	change(&db, 1, &s2, MCAST_IN, 0xe);
	change(&db, 1, &s3, MCAST_IN, 0x30);
	change(&db, 1, &s4, MCAST_IN, 0);
	expect(&db, 1, MCAST_IN, 0x3f);
	mcast_database_free(&db);
}

/* RFC 4605 §4.1: "I1 [...] (G). I2 [...] (G, INCLUDE, (S1, S2))": "(G, EXCLUDE, NULL)" */
static void version_1_beside_version_2(void **state)
{
	struct mcast_database db = { .n = 0 };
	struct member i1 = { MCAST_IN, 0 }, i2 = i1;

	(void)state;
	change(&db, 1, &i2, MCAST_IN, 0x3);
	change(&db, 1, &i1, MCAST_EX, 0);
	expect(&db, 1, MCAST_EX, 0);
	mcast_database_free(&db);
}

/* RFC 4605 §4.1: "when the composition of the membership database changes" */
static void what_has_changed(void **state)
{
	struct mcast_database db = { .n = 0 };
	struct member m1 = { MCAST_IN, 0 }, m2 = m1;
	struct in6_addr g1 = group_addr(1);
	struct mcast_entry *entry;

	(void)state;
	assert_null(mcast_database_next(&db));
	change(&db, 1, &m1, MCAST_EX, 0);
	change(&db, 2, &m2, MCAST_IN, 1);
	change(&db, 1, &m1, MCAST_EX, 1);
	entry = mcast_database_next(&db);
	assert_memory_equal(&entry->group, &g1, sizeof(g1));
	mcast_database_seen(&db, entry);
	mcast_database_seen(&db, mcast_database_next(&db));
	assert_null(mcast_database_next(&db));
	/* one that nobody listens to any more is there until that has been seen */
	change(&db, 1, &m1, MCAST_IN, 0);
	assert_int_equal(db.n, 2);
	mcast_database_seen(&db, mcast_database_next(&db));
	assert_int_equal(db.n, 1);
	assert_null(mcast_database_find(&db, &g1));
	mcast_database_free(&db);
}

/* RFC 3810 §4.2, said of each source: it is wanted if it is by anybody */
static void merged(const struct member *m, enum mcast_mode *mode, uint32_t *mask)
{
	*mode = MCAST_IN;
	*mask = 0;
	for (unsigned int i = 0; i < LISTENERS; i++)
		if (m[i].mode == MCAST_EX)
			*mode = MCAST_EX;
	for (unsigned int s = 0; s < SOURCES; s++) {
		bool wanted = false;

		for (unsigned int i = 0; i < LISTENERS; i++)
			wanted |= wants(m[i].mode, m[i].mask, s);
		if (wanted == (*mode == MCAST_IN))
			*mask |= 1U << s;
	}
}

/* No source that nobody mentions is kept */
static void expect_room(const struct mcast_database *db, const struct in6_addr *group,
			const struct member *m)
{
	uint32_t mentioned = 0;

	for (unsigned int i = 0; i < LISTENERS; i++)
		mentioned |= m[i].mask;
	assert_int_equal(mcast_database_find(db, group)->n, __builtin_popcount(mentioned));
}

/* Whatever listeners come, change and go: what all want is what the rules say of them */
static void random_changes(void **state)
{
	struct mcast_database db = { .n = 0 };
	struct member m[2][LISTENERS] = { 0 };
	enum mcast_mode mode;
	uint32_t mask;

	(void)state;
	srand(4605);
	for (unsigned int n = 0; n < 50000; n++) {
		unsigned int g = (unsigned int)rand() % 2, i = (unsigned int)rand() % LISTENERS;
		struct in6_addr addr = group_addr(g);

		mask = (uint32_t)rand() % (1U << SOURCES);
		switch (rand() % 3) {
		case 0:
			change(&db, g, &m[g][i], MCAST_IN, 0);
			break;
		case 1:
			change(&db, g, &m[g][i], MCAST_IN, mask);
			break;
		default:
			/* of those that exclude much, intersections are not always empty */
			change(&db, g, &m[g][i], MCAST_EX, mask | (uint32_t)rand() % 64);
		}
		merged(m[g], &mode, &mask);
		if (mcast_database_find(&db, &addr)) {
			expect(&db, g, mode, mask);
			expect_room(&db, &addr, m[g]);
		} else {
			assert_true(mode == MCAST_IN && !mask);
		}
		while (rand() % 2 && mcast_database_next(&db))
			mcast_database_seen(&db, mcast_database_next(&db));
	}
	mcast_database_free(&db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(version_1_beside_version_2),
		cmocka_unit_test(what_has_changed),
		cmocka_unit_test(random_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
