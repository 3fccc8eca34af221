// SPDX-License-Identifier: GPL-2.0
/*
 * Requests about flows of nodes: those that this anchor serves, and where the node
 * decides, those that are attached to this access gateway.
 */
#include "io/control.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

/* Why not, NULL: 0 */
static const char *reason(int err)
{
	switch (-err) {
	case 0:
		return NULL;
	case ESRCH:
		return "mn-id is not attached";
	case EOPNOTSUPP:
		return "the policy of mn-id is multihoming \"single\"";
	case EPERM:
		return "the policy of mn-id has the node decide";
	case EEXIST:
		return "fid or priority is another flow's already";
	case ENOENT:
		return "there is no flow with this fid";
	case ENODEV:
		return "bids has one that no attachment of mn-id has";
	case E2BIG:
		return "bids are too many";
	case ENOSPC:
		return "mn-id has as many flows as it can have";
	case EINVAL:
		return "the flow is not valid";
	default:
		return strerror(-err);
	}
}

static json_t *answer(int err)
{
	const char *why = reason(err);

	return why ? control_error(why) : json_pack("{s:b, s:{}}", "ok", 1, "result");
}

/* The node that is meant; why not */
static const char *get_node(struct io *io, json_t *req, struct mn_id *id)
{
	const char *text = json_string_value(json_object_get(req, "mn-id"));

	if (!io->lma && !io->mag)
		return "this gateway has no nodes";
	if (!text)
		return "mn-id is missing";
	return mn_id_from_nai(id, text) ? NULL : "mn-id is not a network access identifier";
}

static const char *get_number(json_t *req, const char *key, const char *why, uint16_t *v)
{
	const json_t *n = json_object_get(req, key);

	if (!json_is_integer(n) || json_integer_value(n) < 1 ||
	    json_integer_value(n) > UINT16_MAX)
		return why;
	*v = (uint16_t)json_integer_value(n);
	return NULL;
}

static const char *get_fid(json_t *req, uint16_t *fid)
{
	return get_number(req, "fid", "fid must be 1 to 65535", fid);
}

static const char *get_bids(json_t *req, uint16_t *bid, uint8_t *n)
{
	const json_t *list = json_object_get(req, "bids"), *e;
	size_t i;

	*n = 0;
	if (list && !json_is_array(list))
		return "bids must be a list";
	json_array_foreach(list, i, e) {
		if (i == PEERS_MAX || !json_is_integer(e) || json_integer_value(e) < 1 ||
		    json_integer_value(e) > UINT16_MAX)
			return i == PEERS_MAX ? "bids are too many" : "bids must be 1 to 65535";
		bid[(*n)++] = (uint16_t)json_integer_value(e);
	}
	return NULL;
}

static const char *get_selector(json_t *req, struct selector *s)
{
	json_t *o = json_object_get(req, "selector"), *v;
	enum selector_field f;
	const char *key;

	s->format = SELECTOR_IPV6;
	if (o && !json_is_object(o))
		return "selector must be an object";
	v = json_object_get(o, "format");
	if (json_is_string(v))
		s->format = selector_format_named(json_string_value(v));
	if (!s->format || (v && !json_is_string(v)))
		return "selector has a format that is neither \"ipv4\" nor \"ipv6\"";
	json_object_foreach(o, key, v) {
		if (!strcmp(key, "format"))
			continue;
		f = selector_field_named(key);
		if (f == SELECTOR_FIELDS)
			return "selector has an unknown field";
		if (!json_is_string(v) || !selector_field_set(s, f, json_string_value(v)))
			return "selector has a field that is no value or range of it";
	}
	return NULL;
}

static const char *get_action(json_t *req, uint8_t *verdict)
{
	const json_t *v = json_object_get(req, "action");
	const char *text = json_string_value(v);

	*verdict = FLOW_FORWARD;
	if (!v || (text && !strcmp(text, "forward")))
		return NULL;
	*verdict = FLOW_DROP;
	return text && !strcmp(text, "drop") ? NULL : "action must be \"forward\" or \"drop\"";
}

