/* SPDX-License-Identifier: GPL-2.0 */
/* Profiles in memory, found by identifier and by link-layer address. */
#ifndef CTL_POLICY_TABLE_H
#define CTL_POLICY_TABLE_H

#include "policy/policy.h"

struct policy_table;

struct policy_table *table_new(void);
/* Memory that goes with the table, zero; NULL: there is none */
void *table_keep(struct policy_table *t, size_t size);
/* A copy of @pr; 0, -EEXIST (identifier), -EADDRINUSE (interface), -ENOMEM */
int table_add(struct policy_table *t, const struct profile *pr);
void table_free(void *store);
void table_open(struct policy *p, struct policy_table *t);

#endif
