// SPDX-License-Identifier: GPL-2.0
/* One request of the control socket, and its answer. */
#include "core/log.h"
#include "io/control.h"
#include "io/io.h"
#include "io/pair.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A node that is still there is deaf-mute for so long, unless it solicits. */
#define DETACH_QUIET_NS	(3 * NSEC_PER_SEC)

/**
 * control_error() - an answer that says no
 * @text: why
 *
 * Return: the answer, or NULL without memory.
 */
json_t *control_error(const char *text)
{
	return json_pack("{s:b, s:s}", "ok", 0, "error", text);
}

static json_t *result(json_t *r)
{
	return r ? json_pack("{s:b, s:o}", "ok", 1, "result", r) : NULL;
}

static json_t *cmd_version(struct io *io, json_t *req)
{
	(void)io;
	(void)req;
	return result(json_string(PMIP_VERSION));
}

static json_t *cmd_sessions(struct io *io, json_t *req)
{
	(void)req;
	return result(show_sessions(io));
}

static json_t *cmd_peers(struct io *io, json_t *req)
{
	(void)req;
	return result(show_peers(io));
}

static json_t *cmd_policy(struct io *io, json_t *req)
{
	(void)req;
	return result(show_policy(io));
}

static json_t *cmd_stats(struct io *io, json_t *req)
{
	(void)req;
	return result(show_stats(io));
}

/**
 * control_link() - the access link that a request's "dev" names
 * @io: the daemon
 * @req: the request
 * @link: gets the link, which is there
 *
 * Return: NULL, or why there is none.
 */
const char *control_link(struct io *io, json_t *req, struct io_link **link)
{
	const char *dev = json_string_value(json_object_get(req, "dev"));

	if (!io->mag)
		return "this gateway is no MAG";
	if (!dev)
		return "dev is missing";
	*link = link_by_name(io, dev);
	if (!*link || !(*link)->access)
		return "dev is not an access link of the configuration";
	if (!(*link)->ifindex)
		return "dev does not exist";
	return NULL;
}

/* "dev" and "lladdr", as attach and detach both need them; NULL: an answer */
static const char *get_node(struct io *io, json_t *req, struct io_link **link,
			    struct llid *lladdr)
{
	const char *text = json_string_value(json_object_get(req, "lladdr"));
	const char *why = control_link(io, req, link);

	if (why)
		return why;
	if (!text)
		return "lladdr is missing";
	return llid_parse(lladdr, text) ? NULL : "lladdr is not a link-layer address";
}

static json_t *outcome(int ret)
{
	return ret ? control_error(strerror(-ret)) : result(json_object());
}

static json_t *attach_outcome(int err)
{
	if (err == -EINPROGRESS)
		return result(json_pack("{s:b}", "asked", 1));
	if (err == -EOPNOTSUPP)
		return control_error("the configuration has no handover");
	if (err == -EADDRNOTAVAIL)
		return control_error("from is none of the configured peers");
	return outcome(err);
}

static json_t *cmd_attach(struct io *io, json_t *req)
{
	json_t *name = json_object_get(req, "mn-id"), *from = json_object_get(req, "from");
	struct io_link *l = NULL;
	struct in6_addr previous;
	struct mn_id id;
	struct llid ll;
	const char *why;

	why = get_node(io, req, &l, &ll);
	if (why)
		return control_error(why);
	if (name && (!json_is_string(name) || !mn_id_from_nai(&id, json_string_value(name))))
		return control_error("mn-id is not a network access identifier");
	if (!from)
		return attach_outcome(mag_on_attach(io->mag, l->ifindex, &ll, name ? &id : NULL,
						    NULL, ATTACH_OPERATOR));
	if (!json_is_string(from) ||
	    inet_pton(AF_INET6, json_string_value(from), &previous) != 1)
		return control_error("from must be an IPv6 address");
	return attach_outcome(mag_handover_attach(io->mag, l->ifindex, &ll, name ? &id : NULL,
						  &previous));
}

static json_t *cmd_detach(struct io *io, json_t *req)
{
	struct io_link *l = NULL;
	struct llid ll;
	const char *why = get_node(io, req, &l, &ll);

	if (why)
		return control_error(why);
	l->detached = ll;
	l->detached_until = io->env.ops->now(io) + DETACH_QUIET_NS;
	return outcome(mag_on_detach(io->mag, l->ifindex, &ll));
}

static json_t *cmd_reload(struct io *io, json_t *req)
{
	char err[512];

	(void)req;
	if (reconfigure(io, err, sizeof(err)))
		return control_error(err);
	reload_now(io);
	return result(json_object());
}

static json_t *cmd_monitor(struct io *io, json_t *req)
{
	(void)io;
	(void)req;
	return json_pack("{s:b}", "ok", 1);
}

static const struct {
	const char *name;
	json_t *(*run)(struct io *io, json_t *req);
} commands[] = {
	{ "version", cmd_version },
	{ "session-show", cmd_sessions },
	{ "peer-show", cmd_peers },
	{ "stats", cmd_stats },
	{ "policy-show", cmd_policy },
	{ "pool-show", request_pool_show },
	{ "attach", cmd_attach },
	{ "detach", cmd_detach },
	{ "flow-add", request_flow_add },
	{ "flow-move", request_flow_move },
	{ "flow-delete", request_flow_delete },
	{ "flow-show", request_flow_show },
	{ "load-set", request_load_set },
	{ "load-show", request_load_show },
	{ "handover", request_handover },
	{ "lma-handover", request_lma_handover },
	{ "multicast-show", request_multicast_show },
	{ "signal-set", request_signal_set },
	{ "signal-show", request_signal_show },
	{ "session-revoke", revoke_session },
	{ "peer-revoke", revoke_peer },
	{ "reload", cmd_reload },
	{ "pair-show", request_pair_show },
	{ "pair-yield", request_pair_yield },
	{ "monitor", cmd_monitor },
};

/* Of two anchors the one that is none now */
static bool can_be_asked(const struct io *io, json_t *(*run)(struct io *io, json_t *req))
{
	return !pair_waits(io) || run == cmd_version || run == cmd_policy ||
	       run == cmd_monitor || run == request_pair_show;
}

/**
 * control_answer() - do what a line asks for
 * @io: the daemon
 * @line: the request
 * @monitor: set if the client is to get all notices from now on
 *
 * Return: the answer, or NULL without memory.
 */
json_t *control_answer(struct io *io, const char *line, bool *monitor)
{
	json_t *answer = NULL, *req;
	const char *cmd;
	char text[256];
	json_error_t e;
	size_t i;

	req = json_loads(line, JSON_REJECT_DUPLICATES, &e);
	if (!req) {
		snprintf(text, sizeof(text), "not JSON: %s", e.text);
		return control_error(text);
	}
	cmd = json_string_value(json_object_get(req, "cmd"));
	for (i = 0; cmd && i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(commands[i].name, cmd))
			continue;
		if (can_be_asked(io, commands[i].run))
			answer = commands[i].run(io, req);
		else
			answer = control_error("this is not the active one of its pair");
		*monitor = commands[i].run == cmd_monitor;
		break;
	}
	if (!cmd)
		answer = control_error("cmd is missing");
	else if (i == sizeof(commands) / sizeof(*commands))
		answer = control_error("unknown cmd");
	json_decref(req);
	return answer;
}
