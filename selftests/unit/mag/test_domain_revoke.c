// SPDX-License-Identifier: GPL-2.0
/*
 * An anchor and its gateways revoke bindings over a bad network, while nodes move,
 * attach again and are refreshed: whatever has happened, each binding that one end
 * has is the other's, too, with the same prefixes, and no node is left without service
 * for long.
 */
#include "domain_bed.h"

#include "core/log.h"

#define EVENTS	4000
#define ROUNDS	4

/* One interface at one end: how often, and with which prefixes */
struct seen {
	unsigned int n, n_hnp;
	struct prefix hnp[HNP_MAX];
};

struct census {
	struct domain *d;
	unsigned int gw;
	struct seen lma[MAGS][NODES][IFS], mag[MAGS][NODES][IFS];
};

static void take(struct census *c, struct seen v[MAGS][NODES][IFS], unsigned int gw,
		 const struct mn_id *id, const struct llid *l, unsigned int n_hnp,
		 const struct prefix *hnp)
{
	unsigned int n, k = l->id[5];

	for (n = 0; n < NODES; n++)
		if (mn_id_equal(id, &c->d->pr[n].mn_id))
			break;
	assert_in_range(n, 0, NODES - 1);
	v[gw][n][k].n++;
	v[gw][n][k].n_hnp = n_hnp;
	memcpy(v[gw][n][k].hnp, hnp, n_hnp * sizeof(*hnp));
}

static bool same_prefixes(const struct seen *a, const struct seen *b)
{
	unsigned int i, j;

	for (i = 0; i < a->n_hnp; i++) {
		for (j = 0; j < b->n_hnp; j++)
			if (prefix_equal(&a->hnp[i], &b->hnp[j]))
				break;
		if (j == b->n_hnp)
			return false;
	}
	return a->n_hnp == b->n_hnp;
}

static bool hear_lma(void *arg, const struct lma_bce_view *v)
{
	struct census *c = arg;

	if (!strcmp(v->state, "active"))
		take(c, c->lma, v->proxy_coa.s6_addr[15] - 1U, v->mn_id, v->llid,
		     v->n_hnp, v->hnp);
	else
		assert_string_equal(v->state, "deregistered");
	return true;
}

static bool hear_mag(void *arg, const struct mag_session_view *v)
{
	struct census *c = arg;

	assert_true(!strcmp(v->state, "active") || !strcmp(v->state, "refreshing"));
	take(c, c->mag, c->gw, v->mn_id, v->lladdr, v->n_hnp, v->hnp);
	return true;
}

static unsigned int check_agreement(struct domain *d)
{
	struct census *c = calloc(1, sizeof(*c));
	unsigned int i, n, k, served = 0;

	assert_non_null(c);
	c->d = d;
	lma_each(d->gw[ANCHOR].lma, hear_lma, c);
	for (c->gw = 0; c->gw < MAGS; c->gw++)
		mag_each(d->gw[c->gw].mag, hear_mag, c);
	for (i = 0; i < MAGS; i++)
		for (n = 0; n < NODES; n++)
			for (k = 0; k < IFS; k++) {
				struct seen *a = &c->lma[i][n][k], *b = &c->mag[i][n][k];

				assert_int_equal(a->n, b->n);
				assert_in_range(a->n, 0, 1);
				assert_true(!a->n || same_prefixes(a, b));
				served += a->n;
			}
	free(c);
	return served;
}

/* Who is somewhere solicits a router now and then */
static void solicit(struct domain *d, unsigned int n, unsigned int k)
{
	if (d->at[n][k] != NOWHERE)
		mag_on_rs(d->gw[d->at[n][k]].mag, 1 + k, &d->pr[n].lladdr[k], &in6addr_any);
}

