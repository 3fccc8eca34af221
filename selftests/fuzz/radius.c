// SPDX-License-Identifier: GPL-2.0
/*
 * What an Access-Accept says.  The first byte is what was asked, and which profile there is without
 * one in the answer; the rest are its attributes.
 */
#include "fuzz.h"

#include "conf/conf.h"
#include "fake_env.h"
#include "policy/radius.h"

#include <errno.h>

#define BY_LLADDR	0x80
#define OTHERS		0x40	/* vendors' attributes are not read */
#define VENDOR		32473

/* It is held against the rules of all stores, as whatever is read there */
static void check_text(const struct mn_id *id, const char *text)
{
	struct policy_text t = { .from = "radius", .text = text, .id = *id };
	static struct conf conf;
	struct policy_table *table;
	struct policy p = { 0 };
	char err[512] = "";

	conf.lma.enabled = true;
	conf.lma.address = fake_addr("2001:db8:0:1::1");
	conf.lma.pool_prefix_len = 64;
	table = conf_policy_read(&conf, &t, err, sizeof(err));
	if (!table) {
		assert_true(!strncmp(err, "radius:", 7) && err[7]);
		return;
	}
	table_open(&p, table);
	assert_non_null(policy_find(&p, id));
	policy_free(&p);
}

/**
 * LLVMFuzzerTestOneInput() - an answer that has come (RFC 2865 §5, RFC 6572 §4)
 * @data: question and attributes
 * @size: bytes
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	const uint8_t how = take_byte(&in);
	static char text[RADIUS_PROFILE_MAX];
	struct policy_question q = { 0 };
	struct radius_answer a = {
		.vendor = how & OTHERS ? 0 : VENDOR,
		.profile = how & 1 ? "multihoming = \"shared\";" : "",
	};
	struct mn_id id = { 0 };
	char err[512] = "";
	uint8_t *attrs;
	int ret;

	if (in.len > RADIUS_ATTRS_MAX)
		return 0;
	if (how & BY_LLADDR)
		q.lladdr = fake_llid("02:00:00:00:ab:01");
	else
		q.id = fake_nai("mn1@example.org");
	attrs = take_rest(&in);
	a.attrs = attrs;
	a.len = in.len;
	ret = radius_read(&a, &q, &id, text, err, sizeof(err));
	if (ret) {
		assert_true(ret == -EPERM || ret == -EINVAL);
		assert_true(err[0]);
	} else {
		assert_true(id.len);
		check_text(&id, text);
	}
	free(attrs);
	return 0;
}
