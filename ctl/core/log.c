// SPDX-License-Identifier: GPL-2.0
/*
 * One line per call on stderr.  Off a terminal, each line is preceded by
 * "<priority>", which journald reads (sd-daemon(3)).
 */
#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES	1024
#define LIMIT_LINES	10
#define LIMIT_WINDOW_NS	5000000000ULL

static int max_level = LOG_INFO;

/**
 * log_set_level - choose what is written
 * @level: the least urgent priority to write, LOG_ERR to LOG_DEBUG
 */
void log_set_level(int level)
{
	max_level = level;
}

/**
 * log_line - write one line
 * @level: LOG_ERR to LOG_DEBUG
 * @fmt: printf format, without a newline
 *
 * Control characters come out as '?', so that what a peer sent cannot forge a
 * second line; a line of more than 1 kB is cut.
 */
void log_line(int level, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	va_list ap;
	int len;

	if (level > max_level)
		return;
	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "%s\n", line);
	else
		fprintf(stderr, "<%d>%s\n", level, line);
}

/**
 * log_allowed - whether a call site may write another line now
 * @l: the call site's own counters, zero at first
 *
 * Ten lines per five seconds; the first line of the next window is preceded
 * by the number of those that were left out.
 *
 * Return: true if the line may be written.
 */
bool log_allowed(struct log_limit *l)
{
	struct timespec ts;
	uint64_t now;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	now = (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
	if (!l->window || now - l->window >= LIMIT_WINDOW_NS) {
		if (l->suppressed)
			log_line(LOG_WARNING, "%u similar lines left out",
				 l->suppressed);
		l->window = now;
		l->count = 0;
		l->suppressed = 0;
	}
	if (l->count >= LIMIT_LINES) {
		l->suppressed++;
		return false;
	}
	l->count++;
	return true;
}
