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
