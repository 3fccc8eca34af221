// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memmem() */
/* Policy files, as a gateway of both roles reads them. */
#include "fuzz.h"

#include "conf/conf.h"
#include "fake_env.h"

#include <stdio.h>

static bool check_profile(void *arg, const struct profile *pr)
{
	(void)arg;
	assert_in_range(pr->mn_id.len, 1, MN_ID_MAX);
	assert_in_range(pr->n_hnp, 0, HNP_MAX);
	/* one place is for a prefix of the attachment's own */
	assert_in_range(pr->n_shared_hnp, 0, HNP_MAX - 1);
	assert_in_range(pr->n_rules, 0, FLOWS_MAX);
	assert_in_range(pr->n_vendor, 0, MH_VENDORS_MAX);
	for (unsigned int i = 0; i < pr->n_hnp; i++)
		assert_in_range(pr->hnp[i].len, 1, 128);
	return true;
}

/**
 * LLVMFuzzerTestOneInput() - a policy file
 * @data: its text
 * @size: bytes
 *
 * It is taken, or refused with its name, the line and the reason; then what was known stays.
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct input in = { data, size };
	struct policy policy = { 0 };
	static struct conf conf;
	char err[512] = "";

	if (memmem(data, size, "@include", 8))
		return 0;
	conf.lma.enabled = true;
	conf.lma.address = fake_addr("2001:db8:0:1::1");
	conf.mag.enabled = true;
	conf.mag.address = fake_addr("2001:db8:0:2::1");
	snprintf(conf.policy, sizeof(conf.policy), "%s", fuzz_file(&in));
	if (conf_policy_open(&conf, &policy, err, sizeof(err))) {
		assert_true(fuzz_names_line(err));
		assert_null(policy.store);
		return 0;
	}
	policy_each(&policy, check_profile, NULL);
	policy_free(&policy);
	return 0;
}