static const char *get_lifetime(json_t *req, uint16_t *s)
{
	*s = FLOW_FOREVER;
	if (!json_object_get(req, "lifetime"))
		return NULL;
	return get_number(req, "lifetime", "lifetime must be 1 to 65535", s);
}

static const char *get_flow(json_t *req, struct flow_spec *s, uint16_t *lifetime)
{
	const char *why = get_fid(req, &s->fid);

	if (!why)
		why = get_number(req, "priority", "priority must be 1 to 65535", &s->pri);
	if (!why)
		why = get_selector(req, &s->selector);
	if (!why)
		why = get_bids(req, s->bid, &s->n_bid);
	if (!why)
		why = get_action(req, &s->verdict);
	if (!why)
		why = get_lifetime(req, lifetime);
	return why;
}

/* Whether it is the access gateway's part: where the anchor does not decide, or is not */
static bool ask_mag(const struct io *io, int err)
{
	return io->mag && (!io->lma || err == -EPERM || err == -ESRCH);
}

/* Of what a node wants (draft: flow mobility §3.2.2) the anchor is asked */
static json_t *add_at_mag(struct io *io, const struct mn_id *id, const struct flow_spec *s,
			  uint16_t lifetime)
{
	int err;

	if (s->verdict == FLOW_DROP || lifetime != FLOW_FOREVER)
		return control_error("action \"drop\" and lifetime are the anchor's to say");
	err = mag_flow_add(io->mag, id, s);
	return err == -EPERM ? control_error("the policy of mn-id has the anchor decide") :
			       answer(err);
}

