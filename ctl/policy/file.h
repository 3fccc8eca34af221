/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the back end "file" share. */
#ifndef CTL_POLICY_FILE_H
#define CTL_POLICY_FILE_H

#include "policy/overlap.h"
#include "policy/policy.h"
#include "policy/table.h"
#include "policy/text.h"

#include <libconfig.h>

struct reader {
	const char *path;
	const struct policy_own *own;
	char *err;
	size_t size;
	struct owned_list hnps;		/* of all nodes */
	struct policy_table *table;
	config_setting_t *flows;	/* for all nodes, or NULL */
	unsigned int n_rules;		/* theirs */
	const struct flow_rule *rule;
};

__attribute__((format(printf, 3, 4)))
int file_refuse(struct reader *r, config_setting_t *s, const char *fmt, ...);
const char *file_text(struct reader *r, config_setting_t *s);
int file_number(struct reader *r, config_setting_t *s, uint32_t max, uint32_t *v);
int file_list_len(struct reader *r, config_setting_t *s, int max);
int file_access(struct reader *r, config_setting_t *s, uint8_t *att);

/* file_flow.c: a list of flows; 0 or -1 */
int file_flows(struct reader *r, config_setting_t *s, const struct flow_rule **rule,
	       unsigned int *n);

/* file_vendor.c: a list of Vendor-Specific options; likewise */
int file_vendors(struct reader *r, config_setting_t *s, const struct mh_vendor **vendor,
		 unsigned int *n);

#endif
