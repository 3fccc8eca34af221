// SPDX-License-Identifier: GPL-2.0
/* One request to the controller, and what to say where it fails */
#include "cli/daemon.h"

#include "cli/control.h"
#include "cli/print.h"

/**
 * daemon_ask - ask the controller
 * @c: the command line
 * @request: the request, given up; NULL: memory was short
 *
 * Return: the result, NULL after having said why there is none.
 */
json_t *daemon_ask(struct cli *c, json_t *request)
{
	json_t *result = NULL;
	struct control k;

	if (batch_flush(c) != CLI_OK) {
		json_decref(request);
		return NULL;
	}
	if (!request) {
		cli_fail(c, "no memory");
		return NULL;
	}
	if (control_open(&k, c->socket)) {
		cli_fail(c, "pmipd: %s: is it running?", k.error);
	} else {
		result = control_ask(&k, request);
		if (!result)
			cli_fail(c, "pmipd: %s", k.error);
		control_close(&k);
	}
	json_decref(request);
	return result;
}

/**
 * daemon_tell - have the controller do something that there is nothing to say of
 * @c: the command line
 * @request: the request, given up; NULL: memory was short
 *
 * Return: exit status.
 */
int daemon_tell(struct cli *c, json_t *request)
{
	json_t *result = daemon_ask(c, request);

	if (!result)
		return CLI_FAILED;
	if (c->json)
		print_json(c, result);
	json_decref(result);
	return CLI_OK;
}

/**
 * daemon_do - have the controller do something, and show what came of it
 * @c: the command line
 * @request: the request, given up; NULL: memory was short
 *
 * Return: exit status.
 */
int daemon_do(struct cli *c, json_t *request)
{
	json_t *result = daemon_ask(c, request);

	if (!result)
		return CLI_FAILED;
	if (c->json) {
		print_json(c, result);
	} else {
		print_row(c->out, result);
		fputc('\n', c->out);
	}
	json_decref(result);
	return CLI_OK;
}

static void print_rows(FILE *out, const char *what, const json_t *rows)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		fprintf(out, "%s ", what);
		print_row(out, json_array_get(rows, i));
		fputc('\n', out);
	}
}

/**
 * daemon_show_roles - show what each of the controller's roles has
 * @c: the command line
 * @request: the request, given up; NULL: memory was short
 *
 * Return: exit status.
 */
int daemon_show_roles(struct cli *c, json_t *request)
{
	json_t *result = daemon_ask(c, request);

	if (!result)
		return CLI_FAILED;
	if (c->json) {
		print_json(c, result);
	} else {
		print_rows(c->out, "lma", json_object_get(result, "lma"));
		print_rows(c->out, "mag", json_object_get(result, "mag"));
	}
	json_decref(result);
	return CLI_OK;
}

/**
 * daemon_list - show what the controller has of an object, a line each
 * @c: the command line
 * @object: its name; the request is "OBJECT-show"
 *
 * Return: exit status.
 */
int daemon_list(struct cli *c, const char *object)
{
	json_t *result = daemon_ask(c, json_pack("{s:s+}", "cmd", object, "-show"));

	if (!result)
		return CLI_FAILED;
	if (c->json)
		print_json(c, result);
	else
		print_rows(c->out, object, result);
	json_decref(result);
	return CLI_OK;
}
