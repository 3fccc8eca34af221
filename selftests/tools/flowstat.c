// SPDX-License-Identifier: GPL-2.0
/*
 * flowstat - what became of the packets of one direction of a flow
 *
 *	flowstat SENDER-LOG RECEIVER-LOG [PACKETS]
 *
 * Joins the logs that two flow(s) wrote and prints a JSON object:
 * sent, received (distinct), lost, duplicated (RFC 5560), reordered
 * (RFC 4737: arrived after a packet with a higher number), longest_gap_ms
 * (between two arrivals), first_lost_ns and last_lost_ns (times of sending).
 * PACKETS gets a line per sent packet: SEQUENCE SENT RECEIVED, RECEIVED 0 for
 * a packet that was lost.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct flow_stat {
	uint64_t sent, received, lost, duplicated, reordered;
	int64_t longest_gap, first_lost, last_lost;
};

struct packets {
	int64_t *sent, *received;	/* by sequence number; received 0: not yet */
	size_t n, size;
};

static FILE *open_log(const char *file)
{
	FILE *in = fopen(file, "r");

	if (!in)
		err(2, "%s", file);
	return in;
}

static void read_sent(struct packets *p, const char *file)
{
	FILE *in = open_log(file);
	char line[128];
	long long seq, sent;

	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "S %lld %lld", &seq, &sent) != 2)
			continue;
		if (seq != (long long)p->n)
			errx(2, "%s: packet %zu is missing", file, p->n);
		if (p->n == p->size) {
			p->size = p->size ? p->size * 2 : 32768;
			p->sent = reallocarray(p->sent, p->size, sizeof(*p->sent));
			if (!p->sent)
				err(2, "packets");
		}
		p->sent[p->n++] = sent;
	}
	fclose(in);
	p->received = calloc(p->n + 1, sizeof(*p->received));
	if (!p->received)
		err(2, "packets");
}

static void read_received(struct packets *p, const char *file, struct flow_stat *st)
{
	FILE *in = open_log(file);
	long long seq, sent, received, highest = -1;
	int64_t last = 0;
	char line[128];

	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "R %lld %lld %lld", &seq, &sent, &received) != 3)
			continue;
		if (seq < 0 || seq >= (long long)p->n || p->sent[seq] != sent)
			errx(2, "%s: packet %lld was never sent", file, seq);
		if (last && received - last > st->longest_gap)
			st->longest_gap = received - last;
		if (received > last)
			last = received;
		if (p->received[seq]) {
			st->duplicated++;
			continue;
		}
		p->received[seq] = received;
		st->received++;
		if (seq < highest)
			st->reordered++;
		else
			highest = seq;
	}
	fclose(in);
}

static void count_lost(const struct packets *p, struct flow_stat *st)
{
	size_t i;

	st->sent = p->n;
	for (i = 0; i < p->n; i++) {
		if (p->received[i])
			continue;
		if (!st->lost++)
			st->first_lost = p->sent[i];
		st->last_lost = p->sent[i];
	}
}

static void write_packets(const struct packets *p, const char *file)
{
	FILE *out = fopen(file, "w");
	size_t i;

	if (!out)
		err(2, "%s", file);
	for (i = 0; i < p->n; i++)
		fprintf(out, "%zu %lld %lld\n", i, (long long)p->sent[i],
			(long long)p->received[i]);
	if (fclose(out))
		err(2, "%s", file);
}

static void print_stat(const struct flow_stat *st)
{
	printf("{\"sent\":%llu,\"received\":%llu,\"lost\":%llu,",
	       (unsigned long long)st->sent, (unsigned long long)st->received,
	       (unsigned long long)st->lost);
	printf("\"duplicated\":%llu,\"reordered\":%llu,",
	       (unsigned long long)st->duplicated, (unsigned long long)st->reordered);
	printf("\"longest_gap_ms\":%.1f,", (double)st->longest_gap / 1e6);
	printf("\"first_lost_ns\":%lld,\"last_lost_ns\":%lld}\n",
	       (long long)st->first_lost, (long long)st->last_lost);
}

int main(int argc, char **argv)
{
	struct flow_stat st = { 0 };
	struct packets p = { 0 };

	if (argc != 3 && argc != 4)
		errx(2, "usage: flowstat SENDER-LOG RECEIVER-LOG [PACKETS]");
	read_sent(&p, argv[1]);
	read_received(&p, argv[2], &st);
	count_lost(&p, &st);
	if (argc == 4)
		write_packets(&p, argv[3]);
	print_stat(&st);
	free(p.sent);
	free(p.received);
	return 0;
}
