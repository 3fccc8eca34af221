// SPDX-License-Identifier: GPL-2.0
/*
 * The anchor's address, which the active one of a pair has on a device of its own, and says so.
 */
#include "core/log.h"
#include "io/announce.h"
#include "io/io.h"
#include "io/pair.h"

#include <string.h>

#define CLAIMS		3	/* RFC 4861 §10: MAX_NEIGHBOR_ADVERTISEMENT */
#define CLAIM_NS	NSEC_PER_SEC	/* RETRANS_TIMER */

/* RFC 4861 §7.2.6: some may be lost.  Who stood still may have lost the lease, and not know yet */
static void claim(struct pair_io *px)
{
	const struct lma_conf *c = &px->io->conf->lma;
	uint64_t now = px->io->env.ops->now(px->io);
	struct pair_address *a = &px->address;
	int ret;

	a->unsure = now >= px->machine.until;
	if (a->unsure)
		return;
	ret = icmp6_claim(px->io, c->pair.device, &c->address);
	if (ret)
		log_warn("pair %s: %s: neighbour advertisement: %s", c->pair.name, c->pair.device,
			 strerror(-ret));
	if (++a->claims < CLAIMS)
		timerq_set(&px->io->timers, &a->timer, now + CLAIM_NS);
}

static void on_timer(void *arg)
{
	claim(arg);
}

/**
 * pair_address_on() - have the address on the device, and tell all on its link
 * @px: this one of the pair, which is active
 *
 * Who has another link-layer address in its neighbour cache hears of this one (RFC 4861
 * §7.2.6); if the lease may have ended by now, as soon as it is heard that it has not.
 */
void pair_address_on(struct pair_io *px)
{
	const struct lma_conf *c = &px->io->conf->lma;
	struct pair_address *a = &px->address;
	int ret;

	a->on = true;
	a->claims = 0;
	timer_init(&a->timer, on_timer, px);
	ret = announce_address(px->io, c->pair.device, &c->address, true);
	a->has = !ret;
	if (ret)
		log_err("pair %s: %s does not take the address: %s", c->pair.name, c->pair.device,
			strerror(-ret));
	else
		claim(px);
}

/**
 * pair_address_sure() - the lease is ours, as has been heard just now
 * @px: this one of the pair
 */
void pair_address_sure(struct pair_io *px)
{
	if (px->address.on && px->address.unsure)
		claim(px);
}

/**
 * pair_address_off() - have it not, nor the pools' routes
 * @px: this one of the pair; an earlier daemon may have left them
 */
void pair_address_off(struct pair_io *px)
{
	const struct lma_conf *c = &px->io->conf->lma;
	int ret;

	if (px->address.on)
		timerq_cancel(&px->io->timers, &px->address.timer);
	px->address = (struct pair_address){ .on = false };
	ret = announce_address(px->io, c->pair.device, &c->address, false);
	announce_stop(px->io);
	keeper_until(&px->keeper, 0);
	if (ret)
		log_err("pair %s: the address cannot be taken from %s: %s", c->pair.name,
			c->pair.device, strerror(-ret));
}
