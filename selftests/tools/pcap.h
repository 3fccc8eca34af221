/* SPDX-License-Identifier: GPL-2.0 */
/* Captures of Ethernet frames, as tcpdump -w writes them on this machine. */
#ifndef _PCAP_H
#define _PCAP_H

#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PCAP_MICRO	0xa1b2c3d4
#define PCAP_NANO	0xa1b23c4d
#define PCAP_ETHERNET	1
#define PCAP_FRAME_MAX	65535

struct pcap_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, sigfigs, snaplen, linktype;
};

struct pcap_record {
	uint32_t seconds, fraction, captured, length;
};

struct pcap {
	FILE *file;
	bool micro;
	struct pcap_record record;
	uint8_t frame[PCAP_FRAME_MAX];
};

static inline void pcap_open(struct pcap *p, const char *file)
{
	struct pcap_header h;

	p->file = fopen(file, "rb");
	if (!p->file)
		err(2, "%s", file);
	if (fread(&h, sizeof(h), 1, p->file) != 1 || h.linktype != PCAP_ETHERNET ||
	    (h.magic != PCAP_MICRO && h.magic != PCAP_NANO))
		errx(2, "%s is not a capture of Ethernet frames", file);
	p->micro = h.magic == PCAP_MICRO;
}

/* Bytes of the next frame; 0: that was the last one, which may have been cut off. */
static inline size_t pcap_next(struct pcap *p)
{
	struct pcap_record *r = &p->record;

	if (fread(r, sizeof(*r), 1, p->file) != 1 || r->captured > sizeof(p->frame) ||
	    fread(p->frame, 1, r->captured, p->file) != r->captured)
		return 0;
	return r->captured;
}

/* When the frame was captured, in nanoseconds of CLOCK_REALTIME */
static inline int64_t pcap_time(const struct pcap *p)
{
	return p->record.seconds * 1000000000LL +
	       p->record.fraction * (p->micro ? 1000LL : 1LL);
}

#endif /* _PCAP_H */
