/* SPDX-License-Identifier: GPL-2.0 */
/* `pmipctl monitor`: the state machines' notices as a stream of JSON lines. */
#ifndef CTL_IO_MONITOR_H
#define CTL_IO_MONITOR_H

#include "core/env.h"

#include <jansson.h>
#include <stdbool.h>

struct io;

/* "seconds.nanoseconds" of CLOCK_REALTIME */
#define MONITOR_TIME_LEN	32
const char *monitor_time(uint64_t wall_ns, char *buf, size_t size);
json_t *monitor_line(const struct notice *n, uint64_t wall_ns);
bool monitor_watched(const struct io *io);
void monitor_notify(struct io *io, const struct notice *n);

#endif
