#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Real daemons hand the node's interface over, and the way by the previous gateway takes
# 100 ms longer than the anchor's own to the next: newer packets wait at the anchor for the
# previous gateway's mark of the end, and none passes an older one.  What the next gateway
# says takes as long, so that it has delivered what waited before the anchor answers.
#
# Timeout: 120
# Shows: RFC 5949 §4.1 (l): "From this time on, the packets to/from the mobile node go
# through the new MAG", and draft: fault tolerant multihoming §1: "maintain the integrity of
# data transmission"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
source "$(dirname "$0")/handover.inc"
MAG_CONF='probe-ms = 0; seamless = false; hold = true; bindack-ms = 1000;
	handover = { hi-ms = 1000; expect-ms = 60000; forward-ms = 60000; };'
LMA_CONF='timestamp-window-ms = 600000; return-ms = 30000; order-ms = 30000;
	revocation = { handover = true; delay-ms = 2000; max-delay-ms = 4000; };'
KEEP_ORDER='keep-order = true;'
# Between namespaces each processor has a queue of its own, which no network has
on_cpu 0
handover_topo
trap ctl_end EXIT
for n in pmag smag; do
	in_ns $n tc qdisc add dev core root netem limit 15000 delay $((100 * PMIP_SLOW))ms ||
		skip "no netem"
done
ctl_start lma pmag smag

attach if1
become "at the previous gateway by its link" pmag "link hold"

stream_start 15000 4000 3000
works "announced" c pmag handover mn-id mn@example.org to $SMAG
become "the next gateway waits for it" smag hold
radio_off if1
become "forwarded as soon as it has left" pmag "tunnel hold"
nap 0.2
works "packets wait at the next gateway" eventually 5 some_held smag
radio_on if1 smag
attach if1
works "the anchor has it there" eventually 10 alone $SMAG $PMAG
become "the previous gateway's binding was revoked, which is the end" smag "link hold"
works "nothing waits at the anchor any more" eventually 5 holds lma 0
stream_enough
lost_before "nothing sent after the loss of the link is lost" pmag
in_order
within "newer packets have waited at the anchor" "$(hold lma held)" 10 15000
is "all of those have left, for the mark of the end and for nothing else" \
	"$(hold lma forwarded) $(hold lma expired) $(hold lma dropped) $(hold lma opened)" \
	"$(hold lma held) 0 0 0"
is "all that was held elsewhere has left" "$(hold smag packets) $(hold smag expired) \
$(hold smag dropped) $(hold pmag packets) $(hold pmag expired) $(hold pmag dropped)" "0 0 0 0 0 0"
works "ping by the next gateway" ping_mn
