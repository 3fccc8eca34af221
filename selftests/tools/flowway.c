// SPDX-License-Identifier: GPL-2.0
/*
 * flowway - which way the packets of one direction of a flow took
 *
 *	flowway CAPTURE PORT PACKETS REALTIME-MINUS-MONOTONIC
 *
 * CAPTURE is of what gateways send each other, PACKETS what flowstat wrote: to each
 * of its lines, SEQUENCE SENT RECEIVED, it adds when the packet was first seen in a
 * tunnel (CLOCK_MONOTONIC, ns; 0: never) and from where to where:
 *
 *	SEQUENCE SENT RECEIVED ENTERED OUTER-SOURCE,OUTER-DESTINATION[,...]
 *
 * with two more addresses for each further tunnel, in order; "-" for none.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "pcap.h"

#define ETH_LEN		14
#define IP6_LEN		40
#define IP6_NEXT	6
#define IP6_SRC		8
#define IP6_DST		24
#define UDP_LEN		8
#define NH_IP6		41
#define NH_UDP		17
#define NH_DSTOPTS	60
#define WAY_MAX		256	/* characters: more tunnels than there are gateways */

struct way {
	int64_t sent, received, entered;
	char text[WAY_MAX];
};

struct ways {
	struct way *v;		/* by sequence number */
	size_t n, size;
};

static void read_packets(struct ways *w, const char *file)
{
	FILE *in = fopen(file, "r");
	long long seq, sent, received;
	char line[128];

	if (!in)
		err(2, "%s", file);
	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "%lld %lld %lld", &seq, &sent, &received) != 3 ||
		    seq != (long long)w->n)
			errx(2, "%s: not what flowstat writes: %s", file, line);
		if (w->n == w->size) {
			w->size = w->size ? w->size * 2 : 4096;
			w->v = reallocarray(w->v, w->size, sizeof(*w->v));
			if (!w->v)
				err(2, "packets");
		}
		w->v[w->n++] = (struct way){ .sent = sent, .received = received };
	}
	fclose(in);
}

/* The inner packet, past the destination options that may be between; NULL for none */
static const uint8_t *inner_packet(const uint8_t *p, const uint8_t *end)
{
	uint8_t next = p[IP6_NEXT];

	p += IP6_LEN;
	if (next == NH_DSTOPTS && p + 2 <= end) {
		next = p[0];
		p += (p[1] + 1) * 8;
	}
	return next == NH_IP6 && p + IP6_LEN + UDP_LEN + sizeof(struct flow_packet) <= end &&
	       p[IP6_NEXT] == NH_UDP ? p : NULL;
}

/* Both directions are in the capture: only one of them has sent this one then. */
static struct way *find_packet(struct ways *w, const uint8_t *udp, uint16_t port)
{
	struct flow_packet fp;
	uint64_t seq;

	memcpy(&fp, udp + UDP_LEN, sizeof(fp));
	seq = be64toh(fp.seq);
	if ((udp[2] << 8 | udp[3]) != port || fp.magic != htobe32(FLOW_MAGIC) ||
	    seq >= w->n || w->v[seq].sent != (int64_t)be64toh(fp.sent))
		return NULL;
	return &w->v[seq];
}

static void frame(struct ways *w, const struct pcap *p, size_t len, uint16_t port, int64_t offset)
{
	const uint8_t *outer = p->frame + ETH_LEN, *end = p->frame + len, *inner;
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	struct way *way;
	size_t used;

	if (len < ETH_LEN + IP6_LEN || p->frame[12] != 0x86 || p->frame[13] != 0xdd)
		return;
	inner = inner_packet(outer, end);
	way = inner ? find_packet(w, inner + IP6_LEN, port) : NULL;
	if (!way)
		return;
	if (!way->entered)
		way->entered = pcap_time(p) - offset;
	used = strlen(way->text);
	snprintf(way->text + used, WAY_MAX - used, "%s%s,%s", used ? "," : "",
		 inet_ntop(AF_INET6, outer + IP6_SRC, src, sizeof(src)),
		 inet_ntop(AF_INET6, outer + IP6_DST, dst, sizeof(dst)));
}

int main(int argc, char **argv)
{
	static struct pcap capture;
	struct ways w = { 0 };
	size_t len, i;

	if (argc != 5)
		errx(2, "usage: flowway CAPTURE PORT PACKETS REALTIME-MINUS-MONOTONIC");
	read_packets(&w, argv[3]);
	pcap_open(&capture, argv[1]);
	while ((len = pcap_next(&capture)))
		frame(&w, &capture, len, (uint16_t)atoi(argv[2]), atoll(argv[4]));
	fclose(capture.file);
	for (i = 0; i < w.n; i++)
		printf("%zu %lld %lld %lld %s\n", i, (long long)w.v[i].sent,
		       (long long)w.v[i].received, (long long)w.v[i].entered,
		       w.v[i].text[0] ? w.v[i].text : "-");
	free(w.v);
	return 0;
}
