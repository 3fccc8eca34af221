/* SPDX-License-Identifier: GPL-2.0 */
/* Words for the numbers of linux/pmip.h */
#ifndef CTL_CLI_NAMES_H
#define CTL_CLI_NAMES_H

struct name {
	const char *word;	/* NULL: the end */
	unsigned int value;
};

extern const struct name names_state[], names_role[], names_link_type[],
			 names_path_kind[], names_reason[], names_event[],
			 names_flow_action[], names_yes_no[],
			 names_on_off[], names_dscp[], names_hold_policy[],
			 names_hold_to[];

const char *name_of(const struct name *table, unsigned int value);
int name_value(const struct name *table, const char *word);
void name_list(const struct name *table, char *buf, unsigned int size);

#endif
