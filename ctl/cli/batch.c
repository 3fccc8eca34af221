// SPDX-License-Identifier: GPL-2.0
/*
 * One command per line.  Consecutive bindings travel together: a datagram to
 * the kernel holds as many as fit, and only its last message asks for an
 * acknowledgment.  Errors are answered anyway, each with its own number.
 */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUNDLE_BYTES	65536
/* No message is shorter than its two headers. */
#define BUNDLE_MAX	(BUNDLE_BYTES / 20)
#define WORDS_MAX	256

struct batch {
	const char *file;
	unsigned int line;
	int status;			/* of the first line that failed */
	bool reported;			/* the failure's line has been named */
	bool busy;			/* the bundle is under way */
	uint32_t first;			/* sequence number of message 0 */
	unsigned int n;			/* messages in the bundle */
	size_t len, last;		/* bytes; where the last message begins */
	unsigned int lines[BUNDLE_MAX];	/* where each came from */
	struct nlmsghdr bundle[BUNDLE_BYTES / sizeof(struct nlmsghdr)];	/* aligned */
};

static struct nlmsghdr *at(struct batch *b, size_t offset)
{
	return (struct nlmsghdr *)((char *)b->bundle + offset);
}

static void note_failure(struct cli *c, unsigned int line, int status)
{
	struct batch *b = c->batch;

	fprintf(c->err, "Command failed %s:%u\n", b->file, line);
	if (b->status == CLI_OK)
		b->status = status;
}

/* Whether the answers go on; counts errors, naming the first or, forced, all */
static bool answers(struct cli *c, const struct nlmsghdr *nlh, int len,
		    unsigned int *errors)
{
	struct batch *b = c->batch;
	bool more = true;

	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next((struct nlmsghdr *)nlh, &len)) {
		uint32_t i = nlh->nlmsg_seq - b->first;

		if (i >= b->n || nlh->nlmsg_type != NLMSG_ERROR)
			continue;
		if (i == b->n - 1)
			more = false;
		if (!genl_error(&c->genl, nlh))
			continue;
		if (!(*errors)++ || c->force) {
			const char *own = PMIP_FAMILY_NAME ": ";
			const char *text = c->genl.error;

			cli_fail(c, "%s%s", strncmp(text, own, strlen(own)) ?
				 own : "", text);
			note_failure(c, b->lines[i], CLI_FAILED);
		}
	}
	return more;
}

static int exchange(struct cli *c)
{
	static struct nlmsghdr buf[GENL_RECV_SIZE / sizeof(struct nlmsghdr)];
	struct batch *b = c->batch;
	unsigned int errors = 0;
	int n;

	at(b, b->last)->nlmsg_flags |= NLM_F_ACK;
	n = genl_send(&c->genl, b->bundle, b->len) ? -1 : 0;
	while (n >= 0) {
		n = genl_recv(&c->genl, buf, sizeof(buf));
		if (n >= 0 && !answers(c, buf, n, &errors))
			return errors ? CLI_FAILED : CLI_OK;
	}
	cli_fail(c, "lines %u to %u: %s", b->lines[0], b->lines[b->n - 1],
		 c->genl.error);
	note_failure(c, b->lines[0], CLI_FAILED);
	return CLI_FAILED;
}

/**
 * batch_flush - send the bundle, if there is one, and check its answers
 * @c: the command line
 *
 * Lines that stand behind a refused one in the same bundle have been tried.
 *
 * Return: CLI_OK, also after errors that a forced batch has noted; CLI_FAILED.
 */
int batch_flush(struct cli *c)
{
	struct batch *b = c->batch;
	int status;

	if (!b || !b->n || b->busy)
		return CLI_OK;
	b->busy = true;
	status = exchange(c);
	b->busy = false;
	b->n = 0;
	b->len = 0;
	if (status == CLI_OK || c->force)
		return CLI_OK;
	b->reported = true;
	return status;
}

/**
 * batch_add - put a request into the bundle
 * @c: the command line, within a batch
 * @r: the request, which stays the caller's
 *
 * Return: CLI_OK, or what batch_flush() says of a bundle that was full.
 */
int batch_add(struct cli *c, struct genl_req *r)
{
	struct batch *b = c->batch;
	struct nlmsghdr *nlh = nlmsg_hdr(r->msg);
	size_t size = NLMSG_ALIGN(nlh->nlmsg_len);

	if (b->len + size > sizeof(b->bundle)) {
		int status = batch_flush(c);

		if (status != CLI_OK)
			return status;
	}
	nlh->nlmsg_seq = ++c->genl.seq;
	if (!b->n)
		b->first = nlh->nlmsg_seq;
	b->lines[b->n++] = b->line;
	b->last = b->len;
	memset(at(b, b->len), 0, size);
	memcpy(at(b, b->len), nlh, nlh->nlmsg_len);
	b->len += size;
	return CLI_OK;
}

/* Words of a line; -1 if there are too many of them */
static int split(char *line, char **words)
{
	char *save = NULL, *w;
	int n = 0;

	for (w = strtok_r(line, " \t\r\n", &save); w && *w != '#';
	     w = strtok_r(NULL, " \t\r\n", &save)) {
		if (n == WORDS_MAX)
			return -1;
		words[n++] = w;
	}
	return n;
}

static int run_line(struct cli *c, char *line)
{
	char *words[WORDS_MAX];
	int n = split(line, words);

	if (!n)
		return CLI_OK;
	return n < 0 ? cli_usage(c, "too many words") : cli_run(c, n, words);
}

static void run_lines(struct cli *c, FILE *in)
{
	struct batch *b = c->batch;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, in) >= 0) {
		int status;

		b->line++;
		status = run_line(c, line);
		if (status == CLI_OK)
			continue;
		if (!b->reported)
			note_failure(c, b->line, status);
		b->reported = false;
		if (!c->force)
			break;
	}
	batch_flush(c);
	free(line);
}

/**
 * batch_run - run the commands of a file
 * @c: the command line
 * @file: its name, "-" for standard input
 *
 * Stops at the first line that fails unless the command line is forced.
 *
 * Return: exit status of the first line that failed.
 */
int batch_run(struct cli *c, const char *file)
{
	bool own = strcmp(file, "-");
	FILE *in = own ? fopen(file, "re") : stdin;
	int status;

	if (!in)
		return cli_fail(c, "%s: %s", file, strerror(errno));
	c->batch = calloc(1, sizeof(*c->batch));
	if (c->batch) {
		c->batch->file = file;
		run_lines(c, in);
		status = c->batch->status;
		free(c->batch);
		c->batch = NULL;
	} else {
		status = cli_fail(c, "no memory");
	}
	if (own)
		fclose(in);
	return status;
}
