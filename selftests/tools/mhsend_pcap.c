// SPDX-License-Identifier: GPL-2.0
/* The Mobility Header messages in a capture, as tcpdump -w writes it. */
#define _GNU_SOURCE
#include <stdint.h>
#include "mhsend.h"
#include "tool.h"

#define ETH_LEN		14
#define IP6_LEN		40
#define NH_MOBILITY	135
#define FRAME_MAX	65535

/* The file's own byte order is that of the machine that wrote it: this one. */
struct pcap_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, sigfigs, snaplen, linktype;
};

struct pcap_record {
	uint32_t seconds, fraction, captured, length;
};

static void frame(const uint8_t *p, size_t len, unsigned int number)
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
	o = json_pack("{s:i}", "frame", (int)number);
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
	static uint8_t buf[FRAME_MAX];
	struct pcap_header h;
	struct pcap_record r;
	unsigned int number = 0;
	FILE *f = fopen(file, "rb");

	if (!f)
		err(2, "%s", file);
	if (fread(&h, sizeof(h), 1, f) != 1 || h.linktype != 1 ||
	    (h.magic != 0xa1b2c3d4 && h.magic != 0xa1b23c4d))
		errx(2, "%s is not a capture of Ethernet frames", file);
	while (fread(&r, sizeof(r), 1, f) == 1 && r.captured <= sizeof(buf) &&
	       fread(buf, 1, r.captured, f) == r.captured)
		frame(buf, r.captured, ++number);
	fclose(f);
	return 0;
}
