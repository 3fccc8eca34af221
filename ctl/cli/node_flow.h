/* SPDX-License-Identifier: GPL-2.0 */
/* pmipctl flow ... mn-id: flows that the controller of an anchor has of a node */
#ifndef CTL_CLI_NODE_FLOW_H
#define CTL_CLI_NODE_FLOW_H

#include "cli/cli.h"

/* Each reads from "mn-id" on. */
int node_flow_add(struct cli *c, struct args *a);
int node_flow_move(struct cli *c, struct args *a);
int node_flow_del(struct cli *c, struct args *a);
int node_flow_show(struct cli *c, struct args *a);

#endif
