/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Three gateways on one clock.  What they say to each other and what they have done to
 * a node's packets is written down in order, a word or a line each:
 *	P>N HI F3	an HI with F and code 3, from P to N; "lost" if it got lost
 *	N>P HAck F5
 *	P:forward N	P's owner forwards to N
 */
#ifndef SELFTESTS_UNIT_HANDOVER_BED_H
#define SELFTESTS_UNIT_HANDOVER_BED_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_env.h"
#include "handover/handover.h"

#define GATEWAYS	3

struct domain;

struct gateway {
	struct domain *d;
	char name;
	struct in6_addr address;
	struct handover h;
	bool has;			/* the node is here */
	bool comes;			/* an arrival is under way, so far as the owner knows */
	uint8_t refuse;			/* enum hack_code: what is said to who asks, 0: yes */
	int error;			/* of the kernel */
	struct mh_opts told;
};

struct domain {
	struct fake_env f;
	struct handover_conf conf;
	struct gateway g[GATEWAYS];
	struct mh_opts node;		/* the context that a gateway has of it */
	char log[32768];
	char lose[16];			/* messages of this kind and way get lost: "N>P HAck" */
	unsigned int times;		/* so often */
};

enum { P, N, X };

static inline void say(struct domain *d, const char *fmt, ...)
{
	size_t n = strlen(d->log);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->log + n, sizeof(d->log) - n, fmt, ap);
	va_end(ap);
}

static inline char name_of(const struct domain *d, const struct in6_addr *a)
{
	for (unsigned int i = 0; a && i < GATEWAYS; i++)
		if (IN6_ARE_ADDR_EQUAL(&d->g[i].address, a))
			return d->g[i].name;
	return '-';
}

static int hold(void *arg)
{
	struct gateway *g = arg;

	say(g->d, "%c:hold\n", g->name);
	return g->error;
}

static int forward(void *arg, const struct in6_addr *next)
{
	struct gateway *g = arg;

	say(g->d, "%c:forward %c\n", g->name, name_of(g->d, next));
	return g->error;
}

static void met(void *arg, const struct mh_groups *groups)
{
	struct gateway *g = arg;

	say(g->d, "%c:met %u\n", g->name, groups->n_group);
}

static void leaving_ended(void *arg, enum handover_outcome why)
{
	struct gateway *g = arg;

	say(g->d, "%c:left %s\n", g->name, handover_outcome_str(why));
}

static void told(void *arg, const struct mh_opts *o)
{
	struct gateway *g = arg;

	assert_true(g->comes);
	g->told = *o;
	say(g->d, "%c:told\n", g->name);
}

static void deliver(void *arg, const struct in6_addr *previous)
{
	struct gateway *g = arg;

	assert_true(g->comes);
	say(g->d, "%c:deliver %c\n", g->name, name_of(g->d, previous));
}

static void native(void *arg)
{
	struct gateway *g = arg;

	assert_true(g->comes);
	say(g->d, "%c:native\n", g->name);
}

static void arrival_ended(void *arg, enum handover_outcome why)
{
	struct gateway *g = arg;

	assert_true(g->comes);
	g->comes = false;
	say(g->d, "%c:arrived %s\n", g->name, handover_outcome_str(why));
}

static uint8_t claimed(void *arg, const struct in6_addr *next, const struct mh_msg *hi,
		       struct mh_opts *o, void **node)
{
	struct gateway *g = arg;

	(void)next;
	(void)hi;
	if (!g->has)
		return HACK_NO_CONTEXT;
	if (g->refuse)
		return g->refuse;
	*o = g->d->node;
	*node = g;
	return HACK_ALL_CONTEXT;
}

static uint8_t expected(void *arg, const struct in6_addr *previous, const struct mh_msg *hi,
			bool again, struct mh_opts *o, void **node)
{
	struct gateway *g = arg;

	(void)o;
	if (g->refuse)
		return g->refuse;
	assert_int_equal(g->comes, again);
	g->comes = true;
	g->told = hi->opts;
	*node = g;
	say(g->d, "%c:expect %c%s\n", g->name, name_of(g->d, previous), again ? " again" : "");
	return HACK_CONTEXT;
}

static const struct handover_ops ops = {
	.claimed = claimed, .expected = expected,
	.leaving = { hold, forward, met, leaving_ended },
	.arrival = { told, deliver, native, arrival_ended },
};