/**
 * request_flow_add() - "flow-add"
 * @io: the daemon
 * @req: the request
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_flow_add(struct io *io, json_t *req)
{
	struct flow_spec s = { 0 };
	struct mn_id id;
	uint16_t lifetime;
	const char *why;
	int err = 0;

	why = get_node(io, req, &id);
	if (!why)
		why = get_flow(req, &s, &lifetime);
	if (why)
		return control_error(why);
	if (io->lma)
		err = lma_flow_add(io->lma, &id, &s, lifetime);
	if (ask_mag(io, err))
		return add_at_mag(io, &id, &s, lifetime);
	if (err == -EINVAL && s.verdict == FLOW_FORWARD && !s.n_bid)
		return control_error("bids is missing");
	return answer(err);
}

/**
 * request_flow_move() - "flow-move"
 * @io: the daemon
 * @req: the request
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_flow_move(struct io *io, json_t *req)
{
	uint16_t fid = 0, bid[PEERS_MAX];
	struct mn_id id;
	const char *why;
	uint8_t n = 0;

	why = get_node(io, req, &id);
	if (!why && !io->lma)
		why = "this gateway is no LMA";
	if (!why)
		why = get_fid(req, &fid);
	if (!why)
		why = get_bids(req, bid, &n);
	if (!why && !n)
		why = "bids is missing";
	return why ? control_error(why) : answer(lma_flow_move(io->lma, &id, fid, bid, n));
}

/**
 * request_flow_delete() - "flow-delete"
 * @io: the daemon
 * @req: the request
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_flow_delete(struct io *io, json_t *req)
{
	struct mn_id id;
	const char *why;
	uint16_t fid = 0;
	int err = 0;

	why = get_node(io, req, &id);
	if (!why)
		why = get_fid(req, &fid);
	if (why)
		return control_error(why);
	if (io->lma)
		err = lma_flow_del(io->lma, &id, fid);
	if (!ask_mag(io, err))
		return answer(err);
	err = mag_flow_del(io->mag, &id, fid);
	return err == -EPERM ? control_error("the policy of mn-id has the anchor decide") :
			       answer(err);
}

static json_t *numbers(const uint16_t *v, unsigned int n)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < n; i++)
		json_array_append_new(list, json_integer(v[i]));
	return list;
}

static json_t *addresses(const struct in6_addr *v, unsigned int n)
{
	json_t *list = json_array();
	char text[INET6_ADDRSTRLEN];
	unsigned int i;

	for (i = 0; i < n; i++)
		json_array_append_new(list, json_string(inet_ntop(AF_INET6, &v[i], text,
								  sizeof(text))));
	return list;
}

static json_t *selector(const struct selector *s)
{
	json_t *o = json_object();
	char text[SELECTOR_STRLEN];
	unsigned int f;

	if (s->format != SELECTOR_IPV6)
		json_object_set_new(o, "format", json_string(selector_format_name(s->format)));
	for (f = 0; f < SELECTOR_FIELDS; f++)
		if (s->fields & SELECTOR_HAS(f))
			json_object_set_new(o, selector_field_name(f),
					    json_string(selector_field_str(s, f, text,
									   sizeof(text))));
	return o;
}

static bool row(void *arg, const struct lma_flow_view *v)
{
	static const char * const by[] = {
		[LMA_FLOW_OPERATOR] = "operator",
		[LMA_FLOW_POLICY] = "policy",
		[LMA_FLOW_NODE] = "node",
	};
	const char *action = v->spec->verdict == FLOW_DROP ? "drop" : "forward";
	json_t *left = v->lifetime == FLOW_FOREVER ? json_null() : json_integer(v->lifetime);
	char id[MN_ID_STRLEN];
	json_t *o;

	o = json_pack("{s:s, s:i, s:i, s:s, s:s, s:b, s:s, s:o}",
		      "mn-id", mn_id_str(v->mn_id, id, sizeof(id)), "fid", v->spec->fid,
		      "priority", v->spec->pri, "action", action,
		      "state", v->waiting ? "waiting" : "set", "active", v->active,
		      "by", by[v->origin], "lifetime", left);
	json_object_set_new(o, "selector", selector(&v->spec->selector));
	json_object_set_new(o, "bids", numbers(v->spec->bid, v->spec->n_bid));
	json_object_set_new(o, "in-force", numbers(v->bid, v->n_bid));
	json_object_set_new(o, "lingers-at", addresses(v->lingers_at, v->n_lingers));
	json_array_append_new(arg, o);
	return true;
}

static bool mag_row(void *arg, const struct mag_flow_view *v)
{
	json_t *left = v->lifetime == FLOW_FOREVER ? json_null() : json_integer(v->lifetime);
	char id[MN_ID_STRLEN];
	json_t *o;

	o = json_pack("{s:s, s:i, s:i, s:s, s:s, s:b, s:s, s:o, s:s*}",
		      "mn-id", mn_id_str(v->mn_id, id, sizeof(id)), "fid", v->spec->fid,
		      "priority", v->spec->pri, "action", "forward", "state", v->state,
		      "active", !v->why, "by", v->by_node ? "node" : "anchor",
		      "lifetime", left, "why", v->why);
	json_object_set_new(o, "selector", selector(&v->spec->selector));
	json_object_set_new(o, "bids", numbers(v->spec->bid, v->spec->n_bid));
	json_object_set_new(o, "in-force", numbers(v->bid, v->n_bid));
	json_array_append_new(arg, o);
	return true;
}

/**
 * request_flow_show() - "flow-show"
 * @io: the daemon
 * @req: the request; without "mn-id" flows of all nodes are meant
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_flow_show(struct io *io, json_t *req)
{
	bool all = !json_object_get(req, "mn-id");
	const char *why = NULL;
	struct mn_id id;
	json_t *list;

	if (!all)
		why = get_node(io, req, &id);
	if (why)
		return control_error(why);
	list = json_array();
	if (io->lma)
		lma_each_flow(io->lma, all ? NULL : &id, row, list);
	if (io->mag)
		mag_each_flow(io->mag, all ? NULL : &id, mag_row, list);
	return json_pack("{s:b, s:o}", "ok", 1, "result", list);
}
