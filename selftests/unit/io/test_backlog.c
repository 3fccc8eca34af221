// SPDX-License-Identifier: GPL-2.0
/* Messages that come while the daemon is starting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "fake_env.h"
#include "io/io.h"
#include "policy/table.h"

static struct mh_packet packet(const uint8_t *data, size_t len)
{
	struct mh_packet p = {
		.src = fake_addr("2001:db8:0:2::1"), .dst = fake_addr("2001:db8:0:1::1"),
		.hop_limit = 64, .data = data, .len = len,
	};

	return p;
}

/* Ours: in the order in which they came, each as it came, as many as there is room for */
static void first_come_first(void **state)
{
	struct backlog b = { 0 };
	struct waiting *w;
	struct mh_packet p;
	uint8_t data[4];
	unsigned int i;

	(void)state;
	assert_null(backlog_take(&b));
	for (i = 0; i < BACKLOG_MAX; i++) {
		memcpy(data, &i, sizeof(i));
		p = packet(data, sizeof(data));
		p.came = 1000 + i;
		assert_int_equal(backlog_put(&b, &p), 0);
	}
	assert_int_equal(backlog_put(&b, &p), -ENOBUFS);
	memset(data, 0xff, sizeof(data));
	for (i = 0; i < BACKLOG_MAX / 2; i++) {
		w = backlog_take(&b);
		assert_memory_equal(w->packet.data, &i, sizeof(i));
		assert_int_equal(w->packet.len, sizeof(data));
		assert_memory_equal(&w->packet.src, &p.src, sizeof(p.src));
		assert_int_equal(w->packet.came, 1000 + i);
		free(w);
	}
	assert_int_equal(b.n, BACKLOG_MAX - BACKLOG_MAX / 2);
	assert_int_equal(backlog_put(&b, &p), 0);
	backlog_free(&b);
	assert_int_equal(b.n, 0);
	assert_null(backlog_take(&b));
}

/* A daemon with an anchor to come, and what it says */
struct bed {
	struct io io;
	struct env_ops ops;
	struct conf conf;
	struct prefix mags;
	struct profile node;
	unsigned int n_said;
	struct mh_msg said;
};

static struct bed bed;

static void say(void *ctx, const struct in6_addr *src, const struct in6_addr *dst,
		const struct mh_msg *msg)
{
	(void)ctx;
	(void)src;
	(void)dst;
	bed.n_said++;
	bed.said = *msg;
}

static struct io *starting(void)
{
	struct io *io = &bed.io;

	memset(&bed, 0, sizeof(bed));
	bed.ops = io_env_ops;
	bed.ops.send_mh = say;
	bed.mags = fake_prefix("2001:db8:0:2::/64");
	bed.conf.lma = (struct lma_conf){
		.enabled = true, .address = fake_addr("2001:db8:0:1::1"), .n_mags = 1,
		.mag = &bed.mags, .timestamps = true, .timestamp_window_ms = 300,
		.max_lifetime = 3600,
	};
	bed.node.mn_id = fake_nai("mn");
	bed.node.allowed = true;
	assert_int_equal(policy_table_open(&io->policy, &bed.node, 1), 0);
	io->conf = &bed.conf;
	timerq_init(&io->timers);
	io->env = (struct env){ .ops = &bed.ops, .ctx = io, .timers = &io->timers };
	bed.conf.peer.restart_counter = 7;
	peers_init(&io->peers, &io->env, &bed.conf.peer);
	io->limit = limit_new(&bed.conf.limits);
	assert_non_null(io->limit);
	io->starting = true;
	return io;
}

static void started(struct io *io)
{
	io->lma = lma_new(&io->env, &bed.conf.lma, &io->peers, &io->policy);
	assert_non_null(io->lma);
	io->starting = false;
}

static void end(struct io *io)
{
	timerq_free(&io->timers);
	if (io->lma)
		lma_free(io->lma);
	peers_free(&io->peers);
	policy_free(&io->policy);
	backlog_free(&io->backlog);
	limit_free(io->limit);
}

