/* SPDX-License-Identifier: GPL-2.0 */
/* One of two anchors, with a store that says what a test has it say */
#ifndef SELFTESTS_UNIT_IO_PAIR_BED_H
#define SELFTESTS_UNIT_IO_PAIR_BED_H

#include "core/log.h"
#include "io/announce.h"
#include "io/io.h"
#include "io/pair.h"
#include "io/store.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BED_INTERVAL_MS	1000

struct pair_bed {
	struct io io;
	struct conf conf;
	struct redis redis;
	struct pair_io *px;
	int listener, server;
	char dir[32], path[64];
	bool lost;		/* the store knows of no copy */
	char standby[32];	/* as the store says, if anybody stands by */
	char said[1 << 16];	/* to the store, since it was looked at last */
};

static struct pair_bed bed;
static uint64_t bed_now = 1000 * NSEC_PER_SEC;
static unsigned int bed_notices;
static const char *bed_setup;	/* the anchor's address, on lo; NULL: of no matter */
static unsigned int bed_takes_ms;	/* to begin */

static uint64_t bed_clock(void *ctx)
{
	(void)ctx;
	return bed_now;
}

static uint32_t bed_random(void *ctx)
{
	static uint32_t last = 0x10000000;

	(void)ctx;
	return ++last;
}

static void bed_notify(void *ctx, const struct notice *n)
{
	(void)ctx;
	(void)n;
	bed_notices++;
}

static const struct env_ops bed_ops = {
	.now = bed_clock, .wall = bed_clock, .random = bed_random, .notify = bed_notify,
};

static inline void bed_connect(void)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	redisAsyncContext *ac;

	memcpy(sa.sun_path, bed.path, sizeof(bed.path));
	bed.listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(bed.listener, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(bed.listener, 1), 0);
	ac = redisAsyncConnectUnix(bed.path);
	assert_non_null(ac);
	bed.server = accept(bed.listener, NULL, NULL);
	assert_true(bed.server >= 0);
	bed.redis.commands = (struct redis_link){ .owner = &bed.redis, .ac = ac };
	ac->data = &bed.redis.commands;
	bed.redis.ready = true;
}

/* A daemon that has asked for nothing yet */
static inline void bed_open(void)
{
	memset(&bed, 0, sizeof(bed));
	log_set_level(LOG_EMERG);
	snprintf(bed.dir, sizeof(bed.dir), "/tmp/pmip-pair-XXXXXX");
	assert_non_null(mkdtemp(bed.dir));
	snprintf(bed.path, sizeof(bed.path), "%s/redis", bed.dir);
	snprintf(bed.conf.redis.prefix, sizeof(bed.conf.redis.prefix), "pmip:");
	snprintf(bed.conf.state_dir, sizeof(bed.conf.state_dir), "%s", bed.dir);
	snprintf(bed.conf.sessions_dir, sizeof(bed.conf.sessions_dir), "%s", bed.dir);
	bed.conf.lma.enabled = true;
	bed.conf.keep_sessions = true;
	bed.conf.lma.pair = (struct pair_conf){
		.enabled = true, .name = "a", .device = "none0", .interval_ms = BED_INTERVAL_MS,
	};
	if (bed_setup) {
		snprintf(bed.conf.lma.pair.device, sizeof(bed.conf.lma.pair.device), "lo");
		assert_int_equal(inet_pton(AF_INET6, bed_setup, &bed.conf.lma.address), 1);
	}
	bed.io.conf = &bed.conf;
	bed.io.loop = ev_loop_new(EVFLAG_AUTO);
	bed.io.rtnl_fd = -1;
	bed.io.rtnl_event_fd = -1;
	bed.io.icmp_fd = -1;
	bed.io.mh_fd = -1;
	ev_init(&bed.io.backlog_timer, NULL);
	timerq_init(&bed.io.timers);
	bed.io.env = (struct env){ .ops = &bed_ops, .ctx = &bed.io, .timers = &bed.io.timers };
	bed.redis.io = &bed.io;
	bed.redis.conf = &bed.conf.redis;
	bed.io.redis = &bed.redis;
	ev_init(&bed.redis.retry, NULL);
	ev_init(&bed.redis.watchdog, NULL);
	ev_init(&bed.redis.sentinel_retry, NULL);
	bed_connect();
	assert_int_equal(pair_open(&bed.io), 0);
	bed.px = bed.io.pair;
}

