// SPDX-License-Identifier: GPL-2.0
/* Which of the two dialects a gateway knows: as configured, or as it shows. */
#include "flow/grant.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <utlist.h>

static uint8_t configured_dialect(const struct flow_initiator *fi,
				  const struct in6_addr *mag)
{
	struct prefix host = { .addr = *mag, .len = 128 };

	for (unsigned int i = 0; i < fi->conf->n_peers; i++)
		if (prefix_contains(&fi->conf->peer[i].peer, &host))
			return fi->conf->peer[i].dialect;
	return fi->conf->dialect;
}

/**
 * dialect_begin() - which dialects a gateway knows is to be found out, perhaps again
 * @fi: the initiator
 * @gw: the gateway
 */
void dialect_begin(const struct flow_initiator *fi, struct flow_gateway *gw)
{
	gw->dialect = configured_dialect(fi, &gw->address);
	gw->fell_back = 0;
	gw->knows = false;
}

/**
 * dialect_any() - whether a gateway is to be told of flows
 * @fi: the initiator
 * @gw: the gateway
 *
 * RFC 7077 §5.2: to one that has answered with a Binding Error no more is to be sent
 * "unless an administrative action is taken".  Such an error can be about a message of
 * another kind, or forged: it counts for as long as the configuration says.
 *
 * Return: false if it knows neither dialect.
 */
bool dialect_any(const struct flow_initiator *fi, struct flow_gateway *gw)
{
	const uint64_t now = fi->env->ops->now(fi->env->ctx);

	if (gw->dialect != FLOW_DIALECT_NONE)
		return true;
	if (!gw->fell_back || !fi->conf->retry_s ||
	    now - gw->fell_back < fi->conf->retry_s * NSEC_PER_SEC)
		return false;
	dialect_begin(fi, gw);
	return gw->dialect != FLOW_DIALECT_NONE;
}

/**
 * flow_initiator_knows() - whether a gateway is known to know about flows
 * @fi: the initiator
 * @mag: the gateway
 *
 * Return: true if it has answered about flows, or if the configuration says by which
 * dialect it does, and it has not denied that.
 */
bool flow_initiator_knows(struct flow_initiator *fi, const struct in6_addr *mag)
{
	const struct flow_gateway *gw = gateway_find(fi, mag);
	const uint8_t dialect = configured_dialect(fi, mag);

	if (gw && (gw->knows || gw->dialect == FLOW_DIALECT_NONE))
		return gw->knows;
	return dialect == FLOW_DIALECT_DRAFT || dialect == FLOW_DIALECT_RFC7864;
}

static bool about_another(const struct flow_initiator *fi, const struct flow_gateway *gw)
{
	return gw->fell_back && fi->env->ops->now(fi->env->ctx) - gw->fell_back <
				FALL_BACK_MS * NSEC_PER_MSEC;
}

/* It has nothing, whatever it acknowledged before. */
static void tell_again(struct flow_grant *g)
{
	struct grant_flow *f, *tmp;

	exchange_end(g);
	DL_FOREACH_SAFE(g->flows, f, tmp) {
		if (f->state == GRANT_RETRACT) {
			grant_drop(g, f);
			continue;
		}
		f->state = GRANT_TELL;
		f->known = false;
		f->sent = false;
		f->expires = 0;
	}
	g->dirty = true;
	exchange_start(g);
}

static void tell_all_again(struct flow_gateway *gw)
{
	struct flow_grant *g, *tmp;

	DL_FOREACH_SAFE(gw->grants, g, tmp)
		if (g->flows || g->n_prefix || g->tries)
			tell_again(g);
}

/**
 * dialect_recover() - an answer that is awaited no more
 * @fi: the initiator
 * @src: whose it is
 * @m: FMA or UPA
 *
 * If it is to what was given up because of a Binding Error, the gateway knows the
 * dialect, and the error was about something else, or not its own.
 */
void dialect_recover(struct flow_initiator *fi, const struct in6_addr *src,
		     const struct mh_msg *m)
{
	const uint8_t dialect = m->kind == MH_FMA ? FLOW_DIALECT_DRAFT : FLOW_DIALECT_RFC7864;
	const uint8_t meant = configured_dialect(fi, src);
	struct flow_gateway *gw = gateway_find(fi, src);

	if (!gw || !about_another(fi, gw) || gw->knows || gw->dialect == dialect ||
	    (meant != FLOW_DIALECT_AUTO && meant != dialect) ||
	    (uint16_t)(gw->seq - m->seq) > RECENT)
		return;
	gw->dialect = dialect;
	gw->fell_back = 0;
	gw->knows = true;
	fi->counters.recovered++;
	tell_all_again(gw);
}

static void fall_back(struct flow_initiator *fi, struct flow_gateway *gw)
{
	char text[INET6_ADDRSTRLEN];

	gw->dialect = gw->dialect == FLOW_DIALECT_AUTO ? FLOW_DIALECT_RFC7864 :
							 FLOW_DIALECT_NONE;
	gw->fell_back = fi->env->ops->now(fi->env->ctx);
	fi->counters.fallback++;
	log_ratelimited(LOG_NOTICE, "gateway %s does not know %s",
			inet_ntop(AF_INET6, &gw->address, text, sizeof(text)),
			gw->dialect == FLOW_DIALECT_NONE ? "flow mobility" : "FMI");
}

/**
 * flow_initiator_on_binding_error() - a Binding Error (RFC 6275 §6.1.9)
 * @fi: the initiator
 * @src: who sent it
 * @be: the message
 *
 * Status 2 while a gateway has a message of ours to answer: it does not know the
 * type.  If that was an FMI and the configuration leaves the choice, UPN follows;
 * else, RFC 7077 §5.2: "MUST NOT send any further Update Notification", see
 * dialect_any().  From one that has answered before, or with a home address, which
 * no message of ours has (RFC 6275 §9.3.3), the error is about something else.
 */
void flow_initiator_on_binding_error(struct flow_initiator *fi,
				     const struct in6_addr *src,
				     const struct mh_msg *be)
{
	struct flow_gateway *gw = gateway_find(fi, src);

	if (be->status != BE_UNKNOWN_TYPE || !gw)
		return;
	if (!IN6_IS_ADDR_UNSPECIFIED(&be->home) || !gw->flights || gw->knows ||
	    about_another(fi, gw)) {
		fi->counters.be_stray++;
		return;
	}
	fall_back(fi, gw);
	if (gw->dialect != FLOW_DIALECT_NONE) {
		tell_all_again(gw);
		return;
	}
	/* whoever hears of a loss may free any of them */
	while (gw->flights)
		outcome_lose_all(gw->flights, FLOW_LOSS_UNSUPPORTED);
}

/**
 * flow_initiator_on_restart() - a gateway has begun anew (RFC 5847 §3.2)
 * @fi: the initiator
 * @mag: the gateway
 *
 * It is told everything again; grants of nodes that do not return to it are
 * answered with 129 or 132, and so end.
 */
void flow_initiator_on_restart(struct flow_initiator *fi, const struct in6_addr *mag)
{
	struct flow_gateway *gw = gateway_find(fi, mag);

	if (!gw)
		return;
	/* perhaps as another version */
	dialect_begin(fi, gw);
	tell_all_again(gw);
}
