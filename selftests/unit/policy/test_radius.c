// SPDX-License-Identifier: GPL-2.0
/* RFC 6572: what RADIUS is asked, and what is read, or refused, in its answers. */
#include "fake_env.h"

#include "policy/radius.h"
#include "policy/text.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define VENDOR	32473

static struct policy_question by_id, by_lladdr;
static uint8_t attrs[RADIUS_ATTRS_MAX];
static size_t len;
static char text[RADIUS_PROFILE_MAX], err[512];
static struct mn_id id;

static int setup(void **state)
{
	(void)state;
	by_id.id = fake_nai("mn1@example.org");
	by_lladdr.lladdr = fake_llid("02:00:00:00:ab:01");
	return 0;
}

static int setup_answer(void **state)
{
	(void)state;
	len = 0;
	return 0;
}

/* "91 3f": an attribute's value in hexadecimal */
static void put(uint8_t type, const char *hex)
{
	size_t at = len;
	unsigned int v;
	int n;

	attrs[len++] = type;
	len++;
	for (; sscanf(hex, " %2x%n", &v, &n) == 1; hex += n)
		attrs[len++] = (uint8_t)v;
	attrs[at + 1] = (uint8_t)(len - at);
}

static void put_text(uint8_t type, const char *t)
{
	attrs[len] = type;
	attrs[len + 1] = (uint8_t)(2 + strlen(t));
	memcpy(attrs + len + 2, t, strlen(t));
	len += 2 + strlen(t);
}

static void put_own(const char *t)
{
	size_t n = strlen(t), at = len;
	const uint8_t head[] = { 26, (uint8_t)(8 + n), 0, 0, 0x7e, 0xd9, 1, (uint8_t)(2 + n) };

	memcpy(attrs + at, head, sizeof(head));
	memcpy(attrs + at + sizeof(head), t, n);
	len += sizeof(head) + n;
}

static int answer(const struct policy_question *q)
{
	/* of its own, so that a byte too many is found */
	uint8_t *copy = malloc(len ? len : 1);
	struct radius_answer a = {
		.attrs = copy, .len = len, .vendor = VENDOR,
		.profile = "multihoming = \"shared\";",
	};
	int ret;

	memcpy(copy, attrs, len);
	err[0] = '\0';
	ret = radius_read(&a, q, &id, text, err, sizeof(err));
	free(copy);
	return ret;
}

/* What is read is a profile by the rules of all stores. */
static struct policy profile(const struct policy_question *q)
{
	struct policy_text t = { .from = "test", .text = text };
	struct policy_table *table;
	struct policy p = { 0 };

	if (answer(q))
		fail_msg("refused: %s", err);
	t.id = id;
	table = policy_text_read(&t, err, sizeof(err));
	if (!table)
		fail_msg("%s in\n%s", err, text);
	table_open(&p, table);
	return p;
}

static void refused(const struct policy_question *q, int ret, const char *why)
{
	assert_int_equal(answer(q), ret);
	if (strncmp(err, why, strlen(why)))
		fail_msg("\"%s\" instead of \"%s\"", err, why);
	len = 0;
}

static const uint8_t *find(const uint8_t *v, size_t n, uint8_t type)
{
	for (; n; n -= v[1], v += v[1])
		if (v[0] == type)
			return v;
	return NULL;
}

static void has_text(const uint8_t *v, size_t n, uint8_t type, const char *want)
{
	v = find(v, n, type);
	assert_non_null(v);
	assert_int_equal(v[1] - 2, strlen(want));
	assert_memory_equal(v + 2, want, strlen(want));
}

static void has_bytes(const uint8_t *v, size_t n, uint8_t type, const void *want, size_t size)
{
	v = find(v, n, type);
	assert_non_null(v);
	assert_int_equal(v[1] - 2, size);
	assert_memory_equal(v + 2, want, size);
}

/*
 * RFC 6572 §5.1: "The User-Name attribute MUST be present in the Access-Request." and "The
 * Service-Type attribute SHOULD be set to value 1 (Login)"
 */
