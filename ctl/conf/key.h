/* SPDX-License-Identifier: GPL-2.0 */
/* A libconfig group as a table of keys: what is not in the table is refused. */
#ifndef CTL_CONF_KEY_H
#define CTL_CONF_KEY_H

#include <libconfig.h>
#include <stddef.h>
#include <stdint.h>

struct conf_parser {
	const char *path;
	char *err;
	size_t size;
};

struct conf_key {
	const char *name;
	int (*set)(struct conf_parser *x, config_setting_t *s,
		   const struct conf_key *k, void *to);
	size_t offset;		/* of the field in the group's structure */
	int64_t min, max;	/* integers; for strings the buffer's size in max */
};

__attribute__((format(printf, 3, 4)))
int conf_error(struct conf_parser *x, config_setting_t *s, const char *fmt, ...);
int conf_group(struct conf_parser *x, config_setting_t *s,
	       const struct conf_key *keys, size_t n, void *base);
/* A list or an array; its length, or -1 with the error set. */
int conf_list(struct conf_parser *x, config_setting_t *s, int max);
/* Room for its elements, of so many bytes each; NULL: it has none, or len is -1. */
void *conf_new_list(struct conf_parser *x, config_setting_t *s, int max, size_t size, int *len);

int conf_set_bool(struct conf_parser *x, config_setting_t *s,
		  const struct conf_key *k, void *to);
int conf_set_i8(struct conf_parser *x, config_setting_t *s,
		const struct conf_key *k, void *to);
int conf_set_u8(struct conf_parser *x, config_setting_t *s,
		const struct conf_key *k, void *to);
int conf_set_u16(struct conf_parser *x, config_setting_t *s,
		 const struct conf_key *k, void *to);
int conf_set_u32(struct conf_parser *x, config_setting_t *s,
		 const struct conf_key *k, void *to);
int conf_set_string(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to);
int conf_set_device(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to);
int conf_set_address(struct conf_parser *x, config_setting_t *s,
		     const struct conf_key *k, void *to);
int conf_set_prefix(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to);
int conf_set_groups(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to);
int conf_set_llid(struct conf_parser *x, config_setting_t *s,
		  const struct conf_key *k, void *to);
int conf_set_nai(struct conf_parser *x, config_setting_t *s,
		 const struct conf_key *k, void *to);

#endif
