// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memfd_create() */
/* What every harness begins with, and files that are nowhere. */
#include "fuzz.h"

#include "core/log.h"

#include <ctype.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/**
 * LLVMFuzzerInitialize() - before the first input
 * @argc: not used
 * @argv: not used
 *
 * An assertion outside of a unit test ends the process as a crash does: who runs the harness
 * keeps the input then.
 *
 * Return: 0.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	log_set_level(LOG_EMERG);
	return setenv("CMOCKA_TEST_ABORT", "1", 1);
}

/**
 * __lsan_default_suppressions() - what leaks, and is not ours
 *
 * libconfig 1.5 forgets strings of what it cannot read.
 *
 * Return: names of functions.
 */
const char *__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\nleak:libconfig_yylex\n";
}

/**
 * fuzz_file() - a file with the rest of an input
 * @in: the input
 *
 * There is one such file at a time, and it is in memory.
 *
 * Return: its name.
 */
const char *fuzz_file(const struct input *in)
{
	static char name[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		assert_true(fd >= 0);
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	}
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(pwrite(fd, in->bytes, in->len, 0), in->len);
	return name;
}

/**
 * fuzz_names_line() - whether an error says where it is
 * @err: the error
 *
 * Return: true if it begins with "FILE:LINE: " and goes on.
 */
bool fuzz_names_line(const char *err)
{
	const char *colon = strchr(err, ':');
	size_t digits = 0;

	if (!colon || colon == err)
		return false;
	while (isdigit((unsigned char)colon[1 + digits]))
		digits++;
	return digits && !strncmp(colon + 1 + digits, ": ", 2) && colon[1 + digits + 2];
}