static void gateway_asks(void **state)
{
	struct radius_asker a = { "mag1", "example.org", .mag = fake_addr("2001:db8::2") };
	size_t n = radius_ask(&a, &by_lladdr, attrs);

	(void)state;
	has_text(attrs, n, 1, "02-00-00-00-AB-01@example.org");
	has_text(attrs, n, 31, "02-00-00-00-AB-01");
	has_text(attrs, n, 32, "mag1");
	has_bytes(attrs, n, 6, "\0\0\0\1", 4);
	has_bytes(attrs, n, 61, "\0\0\0\5", 4);
	has_bytes(attrs, n, 95, &a.mag, 16);
	has_bytes(attrs, n, 124, "\0\0\1\0\0\0\0\0", 8);
	assert_null(find(attrs, n, 145));
	assert_null(find(attrs, n, 147));
	a.realm = "";
	n = radius_ask(&a, &by_lladdr, attrs);
	has_text(attrs, n, 1, "02-00-00-00-AB-01");
	n = radius_ask(&a, &by_id, attrs);
	has_text(attrs, n, 1, "mn1@example.org");
	has_bytes(attrs, n, 6, "\0\0\0\1", 4);
	assert_null(find(attrs, n, 31));
}

/*
 * RFC 6572 §6.1: "The Service-Type attribute MUST be set to the value 17 (Authorize Only)."
 * and "The LMA address information in the request message MUST contain the IP address of the
 * LMA, the Fully Qualified Domain Name (FQDN) uniquely identifying the LMA, or both."
 */
static void anchor_asks(void **state)
{
	struct radius_asker a = { "lma1", "example.org", .lma = fake_addr("2001:db8::1") };
	size_t n = radius_ask(&a, &by_id, attrs);
	struct policy_question q = { .id = by_id.id };

	(void)state;
	has_text(attrs, n, 1, "mn1@example.org");
	has_text(attrs, n, 145, "mn1@example.org");
	has_bytes(attrs, n, 6, "\0\0\0\x11", 4);
	has_bytes(attrs, n, 147, &a.lma, 16);
	has_bytes(attrs, n, 95, &a.lma, 16);
	/* what does not fit into an attribute is not cut off */
	q.id.len = MN_ID_MAX;
	assert_int_equal(radius_ask(&a, &q, attrs), 0);
}

/* RFC 6572 §5.2: an Access-Accept */
static void answer_is_read(void **state)
{
	const struct profile *pr;
	struct policy p;

	(void)state;
	put_text(145, "mn1@example.org");
	put(124, "00 00 03 00 00 00 00 00");
	put(147, "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01");
	/* the whole address, what there is of it, and a reserved byte that does not matter */
	put(151, "00 40 20 01 0d b8 02 00 00 01 00 00 00 00 00 00 00 00");
	put(151, "ff 40 20 01 0d b8 02 00 00 02");
	put(27, "00 00 00 3c");
	put(155, "00 20 c0 00 02 01");
	p = profile(&by_lladdr);
	pr = policy_by_lladdr(&p, &by_lladdr.lladdr);
	assert_non_null(pr);
	assert_ptr_equal(policy_by_mn_id(&p, &by_id.id), pr);
	assert_true(pr->allowed);
	assert_int_equal(pr->multihoming, MULTIHOMING_SHARED);
	assert_true(!memcmp(&pr->lma, &(struct in6_addr){ .s6_addr = {
		0x20, 1, 0xd, 0xb8, [15] = 1 } }, sizeof(pr->lma)));
	assert_int_equal(pr->n_hnp, 2);
	assert_int_equal(pr->hnp[1].len, 64);
	assert_int_equal(pr->hnp[1].addr.s6_addr[7], 2);
	policy_free(&p);
	/* by name no interface is known */
	p = profile(&by_id);
	pr = policy_by_mn_id(&p, &by_id.id);
	assert_non_null(pr);
	assert_int_equal(pr->n_lladdrs, 0);
	policy_free(&p);
}

