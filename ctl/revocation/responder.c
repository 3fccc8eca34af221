// SPDX-License-Identifier: GPL-2.0
/* BRIs judged, obeyed and answered; what is revoked is the owner's affair. */
#include "revocation/responder.h"

#include "core/log.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Longer than any initiator repeats by RFC 5846 §11; numbers come again much later. */
#define REPEAT_NS	(30 * NSEC_PER_SEC)

/**
 * revocation_responder_init() - nothing has been revoked
 * @rr: the responder
 * @env: its world
 * @ops: what is done to the bindings; must outlive it
 * @arg: for @ops
 * @counters: where it counts; must outlive it
 * @address: from which it answers
 */
void revocation_responder_init(struct revocation_responder *rr, struct env *env,
			       const struct revocation_ops *ops, void *arg,
			       struct revocation_counters *counters,
			       const struct in6_addr *address)
{
	memset(rr, 0, sizeof(*rr));
	rr->env = env;
	rr->ops = ops;
	rr->arg = arg;
	rr->counters = counters;
	rr->address = *address;
}

/**
 * revocation_realm_of() - whether a node is one of a realm
 * @node: the node
 * @realm: an identifier; what follows its "@" is the realm (RFC 5846 §8.1)
 *
 * Return: true if both have one and it is the same; a part of it is another realm.
 */
bool revocation_realm_of(const struct mn_id *node, const struct mn_id *realm)
{
	const uint8_t *a = memchr(realm->id, '@', realm->len);
	const uint8_t *b = memchr(node->id, '@', node->len);
	size_t len;

	if (!a || !b || node->subtype != realm->subtype)
		return false;
	len = (size_t)(realm->id + realm->len - a);
	return len > 1 && (size_t)(node->id + node->len - b) == len && !memcmp(a, b, len);
}

/* FNV-1a */
static uint64_t mix(uint64_t h, const void *p, size_t n)
{
	const uint8_t *c = p;

	while (n--)
		h = (h ^ *c++) * 0x100000001b3ULL;
	return h;
}

static uint64_t digest(const struct in6_addr *src, const struct mh_msg *bri)
{
	const struct mh_opts *o = &bri->opts;
	uint64_t h = mix(0xcbf29ce484222325ULL, src, sizeof(*src));

	h = mix(h, &bri->trigger, sizeof(bri->trigger));
	h = mix(h, &bri->flags, sizeof(bri->flags));
	h = mix(h, &o->present, sizeof(o->present));
	h = mix(h, o->mn_id.id, o->mn_id.len);
	for (unsigned int i = 0; i < o->n_hnp; i++) {
		h = mix(h, &o->hnp[i].prefix.addr, sizeof(o->hnp[i].prefix.addr));
		h = mix(h, &o->hnp[i].prefix.len, sizeof(o->hnp[i].prefix.len));
	}
	for (unsigned int i = 0; i < o->n_bid; i++)
		h = mix(h, &o->bid[i].bid, sizeof(o->bid[i].bid));
	h = mix(h, &o->alt_coa, sizeof(o->alt_coa));
	return mix(h, o->llid.id, o->llid.len);
}

static const struct revocation_answer *answered(const struct revocation_responder *rr,
						uint16_t seq, uint64_t sum, uint64_t now)
{
	for (unsigned int i = 0; i < REVOCATION_RECENT; i++) {
		const struct revocation_answer *a = &rr->recent[i];

		if (a->given && a->seq == seq && a->digest == sum && now - a->at < REPEAT_NS)
			return a;
	}
	return NULL;
}

static void remember(struct revocation_responder *rr, const struct revocation_answer *a)
{
	rr->recent[rr->next] = *a;
	rr->next = (rr->next + 1) % REVOCATION_RECENT;
}

static bool known_trigger(uint8_t trigger)
{
	return trigger <= BRI_OUT_OF_SYNC || trigger == BRI_PEER_POLICY ||
	       trigger == BRI_NODE_POLICY;
}

/*
 * RFC 5846 §6.2.1 and §5.1, whatever the role.  A BRI without P is about Mobile IPv6,
 * which nobody here has; nor has anybody an IPv4 home address.
 */
