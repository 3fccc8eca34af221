// SPDX-License-Identifier: GPL-2.0
/* One request to the kernel, and what to say where it fails */
#include "cli/cli.h"

#include <string.h>

static int refused(struct cli *c)
{
	const char *text = c->genl.error;

	/* the module's own messages already begin with its name */
	if (!strncmp(text, PMIP_FAMILY_NAME ": ", strlen(PMIP_FAMILY_NAME ": ")))
		return cli_fail(c, "%s", text);
	return cli_fail(c, PMIP_FAMILY_NAME ": %s", text);
}

/**
 * cli_genl - the connection to the kernel, opened when first needed
 * @c: the command line
 *
 * Return: the connection, NULL after having said why there is none.
 */
struct genl *cli_genl(struct cli *c)
{
	if (!genl_is_open(&c->genl) && genl_open(&c->genl)) {
		refused(c);
		return NULL;
	}
	return &c->genl;
}

/**
 * cli_begin - begin a request to the kernel
 * @c: the command line
 * @r: the request
 * @cmd: enum pmip_cmd
 * @flags: NLM_F_CREATE, NLM_F_DUMP, ...
 *
 * Return: CLI_OK, CLI_FAILED after having said why there is no connection.
 */
int cli_begin(struct cli *c, struct genl_req *r, uint8_t cmd, int flags)
{
	const struct genl *g = cli_genl(c);

	if (!g)
		return CLI_FAILED;
	genl_req_init(r, g->family, cmd, flags);
	return CLI_OK;
}

/**
 * cli_request - make the kernel do something
 * @c: the command line
 * @r: the request, given up
 *
 * Return: exit status.
 */
int cli_request(struct cli *c, struct genl_req *r)
{
	int status = batch_flush(c);

	if (status == CLI_OK && genl_talk(&c->genl, r, NULL))
		status = refused(c);
	genl_req_free(r);
	return status;
}

/**
 * cli_request_bundled - the same, in one send with others of a batch
 * @c: the command line
 * @r: the request, given up
 *
 * Return: exit status; in a batch that of a bundle which this one closed.
 */
int cli_request_bundled(struct cli *c, struct genl_req *r)
{
	int status;

	if (!c->batch || r->err)
		return cli_request(c, r);
	status = batch_add(c, r);
	genl_req_free(r);
	return status;
}

/**
 * cli_get - ask the kernel for something
 * @c: the command line
 * @r: the request, given up
 * @a: the answers; the caller's to free, whatever the result
 *
 * Return: exit status.
 */
int cli_get(struct cli *c, struct genl_req *r, struct genl_answers *a)
{
	int status = batch_flush(c);

	if (status == CLI_OK && genl_talk(&c->genl, r, a))
		status = refused(c);
	else if (a->interrupted)
		fputs("Warning: rows came or went all the while, and may be missing or gone\n",
		      c->err);
	genl_req_free(r);
	return status;
}
