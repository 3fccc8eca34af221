// SPDX-License-Identifier: GPL-2.0
/* The one file that instantiates the tracepoints. */
#include <linux/module.h>

#include "compat.h"

#ifndef __CHECKER__
#define CREATE_TRACE_POINTS
#include "trace.h"
#endif