/* RFC 6572 §4.8: "::" is no prefix; an anchor that is not named is the gateway's own */
static void little_is_enough(void **state)
{
	const struct profile *pr;
	struct policy p;

	(void)state;
	put(151, "00 80 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
	put(151, "00 80");
	p = profile(&by_id);
	pr = policy_by_mn_id(&p, &by_id.id);
	assert_non_null(pr);
	assert_int_equal(pr->n_hnp, 0);
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&pr->lma));
	policy_free(&p);
	/* who has the interface is said by the name of the user, too */
	put_text(1, "mn1@example.org");
	p = profile(&by_lladdr);
	assert_non_null(policy_by_mn_id(&p, &by_id.id));
	policy_free(&p);
}

/* RFC 6572 §4.9: "SHOULD NOT be included if the use of LMA in the home network is authorized" */
static void home_goes_first(void **state)
{
	const struct profile *pr;
	struct policy p;

	(void)state;
	put(148, "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02");
	put(152, "00 40 20 01 0d b8 02 00 00 09");
	p = profile(&by_id);
	pr = policy_by_mn_id(&p, &by_id.id);
	assert_int_equal(pr->lma.s6_addr[15], 2);
	assert_int_equal(pr->hnp[0].addr.s6_addr[7], 9);
	policy_free(&p);
	put(147, "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01");
	p = profile(&by_id);
	pr = policy_by_mn_id(&p, &by_id.id);
	assert_int_equal(pr->lma.s6_addr[15], 1);
	assert_int_equal(pr->n_hnp, 0);
	policy_free(&p);
}

/* RFC 6572 §4.1: "only IPv4 mobility is supported and authorized" */
static void features_are_obeyed(void **state)
{
	static const char * const none[] = { "00 00 00 00 00 00 00 00", "00 01 01 00 00 00 00 00" };
	struct policy p;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		len = 0;
		put(124, none[i]);
		p = profile(&by_id);
		assert_false(policy_by_mn_id(&p, &by_id.id)->allowed);
		policy_free(&p);
	}
	len = 0;
	/* "the RADIUS client MUST treat the Access-Accept as an Access-Reject" */
	put(124, "00 01 03 00 00 00 00 00");
	refused(&by_id, -EPERM, "MIP6-Feature-Vector: 0x0001030000000000 contradicts");
	put(124, "00 01 00 00 00 00 00 00");
	refused(&by_id, -EPERM, "MIP6-Feature-Vector: 0x0001000000000000 contradicts");
}

/* RFC 2865 §5.26: the vendor's text takes the place of that for all, in as many as it needs */
static void vendor_has_the_rest(void **state)
{
	const struct profile *pr;
	struct policy p;

	(void)state;
	put(26, "00 00 00 09 01 02");
	put_own("multihoming = \"diff");
	put_own("erent\"; prefer = [ \"802.11\" ];");
	p = profile(&by_id);
	pr = policy_by_mn_id(&p, &by_id.id);
	assert_int_equal(pr->multihoming, MULTIHOMING_DIFFERENT);
	assert_int_equal(pr->n_prefer, 1);
	policy_free(&p);
	len = 0;
	put(26, "00 00 7e d9 01 05 41 42");
	refused(&by_id, -EINVAL, "Vendor-Specific: what is inside has a length of 5");
	put(26, "00 00 7e d9 01");
	refused(&by_id, -EINVAL, "Vendor-Specific: what is inside has a length of 0");
	put(26, "00 00 7e");
	refused(&by_id, -EINVAL, "Vendor-Specific: 3 bytes");
	put(26, "00 00 7e d9 01 04 41 00");
	refused(&by_id, -EINVAL, "Vendor-Specific: no text");
}

