/* SPDX-License-Identifier: GPL-2.0 */
/* A message around the bytes of Flow Identification options */
#ifndef SELFTESTS_UNIT_MH_FLOW_H
#define SELFTESTS_UNIT_MH_FLOW_H

#include "fake_env.h"
#include "gen.h"

#define AT	16	/* of the option, 8n: behind the FMI's 12 bytes and PadN of 4 */

/* An FMI with these bytes behind its padding; what is missing to 8n is padded */
static inline size_t fmi(uint8_t *buf, const uint8_t *opt, size_t n)
{
	size_t len = (AT + n + 7) / 8 * 8;

	memset(buf, 0, len);
	buf[0] = 59;
	buf[1] = (uint8_t)(len / 8 - 1);
	buf[2] = 242;
	buf[8] = 0x80;
	buf[12] = 1;
	buf[13] = 2;
	memcpy(buf + AT, opt, n);
	if (len - AT - n > 1) {
		buf[AT + n] = 1;
		buf[AT + n + 1] = (uint8_t)(len - AT - n - 2);
	}
	gen_fix_checksum(buf, len);
	return len;
}

#endif
