// SPDX-License-Identifier: GPL-2.0
/* pmipd: the controller of a local mobility anchor or mobile access gateway. */
#include "conf/conf.h"
#include "core/log.h"
#include "io/io.h"
#include "policy/policy.h"

#include <getopt.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_FILE	"/etc/pmip/pmipd.conf"

static const char usage[] =
	"Usage: pmipd [-f FILE] [--check | --replace]\n"
	"  -f, --file FILE  configuration, " DEFAULT_FILE " by default\n"
	"  -c, --check      read configuration and policy, say what is wrong, and stop\n"
	"  -r, --replace    have the pmipd end that runs with it, and go on in its place\n"
	"  -V, --version    print the version\n"
	"  -h, --help       print this\n";

/* The policy file is part of what --check is asked about. */
static int check_policy(const struct conf *c)
{
	struct policy policy = { 0 };
	char err[512];

	if (conf_policy_open(c, &policy, err, sizeof(err))) {
		fprintf(stderr, "%s\n", err);
		return -1;
	}
	policy_free(&policy);
	return 0;
}

/*
 * When a million bindings have ended, malloc() would join their small pieces and
 * give the pages back, all at one call of free(): 0.2 s in which nobody is answered.
 */
static void steady_malloc(void)
{
	mallopt(M_MXFAST, 0);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

/*
 * A million bindings take most of a second to be freed one by one, in which no next
 * daemon can start.  The kernel takes them all at once, so that only who looks for
 * leaks wants it done.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(PMIP_FREE_ALL)
static const bool free_all = true;
#else
static const bool free_all;
#endif

/* What could keep this one from its place is found out while the other one still has it. */
static int replace_other(const struct conf *c)
{
	return check_policy(c) || restart_replace(c->state_dir) ? -1 : 0;
}

static int run(const char *file, bool check, bool replace)
{
	struct conf *c = malloc(sizeof(*c));
	int ret = EXIT_FAILURE;
	char err[512];
	struct io *io;
	bool again;

	if (!c) {
		fputs("pmipd: out of memory\n", stderr);
		return ret;
	}
	if (conf_load(c, file, err, sizeof(err))) {
		fprintf(stderr, "%s\n", err);
		goto out;
	}
	if (check) {
		ret = check_policy(c) ? EXIT_FAILURE : EXIT_SUCCESS;
		goto out_conf;
	}
	steady_malloc();
	log_set_level(c->log_level);
	if (replace && replace_other(c))
		goto out_conf;
	do {
		ret = EXIT_FAILURE;
		io = io_new(c);
		if (!io)
			goto out_conf;
		ret = io_run(io) ? EXIT_FAILURE : EXIT_SUCCESS;
		io_stop(io);
		again = io->again && !ret;
		if (free_all || again)
			io_free(io);
	} while (again);
out_conf:
	conf_free(c);
out:
	free(c);
	return ret;
}

/**
 * main() - options, then the daemon in the foreground
 * @argc: their number
 * @argv: the options
 *
 * Return: 0 after a clean stop, 1 on failure, 2 on wrong usage.
 */
int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "file", required_argument, NULL, 'f' },
		{ "check", no_argument, NULL, 'c' },
		{ "replace", no_argument, NULL, 'r' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *file = DEFAULT_FILE;
	bool check = false, replace = false;
	int o;

	while ((o = getopt_long(argc, argv, "f:crVh", options, NULL)) != -1) {
		switch (o) {
		case 'f':
			file = optarg;
			break;
		case 'c':
			check = true;
			break;
		case 'r':
			replace = true;
			break;
		case 'V':
			printf("pmipd " PMIP_VERSION "\n");
			return EXIT_SUCCESS;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind < argc || (check && replace)) {
		fputs(usage, stderr);
		return 2;
	}
	return run(file, check, replace);
}