static void come_ago(struct io *io, const struct mh_msg *m, uint64_t ago_ms)
{
	uint8_t buf[MH_MAX] = { 0 };
	struct mh_packet p = packet(buf, 0);
	struct mh_result r;
	int len = mh_encode(m, buf, sizeof(buf), &p.src, &p.dst, &r);

	assert_true(len > 0);
	p.len = (size_t)len;
	p.came = io->env.ops->wall(io) - ago_ms * NSEC_PER_MSEC;
	dispatch_mh(io, &p);
}

static void come(struct io *io, const struct mh_msg *m)
{
	come_ago(io, m, 0);
}

static struct mh_msg pbu(struct io *io, uint64_t age_ms)
{
	struct mh_msg m = { .kind = MH_PBU, .seq = 1, .flags = PBU_F_A | PBU_F_P, .lifetime = 100 };

	m.opts.present = MH_HAS_MN_ID | MH_HAS_TIMESTAMP;
	m.opts.mn_id = fake_nai("mn");
	m.opts.timestamp = mh_timestamp(io->env.ops->wall(io) - age_ms * NSEC_PER_MSEC);
	return m;
}

/* RFC 5847 §3: a request is answered, with this start's counter (§3.4); the rest waits */
static void heartbeats_do_not_wait(void **state)
{
	struct mh_msg hb = { .kind = MH_HEARTBEAT, .hb_seq = 5 }, m;
	struct io *io = starting();

	(void)state;
	m = pbu(io, 0);
	come(io, &m);
	assert_int_equal(bed.n_said, 0);
	come(io, &hb);
	assert_int_equal(bed.n_said, 1);
	assert_int_equal(bed.said.hb_seq, 5);
	assert_int_equal(bed.said.opts.restart, 7);
	assert_int_equal(io->counters.mh_waited, 1);
	assert_int_equal(io->counters.mh_no_role, 0);
	started(io);
	/* nor does a later one overtake it */
	come(io, &m);
	assert_int_equal(io->backlog.n, 2);
	assert_int_equal(bed.n_said, 1);
	dispatch_backlog(io);
	assert_int_equal(io->backlog.n, 0);
	assert_int_equal(bed.n_said, 3);
	assert_int_equal(bed.said.kind, MH_PBA);
	come(io, &m);
	assert_int_equal(bed.n_said, 4);
	end(io);
}

/* RFC 5213 §5.5: fresh "upon receiving" it, however long the anchor took to look at it */
static void timestamps_are_of_their_time(void **state)
{
	struct io *io = starting();
	struct mh_msg m;

	(void)state;
	m = pbu(io, 5000);
	come_ago(io, &m, 4900);
	assert_int_equal(io->backlog.n, 1);
	started(io);
	dispatch_backlog(io);
	assert_int_equal(bed.n_said, 1);
	assert_int_equal(bed.said.status, PBA_MISSING_HNP);
	assert_int_equal(io->came, 0);
	/* one that was old when it came */
	io->starting = true;
	m = pbu(io, 5000);
	come(io, &m);
	io->starting = false;
	dispatch_backlog(io);
	assert_int_equal(bed.said.status, PBA_TIMESTAMP_MISMATCH);
	/* one that the socket had for long */
	m = pbu(io, 5000);
	come_ago(io, &m, 4900);
	assert_int_equal(bed.said.status, PBA_MISSING_HNP);
	assert_int_equal(io->came, 0);
	end(io);
}

/* Ours: what has no room is dropped, counted, and costs nothing else anything */
static void too_many(void **state)
{
	struct mh_msg hb = { .kind = MH_HEARTBEAT }, m;
	struct io *io = starting();
	unsigned int i;

	(void)state;
	m = pbu(io, 0);
	for (i = 0; i < BACKLOG_MAX + 3; i++)
		come(io, &m);
	assert_int_equal(io->counters.mh_waited, BACKLOG_MAX);
	assert_int_equal(io->counters.mh_wait_dropped, 3);
	come(io, &hb);
	assert_int_equal(bed.n_said, 1);
	/* some a turn */
	started(io);
	dispatch_backlog(io);
	assert_int_equal(io->backlog.n, BACKLOG_MAX - IO_BURST);
	end(io);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_come_first),
		cmocka_unit_test(heartbeats_do_not_wait),
		cmocka_unit_test(timestamps_are_of_their_time),
		cmocka_unit_test(too_many),
	};

	log_set_level(LOG_EMERG);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
