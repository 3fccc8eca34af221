// SPDX-License-Identifier: GPL-2.0
/* Words for the numbers of linux/pmip.h */
#include "cli/names.h"

#include <linux/pmip.h>
#include <stdio.h>
#include <string.h>

const struct name names_state[] = {
	{ "down", PMIP_STATE_DOWN },
	{ "up", PMIP_STATE_UP },
	{ NULL, 0 }
};

const struct name names_role[] = {
	{ "lma-mag", PMIP_TUNNEL_LMA_TO_MAG },
	{ "mag-lma", PMIP_TUNNEL_MAG_TO_LMA },
	{ "mag-mag", PMIP_TUNNEL_MAG_TO_MAG },
	{ NULL, 0 }
};

const struct name names_link_type[] = {
	{ "access", PMIP_LINK_ACCESS },
	{ "core", PMIP_LINK_CORE },
	{ NULL, 0 }
};

const struct name names_path_kind[] = {
	{ "tunnel", PMIP_PATH_TUNNEL },
	{ "link", PMIP_PATH_LINK },
	{ "drop", PMIP_PATH_DROP },
	{ "hold", PMIP_PATH_HOLD },
	{ "home", PMIP_PATH_HOME },
	{ NULL, 0 }
};

const struct name names_reason[] = {
	{ "none", PMIP_REASON_NONE },
	{ "carrier", PMIP_REASON_CARRIER },
	{ "admin", PMIP_REASON_ADMIN },
	{ "removed", PMIP_REASON_REMOVED },
	{ "neighbour", PMIP_REASON_NEIGHBOUR },
	{ "operator", PMIP_REASON_OPERATOR },
	{ NULL, 0 }
};

const struct name names_event[] = {
	{ "link", PMIP_EVENT_LINK },
	{ "path", PMIP_EVENT_PATH },
	{ "tunnel", PMIP_EVENT_TUNNEL },
	{ "seam", PMIP_EVENT_SEAM },
	{ NULL, 0 }
};

const struct name names_flow_action[] = {
	{ "forward", PMIP_FLOW_FORWARD },
	{ "drop", PMIP_FLOW_DROP },
	{ NULL, 0 }
};

const struct name names_yes_no[] = {
	{ "no", 0 },
	{ "yes", 1 },
	{ NULL, 0 }
};

const struct name names_hold_policy[] = {
	{ "tail", PMIP_HOLD_TAIL_DROP },
	{ "head", PMIP_HOLD_HEAD_DROP },
	{ NULL, 0 }
};

const struct name names_hold_to[] = {
	{ "return", PMIP_HOLD_TO_RETURN },
	{ "forward", PMIP_HOLD_TO_FORWARD },
	{ "drop", PMIP_HOLD_TO_DROP },
	{ NULL, 0 }
};

const struct name names_on_off[] = {
	{ "off", 0 },
	{ "on", 1 },
	{ NULL, 0 }
};

const struct name names_dscp[] = {
	{ "copy", 0 },
	{ "zero", 1 },
	{ NULL, 0 }
};

/**
 * name_of - the word for a number
 * @table: the words
 * @value: the number
 *
 * Return: the word, NULL if there is none (a newer kernel's).
 */
const char *name_of(const struct name *table, unsigned int value)
{
	for (; table->word; table++)
		if (table->value == value)
			return table->word;
	return NULL;
}

/**
 * name_value - the number for a word
 * @table: the words
 * @word: one of them, whole
 *
 * Return: the number, -1 if @word is none of them.
 */
int name_value(const struct name *table, const char *word)
{
	for (; table->word; table++)
		if (!strcmp(table->word, word))
			return (int)table->value;
	return -1;
}

/**
 * name_list - all words, as a usage text has them
 * @table: the words
 * @buf: where to write "a|b|c"
 * @size: bytes in @buf
 */
void name_list(const struct name *table, char *buf, unsigned int size)
{
	unsigned int pos = 0;

	if (size)
		buf[0] = '\0';
	for (const struct name *n = table; n->word && pos < size; n++)
		pos += (unsigned int)snprintf(buf + pos, size - pos, "%s%s",
					      n == table ? "" : "|", n->word);
}
