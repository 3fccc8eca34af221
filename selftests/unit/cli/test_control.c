// SPDX-License-Identifier: GPL-2.0
/* The control socket: requests, answers, and answers that are none */
#include "fake_kernel.h"

#include "cli/control.h"

static struct control k;
static int daemon_end;

static int setup(void **state)
{
	int sv[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	memset(&k, 0, sizeof(k));
	k.fd = sv[0];
	daemon_end = sv[1];
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	control_close(&k);
	close(daemon_end);
	return 0;
}

static json_t *ask(const char *answer)
{
	json_t *request = json_pack("{s:s}", "cmd", "peer-show"), *result;

	assert_int_equal(write(daemon_end, answer, strlen(answer)), strlen(answer));
	shutdown(daemon_end, SHUT_WR);
	result = control_ask(&k, request);
	json_decref(request);
	return result;
}

/* pmipd(8): "Request {"cmd": NAME, ...}; answer one line" */
static void one_line_each_way(void **state)
{
	char sent[64] = "";
	json_t *r = ask("{\"ok\": true, \"result\": [1, 2]}\n");

	(void)state;
	assert_int_equal(json_array_size(r), 2);
	assert_true(read(daemon_end, sent, sizeof(sent) - 1) > 0);
	assert_string_equal(sent, "{\"cmd\":\"peer-show\"}\n");
	json_decref(r);
}

/* pmipd(8): "{"ok": false, "error": "text"}" */
static void refusal(void **state)
{
	(void)state;
	assert_null(ask("{\"ok\": false, \"error\": \"no such link\"}\n"));
	assert_string_equal(k.error, "no such link");
}

static void not_an_object(void **state)
{
	(void)state;
	assert_null(ask("[1]\n"));
	assert_non_null(strstr(k.error, "malformed"));
}

static void not_json(void **state)
{
	(void)state;
	assert_null(ask("hello\n"));
	assert_non_null(strstr(k.error, "malformed"));
}

static void neither(void **state)
{
	(void)state;
	assert_null(ask("{\"result\": 1}\n"));
	assert_non_null(strstr(k.error, "malformed"));
}

static void cut_short(void **state)
{
	(void)state;
	assert_null(ask("{\"ok\": true"));
	assert_non_null(strstr(k.error, "closed"));
}

/* pmipd(8): "monitor": an answer, then a stream; a line may come in pieces */
static void stream(void **state)
{
	json_t *v;

	(void)state;
	assert_int_equal(write(daemon_end, "{\"a\":1}\n{\"b\"", 12), 12);
	assert_int_equal(control_fill(&k), 0);
	v = control_line(&k);
	assert_non_null(json_object_get(v, "a"));
	json_decref(v);
	assert_null(control_line(&k));
	assert_string_equal(k.error, "");
	assert_int_equal(write(daemon_end, ":2}\n", 4), 4);
	assert_int_equal(control_fill(&k), 0);
	v = control_line(&k);
	assert_non_null(json_object_get(v, "b"));
	json_decref(v);
}

#define CASE(fn)	cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(one_line_each_way), CASE(refusal), CASE(not_an_object), CASE(not_json),
		CASE(neither), CASE(cut_short), CASE(stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
