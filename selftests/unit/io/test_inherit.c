// SPDX-License-Identifier: GPL-2.0
/* Paths of an earlier daemon's bindings, between its end and the purge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fake_env.h"
#include "io/io.h"

static struct dp_binding tunnels(unsigned int n, const uint32_t *id)
{
	struct dp_binding b = { .prefix = fake_prefix("2001:db8:100:1::/64") };

	while (b.n_paths < n) {
		b.path[b.n_paths].bid = (uint16_t)(b.n_paths + 1);
		b.path[b.n_paths].kind = PMIP_PATH_TUNNEL;
		b.path[b.n_paths].tunnel = id[b.n_paths];
		b.n_paths++;
	}
	return b;
}

/* What the kernel is told where the machine asks for these tunnels */
static struct dp_binding told(struct io *io, unsigned int n, const uint32_t *id)
{
	struct dp_binding asked = tunnels(n, id), k = asked;

	inherit_merge(io, &asked, &k);
	return k;
}

static struct io *with_old(unsigned int n, const uint32_t *id)
{
	static struct io io;
	struct dp_binding old = tunnels(n, id);

	memset(&io, 0, sizeof(io));
	assert_int_equal(inherit_add(&io, &old), 0);
	return &io;
}

/* The netlink contract, generations: who has not had its turn is not cut off */
static void old_tunnels_stay_behind(void **state)
{
	struct io *io = with_old(3, (uint32_t[]){ 1, 2, 3 });
	struct dp_binding k;

	(void)state;
	k = told(io, 1, (uint32_t[]){ 2 });
	assert_int_equal(k.n_paths, 3);
	assert_int_equal(k.path[0].tunnel, 2);
	assert_int_equal(k.path[1].tunnel, 1);
	assert_int_equal(k.path[2].tunnel, 3);
	/* renewed, then gone: it is the machine's */
	k = told(io, 2, (uint32_t[]){ 2, 3 });
	assert_int_equal(k.n_paths, 3);
	k = told(io, 1, (uint32_t[]){ 2 });
	assert_int_equal(k.n_paths, 2);
	assert_int_equal(k.path[1].tunnel, 1);
	k = told(io, 2, (uint32_t[]){ 2, 1 });
	assert_int_equal(k.n_paths, 2);
	k = told(io, 1, (uint32_t[]){ 2 });
	assert_int_equal(k.n_paths, 1);
	inherit_free(io);
}

/* Ours: a prefix that leads elsewhere now keeps nothing of what was */
static void other_owner_inherits_nothing(void **state)
{
	struct io *io = with_old(2, (uint32_t[]){ 1, 2 });

	(void)state;
	assert_int_equal(told(io, 1, (uint32_t[]){ 9 }).n_paths, 1);
	assert_int_equal(told(io, 1, (uint32_t[]){ 1 }).n_paths, 1);
	inherit_free(io);
}

/* RFC 5213 §5.3.5: dropped only once nobody is left, of old or of new */
static void drop_waits_for_the_old(void **state)
{
	struct io *io = with_old(2, (uint32_t[]){ 1, 2 });
	struct dp_binding asked = tunnels(0, NULL), k;

	(void)state;
	told(io, 1, (uint32_t[]){ 1 });
	asked.path[asked.n_paths++].kind = PMIP_PATH_DROP;
	k = asked;
	inherit_merge(io, &asked, &k);
	assert_int_equal(k.n_paths, 1);
	assert_int_equal(k.path[0].tunnel, 2);
	inherit_free(io);
}

/* Ours: that packets wait, or are dropped, for both makes nobody the same node */
static void nowhere_is_no_path_in_common(void **state)
{
	struct dp_binding old = tunnels(2, (uint32_t[]){ 1, 2 });
	struct dp_binding asked = tunnels(1, (uint32_t[]){ 9 }), k;
	static struct io io;

	(void)state;
	memset(&io, 0, sizeof(io));
	old.path[old.n_paths++].kind = PMIP_PATH_HOLD;
	assert_int_equal(inherit_add(&io, &old), 0);
	asked.path[asked.n_paths++].kind = PMIP_PATH_HOLD;
	k = asked;
	inherit_merge(&io, &asked, &k);
	assert_int_equal(k.n_paths, 2);
	inherit_free(&io);
}

/* linux/pmip.h: "The last path of a binding may be of kind hold", and no other */
static void hold_stays_last(void **state)
{
	struct io *io = with_old(2, (uint32_t[]){ 1, 2 });
	struct dp_binding asked = tunnels(1, (uint32_t[]){ 1 }), k;

	(void)state;
	asked.path[asked.n_paths++].kind = PMIP_PATH_HOLD;
	k = asked;
	inherit_merge(io, &asked, &k);
	assert_int_equal(k.n_paths, 3);
	assert_int_equal(k.path[1].tunnel, 2);
	assert_int_equal(k.path[2].kind, PMIP_PATH_HOLD);
	inherit_free(io);
	/* a way to the node is worth more than a place to wait */
	io = with_old(4, (uint32_t[]){ 1, 2, 3, 4 });
	k = asked;
	inherit_merge(io, &asked, &k);
	assert_int_equal(k.n_paths, 4);
	assert_int_equal(k.path[3].kind, PMIP_PATH_TUNNEL);
	inherit_free(io);
}

/* The netlink contract, generations: after the purge, or a removal, nothing stays */
static void it_ends(void **state)
{
	struct io *io = with_old(2, (uint32_t[]){ 1, 2 });
	struct prefix p = fake_prefix("2001:db8:100:1::/64");

	(void)state;
	assert_false(inherit_end(io, 1));
	assert_null(io->inherited);
	assert_int_equal(told(io, 1, (uint32_t[]){ 1 }).n_paths, 1);
	io = with_old(2, (uint32_t[]){ 1, 2 });
	inherit_forget(io, &p);
	assert_int_equal(told(io, 1, (uint32_t[]){ 1 }).n_paths, 1);
	assert_null(io->inherited);
	/* a lone path is renewed or not */
	io = with_old(1, (uint32_t[]){ 1 });
	assert_null(io->inherited);
}

/* RFC 5847 §3.1: nobody who asks waits for all of them: they end in pieces, each once */
static void it_ends_in_pieces(void **state)
{
	struct dp_binding old = tunnels(2, (uint32_t[]){ 1, 2 });
	static struct io io;
	int i;

	(void)state;
	memset(&io, 0, sizeof(io));
	for (i = 0; i < 10; i++) {
		old.prefix.addr.s6_addr[7] = (uint8_t)i;
		assert_int_equal(inherit_add(&io, &old), 0);
	}
	assert_true(inherit_end(&io, 4));
	assert_true(inherit_end(&io, 4));
	assert_non_null(io.inherited);
	assert_false(inherit_end(&io, 4));
	assert_null(io.inherited);
	assert_false(inherit_end(&io, 4));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_tunnels_stay_behind),
		cmocka_unit_test(other_owner_inherits_nothing),
		cmocka_unit_test(drop_waits_for_the_old),
		cmocka_unit_test(hold_stays_last),
		cmocka_unit_test(nowhere_is_no_path_in_common),
		cmocka_unit_test(it_ends),
		cmocka_unit_test(it_ends_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
