// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE /* memmem() */
/* Configuration files, as pmipd is started with. */
#include "fuzz.h"

#include "conf/conf.h"

/**
 * LLVMFuzzerTestOneInput() - a configuration file
 * @data: its text
 * @size: bytes
 *
 * It is taken, or refused with its name, the line and the reason.
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct input in = { data, size };
	static struct conf conf;
	char err[512] = "";

	/* of other files there is no telling what is in them */
	if (memmem(data, size, "@include", 8))
		return 0;
	if (conf_load(&conf, fuzz_file(&in), err, sizeof(err)))
		assert_true(fuzz_names_line(err));
	else
		conf_free(&conf);
	return 0;
}
