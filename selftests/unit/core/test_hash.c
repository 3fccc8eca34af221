// SPDX-License-Identifier: GPL-2.0
/* What happens where an index finds no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void *no_memory(size_t size)
{
	(void)size;
	return NULL;
}

#define uthash_malloc(size)	no_memory(size)
#include "core/hash.h"

struct row {
	int key;
	UT_hash_handle hh;
};

/* A process without memory for its index; what it says goes to the pipe. */
static void child(int to)
{
	struct row *table = NULL, row = { .key = 1 };

	dup2(to, STDERR_FILENO);
	HASH_ADD_INT(table, key, &row);
	_exit(0);
}

/* core/hash.h: "The process says so and ends", and not as if all had been well */
static void says_so_and_ends(void **state)
{
	char text[256] = "";
	int fd[2], status;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (!pid)
		child(fd[1]);
	close(fd[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(read(fd[0], text, sizeof(text) - 1) > 0);
	close(fd[0]);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_FAILURE);
	assert_non_null(strstr(text, "no memory for an index"));
}

/* Where all keys' own bytes meet in one bucket of Jenkins' hash, which everybody can compute */
static void chosen_keys_do_not_meet(void **state)
{
	unsigned int i, jenkins, own, met = 0, found = 0;
	uint32_t key;

	(void)state;
	for (key = 0; found < 64; key++) {
		HASH_JEN(&key, sizeof(key), jenkins);
		if (jenkins & 0xff)
			continue;
		found++;
		HASH_FUNCTION(&key, sizeof(key), own);
		met += !(own & 0xff);
	}
	assert_in_range(met, 0, 8);
	/* and it is a function */
	for (i = 0; i < 2; i++) {
		HASH_FUNCTION(&key, sizeof(key), own);
		if (!i)
			jenkins = own;
	}
	assert_int_equal(jenkins, own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_so_and_ends),
		cmocka_unit_test(chosen_keys_do_not_meet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