/* RFC 6572 §4.8: "The 8-bit unsigned integer [...] no larger than 128" */
static void malformed_is_refused(void **state)
{
	unsigned int i;

	(void)state;
	put(147, "20 01 0d b8");
	refused(&by_id, -EINVAL, "PMIP6-Home-LMA-IPv6-Address: 4 bytes, not 16");
	put(147, "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
	refused(&by_id, -EINVAL, "PMIP6-Home-LMA-IPv6-Address: no address");
	for (i = 0; i < 2; i++)
		put(147, "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01");
	refused(&by_id, -EINVAL, "PMIP6-Home-LMA-IPv6-Address: is there twice");
	put(151, "00");
	refused(&by_id, -EINVAL, "PMIP6-Home-HN-Prefix: 1 bytes, not 2 to 18");
	put(151, "00 40 20 01 0d b8 02 00 00 01 00 00 00 00 00 00 00 00 00");
	refused(&by_id, -EINVAL, "PMIP6-Home-HN-Prefix: 19 bytes, not 2 to 18");
	put(151, "00 81 20 01 0d b8 02 00 00 01 00 00 00 00 00 00 00 00");
	refused(&by_id, -EINVAL, "PMIP6-Home-HN-Prefix: a length of 129 bits");
	put(151, "00 40 20 01 0d b8 02");
	refused(&by_id, -EINVAL, "PMIP6-Home-HN-Prefix: 5 bytes of a prefix of 64 bits");
	put(151, "00 40 20 01 0d b8 02 00 00 01 80");
	refused(&by_id, -EINVAL, "PMIP6-Home-HN-Prefix: bits beyond the length");
	for (i = 0; i <= HNP_MAX; i++)
		put(151, "00 40 20 01 0d b8 02 00 00 01");
	refused(&by_id, -EINVAL, "PMIP6-Home-HN-Prefix: more than 8");
	put(124, "00");
	refused(&by_id, -EINVAL, "MIP6-Feature-Vector: 1 bytes, not 8");
	put(145, "6d 00 6e");
	refused(&by_id, -EINVAL, "Mobile-Node-Identifier: no network access identifier");
	put(145, "");
	refused(&by_id, -EINVAL, "Mobile-Node-Identifier: no network");
	put_text(145, "mn2@example.org");
	refused(&by_id, -EINVAL, "Mobile-Node-Identifier: mn2@example.org, who was asked for");
	refused(&by_lladdr, -EINVAL, "Mobile-Node-Identifier: is missing");
	attrs[len++] = 151;
	refused(&by_id, -EINVAL, "attribute 151: a length of 1");
	attrs[len++] = 200;
	attrs[len++] = 1;
	refused(&by_id, -EINVAL, "attribute 200: a length of 1");
	attrs[len++] = 200;
	attrs[len++] = 3;
	refused(&by_id, -EINVAL, "attribute 200: a length of 3");
}

/* Whatever has a right authenticator is read without a byte beyond it. */
static void anything_is_survived(void **state)
{
	static const uint8_t types[] = { 1, 26, 124, 145, 147, 148, 151, 152, 200 };
	unsigned int i, j, n;

	(void)state;
	srand(6572);
	for (i = 0; i < 20000; i++) {
		for (len = 0, n = rand() % 6; n; n--) {
			size_t l = (size_t)rand() % 24;

			attrs[len] = types[(size_t)rand() % sizeof(types)];
			attrs[len + 1] = rand() % 20 ? (uint8_t)(2 + l) : (uint8_t)rand();
			for (j = 0; j < l; j++)
				attrs[len + 2 + j] = (uint8_t)rand();
			len += 2 + l;
		}
		answer(rand() % 2 ? &by_id : &by_lladdr);
		assert_true(strlen(text) < sizeof(text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gateway_asks),
		cmocka_unit_test(anchor_asks),
		cmocka_unit_test_setup(answer_is_read, setup_answer),
		cmocka_unit_test_setup(little_is_enough, setup_answer),
		cmocka_unit_test_setup(home_goes_first, setup_answer),
		cmocka_unit_test_setup(features_are_obeyed, setup_answer),
		cmocka_unit_test_setup(vendor_has_the_rest, setup_answer),
		cmocka_unit_test_setup(malformed_is_refused, setup_answer),
		cmocka_unit_test(anything_is_survived),
	};

	return cmocka_run_group_tests_name("radius", tests, setup, NULL);
}
