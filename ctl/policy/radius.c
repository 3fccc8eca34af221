// SPDX-License-Identifier: GPL-2.0
/*
 * What an Access-Accept says of a node, as text of a profile: the grammar, and what is
 * refused, are those of all other stores.
 */
#include "policy/radius.h"

#include "policy/radius_type.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* RFC 6572 §4.1 */
#define PMIP6_SUPPORTED		0x0000010000000000ULL
#define IP4_HOA_SUPPORTED	0x0000020000000000ULL
#define IP4_HOA_ONLY_SUPPORTED	0x0001000000000000ULL

#define NETWORKS	2	/* the home network's word, and the visited one's */

struct word {
	struct in6_addr lma;
	struct prefix hnp[HNP_MAX];
	unsigned int n_hnp;
	bool said;
};

struct reading {
	const struct radius_answer *answer;
	struct word word[NETWORKS];
	bool seen[256];
	struct mn_id mn, user;		/* len 0: none */
	bool allowed;
	char own[RADIUS_PACKET_MAX];	/* text of the vendor's attributes */
	size_t own_len;
	char *err;
	size_t size;
};

struct attribute {
	const char *name;
	uint8_t type;
	bool many;
	uint8_t arg;
	int (*read)(struct reading *r, const struct attribute *a, const uint8_t *v, size_t len);
};

__attribute__((format(printf, 3, 4)))
static int refuse(struct reading *r, const struct attribute *a, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	snprintf(r->err, r->size, "%s: %s", a->name, what);
	return -EINVAL;
}

static bool is_nai(struct mn_id *id, const uint8_t *v, size_t len)
{
	char text[MN_ID_MAX + 1] = "";

	if (!len || len > MN_ID_MAX || memchr(v, '\0', len))
		return false;
	memcpy(text, v, len);
	return mn_id_from_nai(id, text);
}

static int read_mn_id(struct reading *r, const struct attribute *a, const uint8_t *v, size_t len)
{
	return is_nai(&r->mn, v, len) ? 0 : refuse(r, a, "no network access identifier");
}

/* It names the node where nothing else does: what is no name of one does not matter. */
static int read_user(struct reading *r, const struct attribute *a, const uint8_t *v, size_t len)
{
	(void)a;
	if (!is_nai(&r->user, v, len))
		r->user.len = 0;
	return 0;
}

static int read_lma(struct reading *r, const struct attribute *a, const uint8_t *v, size_t len)
{
	struct word *w = &r->word[a->arg];

	if (len != sizeof(w->lma))
		return refuse(r, a, "%zu bytes, not %zu", len, sizeof(w->lma));
	memcpy(&w->lma, v, sizeof(w->lma));
	if (IN6_IS_ADDR_UNSPECIFIED(&w->lma))
		return refuse(r, a, "no address");
	w->said = true;
	return 0;
}

/* Whether there are bits beyond the length */
static bool has_more(const struct in6_addr *addr, unsigned int len)
{
	unsigned int i;

	for (i = len; i < 128; i++)
		if (addr->s6_addr[i / 8] & (0x80 >> i % 8))
			return true;
	return false;
}

/* RFC 6572 §4.8: a reserved byte, the length, and as much of the prefix as there is */
static int read_hnp(struct reading *r, const struct attribute *a, const uint8_t *v, size_t len)
{
	struct word *w = &r->word[a->arg];
	struct prefix p = { 0 };

	if (len < 2 || len > 2 + sizeof(p.addr))
		return refuse(r, a, "%zu bytes, not 2 to %zu", len, 2 + sizeof(p.addr));
	p.len = v[1];
	if (p.len > 128)
		return refuse(r, a, "a length of %u bits", p.len);
	memcpy(&p.addr, v + 2, len - 2);
	if (len - 2 < (p.len + 7U) / 8 && !IN6_IS_ADDR_UNSPECIFIED(&p.addr))
		return refuse(r, a, "%zu bytes of a prefix of %u bits", len - 2, p.len);
	if (has_more(&p.addr, p.len))
		return refuse(r, a, "bits beyond the length");
	w->said = true;
	/* "::": whoever asks gives one out himself */
	if (IN6_IS_ADDR_UNSPECIFIED(&p.addr))
		return 0;
	if (w->n_hnp == HNP_MAX)
		return refuse(r, a, "more than %d", HNP_MAX);
	w->hnp[w->n_hnp++] = p;
	return 0;
}

