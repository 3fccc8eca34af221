// SPDX-License-Identifier: GPL-2.0
/*
 * Requests of the control socket, to a daemon that is an anchor and an access gateway with a node
 * or two, and that no socket surrounds.  The first byte is how many bytes come at once.
 */
#include "fuzz.h"

#include "fake_env.h"
#include "io/control.h"
#include "io/io.h"

#include <stdio.h>

#define NODES	4

static struct daemon {
	struct io io;
	struct conf conf;
	struct fake_env f;
	struct profile pr[NODES];
	struct prefix mags;
	struct flow_rule rule;
} d;

static uint64_t now(void *ctx)
{
	(void)ctx;
	return d.f.now;
}

static uint64_t wall(void *ctx)
{
	(void)ctx;
	return d.f.wall;
}

static void notify(void *ctx, const struct notice *n)
{
	(void)ctx;
	assert_non_null(n->event);
}

static const struct env_ops ops = { .now = now, .wall = wall, .notify = notify };

static void open_profiles(void)
{
	char nai[32];

	for (unsigned int i = 0; i < NODES; i++) {
		snprintf(nai, sizeof(nai), "mn%u@example.org", i);
		d.pr[i].mn_id = fake_nai(nai);
		d.pr[i].allowed = true;
		d.pr[i].multihoming = (enum multihoming)(MULTIHOMING_SINGLE + i);
		d.pr[i].n_lladdrs = 1;
		d.pr[i].lladdr[0] = fake_llid("02:00:00:00:00:00");
		d.pr[i].lladdr[0].id[5] = (uint8_t)i;
	}
	assert_int_equal(policy_table_open(&d.io.policy, d.pr, NODES), 0);
}

/* A good file, so that what is not said of both roles is what it always is */
static void open_conf(void)
{
	static const char text[] =
		"ports = ( { name = \"eth0\"; } );\n"
		"lma = { address = \"2001:db8:0:1::1\"; pools = [ \"2001:db8:100::/40\" ];\n"
		"  mags = [ \"2001:db8:0:2::/64\" ]; };\n"
		"mag = { address = \"2001:db8:0:2::1\"; lma = \"2001:db8:0:1::2\";\n"
		"  peers = [ \"2001:db8:0:2::/64\" ]; links = ( { name = \"wlan0\"; } ); };\n";
	const struct input in = { (const uint8_t *)text, sizeof(text) - 1 };
	char err[512] = "";

	if (conf_load(&d.conf, fuzz_file(&in), err, sizeof(err)))
		fail_msg("%s", err);
	d.conf.mag.fast = true;
	d.conf.mag.anchors.enabled = true;
	/* nothing is read again */
	snprintf(d.conf.path, sizeof(d.conf.path), "/nonexistent/pmipd.conf");
	d.conf.mag.link[0].ifindex = 1;
}

/* One of another gateway's, and one here */
static void open_nodes(void)
{
	struct in6_addr mag = fake_addr("2001:db8:0:2::2");
	struct mh_msg m = { .kind = MH_PBU, .seq = 1, .flags = PBU_F_A | PBU_F_P, .lifetime = 900 };

	m.opts.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_HI | MH_HAS_ATT | MH_HAS_TIMESTAMP;
	m.opts.mn_id = d.pr[1].mn_id;
	m.opts.n_hnp = 1;
	m.opts.hi = HI_NEW_INTERFACE;
	m.opts.att = 4;
	m.opts.timestamp = mh_timestamp(d.f.wall);
	lma_on_pbu(d.io.lma, &mag, &d.conf.lma.address, &m);
	mag_on_attach(d.io.mag, 1, &d.pr[0].lladdr[0], NULL, NULL, ATTACH_CARRIER);
}

static void open_daemon(void)
{
	const struct peer_conf pc = { .heartbeat_ms = 1000, .missing_allowed = 3 };

	memset(&d, 0, sizeof(d));
	fake_init(&d.f);
	d.f.quiet = true;
	open_conf();
	d.io.conf = &d.conf;
	d.io.env.ops = &ops;
	d.io.env.ctx = &d.io;
	d.io.loop = ev_loop_new(EVFLAG_NOENV);
	assert_non_null(d.io.loop);
	assert_int_equal(reload_start(&d.io), 0);
	link_table_init(&d.io);
	d.io.link[0].ifindex = 1;
	peers_init(&d.io.peers, &d.f.env, &pc);
	open_profiles();
	d.io.lma = lma_new(&d.f.env, &d.conf.lma, &d.io.peers, &d.io.policy);
	d.io.mag = mag_new(&d.f.env, &d.conf.mag, &d.io.peers, &d.io.policy);
	assert_true(d.io.lma && d.io.mag);
	open_nodes();
}

static void close_daemon(void)
{
	mag_free(d.io.mag);
	lma_free(d.io.lma);
	peers_free(&d.io.peers);
	policy_free(&d.io.policy);
	reload_stop(&d.io);
	ev_loop_destroy(d.io.loop);
	conf_free(&d.conf);
	fake_free(&d.f);
}

/* Every request has an answer of one line, which says either what was asked for or why not */
static void ask(const char *line)
{
	bool monitor = false;
	json_t *answer = control_answer(&d.io, line, &monitor), *ok;
	char *text;

	assert_non_null(answer);
	ok = json_object_get(answer, "ok");
	assert_true(json_is_boolean(ok));
	if (json_is_false(ok))
		assert_true(json_string_length(json_object_get(answer, "error")) > 0);
	else
		assert_true(monitor || json_object_get(answer, "result"));
	text = json_dumps(answer, JSON_COMPACT);
	assert_non_null(text);
	assert_null(strchr(text, '\n'));
	free(text);
	json_decref(answer);
	fake_advance_ms(&d.f, 700);
}

/**
 * LLVMFuzzerTestOneInput() - what a client sends
 * @data: how much at once, and the bytes
 * @size: bytes
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct control_lines lines;
	struct input in = { data, size };
	size_t step = 1 + take_byte(&in), room;
	char *at, *line;

	open_daemon();
	lines.len = 0;
	lines.used = 0;
	while (in.len) {
		room = control_lines_room(&lines, &at);
		if (!room)
			break;
		room = room < step ? room : step;
		room = room < in.len ? room : in.len;
		memcpy(at, in.bytes, room);
		in.bytes += room;
		in.len -= room;
		control_lines_add(&lines, room);
		while ((line = control_lines_next(&lines)))
			ask(line);
	}
	close_daemon();
	return 0;
}
