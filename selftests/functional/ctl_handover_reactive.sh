#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Real daemons: the node's interface is lost unannounced, and 200 ms later it is at another
# gateway, which asks the one before for what has come: that waits there, and nothing is lost,
# all in order.  And one that nobody asks for is deregistered after a while.
#
# Timeout: 240
# Shows: RFC 5949 §4.1: "it would be more natural that the NMAG send the HI message to the PMAG
# after the mobile node has moved to the new link", (e): "packets destined for the mobile node
# are forwarded from the previous MAG to the new MAG over this tunnel", and RFC 5213 §6.9.1.4:
# "it SHOULD send a Proxy Binding Update message to the local mobility anchor with the lifetime
# value set to zero"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
source "$(dirname "$0")/handover.inc"
# A minute at most may be configured
WAIT_MS=$((15000 * (PMIP_SLOW < 4 ? PMIP_SLOW : 4)))
MAG_CONF="probe-ms = 0; seamless = false; hold = true; bindack-ms = 300;
	handover = { hi-ms = 500; expect-ms = 60000; forward-ms = 60000; wait-ms = $WAIT_MS; };"
LMA_CONF='timestamp-window-ms = 600000; return-ms = 30000; order-ms = 30000;
	revocation = { handover = true; delay-ms = 2000; max-delay-ms = 4000; };'
KEEP_ORDER='keep-order = true;'
# Between namespaces each processor has a queue of its own, which no network has
on_cpu 0
handover_topo
trap ctl_end EXIT
ctl_start lma pmag smag

has_left() { ! lma_has "$1"; } # ADDRESS
attach if1
become "at the previous gateway by its link" pmag "link hold"

stream_start 15000 4000 3000
radio_off if1
become "its packets wait" pmag hold
works "they do" eventually 5 some_held pmag
nap 0.2
is "nothing was deregistered" "$(alone $PMAG $SMAG && echo yes)" yes
# Its access point is faster than what its own kernel says
in_ns mn tc qdisc add dev if1 root netem loss 100% || skip "no netem"
radio_on if1 smag
works "it is there, and who says so knows where from" \
	c smag attach dev acc lladdr $IF1_LL from $PMAG
in_ns mn tc qdisc del dev if1 root
works "the anchor has it there" eventually 10 alone $SMAG $PMAG
become "the previous gateway's binding was revoked, which is the end" smag "link hold"
works "nothing waits any more" eventually 5 holds pmag 0
works "nor at the anchor" eventually 5 holds lma 0
stream_enough
lost_before "nothing sent after the loss of the link is lost" pmag
in_order
within "packets have waited at the previous gateway" "$(hold pmag held)" 20 15000
within "and were forwarded" "$(hold pmag forwarded)" 20 15000
is "or went back, if the anchor's word came first; none was lost" \
	"$(($(hold pmag forwarded) + $(hold pmag returned))) $(hold pmag expired) $(hold pmag dropped)" \
	"$(hold pmag held) 0 0"
works "ping by the next gateway" ping_mn

# ---- asked for once it is there: what may be too early is what the anchor sends ----
stream_start 15000 4000 3000
radio_off if1
become "its packets wait" smag hold
works "they do" eventually 5 some_held smag
radio_on if1 pmag
attach if1
works "the gateway where it is asks" c pmag handover mn-id mn@example.org from $SMAG
works "the anchor has it there" eventually 10 alone $PMAG $SMAG
become "the previous gateway's binding was revoked" pmag "link hold"
works "nothing waits any more" eventually 5 holds smag 0
works "nor at the anchor" eventually 5 holds lma 0
stream_enough
in_order
is "nothing that was held is lost" "$(hold smag expired) $(hold smag dropped)" "0 0"
works "ping by the next gateway" ping_mn

# ---- nobody asks ----
radio_off if1
become "its packets wait" pmag hold
works "the anchor has it there" alone $PMAG $SMAG
works "and hears of it later" eventually 30 has_left $PMAG
become "nothing is left of it" pmag ""