/*
 * "If the RADIUS Access-Accept contains a contradicting combination of the capability flag
 * bits [...], then the RADIUS client MUST treat the Access-Accept as an Access-Reject"
 */
static int read_features(struct reading *r, const struct attribute *a, const uint8_t *v, size_t len)
{
	bool supported, ip4, ip4_only;
	uint64_t flags = 0;
	size_t i;

	if (len != sizeof(flags))
		return refuse(r, a, "%zu bytes, not %zu", len, sizeof(flags));
	for (i = 0; i < len; i++)
		flags = flags << 8 | v[i];
	supported = flags & PMIP6_SUPPORTED;
	ip4 = flags & IP4_HOA_SUPPORTED;
	ip4_only = flags & IP4_HOA_ONLY_SUPPORTED;
	if (ip4_only && (ip4 || !supported)) {
		refuse(r, a, "0x%016llx contradicts itself", (unsigned long long)flags);
		return -EPERM;
	}
	r->allowed = supported && !ip4_only;
	return 0;
}

/* RFC 2865 §5.26: of the vendor that was told, those of type 1 are text */
static int read_vendor(struct reading *r, const struct attribute *a, const uint8_t *v, size_t len)
{
	uint32_t vendor;
	size_t n;

	if (len < sizeof(vendor))
		return refuse(r, a, "%zu bytes", len);
	memcpy(&vendor, v, sizeof(vendor));
	if (!r->answer->vendor || ntohl(vendor) != r->answer->vendor)
		return 0;
	for (v += sizeof(vendor), len -= sizeof(vendor); len; v += n, len -= n) {
		n = len > 1 ? v[1] : 0;
		if (n < 2 || n > len)
			return refuse(r, a, "what is inside has a length of %zu", n);
		if (v[0] != 1)
			continue;
		if (memchr(v + 2, '\0', n - 2))
			return refuse(r, a, "no text");
		/* there is room: all attributes together have no more bytes */
		memcpy(r->own + r->own_len, v + 2, n - 2);
		r->own_len += n - 2;
	}
	return 0;
}

static const struct attribute attributes[] = {
	{ "User-Name", RADIUS_USER_NAME, false, 0, read_user },
	{ "Vendor-Specific", RADIUS_VENDOR_SPECIFIC, true, 0, read_vendor },
	{ "MIP6-Feature-Vector", RADIUS_MIP6_FEATURE_VECTOR, false, 0, read_features },
	{ "Mobile-Node-Identifier", RADIUS_MOBILE_NODE_IDENTIFIER, false, 0, read_mn_id },
	{ "PMIP6-Home-LMA-IPv6-Address", RADIUS_HOME_LMA_IPV6, false, 0, read_lma },
	{ "PMIP6-Visited-LMA-IPv6-Address", RADIUS_VISITED_LMA_IPV6, false, 1, read_lma },
	{ "PMIP6-Home-HN-Prefix", RADIUS_HOME_HN_PREFIX, true, 0, read_hnp },
	{ "PMIP6-Visited-HN-Prefix", RADIUS_VISITED_HN_PREFIX, true, 1, read_hnp },
};

static int read_one(struct reading *r, uint8_t type, const uint8_t *v, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		const struct attribute *a = &attributes[i];

		if (a->type != type)
			continue;
		if (r->seen[type] && !a->many)
			return refuse(r, a, "is there twice");
		r->seen[type] = true;
		return a->read(r, a, v, len);
	}
	return 0;
}