static void revoke(struct domain *d)
{
	unsigned int n = roll(d, NODES), i = roll(d, MAGS);
	struct mn_id realm = fake_nai("@example.org");
	struct lma_revocation v = {
		.mn_id = &d->pr[n].mn_id, .trigger = (uint8_t)roll(d, 8),
		.bid = (uint16_t)roll(d, 3),
	};

	if (d->pr[n].n_hnp && roll(d, 2))
		v.hnp = &d->pr[n].hnp[roll(d, 2)];

	switch (roll(d, 40)) {
	case 0:
		lma_revoke_gateway(d->gw[ANCHOR].lma, &d->gw[i].addr, NULL);
		break;
	case 1:
		lma_revoke_gateway(d->gw[ANCHOR].lma, &d->gw[i].addr, &realm);
		break;
	case 2:
		mag_revoke_anchor(d->gw[i].mag, &d->gw[ANCHOR].addr);
		break;
	default:
		lma_revoke(d->gw[ANCHOR].lma, &v);
	}
}

static void something_happens(struct domain *d)
{
	unsigned int n = roll(d, NODES), k = roll(d, IFS);

	switch (roll(d, 8)) {
	case 0:
	case 1:
		revoke(d);
		break;
	case 2:
		/* What the gateway before asks for after the next one calls the binding back:
		 * RFC 5213's affair, and its next refresh ends it
		 */
		pass_ms(d, 200);
		appear(d, n, k, (int)roll(d, MAGS + 1) - 1);
		pass_ms(d, roll(d, 200));
		leave_ghost(d, n, k);
		break;
	default:
		solicit(d, n, k);
	}
	pass_ms(d, roll(d, 10) ? roll(d, 60) : roll(d, 2000));
}

/* Without losses all is said long before a lifetime is over and hides what was not. */
static void settle(struct domain *d, uint64_t ms)
{
	unsigned int n, k;

	for (n = 0; n < NODES; n++)
		for (k = 0; k < IFS; k++)
			leave_ghost(d, n, k);
	d->loss = 0;
	d->repeat = 0;
	pass_ms(d, ms);
	check_agreement(d);
	for (n = 0; n < NODES; n++)
		for (k = 0; k < IFS; k++)
			solicit(d, n, k);
	pass_ms(d, ms);
}

static unsigned int somewhere(const struct domain *d)
{
	unsigned int n, k, count = 0;

	for (n = 0; n < NODES; n++)
		for (k = 0; k < IFS; k++)
			count += d->at[n][k] != NOWHERE;
	return count;
}

static void mix(struct domain *d)
{
	unsigned int i, n, k, round;

	for (n = 0; n < NODES; n++)
		for (k = 0; k < IFS; k++)
			appear(d, n, k, (int)((n + k) % MAGS));
	for (round = 0; round < ROUNDS; round++) {
		d->loss = round % 2 ? 10 : 0;
		d->repeat = round % 2 ? 10 : 0;
		for (i = 0; i < EVENTS / ROUNDS; i++)
			something_happens(d);
		settle(d, round % 2 ? 120000 : 20000);
		assert_int_equal(check_agreement(d), somewhere(d));
	}
	assert_true(lma_counters(d->gw[ANCHOR].lma)->revoked > EVENTS / 20);
	assert_true(lma_counters(d->gw[ANCHOR].lma)->deferred > 0);
	assert_true(lma_counters(d->gw[ANCHOR].lma)->revoked_prefixes > 0);
}

/* RFC 5846 §1: anchor and gateway "are always synchronized with respect to the status" */
static void revocations_end_in_agreement(void **state)
{
	mix(*state);
}

/* RFC 5846 §3.4.1, §8.1: the same, with a BRI to whomever a node has left */
static void handovers_end_in_agreement(void **state)
{
	struct domain *d = *state;

	d->lma_conf.revoke_handover = true;
	mix(d);
}

/* The same where timestamps do not order requests (RFC 5213 §5.5) */
static void without_timestamps(void **state)
{
	struct domain *d = *state;
	unsigned int i;

	d->lma_conf.timestamps = false;
	for (i = 0; i < MAGS; i++)
		d->gw[i].conf.timestamps = false;
	mix(d);
}

#define D(name)	cmocka_unit_test_setup_teardown(name, domain_setup, domain_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		D(revocations_end_in_agreement), D(handovers_end_in_agreement),
		D(without_timestamps),
	};

	log_set_level(LOG_EMERG);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
