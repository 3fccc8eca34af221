/* SPDX-License-Identifier: GPL-2.0 */
/* Words of a command line into values; each says what was wrong. */
#ifndef CTL_CLI_PARSE_H
#define CTL_CLI_PARSE_H

#include "cli/cli.h"
#include "cli/names.h"
#include "core/id.h"

bool args_are(const struct args *a, const char *word);
const char *args_value(struct cli *c, struct args *a, const char *key);
int args_end(struct cli *c, const struct args *a);
int args_unknown(struct cli *c, const struct args *a);

/* Each reads the value of a.argv[0] and steps over both; 0 or CLI_USAGE. */
int arg_i8(struct cli *c, struct args *a, int8_t *v);
int arg_u8(struct cli *c, struct args *a, uint8_t *v);
int arg_u16(struct cli *c, struct args *a, uint16_t *v);
int arg_u32(struct cli *c, struct args *a, uint32_t *v);
int arg_u64(struct cli *c, struct args *a, uint64_t *v);
int arg_name(struct cli *c, struct args *a, const struct name *table, uint8_t *v);
int arg_addr(struct cli *c, struct args *a, struct in6_addr *v);
int arg_prefix(struct cli *c, struct args *a, struct prefix *v);
int arg_dev(struct cli *c, struct args *a, uint32_t *ifindex);
int arg_lladdr(struct cli *c, struct args *a, struct llid *v);

#endif
