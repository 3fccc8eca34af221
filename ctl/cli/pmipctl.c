// SPDX-License-Identifier: GPL-2.0
/* pmipctl: the command line of Proxy Mobile IPv6 on Linux */
#include "cli/cli.h"

#include <errno.h>
#include <string.h>

/* Whether a word is this option: the whole, a beginning of it, or with "--" */
static bool option(const char *word, const char *name)
{
	if (*word++ != '-' || !*word)
		return false;
	if (*word == '-')
		word++;
	return *word && !strncmp(word, name, strlen(word));
}

static int run_word(struct cli *c, const char *word)
{
	char *argv[2];
	int status;

	argv[0] = strdup(word);
	argv[1] = NULL;
	status = argv[0] ? cli_run(c, 1, argv) : CLI_FAILED;
	free(argv[0]);
	return status;
}

/* Options come before the object; 0, or an exit status + 1 */
static int options(struct cli *c, int *argc, char ***argv, const char **batch)
{
	while (*argc && ***argv == '-') {
		const char *word = **argv;
		const char **value = NULL;

		(*argc)--;
		(*argv)++;
		if (option(word, "json"))
			c->json = true;
		else if (option(word, "force"))
			c->force = true;
		else if (option(word, "socket"))
			value = &c->socket;
		else if (option(word, "batch"))
			value = batch;
		else if (option(word, "Version"))
			return run_word(c, "version") + 1;
		else if (option(word, "help"))
			return run_word(c, "help") + 1;
		else
			return cli_usage(c, "option \"%s\" is unknown, try \"pmipctl help\"",
					 word) + 1;
		if (!value)
			continue;
		if (!*argc)
			return cli_usage(c, "option \"%s\" needs a value", word) + 1;
		*value = **argv;
		(*argc)--;
		(*argv)++;
	}
	return 0;
}

/**
 * main - read the options, run the command or the batch
 * @argc: number of words
 * @argv: the words
 *
 * Return: 0, 1 if the kernel or the controller refused, 2 for a usage error.
 */
int main(int argc, char **argv)
{
	struct cli c = { .socket = CLI_SOCKET, .out = stdout, .err = stderr };
	const char *batch = NULL;
	int status;

	argc--;
	argv++;
	status = options(&c, &argc, &argv, &batch);
	if (status)
		status--;
	else if (batch && argc)
		status = cli_usage(&c, "-batch takes no command");
	else if (batch)
		status = batch_run(&c, batch);
	else
		status = cli_run(&c, argc, argv);
	cli_close(&c);
	/* a full disk is a failure, a reader who has seen enough is not */
	if (fflush(stdout) && errno != EPIPE && status == CLI_OK)
		status = CLI_FAILED;
	return status;
}