/* A message that has been sent: written down, and lost or delivered */
static inline void carry(struct domain *d, const struct fake_mh *m)
{
	bool hi = m->msg.kind == MH_HI;
	char way[16];
	bool lost;

	snprintf(way, sizeof(way), "%c>%c %s", name_of(d, &m->src), name_of(d, &m->dst),
		 mh_kind_str(m->msg.kind));
	lost = d->times && !strcmp(way, d->lose);
	d->times -= lost;
	say(d, "%s %s%s%u%s\n", way, m->msg.flags & (hi ? HI_F_U : HACK_F_U) ? "U" : "",
	    m->msg.flags & (hi ? HI_F_F : HACK_F_F) ? "F" : "", m->msg.code,
	    lost ? " lost" : "");
	for (unsigned int i = 0; !lost && i < GATEWAYS; i++) {
		struct gateway *g = &d->g[i];

		if (!IN6_ARE_ADDR_EQUAL(&g->address, &m->dst))
			continue;
		if (hi)
			handover_on_hi(&g->h, &m->src, &m->msg);
		else
			handover_on_hack(&g->h, &m->src, &m->dst, &m->msg);
	}
}

static inline void run(struct domain *d)
{
	struct fake_action a;

	while (fake_pop(&d->f, &a))
		if (a.kind == FAKE_SEND_MH)
			carry(d, &a.mh);
}

/* Milliseconds pass, in which what is sent takes no time */
static inline void pass(struct domain *d, unsigned int ms)
{
	run(d);
	while (ms--) {
		fake_advance_ms(&d->f, 1);
		run(d);
	}
}

/* What has been written down since the last time */
static inline void expect(struct domain *d, const char *text)
{
	run(d);
	assert_string_equal(d->log, text);
	d->log[0] = '\0';
}

static inline void lose(struct domain *d, const char *way, unsigned int times)
{
	snprintf(d->lose, sizeof(d->lose), "%s", way);
	d->times = times;
}

/* The node is about to leave P for another gateway */
static inline int leave(struct domain *d, unsigned int next, bool at_once)
{
	return leaving_start(&d->g[P].h, &d->g[next].address, &d->node, at_once, &d->g[P]);
}

/* It appears at a gateway, and has been at another, which has to say more before it forwards */
static inline int attach_unready(struct domain *d, unsigned int at, unsigned int previous)
{
	struct mh_opts o = { .present = MH_HAS_MN_ID, .mn_id = d->node.mn_id };
	int err;

	err = arrival_attached(&d->g[at].h, &d->g[previous].address, &o, false, &d->g[at]);
	d->g[at].comes |= !err;
	return err;
}

/* It appears at a gateway, and has been at another */
static inline int attach(struct domain *d, unsigned int at, int previous)
{
	struct mh_opts o = { .present = MH_HAS_MN_ID, .mn_id = d->node.mn_id };
	int err;

	err = arrival_attached(&d->g[at].h, previous < 0 ? NULL : &d->g[previous].address, &o,
			       true, &d->g[at]);
	d->g[at].comes |= !err;
	return err;
}

static inline int setup(void **state)
{
	static const char *const address[] = {
		"2001:db8:0:2::1", "2001:db8:0:3::1", "2001:db8:0:4::1",
	};
	struct domain *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	fake_init(&d->f);
	d->conf = (struct handover_conf){
		.hi_ms = 100, .hi_retries = 3, .expect_ms = 3000, .forward_ms = 10000,
	};
	d->node = (struct mh_opts){
		.present = MH_HAS_MN_ID | MH_HAS_HNP | MH_HAS_LMA, .n_hnp = 1, .n_lma = 1,
		.mn_id = fake_nai("mn1@example.org"),
		.hnp = { { .prefix = fake_prefix("2001:db8:100:1::/64") } },
		.lma = { fake_addr("2001:db8:0:1::1") },
	};
	for (unsigned int i = 0; i < GATEWAYS; i++) {
		struct gateway *g = &d->g[i];

		g->d = d;
		g->name = "PNX"[i];
		g->address = fake_addr(address[i]);
		handover_init(&g->h, &d->f.env, &d->conf, &ops, g, &g->address);
	}
	d->g[P].has = true;
	*state = d;
	return 0;
}

static inline int teardown(void **state)
{
	struct domain *d = *state;

	for (unsigned int i = 0; i < GATEWAYS; i++)
		handover_free(&d->g[i].h);
	assert_int_equal(d->f.timers.len, 0);
	fake_free(&d->f);
	free(d);
	return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
