// SPDX-License-Identifier: GPL-2.0
/*
 * A node that moves at random between three gateways that lose messages: whatever happens,
 * nobody is told of what has ended (see domain_bed.h), and all of it ends.
 */
#include "domain_bed.h"

#define RUNS	300
#define STEPS	40

/* What has been written down says whether a gateway has forwarded last, or ended it */
static bool forwards(const struct domain *d, char name)
{
	const char *p = d->log, *line;
	bool on = false;

	for (line = p; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (line[0] != name || line[1] != ':')
			continue;
		if (!strncmp(line + 2, "forward", 7) || !strncmp(line + 2, "hold", 4))
			on = true;
		if (!strncmp(line + 2, "left", 4))
			on = false;
	}
	return on;
}

static void step(struct domain *d, unsigned int *at)
{
	static const char *const way[] = {
		"P>N HI", "N>P HI", "P>N HAck", "N>P HAck", "X>P HI", "P>X HAck", "N>X HI",
	};
	unsigned int to = fake_random(&d->f) % GATEWAYS, was = *at;
	const struct mn_id *id = &d->node.mn_id;

	if (fake_random(&d->f) % 2)
		lose(d, way[fake_random(&d->f) % 7], fake_random(&d->f) % 6);
	switch (fake_random(&d->f) % 7) {
	case 0:
		if (to != was)
			leaving_start(&d->g[was].h, &d->g[to].address, &d->node,
				      fake_random(&d->f) % 2, &d->g[was]);
		break;
	case 1:
		leaving_go(&d->g[was].h, id);
		break;
	case 2:
	case 3:
		if (to == was)
			break;
		arrival_gone(&d->g[was].h, id);
		leaving_back(&d->g[to].h, id);
		if (fake_random(&d->f) % 2)
			attach(d, to, (int)was);
		else
			attach_unready(d, to, was);
		d->g[to].has = true;
		*at = to;
		break;
	case 4:
		arrival_registered(&d->g[was].h, id);
		break;
	case 5:
		leaving_moved(&d->g[to].h, id);
		break;
	case 6:
		pass(d, fake_random(&d->f) % 500);
		break;
	}
	if (fake_random(&d->f) % 2)
		run(d);
}

/* Issue §1, "every failure": after the longest timer nothing is left at any gateway */
static void all_of_it_ends(void **state)
{
	struct domain *d = *state;
	unsigned int forwarded = 0;

	for (unsigned int n = 0; n < RUNS; n++) {
		unsigned int at = P;

		d->f.seed = n + 1;
		for (unsigned int i = 0; i < GATEWAYS; i++)
			d->g[i].has = i == P;
		for (unsigned int i = 0; i < STEPS; i++)
			step(d, &at);
		d->times = 0;
		/* an HI that still comes, what follows from it, and the end of that */
		for (unsigned int t = 0; t < 1500 + 10000 + 1500; t += 10) {
			run(d);
			fake_advance_ms(&d->f, 10);
		}
		run(d);
		assert_true(strlen(d->log) < sizeof(d->log) - 1);
		for (unsigned int i = 0; i < GATEWAYS; i++) {
			const struct gateway *g = &d->g[i];

			assert_null(g->h.leavings);
			assert_null(g->h.endings);
			assert_null(g->h.arrivals);
			assert_null(g->h.requests);
			assert_false(g->comes);
			assert_false(forwards(d, g->name));
		}
		assert_int_equal(d->f.timers.len, 0);
		forwarded += !!strstr(d->log, ":forward");
		d->log[0] = '\0';
	}
	/* or the test would have shown nothing */
	assert_true(forwarded > RUNS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = { T(all_of_it_ends) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
