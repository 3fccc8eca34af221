/* SPDX-License-Identifier: GPL-2.0 */
/* A directory for stores, as long as the tests of a program run */
#ifndef SELFTESTS_UNIT_IO_STORE_DIR_H
#define SELFTESTS_UNIT_IO_STORE_DIR_H

#include "core/log.h"
#include "io/store.h"

#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/pmip-store-XXXXXX";

static inline int begin(void **state)
{
	(void)state;
	log_set_level(LOG_EMERG);
	return mkdtemp(dir) ? 0 : -1;
}

static inline int end(void **state)
{
	(void)state;
	store_remove(dir);
	return rmdir(dir);
}

#endif
