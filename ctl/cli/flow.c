// SPDX-License-Identifier: GPL-2.0
/* pmipctl flow: packets that take another than their binding's best path */
#include "cli/node_flow.h"
#include "cli/parse.h"
#include "cli/print.h"
#include "cli/selector.h"

#include <netlink/attr.h>
#include <string.h>

static const char usage[] =
	"Usage: pmipctl flow { add | replace } node N fid F priority P [ SELECTOR ] [ OPTIONS ]\n"
	"       pmipctl flow set node N fid F [ priority P ] [ SELECTOR ] [ OPTIONS ]\n"
	"       pmipctl flow delete node N fid F\n"
	"       pmipctl flow show [ node N fid F ]\n"
	"       pmipctl flow add mn-id ID fid F priority P [ format { ipv6 | ipv4 } ] [ SELECTOR ]\n"
	"                        [ WAY ] [ lifetime SECONDS ]\n"
	"       pmipctl flow move mn-id ID fid F bid N...\n"
	"       pmipctl flow delete mn-id ID fid F\n"
	"       pmipctl flow show mn-id { ID | all }\n"
	"SELECTOR := all | [ src ADDRS ] [ dst ADDRS ] [ sport A-B ] [ dport A-B ] [ proto A-B ]\n"
	"            [ tclass A-B ] [ flowlabel A-B ] [ spi A-B ]\n"
	"ADDRS := ADDR | PREFIX | ADDR-ADDR\n"
	"OPTIONS := [ bid N ]... [ action { forward | drop } ] [ generation N ]\n"
	"WAY := bid N... | action drop\n"
	"        the best binding identifier first; at a MAG without any\n";

static const struct attr_show show[] = {
	{ PMIP_A_FLOW_NODE, ATTR_HEX64, "node", NULL, 0 },
	{ PMIP_A_FLOW_FID, ATTR_U16, "fid", NULL, 0 },
	{ PMIP_A_FLOW_PRIORITY, ATTR_U16, "priority", NULL, 0 },
	{ PMIP_A_FLOW_ACTION, ATTR_NAME, "action", names_flow_action, 0 },
	{ PMIP_A_FLOW_ACTIVE, ATTR_NAME, "active", names_yes_no, 0 },
	{ PMIP_A_FLOW_GENERATION, ATTR_U32, "generation", NULL, 0 },
	{ PMIP_A_FLOW_PACKETS, ATTR_U64, "packets", NULL, 0 },
	{ PMIP_A_FLOW_BYTES, ATTR_U64, "bytes", NULL, 0 },
	{ 0, 0, NULL, NULL, 0 }
};

static json_t *bids_of(const struct nlattr *head, int len)
{
	json_t *bids = json_array();
	const struct nlattr *a;
	uint16_t bid;
	int rem;

	nla_for_each_attr(a, head, len, rem) {
		if (nla_type(a) != PMIP_A_FLOW_BID || nla_len(a) != sizeof(bid))
			continue;
		memcpy(&bid, nla_data(a), sizeof(bid));
		json_array_append_new(bids, json_integer(bid));
	}
	return bids;
}

static json_t *row(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[ATTR_TYPE_MAX + 1];
	json_t *r, *selector;
	int len;
	const struct nlattr *head = msg_attrs(nlh, &len);

	r = attr_row(show, head, len);
	if (!r || attr_index(tb, head, len) || !tb[PMIP_A_FLOW_SELECTOR])
		goto malformed;
	selector = selector_row(tb[PMIP_A_FLOW_SELECTOR]);
	if (!selector)
		goto malformed;
	json_object_set_new(r, "selector", selector);
	json_object_set_new(r, "bids", bids_of(head, len));
	return r;
malformed:
	json_decref(r);
	return NULL;
}

static void text(FILE *out, const json_t *r)
{
	const json_t *bids = json_object_get(r, "bids");

	fputs("flow ", out);
	print_pairs(out, r, "node", "fid", "priority", "generation");
	fputs("\n    ", out);
	selector_text(out, json_object_get(r, "selector"));
	fputs("\n    ", out);
	for (size_t i = 0; i < json_array_size(bids); i++) {
		fputs("bid ", out);
		print_value(out, json_array_get(bids, i));
		fputc(' ', out);
	}
	print_pairs(out, r, "action", "active");
	fputs("\n    ", out);
	print_pairs(out, r, "packets", "bytes");
	fputc('\n', out);
}

static const struct printer printer = { .row = row, .text = text };

struct flow {
	uint64_t node;
	uint32_t generation;
	uint16_t fid, priority;
	uint8_t action;
	bool has_action, has_generation;
	unsigned int n_bids;
	uint16_t bid[PMIP_FLOW_BIDS];
	struct cli_selector selector;
};

static int parse_bid(struct cli *c, struct args *a, struct flow *f)
{
	if (f->n_bids == PMIP_FLOW_BIDS)
		return cli_usage(c, "a flow has at most %d binding identifiers",
				 PMIP_FLOW_BIDS);
	return arg_u16(c, a, &f->bid[f->n_bids++]);
}

