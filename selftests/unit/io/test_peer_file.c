// SPDX-License-Identifier: GPL-2.0
/* The file of the peers: what is written is what is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/log.h"
#include "fake_env.h"
#include "io/io.h"

static struct conf conf;
static struct io io;

static void open_io(struct fake_env *f)
{
	struct peer_conf pc = { .heartbeat_ms = 1000, .missing_allowed = 3 };

	fake_init(f);
	peers_init(&io.peers, &f->env, &pc);
	io.env = f->env;
	timerq_init(&io.timers);
	memset(&io.peer_file, 0, sizeof(io.peer_file));
	io.conf = &conf;
	conf.lma.enabled = true;
	conf.lma.address = fake_addr("2001:db8::1");
}

static void close_io(struct fake_env *f)
{
	timerq_free(&io.timers);
	peers_free(&io.peers);
	fake_free(f);
}

static struct peer *peer(const char *local, const char *remote)
{
	struct in6_addr l = fake_addr(local), r = fake_addr(remote);

	return peer_find(&io.peers, &l, &r);
}

static void recall(const char *line)
{
	struct peer_memory m;

	assert_int_equal(peer_file_parse(line, &m), 0);
	assert_non_null(peer_recall(&io.peers, &m));
}

/* RFC 5847 §3.2: "capable of storing information about the peers across reboots" */
static void stored_is_loaded(void **state)
{
	struct fake_env f;
	struct peer *p;

	(void)state;
	open_io(&f);
	recall("2001:db8::1 2001:db8::2 heartbeats 4294967295");
	recall("2001:db8::1 2001:db8::3 heartbeats -");
	recall("2001:db8::1 2001:db8::4 none -");
	recall("2001:db8::9 2001:db8::5 heartbeats 1");
	peer_file_store(&io);
	close_io(&f);
	open_io(&f);
	peer_file_load(&io);	/* nothing had changed, nothing was written */
	assert_null(io.peers.table);
	recall("2001:db8::1 2001:db8::2 heartbeats 4294967295");
	recall("2001:db8::1 2001:db8::3 heartbeats -");
	recall("2001:db8::1 2001:db8::4 none -");
	recall("2001:db8::9 2001:db8::5 heartbeats 1");
	io.peers.changed = true;
	peer_file_store(&io);
	assert_false(io.peers.changed);
	close_io(&f);
	open_io(&f);
	peer_file_load(&io);
	p = peer("2001:db8::1", "2001:db8::2");
	assert_true(p && p->hears_heartbeats && p->heard_restart);
	assert_int_equal(p->restart_counter, UINT32_MAX);
	p = peer("2001:db8::1", "2001:db8::3");
	assert_true(p && p->hears_heartbeats && !p->heard_restart);
	p = peer("2001:db8::1", "2001:db8::4");
	assert_true(p && p->mute && !p->hears_heartbeats);
	/* an address that is no longer ours */
	assert_null(peer("2001:db8::9", "2001:db8::5"));
	close_io(&f);
}

/* Ours: a damaged file costs the peers that cannot be read, not the start */
static void damaged_lines_are_left_out(void **state)
{
	static const char *const bad[] = {
		"", "x", "2001:db8::1 2001:db8::2 heartbeats",
		"2001:db8::1 2001:db8::2 maybe 3",
		"2001:db8::1 2001:db8::2 heartbeats 4294967296",
		"2001:db8::1 2001:db8::2 heartbeats 3x",
		"2001:db8::1 nowhere heartbeats 3",
	};
	struct peer_memory m;
	struct fake_env f;
	unsigned int i;
	char path[4200];
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/peers", conf.state_dir);
	file = fopen(path, "w");
	assert_non_null(file);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(peer_file_parse(bad[i], &m), -EINVAL);
		fprintf(file, "%s\n", bad[i]);
	}
	fprintf(file, "2001:db8::1 2001:db8::2 heartbeats 3\n");
	fclose(file);
	open_io(&f);
	peer_file_load(&io);
	assert_int_equal(HASH_COUNT(io.peers.table), 1);
	assert_int_equal(peer("2001:db8::1", "2001:db8::2")->restart_counter, 3);
	close_io(&f);
}

/* Ours: a peer whose counter changes all the time does not keep the disk busy */
static void written_once_a_second(void **state)
{
	struct fake_env f;

	(void)state;
	open_io(&f);
	io.peers.changed = true;
	peer_file_store(&io);
	assert_false(io.peers.changed);
	io.peers.changed = true;
	peer_file_store(&io);
	assert_true(io.peers.changed);
	timerq_run(&io.timers, f.now + 999 * NSEC_PER_MSEC, 10);
	assert_true(io.peers.changed);
	timerq_run(&io.timers, f.now + 1000 * NSEC_PER_MSEC, 10);
	assert_false(io.peers.changed);
	/* before the exit at once */
	io.peers.changed = true;
	peer_file_flush(&io);
	assert_false(io.peers.changed);
	close_io(&f);
}

/* Ours: what could not be written does not stop the daemon */
static void no_directory_no_file(void **state)
{
	char keep[sizeof(conf.state_dir)];
	struct fake_env f;

	(void)state;
	memcpy(keep, conf.state_dir, sizeof(keep));
	snprintf(conf.state_dir, sizeof(conf.state_dir), "/nonexistent");
	open_io(&f);
	peer_file_load(&io);
	io.peers.changed = true;
	peer_file_store(&io);
	assert_null(io.peers.table);
	close_io(&f);
	memcpy(conf.state_dir, keep, sizeof(keep));
}

static int make_dir(void **state)
{
	(void)state;
	log_set_level(LOG_EMERG);
	snprintf(conf.state_dir, sizeof(conf.state_dir), "/tmp/pmip-peers-XXXXXX");
	return mkdtemp(conf.state_dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char path[4200];

	(void)state;
	snprintf(path, sizeof(path), "%s/peers", conf.state_dir);
	unlink(path);
	return rmdir(conf.state_dir);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(stored_is_loaded),
		cmocka_unit_test(damaged_lines_are_left_out),
		cmocka_unit_test(written_once_a_second),
		cmocka_unit_test(no_directory_no_file),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
