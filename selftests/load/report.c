// SPDX-License-Identifier: GPL-2.0
/* How it goes, on stderr, and how it went, on stdout. */
#include "load.h"

#include <err.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

/**
 * usage_of() - what a process has used so far
 * @pid: the process, 0: none
 *
 * Return: its time on a CPU and its resident memory, 0 where not known.
 */
struct usage usage_of(int pid)
{
	unsigned long long ns = 0, kb = 0;
	struct usage u = { 0 };
	char line[128];
	FILE *f;

	if (!pid)
		return u;
	snprintf(line, sizeof(line), "/proc/%d/schedstat", pid);
	f = fopen(line, "r");
	if (f) {
		if (fscanf(f, "%llu", &ns) == 1)
			u.cpu_ns = ns;
		fclose(f);
	}
	snprintf(line, sizeof(line), "/proc/%d/status", pid);
	f = fopen(line, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "VmRSS: %llu", &kb) == 1)
			u.rss_kb = kb;
	if (f)
		fclose(f);
	return u;
}

static uint64_t refused(const struct phase *p)
{
	uint64_t n = 0;
	unsigned int i;

	for (i = PBA_UNSPECIFIED; i < 256; i++)
		n += p->status[i];
	return n;
}

/**
 * report_progress() - a line on the phase that is under way
 * @ld: all
 * @now: ns
 *
 * On a terminal it takes the place of the one before.
 */
void report_progress(const struct load *ld, uint64_t now)
{
	const struct phase *p = ld->phase;
	double s = (double)(now - p->begin) / 1e9;
	bool tty = isatty(STDERR_FILENO);

	fprintf(stderr,
		"%s%-8s %7u/%u %7.0f/s p99 %.2f ms, %u waiting, %llu again, %llu refused, %u lost%s",
		tty ? "\r" : "", p->name, p->answered, p->count, p->answered / s,
		(double)histogram_quantile(&p->latency, 0.99) / 1e6, ld->waiting.len,
		(unsigned long long)p->retransmitted, (unsigned long long)refused(p), p->lost,
		tty ? " \033[K" : "\n");
}

static double quantile_ms(const struct phase *p, double q)
{
	return (double)histogram_quantile(&p->latency, q) / 1e6;
}

static double per_second(const struct phase *p)
{
	return p->answered / ((double)(p->end - p->begin) / 1e9);
}

static double cpu_us(const struct phase *p)
{
	return p->answered ? (double)(p->after.cpu_ns - p->before.cpu_ns) / 1e3 / p->answered : 0;
}

/**
 * report_head() - the head of the table
 */
void report_head(void)
{
	printf("%-9s %8s %9s %8s %8s %8s %8s %8s %7s %6s %7s %9s\n", "phase", "answers",
	       "per s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms", "again", "lost",
	       "cpu us", "rss kB");
}

static void print_text(const struct phase *p)
{
	unsigned int i;

	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	printf("%-9s %8u %9.0f %8.2f %8.2f %8.2f %8.2f %8.2f %7llu %6u", p->name, p->answered,
	       per_second(p), quantile_ms(p, 0.5), quantile_ms(p, 0.9), quantile_ms(p, 0.99),
	       quantile_ms(p, 0.999), (double)p->latency.max / 1e6,
	       (unsigned long long)p->retransmitted, p->lost);
	printf(" %7.2f %9llu", cpu_us(p), (unsigned long long)p->after.rss_kb);
	for (i = PBA_UNSPECIFIED; i < 256; i++)
		if (p->status[i])
			printf("  %llu x %u (%s)", (unsigned long long)p->status[i], i,
			       pba_status_str((uint8_t)i));
	putchar('\n');
}

static void put_int(json_t *o, const char *key, uint64_t v)
{
	json_object_set_new(o, key, json_integer((json_int_t)v));
}

static void print_json(const struct phase *p)
{
	json_t *status = json_object();
	char key[8];
	json_t *o;
	unsigned int i;

	for (i = 0; i < 256; i++) {
		if (!p->status[i])
			continue;
		snprintf(key, sizeof(key), "%u", i);
		json_object_set_new(status, key, json_integer((json_int_t)p->status[i]));
	}
	o = json_pack("{s:s, s:i, s:f, s:f, s:f, s:{s:f, s:f, s:f, s:f, s:f}, s:o}",
		      "phase", p->name, "answered", (int)p->answered,
		      "rate-asked", p->rate, "per-second", per_second(p),
		      "seconds", (double)(p->end - p->begin) / 1e9,
		      "ms", "p50", quantile_ms(p, 0.5), "p90", quantile_ms(p, 0.9),
		      "p99", quantile_ms(p, 0.99), "p99.9", quantile_ms(p, 0.999),
		      "max", (double)p->latency.max / 1e6, "status", status);
	put_int(o, "retransmitted", p->retransmitted);
	put_int(o, "lost", p->lost);
	put_int(o, "stray", p->stray);
	put_int(o, "unreadable", p->unreadable);
	json_object_set_new(o, "cpu-us", json_real(cpu_us(p)));
	put_int(o, "rss-kb-before", p->before.rss_kb);
	put_int(o, "rss-kb", p->after.rss_kb);
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

/**
 * report_written() - see that what was printed is where it was to go
 *
 * Ends the program if it is not, as on a full disk: half of the figures mislead.
 */
void report_written(void)
{
	if (fflush(stdout) || ferror(stdout))
		err(2, "cannot write the figures");
}

/**
 * report_phase() - the figures of a phase that is over
 * @ld: all
 * @p: the phase
 */
void report_phase(const struct load *ld, const struct phase *p)
{
	if (ld->opt.json)
		print_json(p);
	else
		print_text(p);
	report_written();
}
