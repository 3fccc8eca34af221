#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §3.1: a packet that a gateway tunnels is no longer its sender's: a sender
# in another namespace of this host is not charged for what waits in the gateway's queue.
source "$(dirname "$0")/lib.sh"
topo_chain

in_ns lma tc qdisc add dev core root netem delay 4s || skip "no netem"
pkt -l mn:if1 -s cn:eth0 "$(down)" -n 1 -w 8000 > "$TMP/seen" &
sender=$!
waits() { in_ns lma tc -s qdisc show dev core | grep -q 'backlog [1-9]'; }
works "the packet waits at the LMA" eventually 5 waits
charged() { in_ns cn ss -0 -m -H | grep -o ',t[0-9]\+,' | grep -cv ',t0,'; }
is "its sender is charged for nothing" "$(charged)" 0
wait $sender
is "and it arrives" "$(grep -c "ip.dst=$MN_SINK" "$TMP/seen")" 1
