/* SPDX-License-Identifier: GPL-2.0 */
/* Log lines to stderr, with syslog priorities that journald reads. */
#ifndef CTL_CORE_LOG_H
#define CTL_CORE_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

/* A token bucket per call site: a flood of bad input fills no disk. */
struct log_limit {
	uint64_t window;
	unsigned int count, suppressed;
};

void log_set_level(int level);
__attribute__((format(printf, 2, 3)))
void log_line(int level, const char *fmt, ...);
bool log_allowed(struct log_limit *l);	/* 10 lines per 5 s and call site */

#define log_err(...)	log_line(LOG_ERR, __VA_ARGS__)
#define log_warn(...)	log_line(LOG_WARNING, __VA_ARGS__)
#define log_info(...)	log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...)	log_line(LOG_DEBUG, __VA_ARGS__)

#define log_ratelimited(level, ...)			\
	do {						\
		static struct log_limit __l;		\
		if (log_allowed(&__l))			\
			log_line(level, __VA_ARGS__);	\
	} while (0)

#endif
