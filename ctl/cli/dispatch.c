// SPDX-License-Identifier: GPL-2.0
/* From words to commands */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/parse.h"

static const struct cli_object *const objects[] = {
	&cli_tunnel, &cli_link, &cli_binding, &cli_flow, &cli_path, &cli_hold,
	&cli_listener, &cli_group, &cli_purge, &cli_stats, &cli_session, &cli_peer,
	&cli_load, &cli_attach, &cli_detach, &cli_handover, &cli_lma_handover, &cli_signal,
	&cli_multicast, &cli_pair, &cli_policy, &cli_pool, &cli_reload, &cli_monitor,
	&cli_ipsec, &cli_version, NULL
};

static int complain(struct cli *c, int status, const char *fmt, va_list ap)
{
	/* what earlier lines of a batch met is said before */
	if (batch_flush(c) != CLI_OK)
		return CLI_FAILED;
	fputs("Error: ", c->err);
	vfprintf(c->err, fmt, ap);
	fputc('\n', c->err);
	return status;
}

/**
 * cli_usage - say what is wrong with a command
 * @c: where to say it
 * @fmt: printf format, without a newline
 *
 * Return: CLI_USAGE.
 */
int cli_usage(struct cli *c, const char *fmt, ...)
{
	va_list ap;
	int status;

	va_start(ap, fmt);
	status = complain(c, CLI_USAGE, fmt, ap);
	va_end(ap);
	return status;
}

/**
 * cli_fail - say why a command failed
 * @c: where to say it
 * @fmt: printf format, without a newline
 *
 * Return: CLI_FAILED.
 */
int cli_fail(struct cli *c, const char *fmt, ...)
{
	va_list ap;
	int status;

	va_start(ap, fmt);
	status = complain(c, CLI_FAILED, fmt, ap);
	va_end(ap);
	return status;
}

/**
 * cli_close - give back what commands opened
 * @c: the command line
 */
void cli_close(struct cli *c)
{
	if (genl_is_open(&c->genl))
		genl_close(&c->genl);
}

static void print_help(FILE *out)
{
	fputs("Usage: pmipctl [ -j ] [ -s SOCKET ] OBJECT VERB ...\n"
	      "       pmipctl [ -j ] [ -s SOCKET ] [ -force ] -batch FILE\n"
	      "OBJECT := {", out);
	for (size_t i = 0; objects[i]; i++)
		fprintf(out, "%s %s", i ? " |" : "", objects[i]->name);
	fputs(" }\n"
	      "OPTIONS := { -j[son] | -s[ocket] SOCKET | -b[atch] FILE | -force | -V[ersion] | -h[elp] }\n"
	      "Objects and verbs may be cut short while they stay unique;\n"
	      "\"pmipctl OBJECT help\" tells more of one, pmipctl(8) of all.\n", out);
}

/* 1 for the whole word, 2 for a beginning of it, 0 */
static int matches(const char *word, const char *name)
{
	if (!strcmp(word, name))
		return 1;
	return *word && !strncmp(word, name, strlen(word)) ? 2 : 0;
}

static const struct cli_object *find_object(struct cli *c, const char *word)
{
	const struct cli_object *found = NULL;
	unsigned int n = 0;

	for (size_t i = 0; objects[i]; i++) {
		int m = matches(word, objects[i]->name);

		if (m == 1)
			return objects[i];
		if (m) {
			found = objects[i];
			n++;
		}
	}
	if (n == 1)
		return found;
	cli_usage(c, "object \"%s\" is %s, try \"pmipctl help\"", word,
		  n ? "ambiguous" : "unknown");
	return NULL;
}

static const struct cli_verb *find_verb(struct cli *c, const struct cli_object *o,
					const char *word)
{
	const struct cli_verb *found = NULL;
	unsigned int n = 0;

	for (const struct cli_verb *v = o->verbs; v->name; v++) {
		int m = matches(word, v->name);

		if (m == 1)
			return v;
		if (m) {
			found = v;
			n++;
		}
	}
	if (n == 1)
		return found;
	cli_usage(c, "verb \"%s\" is %s, try \"pmipctl %s help\"", word,
		  n ? "ambiguous" : "unknown", o->name);
	return NULL;
}

static bool asks_help(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "-h") ||
	       !strcmp(word, "-help") || !strcmp(word, "--help");
}

static int run_object(struct cli *c, const struct cli_object *o, struct args *a)
{
	const struct cli_verb *v = o->verbs;

	/* help at every level: after the object, and after the verb */
	for (int i = 0; i < 2 && i < a->argc; i++) {
		if (asks_help(a->argv[i])) {
			fputs(o->usage, c->out);
			return CLI_OK;
		}
	}
	if (!v)
		return o->run(c, a);
	if (a->argc) {
		v = find_verb(c, o, a->argv[0]);
		if (!v)
			return CLI_USAGE;
		a->argc--;
		a->argv++;
	}
	return v->run(c, a);
}

/**
 * cli_run - run one command
 * @c: options, and where output goes
 * @argc: number of words
 * @argv: the words, the object first
 *
 * Return: exit status.
 */
int cli_run(struct cli *c, int argc, char **argv)
{
	struct args a = { argc - 1, argv + 1 };
	const struct cli_object *o;

	if (!argc) {
		print_help(c->err);
		return CLI_USAGE;
	}
	if (asks_help(argv[0])) {
		print_help(c->out);
		return CLI_OK;
	}
	o = find_object(c, argv[0]);
	return o ? run_object(c, o, &a) : CLI_USAGE;
}
