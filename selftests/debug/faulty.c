// SPDX-License-Identifier: GPL-2.0
/*
 * Commits the fault that its argument names.  What reports it, and how:
 *
 * asan use-after-free AddressSanitizer: heap-use-after-free
 * asan leak LeakSanitizer: detected memory leaks
 * asan shift runtime error: shift exponent 32 is too large
 * valgrind use-after-free Invalid read of size 4
 * valgrind leak definitely lost
 * valgrind uninitialised depends on uninitialised value
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void use_after_free(void)
{
	int *number = calloc(4, sizeof(*number));

	free(number);
	printf("read %d\n", number[1]);
}

static void leak(void)
{
	char *text = strdup("forgotten");

	text = NULL;
	printf("kept %s\n", text ? text : "nothing");
}

static void shift(void)
{
	int width = 32;

	printf("1 << %d is %d\n", width, 1 << width);
}

static void uninitialised(void)
{
	int *number = malloc(sizeof(*number));

	puts(*number == 7 ? "it is 7" : "it is not 7");
	free(number);
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "use-after-free", use_after_free },
	{ "leak", leak },
	{ "shift", shift },
	{ "uninitialised", uninitialised },
	{ NULL, NULL }
};

int main(int argc, char **argv)
{
	int i;

	for (i = 0; argc > 1 && faults[i].name; i++) {
		if (!strcmp(argv[1], faults[i].name)) {
			faults[i].commit();
			return 0;
		}
	}
	return 2;
}