static int parse_key(struct cli *c, struct args *a, struct flow *f)
{
	if (args_are(a, "node"))
		return arg_u64(c, a, &f->node);
	if (args_are(a, "fid"))
		return arg_u16(c, a, &f->fid);
	return args_unknown(c, a);
}

static int parse_one(struct cli *c, struct args *a, struct flow *f)
{
	if (args_are(a, "priority"))
		return arg_u16(c, a, &f->priority);
	if (args_are(a, "bid"))
		return parse_bid(c, a, f);
	if (args_are(a, "action")) {
		f->has_action = true;
		return arg_name(c, a, names_flow_action, &f->action);
	}
	if (args_are(a, "generation")) {
		f->has_generation = true;
		return arg_u32(c, a, &f->generation);
	}
	if (selector_is_next(a))
		return selector_parse(c, a, &f->selector);
	return parse_key(c, a, f);
}

static void put_key(struct genl_req *r, const struct flow *f)
{
	genl_u64(r, PMIP_A_FLOW_NODE, f->node);
	genl_u16(r, PMIP_A_FLOW_FID, f->fid);
}

static void put(struct genl_req *r, const struct flow *f)
{
	put_key(r, f);
	if (f->priority)
		genl_u16(r, PMIP_A_FLOW_PRIORITY, f->priority);
	if (f->selector.any)
		selector_put(r, &f->selector);
	for (unsigned int i = 0; i < f->n_bids; i++)
		genl_u16(r, PMIP_A_FLOW_BID, f->bid[i]);
	if (f->has_action)
		genl_u8(r, PMIP_A_FLOW_ACTION, f->action);
	if (f->has_generation)
		genl_u32(r, PMIP_A_FLOW_GENERATION, f->generation);
}

static int change(struct cli *c, struct args *a, uint8_t cmd, int flags)
{
	struct flow f = { 0 };
	struct genl_req r;
	int err = 0;

	while (a->argc && !err)
		err = parse_one(c, a, &f);
	if (err)
		return err;
	if (!f.node || !f.fid)
		return cli_usage(c, "a flow needs a node and an identifier (fid)");
	if (cmd == PMIP_CMD_FLOW_NEW && !f.priority)
		return cli_usage(c, "a flow needs a priority");
	if (cli_begin(c, &r, cmd, flags))
		return CLI_FAILED;
	put(&r, &f);
	return cli_request_bundled(c, &r);
}

static int flow_add(struct cli *c, struct args *a)
{
	if (args_are(a, "mn-id"))
		return node_flow_add(c, a);
	return change(c, a, PMIP_CMD_FLOW_NEW, NLM_F_CREATE | NLM_F_EXCL);
}

static int flow_replace(struct cli *c, struct args *a)
{
	return change(c, a, PMIP_CMD_FLOW_NEW, NLM_F_CREATE | NLM_F_REPLACE);
}

static int flow_set(struct cli *c, struct args *a)
{
	return change(c, a, PMIP_CMD_FLOW_SET, 0);
}

static int parse_key_only(struct cli *c, struct args *a, struct flow *f)
{
	int err = 0;

	while (a->argc && !err)
		err = parse_key(c, a, f);
	if (!err && !f->node != !f->fid)
		return cli_usage(c, "which flow?");
	return err;
}

static int flow_move(struct cli *c, struct args *a)
{
	if (args_are(a, "mn-id"))
		return node_flow_move(c, a);
	return cli_usage(c, "whose flow (mn-id)?  In the kernel, \"set\" moves flows");
}

static int flow_del(struct cli *c, struct args *a)
{
	struct flow f = { 0 };
	struct genl_req r;

	if (args_are(a, "mn-id"))
		return node_flow_del(c, a);
	if (parse_key_only(c, a, &f))
		return CLI_USAGE;
	if (!f.node)
		return cli_usage(c, "which flow?");
	if (cli_begin(c, &r, PMIP_CMD_FLOW_DEL, 0))
		return CLI_FAILED;
	put_key(&r, &f);
	return cli_request_bundled(c, &r);
}

static int flow_show(struct cli *c, struct args *a)
{
	struct flow f = { 0 };
	struct genl_req r;

	if (args_are(a, "mn-id"))
		return node_flow_show(c, a);
	if (parse_key_only(c, a, &f))
		return CLI_USAGE;
	if (cli_begin(c, &r, PMIP_CMD_FLOW_GET, f.node ? 0 : NLM_F_DUMP))
		return CLI_FAILED;
	if (f.node)
		put_key(&r, &f);
	return print_request(c, &r, &printer);
}

static const struct cli_verb verbs[] = {
	{ "show", flow_show },
	{ "add", flow_add },
	{ "replace", flow_replace },
	{ "set", flow_set },
	{ "move", flow_move },
	{ "delete", flow_del },
	{ NULL, NULL }
};

const struct cli_object cli_flow = { "flow", verbs, NULL, usage };
