/* SPDX-License-Identifier: GPL-2.0 */
/* Configurations as texts: taken, or refused with the line and the reason. */
#ifndef SELFTESTS_UNIT_CONF_TEXT_H
#define SELFTESTS_UNIT_CONF_TEXT_H

#include "conf/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LMA	"lma = { address = \"2001:db8::1\"; };\n"
#define LMA_WITH(x) "lma = { address = \"2001:db8::1\";\n" x "};\n"
#define MAG(x)	"mag = { address = \"2001:db8::2\"; links = ( { name = \"e1\"; } );\n" x "};\n"
#define LINKS(x) "mag = { address = \"2001:db8::2\"; links = (\n" x "); };\n"

static struct conf conf;
static char path[] = "/tmp/pmip-conf-XXXXXX";
static char err[512];

static inline int load(const char *text)
{
	FILE *f = fopen(path, "w");

	/* of the last one, if that was good */
	conf_free(&conf);
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	err[0] = '\0';
	return conf_load(&conf, path, err, sizeof(err));
}

static inline void good(const char *text)
{
	if (load(text))
		fail_msg("refused: %s", err);
}

/* The error is "file:line: " and then begins with what. */
static inline void bad(const char *text, int line, const char *what)
{
	char want[512];

	snprintf(want, sizeof(want), "%s:%d: %s", path, line, what);
	if (!load(text)) {
		conf_free(&conf);
		fail_msg("accepted, instead of: %s", want);
	}
	if (strncmp(err, want, strlen(want)))
		fail_msg("\"%s\" instead of \"%s\"", err, want);
}

static inline int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static inline int teardown(void **state)
{
	(void)state;
	conf_free(&conf);
	return unlink(path);
}

#endif
