// SPDX-License-Identifier: GPL-2.0
/* `pmipctl monitor`: the state machines' notices as a stream of JSON lines. */
#include "io/monitor.h"

#include "core/log.h"
#include "io/control.h"
#include "io/io.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

/**
 * monitor_time() - a point in time as text
 * @wall_ns: ns since 1970
 * @buf: where to
 * @size: bytes in @buf, MONITOR_TIME_LEN is enough
 *
 * Return: @buf.
 */
const char *monitor_time(uint64_t wall_ns, char *buf, size_t size)
{
	snprintf(buf, size, "%llu.%09llu", (unsigned long long)(wall_ns / NSEC_PER_SEC),
		 (unsigned long long)(wall_ns % NSEC_PER_SEC));
	return buf;
}

/**
 * monitor_line() - a notice as a JSON object
 * @n: the notice
 * @wall_ns: when, ns since 1970
 *
 * Return: the object, or NULL without memory.
 */
json_t *monitor_line(const struct notice *n, uint64_t wall_ns)
{
	char time[MONITOR_TIME_LEN], mn[MN_ID_STRLEN], peer[INET6_ADDRSTRLEN];
	json_t *o = json_object();

	if (!o)
		return NULL;
	json_object_set_new(o, "time", json_string(monitor_time(wall_ns, time, sizeof(time))));
	json_object_set_new(o, "source", json_string("controller"));
	json_object_set_new(o, "event", json_string(n->event));
	if (n->mn)
		json_object_set_new(o, "mn-id", json_string(mn_id_str(n->mn, mn, sizeof(mn))));
	if (n->peer)
		json_object_set_new(o, "peer", json_string(inet_ntop(AF_INET6, n->peer, peer,
								     sizeof(peer))));
	if (n->detail)
		json_object_set_new(o, "detail", json_string(n->detail));
	return o;
}

/**
 * monitor_watched() - whether anybody wants to be told
 * @io: the daemon
 *
 * Return: true if so.
 */
bool monitor_watched(const struct io *io)
{
	return io->control && control_monitors(io->control);
}

/**
 * monitor_notify() - tell everybody who watches
 * @io: the daemon
 * @n: what happened
 *
 * Whoever does not read fast enough is cut off, with a line in the log.
 */
void monitor_notify(struct io *io, const struct notice *n)
{
	json_t *o;
	char *text;

	if (!monitor_watched(io))
		return;
	o = monitor_line(n, io->env.ops->wall(io));
	text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	if (text)
		control_broadcast(io->control, text);
	free(text);
	json_decref(o);
}
