// SPDX-License-Identifier: GPL-2.0
/* Requests about how well nodes are heard, by whoever measures it. */
#include "io/control.h"
#include "io/io.h"

#include <errno.h>
#include <string.h>

/* What a radio can hear, and more: 0 dBm is a milliwatt at the receiver */
#define DBM_MIN	-127
#define DBM_MAX	20

/* A link-layer address that may be left out; why not */
static const char *get_llid(json_t *req, const char *key, const char *why, struct llid *l,
			    const struct llid **there)
{
	const json_t *v = json_object_get(req, key);

	*there = v ? l : NULL;
	return !v || (json_is_string(v) && llid_parse(l, json_string_value(v))) ? NULL : why;
}

static const char *get_id(json_t *req, struct mn_id *id, const struct mn_id **there)
{
	const json_t *v = json_object_get(req, "mn-id");

	*there = v ? id : NULL;
	return !v || (json_is_string(v) && mn_id_from_nai(id, json_string_value(v))) ?
	       NULL : "mn-id is not a network access identifier";
}

static const char *get_dbm(json_t *req, int8_t *dbm)
{
	const json_t *v = json_object_get(req, "dbm");

	if (!json_is_integer(v) || json_integer_value(v) < DBM_MIN ||
	    json_integer_value(v) > DBM_MAX)
		return "dbm must be -127 to 20";
	*dbm = (int8_t)json_integer_value(v);
	return NULL;
}

static json_t *outcome(int err)
{
	switch (err) {
	case 0:
		return json_pack("{s:b, s:{}}", "ok", 1, "result");
	case -ENOENT:
		return control_error("the node is not there");
	case -EBUSY:
		return control_error("the node has several interfaces there: lladdr is missing");
	}
	return control_error(strerror(-err));
}

/**
 * request_signal_set() - "signal-set"
 * @io: the daemon
 * @req: dev; mn-id, lladdr or both; dbm; ap, the access point that the node may go to
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_signal_set(struct io *io, json_t *req)
{
	struct io_link *l = NULL;
	struct mag_signal v = { 0 };
	struct llid lladdr, ap;
	struct mn_id id;
	const char *why;

	why = control_link(io, req, &l);
	if (!why)
		why = get_id(req, &id, &v.id);
	if (!why)
		why = get_llid(req, "lladdr", "lladdr is not a link-layer address", &lladdr,
			       &v.lladdr);
	if (!why)
		why = get_llid(req, "ap", "ap is not a link-layer address", &ap, &v.ap);
	if (!why)
		why = get_dbm(req, &v.dbm);
	if (!why && !v.id && !v.lladdr)
		why = "mn-id or lladdr is missing";
	if (why)
		return control_error(why);
	v.ifindex = l->ifindex;
	return outcome(mag_signal_set(io->mag, &v));
}

struct rows {
	const struct io *io;
	json_t *list;
};

static bool row(void *arg, const struct mag_session_view *v)
{
	char id[MN_ID_STRLEN], lladdr[LLID_STRLEN];
	struct rows *r = arg;

	if (!v->heard)
		return true;
	json_array_append_new(r->list,
			      json_pack("{s:s, s:s, s:s, s:i, s:I}",
					"mn-id", mn_id_str(v->mn_id, id, sizeof(id)),
					"dev", link_name(r->io, v->ifindex),
					"lladdr", llid_str(v->lladdr, lladdr, sizeof(lladdr)),
					"dbm", v->dbm,
					"age-ms", (json_int_t)(v->heard_ns / NSEC_PER_MSEC)));
	return true;
}

/**
 * request_signal_show() - "signal-show"
 * @io: the daemon
 * @req: the request
 *
 * Return: the answer, or NULL without memory.
 */
json_t *request_signal_show(struct io *io, json_t *req)
{
	struct rows r = { .io = io };

	(void)req;
	if (!io->mag)
		return control_error("this gateway is no MAG");
	r.list = json_array();
	mag_each(io->mag, row, &r);
	return json_pack("{s:b, s:o}", "ok", 1, "result", r.list);
}
