#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What another gateway sends on waits for a node that is about to come.  Once it is there,
# what goes on coming from that gateway stays behind what has waited, although the anchor
# has answered and its tunnel is the uplink by then.
#
# Processors: 2
# Timeout: 240
# Shows: RFC 5949 §4.1 (i): "The new MAG starts to forward packets destined for the mobile node
# via the new access network", and draft: fault tolerant multihoming §1: "maintain the
# integrity of data transmission"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
topo_chain
ctl smag hold set age 30000 node-packets 15000 node-bytes 33554432
ctl pmag binding set prefix $HNP path tunnel 2 bid 2
LINK="path dev acc lladdr $IF2_LL bid 2"

# More than leave in one go
many_held() { [ "$(hold smag packets)" -ge 800 ]; }

# shellcheck disable=SC2086 # words
comes() { # CPU: by which the CN's packets are received; the node's attachment is the other's
	ctl smag binding set prefix $HNP uplink 2 path hold bid 9
	on_cpu "$1"
	stream_start 30000 1000 3000
	on_cpu $((1 - $1))
	works "packets wait for a node that is to come" eventually 10 many_held
	ctl smag binding set prefix $HNP uplink 1 $LINK path tunnel 2 bid 1 path hold bid 9
	works "all go once it is there" eventually 10 holds smag 0
	stream_enough
	in_order
	is "none is lost" "$(field missing "$all")" 0
}

[ "$(nproc)" -ge 2 ] || skip "needs two processors"
for cpu in 0 1 0 1; do comes $cpu; done
is "nothing was dropped" "$(hold smag expired) $(hold smag dropped) $(drops smag no-path)" "0 0 0"

# It is not held where there is no link
ctl smag binding set prefix $HNP uplink 1 path tunnel 2 bid 1 path hold bid 9
held=$(hold smag held)
send 3
is "but waits for no link" "$(($(hold smag held) - held)) $(drops smag no-path)" "0 3"
