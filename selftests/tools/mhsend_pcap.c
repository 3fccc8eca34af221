// SPDX-License-Identifier: GPL-2.0
/* The Mobility Header messages in a capture, as tcpdump -w writes it. */
#define _GNU_SOURCE
#include <stdint.h>
#include "mhsend.h"
#include "pcap.h"
#include "tool.h"

#define ETH_LEN		14
#define IP6_LEN		40
#define NH_MOBILITY	135

static void frame(const uint8_t *p, size_t len, unsigned int number, int64_t time)
{
	struct in6_addr src, dst;
	size_t payload;
	json_t *o;

	if (len < ETH_LEN + IP6_LEN || get16(p + 12) != 0x86dd || p[ETH_LEN + 6] != NH_MOBILITY)
		return;
	p += ETH_LEN;
	len -= ETH_LEN + IP6_LEN;
	payload = get16(p + 4);
	memcpy(&src, p + 8, sizeof(src));
	memcpy(&dst, p + 24, sizeof(dst));
	o = json_pack("{s:i, s:I}", "frame", (int)number, "time", (json_int_t)time);
	print_message(o, p + IP6_LEN, payload < len ? payload : len, &src, &dst);
	print_end(o);
}

/**
 * print_pcap() - one line per Mobility Header message in a capture
 * @file: its name
 *
 * Return: 0; does not return from a file that is none.
 */
int print_pcap(const char *file)
{
	static struct pcap p;
	unsigned int number = 0;
	size_t len;

	pcap_open(&p, file);
	while ((len = pcap_next(&p)))
		frame(p.frame, len, ++number, pcap_time(&p));
	fclose(p.file);
	return 0;
}
