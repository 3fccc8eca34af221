// SPDX-License-Identifier: GPL-2.0
/* pmipctl stats: what the kernel and the controller count */
#include "cli/control.h"
#include "cli/hold.h"
#include "cli/parse.h"
#include "cli/print.h"

#include <netlink/attr.h>
#include <string.h>

static const char usage[] =
	"Usage: pmipctl stats [ show ]\n";

static const struct attr_show show[] = {
	{ PMIP_A_STATS_TUNNELS, ATTR_U32, "tunnels", NULL, 0 },
	{ PMIP_A_STATS_LINKS, ATTR_U32, "links", NULL, 0 },
	{ PMIP_A_STATS_PATHS, ATTR_U32, "paths", NULL, 0 },
	{ PMIP_A_STATS_BINDINGS, ATTR_U32, "bindings", NULL, 0 },
	{ PMIP_A_STATS_FLOWS, ATTR_U32, "flows", NULL, 0 },
	{ PMIP_A_STATS_GROUPS, ATTR_U32, "groups", NULL, 0 },
	{ PMIP_A_STATS_LISTENERS, ATTR_U32, "listeners", NULL, 0 },
	{ PMIP_A_STATS_GENERATION, ATTR_U32, "generation", NULL, 0 },
	{ PMIP_A_STATS_FLOW_HITS, ATTR_U64, "flow-hits", NULL, 0 },
	{ PMIP_A_STATS_FLOW_MISSES, ATTR_U64, "flow-misses", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

static const struct attr_show show_drop[] = {
	{ PMIP_A_DROP_NAME, ATTR_STRING, "name", NULL, 0 },
	{ PMIP_A_DROP_PACKETS, ATTR_U64, "packets", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

static int add_drop(json_t *drops, const struct nlattr *nest)
{
	json_t *one = attr_row(show_drop, nla_data(nest), nla_len(nest));
	const char *name = json_string_value(json_object_get(one, "name"));
	json_t *packets = json_object_get(one, "packets");
	int err = name && packets ? json_object_set(drops, name, packets) : -1;

	json_decref(one);
	return err;
}

static json_t *kernel_row(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[ATTR_TYPE_MAX + 1];
	int len, rem, err;
	const struct nlattr *head = msg_attrs(nlh, &len);
	json_t *row = attr_row(show, head, len);
	json_t *drops = json_object();
	const struct nlattr *a;

	err = attr_index(tb, head, len);
	nla_for_each_attr(a, head, len, rem)
		if (nla_type(a) == PMIP_A_STATS_DROP)
			err |= add_drop(drops, a);
	if (!row || err) {
		json_decref(row);
		json_decref(drops);
		return NULL;
	}
	json_object_set_new(row, "drops", drops);
	if (hold_add(row, "hold", tb[PMIP_A_STATS_HOLD], hold_show)) {
		json_decref(row);
		return NULL;
	}
	return row;
}

/* The kernel's side; NULL after having said why there is none */
static json_t *kernel_stats(struct cli *c)
{
	struct genl_answers answers = { 0 };
	const struct nlmsghdr *nlh;
	struct genl_req r;
	struct genl *g = cli_genl(c);
	json_t *row = NULL;

	if (!g)
		return NULL;
	genl_req_init(&r, g->family, PMIP_CMD_STATS_GET, 0);
	if (cli_get(c, &r, &answers) == CLI_OK) {
		nlh = genl_next(&answers, NULL);
		row = nlh ? kernel_row(nlh) : NULL;
		if (!row)
			cli_fail(c, "malformed answer from the kernel");
	}
	genl_answers_free(&answers);
	return row;
}

/* The controller's side; NULL, in silence, if none is running */
static json_t *controller_stats(struct cli *c)
{
	json_t *ask, *result = NULL;
	struct control k;

	if (control_open(&k, c->socket))
		return NULL;
	ask = json_pack("{s:s}", "cmd", "stats");
	result = control_ask(&k, ask);
	if (!result)
		cli_fail(c, "pmipd: %s", k.error);
	json_decref(ask);
	control_close(&k);
	return result;
}

static void text_lines(FILE *out, const char *who, const json_t *o)
{
	const char *key;
	const json_t *v;
	char sub[128];

	json_object_foreach((json_t *)o, key, v) {
		if (json_is_object(v)) {
			snprintf(sub, sizeof(sub), "%s %s", who, key);
			text_lines(out, sub, v);
			continue;
		}
		fprintf(out, "%s %s ", who, key);
		print_value(out, v);
		fputc('\n', out);
	}
}

static int stats_show(struct cli *c, struct args *a)
{
	json_t *kernel, *controller, *both;
	int status;

	if (args_end(c, a))
		return CLI_USAGE;
	kernel = kernel_stats(c);
	controller = controller_stats(c);
	status = kernel ? CLI_OK : CLI_FAILED;
	both = json_pack("{s:o?, s:o?}", "kernel", kernel, "controller", controller);
	if (!both)
		return cli_fail(c, "no memory");
	if (c->json)
		print_json(c, both);
	else
		text_lines(c->out, "stats", both);
	json_decref(both);
	return status;
}

static const struct cli_verb verbs[] = {
	{ "show", stats_show },
	{ NULL, NULL }
};

const struct cli_object cli_stats = { "stats", verbs, NULL, usage };
