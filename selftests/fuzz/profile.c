// SPDX-License-Identifier: GPL-2.0
/* The text of one profile, as Redis has it. */
#include "fuzz.h"

#include "conf/conf.h"
#include "fake_env.h"

/**
 * LLVMFuzzerTestOneInput() - a profile that a store elsewhere has
 * @data: its text
 * @size: bytes
 *
 * It is the node's, or refused with where it came from and the reason.
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct input in = { data, size };
	struct policy_text t = { .from = "redis", .id = fake_nai("mn1@example.org") };
	struct policy_table *table;
	struct policy p = { 0 };
	static struct conf conf;
	char err[512] = "", *text;

	text = malloc(in.len + 1);
	assert_non_null(text);
	memcpy(text, in.bytes, in.len);
	text[in.len] = '\0';
	t.text = text;
	conf.lma.enabled = true;
	conf.lma.address = fake_addr("2001:db8:0:1::1");
	conf.lma.pool_prefix_len = 64;
	table = conf_policy_read(&conf, &t, err, sizeof(err));
	if (table) {
		table_open(&p, table);
		assert_non_null(policy_find(&p, &t.id));
		policy_free(&p);
	} else {
		/* what is wrong with the profile as a whole has no line */
		assert_memory_equal(err, "redis:", 6);
	}
	free(text);
	return 0;
}
