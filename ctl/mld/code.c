// SPDX-License-Identifier: GPL-2.0
/* Times of a query as floating-point numbers (RFC 3810 §5.1.3, §5.1.9). */
#include "mld/mld.h"

/* A leading one, three bits of exponent, and so many of mantissa */
#define DELAY_BITS	12
#define INTERVAL_BITS	4
#define EXP_MAX		7
#define EXP_BIAS	3

static uint32_t value_of(unsigned int code, unsigned int bits)
{
	uint32_t one = 1U << bits;

	if (code < one << EXP_BIAS)
		return code;
	return (uint32_t)(one | (code & (one - 1))) << ((code >> bits & EXP_MAX) + EXP_BIAS);
}

static unsigned int code_of(uint32_t value, unsigned int bits)
{
	uint32_t one = 1U << bits;
	unsigned int exp = 0;

	if (value < one << EXP_BIAS)
		return value;
	while (exp < EXP_MAX && value >> (exp + EXP_BIAS) >= 2 * one)
		exp++;
	value >>= exp + EXP_BIAS;
	if (value >= 2 * one)
		value = 2 * one - 1;
	return one << EXP_BIAS | exp << bits | (value & (one - 1));
}

/**
 * mld_delay_of_code() - Maximum Response Delay
 * @code: Maximum Response Code
 *
 * RFC 3810 §5.1.3: (mant | 0x1000) << (exp + 3) from 32768 on.
 *
 * Return: ms, at most 8387584.
 */
uint32_t mld_delay_of_code(uint16_t code)
{
	return value_of(code, DELAY_BITS);
}

/**
 * mld_code_of_delay() - Maximum Response Code
 * @ms: Maximum Response Delay
 *
 * RFC 3810 §9.8: "the exact value if possible, or the next lower value if the requested
 * value is not exactly representable".
 *
 * Return: the code.
 */
uint16_t mld_code_of_delay(uint32_t ms)
{
	return (uint16_t)code_of(ms, DELAY_BITS);
}

/**
 * mld_interval_of_code() - Querier's Query Interval
 * @code: QQIC
 *
 * RFC 3810 §5.1.9: (mant | 0x10) << (exp + 3) from 128 on.
 *
 * Return: s, at most 31744.
 */
uint32_t mld_interval_of_code(uint8_t code)
{
	return value_of(code, INTERVAL_BITS);
}

/**
 * mld_code_of_interval() - Querier's Query Interval Code
 * @s: Query Interval
 *
 * Return: the code of it, or of the next lower value that has one.
 */
uint8_t mld_code_of_interval(uint32_t s)
{
	return (uint8_t)code_of(s, INTERVAL_BITS);
}