static uint8_t check(const struct revocation_responder *rr, const struct mh_msg *bri)
{
	bool global = bri->flags & BR_F_G, all = bri->trigger >= BRI_PEER_POLICY;

	if (!known_trigger(bri->trigger))
		return BRA_TRIGGER_UNSUPPORTED;
	if (global != all || !(bri->flags & BR_F_P))
		return BRA_FUNCTION_UNSUPPORTED;
	if (global && (bri->flags & BR_F_V))
		return BRA_FUNCTION_UNSUPPORTED;
	if (bri->trigger == BRI_NODE_POLICY && !rr->ops->realm)
		return BRA_FUNCTION_UNSUPPORTED;
	if (bri->trigger != BRI_PEER_POLICY && !(bri->opts.present & MH_HAS_MN_ID))
		return BRA_MISSING_MN_ID;
	if ((bri->flags & BR_F_V) && !(bri->opts.present & MH_HAS_IPV4_REQUEST))
		return BRA_MISSING_IPV4_HOA;
	if (bri->flags & BR_F_V)
		return BRA_NO_BINDING;
	return BRA_OK;
}

static uint8_t obey(struct revocation_responder *rr, const struct in6_addr *src,
		    const struct mh_msg *bri, struct mh_opts *failed)
{
	uint8_t status = check(rr, bri);

	if (status)
		return status;
	if (bri->trigger == BRI_PEER_POLICY)
		return rr->ops->all(rr->arg, src, bri);
	if (bri->trigger == BRI_NODE_POLICY)
		return rr->ops->realm(rr->arg, src, bri);
	return rr->ops->node(rr->arg, src, bri, failed);
}

static void say(struct revocation_responder *rr, const struct in6_addr *src,
		const struct mh_msg *bri, uint8_t status)
{
	char text[INET6_ADDRSTRLEN], detail[128];
	struct notice n = {
		.event = "bri-received", .peer = src, .detail = detail,
		.mn = bri->opts.present & MH_HAS_MN_ID ? &bri->opts.mn_id : NULL,
	};

	snprintf(detail, sizeof(detail), "trigger=%u (%s) status=%u (%s)", bri->trigger,
		 bri_trigger_str(bri->trigger), status, bra_status_str(status));
	rr->env->ops->notify(rr->env->ctx, &n);
	if (status < BRA_NO_BINDING)
		return;
	rr->counters->bri_refused++;
	log_ratelimited(LOG_INFO, "BRI of %s refused: %s",
			inet_ntop(AF_INET6, src, text, sizeof(text)), detail);
}

/* RFC 5846 §6.1.2: number and flags as they came, to where it came from */
static void answer(struct revocation_responder *rr, const struct in6_addr *src,
		   const struct mh_msg *bri, uint8_t status, const struct mh_opts *failed)
{
	struct mh_msg m;

	memset(&m, 0, sizeof(m));
	m.kind = MH_BRA;
	m.seq = bri->seq;
	m.status = status;
	m.flags = bri->flags;
	/* §5.2: on success "no mobility option is required"; else which node it is about */
	if (status && !(bri->flags & BR_F_G) && (bri->flags & BR_F_P) &&
	    (bri->opts.present & MH_HAS_MN_ID)) {
		m.opts = *failed;
		m.opts.present |= MH_HAS_MN_ID;
		m.opts.mn_id = bri->opts.mn_id;
	}
	rr->counters->bra_tx++;
	rr->env->ops->send_mh(rr->env->ctx, &rr->address, src, &m);
}

/**
 * revocation_on_bri() - a Binding Revocation Indication (RFC 5846 §6.2.1)
 * @rr: the responder
 * @src: its sender, a gateway that may speak of its own bindings
 * @bri: the message
 *
 * What is revoked is revoked before the answer leaves.  A repetition is answered as
 * the first was, and revokes nothing: the node may have attached anew meanwhile.
 */
void revocation_on_bri(struct revocation_responder *rr, const struct in6_addr *src,
		       const struct mh_msg *bri)
{
	struct revocation_answer now = {
		.at = rr->env->ops->now(rr->env->ctx), .seq = bri->seq, .given = true,
	};
	const struct revocation_answer *before;
	struct mh_opts failed = { 0 };

	rr->counters->bri_rx++;
	/* §6.1.2: "not [...] a unicast address": silently discarded */
	if (IN6_IS_ADDR_MULTICAST(src) || IN6_IS_ADDR_UNSPECIFIED(src)) {
		rr->counters->bri_discarded++;
		return;
	}
	now.digest = digest(src, bri);
	before = answered(rr, bri->seq, now.digest, now.at);
	if (before) {
		rr->counters->bri_repeated++;
		answer(rr, src, bri, before->status, &failed);
		return;
	}
	now.status = obey(rr, src, bri, &failed);
	say(rr, src, bri, now.status);
	remember(rr, &now);
	answer(rr, src, bri, now.status, &failed);
}
