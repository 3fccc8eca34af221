// SPDX-License-Identifier: GPL-2.0
/* From bytes on the way to a gateway, counted now and then, to how loaded its links are. */
#include "lma/flows.h"

static uint64_t more_of(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* A counter that is behind what it was has begun anew, from nothing. */
static uint64_t since(uint64_t was, uint64_t is)
{
	return is < was ? is : is - was;
}

/* Of what the links can take in the meantime, rounded down; 100 for more */
static uint8_t percent(uint64_t bytes, uint32_t kbps, uint64_t ns)
{
	const double can = (double)kbps * 1000 / 8 * (double)ns / NSEC_PER_SEC;

	return (double)bytes >= can ? 100 : (uint8_t)(100 * (double)bytes / can);
}

/**
 * lma_meter_read() - so many bytes have gone to a gateway and come from it
 * @l: the anchor
 * @i: the meter, as the configuration numbers them
 * @tx: bytes in one direction since some time or other
 * @rx: bytes in the other
 *
 * How loaded its links have been since the last reading: that of the direction with
 * more to do.  The first reading only begins.
 */
void lma_meter_read(struct lma *l, unsigned int i, uint64_t tx, uint64_t rx)
{
	const struct lma_meter *c = &l->conf->meter[i];
	const uint64_t now = l->env->ops->now(l->env->ctx);
	const struct meter was = l->meters[i];

	l->meters[i] = (struct meter){ .begun = true, .at = now, .tx = tx, .rx = rx };
	if (was.begun && now > was.at)
		load_measured(l, &c->mag, c->att,
			      percent(more_of(since(was.tx, tx), since(was.rx, rx)), c->kbps,
				      now - was.at));
}
