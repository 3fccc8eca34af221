// SPDX-License-Identifier: GPL-2.0
/* pmipctl ipsec: keys of a file into lines for ip-xfrm(8) */
#include "fake_kernel.h"

#include <stdio.h>
#include <sys/stat.h>

#define K1	"000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"
#define K2	"FF0102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0eff"
#define E1	"101112131415161718191a1b1c1d1e1f"
#define MAG	"2001:db8::2"
#define LMA	"2001:db8::1"
#define LINES	"ipsec lines local " LMA " keys "

static struct fake f;
static char path[] = "/tmp/pmip-keys-XXXXXX";

static int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	fake_start(&f);
	return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
	(void)state;
	fake_stop(&f);
	unlink(path);
	memset(path + sizeof(path) - 7, 'X', 6);
	return 0;
}

static int run(const char *text, const char *line)
{
	FILE *keys = fopen(path, "w");
	char command[256];

	assert_non_null(keys);
	fputs(text, keys);
	assert_int_equal(fclose(keys), 0);
	snprintf(command, sizeof(command), LINES "%s%s", path, line);
	return fake_run(&f, command);
}

static void assert_has(const char *line)
{
	if (!strstr(f.out, line))
		fail_msg("no \"%s\" in: %s", line, f.out);
}

#define BOTH	"# of two gateways\n" \
		MAG " " LMA " 0x1001 " K1 "\n\n" \
		"\t" LMA "  " MAG " 4098 " K2 " " E1 " # encrypted\n" \
		MAG " 2001:db8::3 0x1003 " K1 "\n"

/* Draft: flow mobility §8: "SA1(IN, spi_a, lma_address_1, ESP, TRANSPORT)" and */
/* "SA2(OUT, spi_b, mag_address_1, ESP, TRANSPORT)" */
static void associations(void **state)
{
	(void)state;
	assert_int_equal(run(BOTH, ""), CLI_OK);
	assert_has("xfrm state add src " MAG " dst " LMA " proto esp spi 0x1001 reqid 4097 "
		   "mode transport auth-trunc hmac(sha256) 0x" K1 " 128 enc ecb(cipher_null) \"\" "
		   "sel src " MAG " dst " LMA " proto 135\n");
	assert_has("xfrm state add src " LMA " dst " MAG " proto esp spi 0x1002 reqid 4098 "
		   "mode transport auth-trunc hmac(sha256) 0x" K2 " 128 enc cbc(aes) 0x" E1 " "
		   "sel src " LMA " dst " MAG " proto 135\n");
	/* another gateway's is none of this one's affair */
	assert_null(strstr(f.out, "2001:db8::3"));
}

/* Draft: flow mobility §8: "proto = MH & (remote_mh_type = FMA | local_mh_type = FMI)" */
/* "Then use SA2 (OUT) and SA1 (IN)"; RFC 5213 §4.2 has the same of BU and BA */
static void policies(void **state)
{
	(void)state;
	assert_int_equal(run(BOTH, ""), CLI_OK);
	assert_has("policy add src " LMA " dst " MAG " proto 135 type 242 dir out "
		   "tmpl src " LMA " dst " MAG " proto esp reqid 4098 mode transport\n");
	assert_has("policy add src " MAG " dst " LMA " proto 135 type 243 dir in "
		   "tmpl src " MAG " dst " LMA " proto esp reqid 4097 mode transport\n");
	assert_has("policy add src " LMA " dst " MAG " proto 135 type 6 dir out ");
	assert_has("policy add src " MAG " dst " LMA " proto 135 type 5 dir in ");
	assert_null(strstr(f.out, "proto 41"));
}

static void choices(void **state)
{
	(void)state;
	assert_int_equal(run(BOTH, " all data"), CLI_OK);
	assert_has("policy add src " LMA " dst " MAG " proto 135 dir out ");
	assert_has("policy add src " MAG " dst " LMA " proto 41 dir in ");
	assert_has("sel src " LMA " dst " MAG "\n");
	assert_null(strstr(f.out, " type "));
}

/* What is deleted is said without its key. */
static void deleted(void **state)
{
	(void)state;
	assert_int_equal(run(BOTH, " delete"), CLI_OK);
	assert_has("xfrm state delete src " MAG " dst " LMA " proto esp spi 0x1001\n");
	assert_has("xfrm policy delete src " MAG " dst " LMA " proto 135 type 5 dir in\n");
	assert_null(strstr(f.out, K1));
	assert_null(strstr(f.out, "tmpl"));
}

static void refused(const char *text, unsigned int line, const char *why)
{
	char want[256];

	assert_int_equal(run(text, ""), CLI_FAILED);
	snprintf(want, sizeof(want), "Error: %s:%u: %s", path, line, why);
	if (!strstr(f.err, want))
		fail_msg("no \"%s\" in: %s", want, f.err);
	assert_null(strstr(f.err, "0102030405"));
}

/* RFC 4303 §2.1: SPIs from 1 to 255 are reserved */
static void wrong(void **state)
{
	(void)state;
	refused("\n" MAG " " LMA " 0x1001\n", 2, "needs FROM TO SPI KEY");
	refused(MAG " " LMA " 0x1001 " K1 " " E1 " more\n", 1, "needs FROM TO SPI KEY");
	refused("mag " LMA " 0x1001 " K1 "\n", 1, "FROM is not an IPv6 address");
	refused(MAG " lma 0x1001 " K1 "\n", 1, "TO is not an IPv6 address");
	refused(MAG " " MAG " 0x1001 " K1 "\n", 1, "FROM and TO are the same");
	refused(MAG " " LMA " 255 " K1 "\n", 1, "SPI is not a number within");
	refused(MAG " " LMA " 0x100000000 " K1 "\n", 1, "SPI is not a number within");
	refused(MAG " " LMA " -5 " K1 "\n", 1, "SPI is not a number within");
	refused(MAG " " LMA " 256 " E1 "\n", 1, "KEY is not 64 hexadecimal digits");
	refused(MAG " " LMA " 256 0x" K1 "\n", 1, "KEY is not 64 hexadecimal digits");
	refused(MAG " " LMA " 256 " K1 " 01\n", 1, "the encryption key is not 32 or 64");
}

/* A file that others can read has no secrets. */
static void readable(void **state)
{
	(void)state;
	assert_int_equal(run(BOTH, ""), CLI_OK);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(run(BOTH, ""), CLI_FAILED);
	assert_non_null(strstr(f.err, "others may read it"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(run(MAG " 2001:db8::3 0x1003 " K1 "\n", ""), CLI_FAILED);
	assert_non_null(strstr(f.err, "nothing in it is of the local address"));
	assert_int_equal(fake_run(&f, LINES "/nonexistent"), CLI_FAILED);
	assert_int_equal(fake_run(&f, LINES "/tmp"), CLI_FAILED);
	assert_non_null(strstr(f.err, "/tmp: not a file"));
	assert_int_equal(fake_run(&f, "ipsec lines keys /nonexistent"), CLI_USAGE);
	assert_int_equal(fake_run(&f, "ipsec lines local " LMA), CLI_USAGE);
	assert_int_equal(fake_run(&f, LINES "/tmp loud"), CLI_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(associations, setup, teardown),
		cmocka_unit_test_setup_teardown(policies, setup, teardown),
		cmocka_unit_test_setup_teardown(choices, setup, teardown),
		cmocka_unit_test_setup_teardown(deleted, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong, setup, teardown),
		cmocka_unit_test_setup_teardown(readable, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