static int read_all(struct reading *r)
{
	const uint8_t *v = r->answer->attrs, *end = v + r->answer->len;
	int err;

	if (r->answer->len > RADIUS_ATTRS_MAX) {
		snprintf(r->err, r->size, "%zu bytes of attributes", r->answer->len);
		return -EINVAL;
	}
	for (; v < end; v += v[1]) {
		if (end - v < 2 || v[1] < 2 || v[1] > end - v) {
			snprintf(r->err, r->size, "attribute %u: a length of %d", v[0],
				 end - v < 2 ? 1 : v[1]);
			return -EINVAL;
		}
		err = read_one(r, v[0], v + 2, v[1] - 2U);
		if (err)
			return err;
	}
	return 0;
}

/* Whose it is: who was asked for, or who has the interface that was */
static int find_id(struct reading *r, const struct policy_question *q, struct mn_id *id)
{
	char said[MN_ID_STRLEN], asked[MN_ID_STRLEN];

	*id = r->mn.len ? r->mn : r->user;
	if (!q->lladdr.len && !r->mn.len)
		*id = q->id;
	if (!id->len) {
		snprintf(r->err, r->size, "Mobile-Node-Identifier: is missing");
		return -EINVAL;
	}
	if (q->lladdr.len || mn_id_equal(id, &q->id))
		return 0;
	snprintf(r->err, r->size, "Mobile-Node-Identifier: %s, who was asked for is %s",
		 mn_id_str(id, said, sizeof(said)), mn_id_str(&q->id, asked, sizeof(asked)));
	return -EINVAL;
}

__attribute__((format(printf, 3, 4)))
static void add(char text[RADIUS_PROFILE_MAX], size_t *len, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text + *len, RADIUS_PROFILE_MAX - *len, fmt, ap);
	va_end(ap);
	*len += (size_t)n < RADIUS_PROFILE_MAX - *len ? (size_t)n : RADIUS_PROFILE_MAX - 1 - *len;
}

/*
 * RFC 6572 §4.9: the visited network's prefix and anchor "SHOULD NOT be included if the use of
 * LMA in the home network is authorized": where both are there the home network's count.
 */
static void write_text(const struct reading *r, const struct policy_question *q,
		       char text[RADIUS_PROFILE_MAX])
{
	const struct word *w = &r->word[r->word[0].said ? 0 : 1];
	char buf[PREFIX_STRLEN], lladdr[LLID_STRLEN];
	size_t len = 0;
	unsigned int i;

	if (r->own_len)
		add(text, &len, "%.*s\n", (int)r->own_len, r->own);
	else
		add(text, &len, "%s\n", r->answer->profile);
	if (!r->allowed)
		add(text, &len, "allowed = false;\n");
	if (!IN6_IS_ADDR_UNSPECIFIED(&w->lma))
		add(text, &len, "lma = \"%s\";\n", inet_ntop(AF_INET6, &w->lma, buf, sizeof(buf)));
	for (i = 0; i < w->n_hnp; i++)
		add(text, &len, "%s\"%s\"%s", i ? ", " : "hnps = [ ",
		    prefix_str(&w->hnp[i], buf, sizeof(buf)), i + 1 < w->n_hnp ? "" : " ];\n");
	if (q->lladdr.len)
		add(text, &len, "lladdrs = [ \"%s\" ];\n",
		    llid_str(&q->lladdr, lladdr, sizeof(lladdr)));
}

/**
 * radius_read() - what an Access-Accept says of a node (RFC 6572 §4)
 * @a: the answer, whose authenticator has been checked
 * @q: what was asked
 * @id: receives whose profile it is
 * @text: receives the profile, for policy_text_read()
 * @err: receives what is wrong, "attribute: what"
 * @size: of @err, bytes
 *
 * Attributes of IPv4, of DHCP and of other things that a profile does not have are passed
 * over.  By an address one answer tells of that interface alone.
 *
 * Return: 0; -EPERM with @err: it is to be taken for an Access-Reject (§4.1); -EINVAL with @err.
 */
int radius_read(const struct radius_answer *a, const struct policy_question *q,
		struct mn_id *id, char text[RADIUS_PROFILE_MAX], char *err, size_t size)
{
	struct reading r = { .answer = a, .allowed = true, .err = err, .size = size };
	int ret = read_all(&r);

	if (!ret)
		ret = find_id(&r, q, id);
	if (!ret)
		write_text(&r, q, text);
	return ret;
}
