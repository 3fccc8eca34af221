// SPDX-License-Identifier: GPL-2.0
/*
 * A file with the keys of security associations, a line for each:
 *
 *	FROM TO SPI KEY [ENCRYPTION-KEY]
 *
 * so that both gateways have the same one.  A key is never said: neither is the line that
 * has something wrong.
 */
#include "cli/ipsec_keys.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SPI_MIN		256	/* RFC 4303 §2.1: those below are reserved */
#define WORDS_MAX	6

static bool is_key(const char *word, size_t bytes)
{
	return strlen(word) == 2 * bytes && strspn(word, "0123456789abcdefABCDEF") == 2 * bytes;
}

static bool take_spi(const char *word, uint32_t *spi)
{
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(word, &end, 0);
	*spi = (uint32_t)v;
	return *word != '-' && !*end && !errno && v >= SPI_MIN && v <= UINT32_MAX;
}

/* What is wrong, or NULL */
static const char *take_words(struct ipsec_key *k, char **word, unsigned int n)
{
	memset(k, 0, sizeof(*k));
	if (n < 4 || n > 5)
		return "needs FROM TO SPI KEY, and may have an encryption key";
	if (inet_pton(AF_INET6, word[0], &k->from) != 1)
		return "FROM is not an IPv6 address";
	if (inet_pton(AF_INET6, word[1], &k->to) != 1)
		return "TO is not an IPv6 address";
	if (IN6_ARE_ADDR_EQUAL(&k->from, &k->to))
		return "FROM and TO are the same";
	if (!take_spi(word[2], &k->spi))
		return "SPI is not a number within 256 to 4294967295";
	if (!is_key(word[3], 32))
		return "KEY is not 64 hexadecimal digits";
	if (n == 5 && !is_key(word[4], 16) && !is_key(word[4], 32))
		return "the encryption key is not 32 or 64 hexadecimal digits";
	snprintf(k->integrity, sizeof(k->integrity), "%s", word[3]);
	if (n == 5)
		snprintf(k->encryption, sizeof(k->encryption), "%s", word[4]);
	return NULL;
}

static unsigned int split(char *line, char **word)
{
	unsigned int n = 0;
	char *rest, *w;

	line[strcspn(line, "#\n")] = '\0';
	for (w = strtok_r(line, " \t\r", &rest); w && n < WORDS_MAX;
	     w = strtok_r(NULL, " \t\r", &rest))
		word[n++] = w;
	return n;
}

static int read_lines(struct cli *c, FILE *f, const char *file,
		      int (*fn)(void *arg, const struct ipsec_key *k), void *arg)
{
	unsigned int n, number = 0;
	char line[512], *word[WORDS_MAX];
	struct ipsec_key k;
	const char *wrong;
	int ret = CLI_OK;

	while (!ret && fgets(line, sizeof(line), f)) {
		number++;
		n = split(line, word);
		if (!n)
			continue;
		wrong = take_words(&k, word, n);
		ret = wrong ? cli_fail(c, "%s:%u: %s", file, number, wrong) : fn(arg, &k);
	}
	explicit_bzero(line, sizeof(line));
	explicit_bzero(&k, sizeof(k));
	return ret;
}

/**
 * ipsec_keys_read() - read a file with the keys of security associations
 * @c: the command line
 * @file: its name; nobody but its owner may read it
 * @fn: called with each; other than 0 ends it
 * @arg: passed on
 *
 * Return: 0, what @fn has returned, or CLI_FAILED after saying what is wrong where.
 */
int ipsec_keys_read(struct cli *c, const char *file,
		    int (*fn)(void *arg, const struct ipsec_key *k), void *arg)
{
	FILE *f = fopen(file, "re");
	struct stat st;
	int ret;

	if (!f)
		return cli_fail(c, "%s: %s", file, strerror(errno));
	if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode))
		ret = cli_fail(c, "%s: not a file", file);
	else if (st.st_mode & 077)
		ret = cli_fail(c, "%s: others may read it, or write; chmod 600 helps", file);
	else
		ret = read_lines(c, f, file, fn, arg);
	fclose(f);
	return ret;
}
