// SPDX-License-Identifier: GPL-2.0
/*
 * replay FILE...: gives a harness each of these inputs once, without a fuzzer.  Names the one at
 * hand before it fails.
 */
#include "fuzz.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define INPUT_MAX	(1 << 20)

static const char *at_hand = "";

/* Nothing but what may be called from anywhere */
static void on_abort(int sig)
{
	static const char text[] = "FAILED: with ";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	n += write(STDERR_FILENO, at_hand, strlen(at_hand));
	n += write(STDERR_FILENO, "\n", 1);
	signal(sig, SIG_DFL);
	_exit(n < 0 ? 2 : 1);
}

static int replay(const char *path)
{
	static uint8_t buf[INPUT_MAX];
	FILE *f = fopen(path, "r");
	size_t len;

	if (!f) {
		perror(path);
		return -1;
	}
	at_hand = path;
	len = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	LLVMFuzzerTestOneInput(buf, len);
	return 0;
}

int main(int argc, char **argv)
{
	if (LLVMFuzzerInitialize(&argc, &argv))
		return 2;
	signal(SIGABRT, on_abort);
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]))
			return 2;
	printf("%d inputs\n", argc - 1);
	return 0;
}
