// SPDX-License-Identifier: GPL-2.0
/*
 * The anchor's address, which the active one of a pair has on a device of its own, and says so.
 * A device that goes down loses it, and anybody may take it away: it comes back as soon as it
 * can, and if that is not soon the other one is to have it.
 */
#include "core/log.h"
#include "io/announce.h"
#include "io/io.h"
#include "io/pair.h"

#include <string.h>

#define CLAIMS		3	/* RFC 4861 §10: MAX_NEIGHBOR_ADVERTISEMENT */
#define CLAIM_NS	NSEC_PER_SEC	/* RETRANS_TIMER */
#define TRY_EACH	4		/* times an interval */

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

static void missing(struct pair_io *px, int err)
{
	const struct pair_conf *c = &px->io->conf->lma.pair;
	struct pair_address *a = &px->address;

	if (!a->missed)
		log_err("pair %s: %s does not have the address: %s; tried again", c->name,
			c->device, strerror(-err));
	a->missed = true;
	a->has = false;
	pair_reached(&px->machine, false);
	timerq_set(&px->io->timers, &a->timer, px->io->env.ops->now(px->io) +
		   c->interval_ms * NSEC_PER_MSEC / TRY_EACH);
}

static void back(struct pair_io *px)
{
	const struct pair_conf *c = &px->io->conf->lma.pair;
	struct pair_address *a = &px->address;

	if (a->missed)
		log_info("pair %s: %s has the address", c->name, c->device);
	a->missed = false;
	a->has = true;
	a->claims = 0;
	pair_reached(&px->machine, true);
	claim(px);
}

/* What is there already stays as it is. */
static void lend(struct pair_io *px)
{
	const struct lma_conf *c = &px->io->conf->lma;
	int ret = rtnl_link_running(px->io, c->pair.device);

	if (!ret)
		ret = announce_address(px->io, c->pair.device, &c->address, true);
	if (ret)
		missing(px, ret);
	else if (!px->address.has)
		back(px);
}

static void on_timer(void *arg)
{
	struct pair_io *px = arg;

	if (px->address.has)
		claim(px);
	else
		lend(px);
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
	px->address.on = true;
	timer_init(&px->address.timer, on_timer, px);
	lend(px);
}

/**
 * pair_address_possible() - whether the device could have the address
 * @px: this one of the pair, active or not
 *
 * Return: true if it is there, and up.
 */
bool pair_address_possible(struct pair_io *px)
{
	return !rtnl_link_running(px->io, px->io->conf->lma.pair.device);
}

/**
 * pair_address_link() - a device has come, gone or changed
 * @io: the daemon, one of two or not
 * @name: its name
 */
void pair_address_link(struct io *io, const char *name)
{
	struct pair_io *px = io->pair;

	if (px && px->address.on && !strcmp(name, io->conf->lma.pair.device))
		lend(px);
}

/**
 * pair_address_gone() - a device has lost an address
 * @io: the daemon, one of two or not
 * @a: the address
 */
void pair_address_gone(struct io *io, const struct in6_addr *a)
{
	struct pair_io *px = io->pair;

	if (!px || !px->address.on || !IN6_ARE_ADDR_EQUAL(a, &io->conf->lma.address))
		return;
	px->address.has = false;
	lend(px);
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
