/* SPDX-License-Identifier: GPL-2.0 */
/* A profile as text, in the grammar of the policy file. */
#ifndef CTL_POLICY_TEXT_H
#define CTL_POLICY_TEXT_H

#include "policy/policy.h"
#include "policy/table.h"

/* What a store elsewhere has of one node: the keys of a group of the file, but mn-id */
struct policy_text {
	const char *from;		/* its name there, for errors */
	const char *text;
	struct mn_id id;
	bool realm;			/* the text is that of the node's realm */
	struct in6_addr lma, before;	/* who serves it, and did; ::: nobody */
	const struct policy_own *own;	/* as for policy_file_open(); NULL: nothing */
};

/* A table of that one profile; NULL and "from:line: key: what" in err */
struct policy_table *policy_text_read(const struct policy_text *t, char *err, size_t size);

#endif
