// SPDX-License-Identifier: GPL-2.0
/* Flow Identification options: of words, and in words. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include "mhsend.h"
#include "tool.h"

static const struct {
	const char *name;
	enum selector_field field;
} numbers[] = {
	{ "spi", SELECTOR_SPI }, { "label", SELECTOR_LABEL }, { "sport", SELECTOR_SPORT },
	{ "dport", SELECTOR_DPORT }, { "tc", SELECTOR_TC }, { "proto", SELECTOR_PROTO },
};

#define N_NUMBERS	(sizeof(numbers) / sizeof(*numbers))

/* FID:PRI[:BID,BID...] */
static void take_flow(struct mh_opts *o, const char *value)
{
	struct mh_flow *f = &o->flow[o->n_flow];
	char *end;

	if (o->n_flow == FLOWS_MAX)
		errx(2, "too many flow=");
	f->fid = (uint16_t)strtoul(value, &end, 0);
	if (*end != ':')
		errx(2, "flow=%s", value);
	f->pri = (uint16_t)strtoul(end + 1, &end, 0);
	while (*end) {
		if (*end != ':' && *end != ',')
			errx(2, "flow=%s", value);
		if (f->n_bid == PEERS_MAX)
			errx(2, "flow=%s: too many BIDs", value);
		f->bid[f->n_bid++] = (uint16_t)strtoul(end + 1, &end, 0);
		f->present |= MH_FLOW_HAS_BIDS;
	}
	o->n_flow++;
	o->present |= MH_HAS_FLOW;
}

/* LOW[-HIGH] */
static void take_number(struct selector *s, enum selector_field f, const char *value)
{
	char *end;

	if (!s->format)
		s->format = SELECTOR_IPV6;
	selector_set_number(s, f, 0, (uint32_t)strtoul(value, &end, 0));
	s->fields |= SELECTOR_HAS(f);
	if (*end != '-')
		return;
	selector_set_number(s, f, 1, (uint32_t)strtoul(end + 1, NULL, 0));
	s->ranges |= SELECTOR_HAS(f);
}

/**
 * build_flow() - a word of a flow
 * @o: the options; the words but "flow" are about the last flow
 * @key: what is before the equals sign
 * @value: what is behind it
 *
 * Return: 0 if it is no such word.
 */
int build_flow(struct mh_opts *o, const char *key, const char *value)
{
	struct mh_flow *f = o->n_flow ? &o->flow[o->n_flow - 1] : NULL;
	size_t i;

	if (!strcmp(key, "flow")) {
		take_flow(o, value);
		return 1;
	}
	if (!f)
		return 0;
	if (!strcmp(key, "ts")) {
		f->selector.format = (uint8_t)strtoul(value, NULL, 0);
		f->present |= MH_FLOW_HAS_SELECTOR;
		return 1;
	}
	if (!strcmp(key, "action")) {
		f->action = (uint8_t)strtoul(value, NULL, 0);
		f->present |= MH_FLOW_HAS_ACTION;
		return 1;
	}
	for (i = 0; i < N_NUMBERS; i++) {
		if (strcmp(key, numbers[i].name))
			continue;
		take_number(&f->selector, numbers[i].field, value);
		f->present |= MH_FLOW_HAS_SELECTOR;
		return 1;
	}
	return 0;
}

static json_t *address(const struct in6_addr *a)
{
	char text[INET6_ADDRSTRLEN];

	return json_string(inet_ntop(AF_INET6, a, text, sizeof(text)));
}

/* As two values: the first and the last */
static json_t *selector_json(const struct selector *s)
{
	struct selector copy = *s;
	json_t *o = json_pack("{si}", "format", s->format);
	size_t i;

	for (i = 0; i < 2; i++) {
		enum selector_field f = i ? SELECTOR_DST : SELECTOR_SRC;
		const struct in6_addr *a = selector_addr(&copy, f);

		if (s->fields & SELECTOR_HAS(f))
			json_object_set_new(o, i ? "dst" : "src",
					    json_pack("[oo]", address(&a[0]), address(&a[1])));
	}
	for (i = 0; i < N_NUMBERS; i++) {
		enum selector_field f = numbers[i].field;

		if (s->fields & SELECTOR_HAS(f))
			json_object_set_new(o, numbers[i].name,
					    json_pack("[II]",
						      (json_int_t)selector_number(s, f, 0),
						      (json_int_t)selector_number(s, f, 1)));
	}
	return o;
}

/**
 * print_flows() - add the flows to an object, if there are any
 * @o: the object
 * @opts: the options
 */
void print_flows(json_t *o, const struct mh_opts *opts)
{
	json_t *flows = json_array();

	for (unsigned int i = 0; i < opts->n_flow; i++) {
		const struct mh_flow *f = &opts->flow[i];
		json_t *one = json_pack("{sisisi}", "fid", f->fid, "pri", f->pri,
					"status", f->status);
		json_t *bids = json_array();

		for (unsigned int b = 0; b < f->n_bid; b++)
			json_array_append_new(bids, json_integer(f->bid[b]));
		json_object_set_new(one, "bids", bids);
		if (f->present & MH_FLOW_HAS_SELECTOR)
			json_object_set_new(one, "selector", selector_json(&f->selector));
		if (f->present & MH_FLOW_HAS_ACTION)
			json_object_set_new(one, "action", json_integer(f->action));
		json_array_append_new(flows, one);
	}
	if (opts->n_flow)
		json_object_set(o, "flows", flows);
	json_decref(flows);
}
