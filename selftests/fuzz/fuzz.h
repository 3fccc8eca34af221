/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What harnesses share.  An input is a row of bytes that are taken one after the other; what must
 * hold is said with the assertions of the unit tests, of which here the first that fails ends the
 * process: fuzz.c.
 */
#ifndef SELFTESTS_FUZZ_FUZZ_H
#define SELFTESTS_FUZZ_FUZZ_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* What is left of an input */
struct input {
	const uint8_t *bytes;
	size_t len;
};

/* libFuzzer calls these; the names are its own. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* So does the leak sanitizer. */
const char *__lsan_default_suppressions(void);

/* A file in memory with the rest of an input, and its name for whoever opens it */
const char *fuzz_file(const struct input *in);
/* "file:line: what", as the configuration and the policy have it */
bool fuzz_names_line(const char *err);

/* The next byte; 0: there is none any more */
static inline uint8_t take_byte(struct input *in)
{
	if (!in->len)
		return 0;
	in->len--;
	return *in->bytes++;
}

/* 0 to @n - 1, of as many bytes as that needs */
static inline uint32_t take(struct input *in, uint32_t n)
{
	uint32_t v = 0;

	for (uint64_t max = 1; max < n; max <<= 8)
		v = v << 8 | take_byte(in);
	return v % n;
}

/* All that is left, where not even one byte more can be read; free() is due */
static inline uint8_t *take_rest(const struct input *in)
{
	uint8_t *copy = malloc(in->len ? in->len : 1);

	assert_non_null(copy);
	if (in->len)
		memcpy(copy, in->bytes, in->len);
	return copy;
}

#endif
