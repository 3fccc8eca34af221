// SPDX-License-Identifier: GPL-2.0
/* pmip-load: many mobile access gateways and up to a million mobile nodes. */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <err.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define NODES_MAX	9999999		/* seven digits name a node */
/* "mn", these digits and "@" come before it; a byte stays free */
#define REALM_MAX	(MN_ID_MAX - 1 - 10)

static const char usage[] =
	"Usage: pmip-load [OPTION]... PHASE...\n"
	"Sends Proxy Binding Updates of many gateways to one anchor, and counts the answers.\n\n"
	"PHASE is attach, refresh, handover or detach, with [:COUNT] for fewer than all\n"
	"nodes and [@RATE] requests a second; or watch: heartbeats until SIGTERM.\n\n"
	"  -l, --lma ADDR        the anchor, 2001:db8::1\n"
	"  -s, --mag ADDR        the first gateway, 2001:db8:2::1; the others follow it\n"
	"  -m, --mags N          gateways, 256\n"
	"  -n, --nodes N         mobile nodes, 1000\n"
	"  -w, --window N        requests without an answer at any time, 512\n"
	"  -r, --rate R          requests a second; by default as fast as they are answered\n"
	"  -t, --lifetime S      of the bindings, 3600\n"
	"  -d, --realm REALM     of the nodes: mn0000000@REALM, load.example\n"
	"  -i, --interval MS     between heartbeats, 10\n"
	"  -p, --pid PID         the anchor: its CPU time and memory are reported, and that\n"
	"                        it has ended; watch hands SIGTERM on to it, and asks until then\n"
	"  -j, --json            an object a line instead of a table\n"
	"  -h, --help            print this\n";

static const struct option options[] = {
	{ "lma", required_argument, NULL, 'l' }, { "mag", required_argument, NULL, 's' },
	{ "mags", required_argument, NULL, 'm' }, { "nodes", required_argument, NULL, 'n' },
	{ "window", required_argument, NULL, 'w' }, { "rate", required_argument, NULL, 'r' },
	{ "lifetime", required_argument, NULL, 't' }, { "realm", required_argument, NULL, 'd' },
	{ "interval", required_argument, NULL, 'i' }, { "pid", required_argument, NULL, 'p' },
	{ "json", no_argument, NULL, 'j' }, { "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void wrong(const char *what)
{
	warnx("%s", what);
	fputs(usage, stderr);
	exit(2);
}

static uint32_t number(const char *text, uint32_t lo, uint32_t hi)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (end == text || *end || v < lo || v > hi)
		errx(2, "%s: %u to %u is wanted", text, lo, hi);
	return (uint32_t)v;
}

static void address(const char *text, struct in6_addr *a)
{
	if (inet_pton(AF_INET6, text, a) != 1)
		errx(2, "%s: IPv6 is wanted", text);
}

static void set_option(struct options *o, int c, const char *arg)
{
	switch (c) {
	case 'l':
		address(arg, &o->lma);
		break;
	case 's':
		address(arg, &o->first_mag);
		break;
	case 'm':
		o->mags = number(arg, 1, 65535);
		break;
	case 'n':
		o->nodes = number(arg, 1, NODES_MAX);
		break;
	case 'w':
		o->window = number(arg, 1, NODES_MAX);
		break;
	case 'r':
		o->rate = number(arg, 1, 10000000);
		break;
	case 't':
		o->lifetime = (uint16_t)(number(arg, 4, 65535 * 4) / 4);
		break;
	case 'd':
		if (strlen(arg) > REALM_MAX)
			errx(2, "a realm of %zu characters: up to %d have room in a name",
			     strlen(arg), REALM_MAX);
		o->realm = arg;
		break;
	case 'i':
		o->heartbeat_ms = number(arg, 1, 60000);
		break;
	case 'p':
		o->pid = (int)number(arg, 1, 1 << 22);
		break;
	case 'j':
		o->json = true;
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	default:
		fputs(usage, stderr);
		exit(2);
	}
}

/* NAME[:COUNT][@RATE] */
static void parse_phase(const struct options *o, char *text, struct phase *p)
{
	static const char *const names[] = {
		[PHASE_ATTACH] = "attach", [PHASE_REFRESH] = "refresh",
		[PHASE_HANDOVER] = "handover", [PHASE_DETACH] = "detach",
	};
	char *rate = strchr(text, '@'), *count = strchr(text, ':');
	unsigned int i;

	p->rate = rate ? number(rate + 1, 1, 10000000) : o->rate;
	if (rate)
		*rate = '\0';
	p->count = count ? number(count + 1, 1, o->nodes) : o->nodes;
	if (count)
		*count = '\0';
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i], text))
			continue;
		p->kind = (enum phase_kind)i;
		p->name = names[i];
		return;
	}
	wrong("no such phase");
}

static int run_phases(struct load *ld, int n, char **names)
{
	struct phase *p = calloc((size_t)n, sizeof(*p));
	int i, failed = 0;

	/* Touched before it counts; not by malloc(), for huge pages. */
	ld->node = mmap(NULL, ld->opt.nodes * sizeof(*ld->node), PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (!p || ld->node == MAP_FAILED)
		errx(2, "out of memory");
	for (i = 0; i < n; i++)
		parse_phase(&ld->opt, names[i], &p[i]);
	if (!ld->opt.json)
		report_head();
	for (i = 0; i < n; i++) {
		phase_run(ld, &p[i]);
		report_phase(ld, &p[i]);
		failed += p[i].lost || p[i].status[PBA_ACCEPTED] != p[i].count;
	}
	munmap(ld->node, ld->opt.nodes * sizeof(*ld->node));
	free(p);
	return failed;
}

/**
 * main() - options, then one phase after the other
 * @argc: their number
 * @argv: the options
 *
 * Return: 0 if every request was accepted or answered, 1 if not, 2 on wrong usage.
 */
int main(int argc, char **argv)
{
	struct load ld = {
		.opt = {
			.realm = "load.example", .nodes = 1000, .mags = 256, .window = 512,
			.lifetime = 900, .heartbeat_ms = 10,
		},
	};
	int o;

	address("2001:db8::1", &ld.opt.lma);
	address("2001:db8:2::1", &ld.opt.first_mag);
	while ((o = getopt_long(argc, argv, "l:s:m:n:w:r:t:d:i:p:jh", options, NULL)) != -1)
		set_option(&ld.opt, o, optarg);
	argc -= optind;
	argv += optind;
	if (!argc)
		wrong("which phase?");
	wire_open();
	ld.anchor = anchor_open(ld.opt.pid);
	if (strcmp(argv[0], "watch"))
		return run_phases(&ld, argc, argv) ? 1 : 0;
	return watch_run(&ld) ? 0 : 1;
}
