// SPDX-License-Identifier: GPL-2.0
/* The operator's revocations (RFC 5846), as requests of the control socket. */
#include "io/control.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const reasons[] = {
	[BRI_UNSPECIFIED] = "unspecified", [BRI_ADMINISTRATIVE] = "administrative",
	[BRI_HANDOVER_SAME_ATT] = "handover-same",
	[BRI_HANDOVER_OTHER_ATT] = "handover-different",
	[BRI_HANDOVER_UNKNOWN_ATT] = "handover-unknown", [BRI_USER] = "user",
	[BRI_NETWORK] = "network", [BRI_OUT_OF_SYNC] = "out-of-sync",
};

/* A member that may be left out; false: it is there, and no such text */
static bool get_text(json_t *req, const char *key, const char **text)
{
	json_t *v = json_object_get(req, key);

	*text = json_string_value(v);
	return !v || *text;
}

static bool get_reason(json_t *req, uint8_t *trigger)
{
	const char *text;

	*trigger = BRI_ADMINISTRATIVE;
	if (!get_text(req, "reason", &text))
		return false;
	for (uint8_t i = 0; text && i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (strcmp(text, reasons[i]))
			continue;
		*trigger = i;
		return true;
	}
	return !text;
}

static json_t *outcome(int ret)
{
	switch (ret) {
	case -ENOENT:
		return control_error("there is no such binding");
	case -EALREADY:
		return control_error("is being revoked already");
	case -ENOKEY:
		return control_error("the configuration has no revocation.identity");
	case -ENOBUFS:
		return control_error("too many revocations are under way");
	}
	if (ret < 0)
		return control_error(strerror(-ret));
	return json_pack("{s:b, s:{s:i}}", "ok", 1, "result", "revoking", ret);
}

struct which {
	struct mn_id id;
	struct in6_addr coa;
	struct prefix hnp;
};

/* What of the request cannot be read; NULL: nothing */
static const char *read_session(json_t *req, struct which *w, struct lma_revocation *v)
{
	json_t *bid = json_object_get(req, "bid");
	const char *text;

	if (!get_text(req, "mn-id", &text) || !text)
		return "mn-id is missing";
	if (!mn_id_from_nai(&w->id, text))
		return "mn-id is not a network access identifier";
	v->mn_id = &w->id;
	if (!get_text(req, "proxy-coa", &text) ||
	    (text && inet_pton(AF_INET6, text, &w->coa) != 1))
		return "proxy-coa is not an address";
	v->proxy_coa = text ? &w->coa : NULL;
	if (!get_text(req, "hnp", &text) || (text && !prefix_parse(&w->hnp, text)))
		return "hnp is not a prefix";
	v->hnp = text ? &w->hnp : NULL;
	if (bid && (!json_is_integer(bid) || json_integer_value(bid) < 1 ||
		    json_integer_value(bid) > UINT16_MAX))
		return "bid is not within 1 to 65535";
	v->bid = (uint16_t)json_integer_value(bid);
	if (!get_reason(req, &v->trigger))
		return "reason is unknown";
	return NULL;
}

/**
 * revoke_session() - revoke bindings of a node
 * @io: the daemon
 * @req: mn-id; proxy-coa, bid, hnp, reason where given
 *
 * Return: the answer, "revoking" with how many, or NULL without memory.
 */
json_t *revoke_session(struct io *io, json_t *req)
{
	struct lma_revocation v = { 0 };
	struct which w;
	const char *why;

	if (!io->lma)
		return control_error("this gateway is no LMA");
	why = read_session(req, &w, &v);
	return why ? control_error(why) : outcome(lma_revoke(io->lma, &v));
}

static bool get_realm(const char *text, struct mn_id *realm)
{
	char nai[MN_ID_MAX + 1];

	return snprintf(nai, sizeof(nai), "%s%s", strchr(text, '@') ? "" : "@", text) <
	       (int)sizeof(nai) && mn_id_from_nai(realm, nai);
}

/**
 * revoke_peer() - revoke all bindings that are another gateway's as well
 * @io: the daemon
 * @req: address; realm where given: of those nodes only, and at an anchor only
 *
 * Return: the answer, "revoking" with how many, or NULL without memory.
 */
json_t *revoke_peer(struct io *io, json_t *req)
{
	const char *text, *realm;
	struct in6_addr a;
	int ret = -ENOENT;
	struct mn_id id;

	if (!get_text(req, "address", &text) || !text || inet_pton(AF_INET6, text, &a) != 1)
		return control_error("address is not one");
	if (!get_text(req, "realm", &realm) || (realm && !get_realm(realm, &id)))
		return control_error("realm is not one");
	if (realm && !io->lma)
		return control_error("this gateway is no LMA");
	if (io->lma)
		ret = lma_revoke_gateway(io->lma, &a, realm ? &id : NULL);
	if (ret == -ENOENT && io->mag && !realm)
		ret = mag_revoke_anchor(io->mag, &a);
	return outcome(ret);
}
