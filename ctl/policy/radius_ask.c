// SPDX-License-Identifier: GPL-2.0
/* What an Access-Request has beside its header: RFC 6572 §5.2 of a MAG, §6.2 of an LMA. */
#include "policy/radius.h"

#include "policy/radius_type.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define VALUE_MAX	253	/* RFC 2865 §5: the length of an attribute is a byte */

struct writing {
	uint8_t *to;
	size_t len;
};

static void put(struct writing *w, uint8_t type, const void *value, size_t len)
{
	w->to[w->len] = type;
	w->to[w->len + 1] = (uint8_t)(2 + len);
	memcpy(w->to + w->len + 2, value, len);
	w->len += 2 + len;
}

static void put_u32(struct writing *w, uint8_t type, uint32_t v)
{
	v = htonl(v);
	put(w, type, &v, sizeof(v));
}

/* RFC 3580 §3.21 has upper case and dashes, and that is what servers look for. */
static void station(const struct llid *l, char text[LLID_STRLEN])
{
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < l->len && i < LLID_MAX; i++)
		snprintf(text + strlen(text), 4, "%s%02X", i ? "-" : "", l->id[i]);
}

static void put_role(struct writing *w, const struct in6_addr *own, uint32_t service)
{
	/* PMIP6_SUPPORTED: IPv6 is what is carried here */
	static const uint8_t features[8] = { 0, 0, 1 };

	put_u32(w, RADIUS_SERVICE_TYPE, service);
	put_u32(w, RADIUS_NAS_PORT_TYPE, RADIUS_VIRTUAL);
	put(w, RADIUS_NAS_IPV6_ADDRESS, own, sizeof(*own));
	put(w, RADIUS_MIP6_FEATURE_VECTOR, features, sizeof(features));
}

/**
 * radius_ask() - the attributes of an Access-Request (RFC 6572 §5.1, §6.1)
 * @a: who asks
 * @q: of whom
 * @to: receives them, without the Message-Authenticator
 *
 * By an address a MAG asks, and by a name the LMA if there is one here.  The LMA tells its
 * address with it: "The update can be done during the PBU authorization step".
 *
 * Return: how many bytes; 0: the name does not fit into an attribute.
 */
size_t radius_ask(const struct radius_asker *a, const struct policy_question *q,
		  uint8_t to[RADIUS_ATTRS_MAX])
{
	char name[LLID_STRLEN + 1 + VALUE_MAX + 1], address[LLID_STRLEN];
	struct writing w = { .to = to };
	bool lma = !q->lladdr.len && !IN6_IS_ADDR_UNSPECIFIED(&a->lma);

	if (q->id.len > VALUE_MAX || strlen(a->identifier) > VALUE_MAX)
		return 0;
	if (q->lladdr.len) {
		station(&q->lladdr, address);
		snprintf(name, sizeof(name), "%s%s%s", address, a->realm[0] ? "@" : "", a->realm);
		if (strlen(name) > VALUE_MAX)
			return 0;
		put(&w, RADIUS_USER_NAME, name, strlen(name));
		put(&w, RADIUS_CALLING_STATION_ID, address, strlen(address));
	} else {
		put(&w, RADIUS_USER_NAME, q->id.id, q->id.len);
	}
	put(&w, RADIUS_NAS_IDENTIFIER, a->identifier, strlen(a->identifier));
	put_role(&w, lma ? &a->lma : &a->mag, lma ? RADIUS_AUTHORIZE_ONLY : RADIUS_LOGIN);
	if (lma) {
		put(&w, RADIUS_MOBILE_NODE_IDENTIFIER, q->id.id, q->id.len);
		put(&w, RADIUS_HOME_LMA_IPV6, &a->lma, sizeof(a->lma));
	}
	return w.len;
}