static inline void bed_close(void)
{
	char cmd[64];

	pair_close(&bed.io);
	bed.redis.stopping = true;
	redis_link_close(&bed.redis.commands);
	ev_timer_stop(bed.io.loop, &bed.redis.retry);
	ev_timer_stop(bed.io.loop, &bed.io.backlog_timer);
	store_close(bed.io.store);
	announce_close(&bed.io);
	rtnl_close(&bed.io);
	timerq_free(&bed.io.timers);
	pair_free(&bed.io);
	ev_loop_destroy(bed.io.loop);
	close(bed.server);
	close(bed.listener);
	snprintf(cmd, sizeof(cmd), "rm -r %s", bed.dir);
	assert_int_equal(system(cmd), 0);
}

/* What the store has been told since the last time, as text */
static inline const char *bed_said(void)
{
	ssize_t n;
	size_t i;

	if (bed.redis.commands.ac)
		redisAsyncHandleWrite(bed.redis.commands.ac);
	n = recv(bed.server, bed.said, sizeof(bed.said) - 1, MSG_DONTWAIT);
	n = n < 0 ? 0 : n;
	bed.said[n] = '\0';
	for (i = 0; i < (size_t)n; i++)
		if (!bed.said[i])
			bed.said[i] = '.';
	return bed.said;
}

/* What it answers to the next of what it was told */
static inline void bed_answer(const char *text)
{
	assert_int_equal(write(bed.server, text, strlen(text)), (ssize_t)strlen(text));
	redisAsyncHandleRead(bed.redis.commands.ac);
}

/* The time goes on, and timers fire */
static inline void bed_later(uint64_t ms)
{
	bed_now += ms * NSEC_PER_MSEC;
	timerq_run(&bed.io.timers, bed_now, 1000);
}

/* The answer to a daemon that asks for the lease */
static inline void bed_lease(bool mine, unsigned int epoch, unsigned int beat)
{
	const char *holder = mine ? bed.px->id : "00000000000000ff";
	char text[512];

	snprintf(text, sizeof(text),
		 "*10\r\n:%d\r\n:0\r\n:%u\r\n:%u\r\n:%d\r\n$1\r\n7\r\n$0\r\n\r\n$16\r\n%s\r\n:1000\r\n"
		 "$%zu\r\n%s\r\n", mine, epoch, beat, !bed.lost, holder, strlen(bed.standby),
		 bed.standby);
	bed_answer(text);
}

/* The anchor, with a start behind it: what it keeps is written from the next renewal on */
static inline void bed_active(void)
{
	bed_open();
	pair_ready(&bed.io);
	bed_said();
	bed_lease(true, 1, 1);
	assert_int_equal(bed.px->machine.state, PAIR_TAKING);
	bed_said();
	/* there is no copy */
	bed_answer("*5\r\n$0\r\n\r\n$1\r\n0\r\n$0\r\n\r\n:0\r\n:1\r\n");
	assert_int_equal(bed.px->machine.state, PAIR_ACTIVE);
	assert_true(bed.px->begin);
	assert_int_equal(pair_begin(&bed.io), 0);
	recall_open(&bed.io);
	bed_now += bed_takes_ms * NSEC_PER_MSEC;
	pair_serving(&bed.io);
	bed_said();
}

/* It renews its lease */
static inline const char *bed_renew(void)
{
	bed_later(BED_INTERVAL_MS / 2);
	bed_said();
	bed_lease(true, 1, 2);
	return bed_said();
}

#endif
