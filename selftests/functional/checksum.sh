#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: checksum offload survives the tunnel: a packet whose checksum was left to
# the device by its sender has the right one wherever it leaves a device without
# offload; and a wrong one stays wrong, for the receiver to see.
source "$(dirname "$0")/lib.sh"
topo_chain
command -v ethtool > /dev/null || skip "needs ethtool"

echo_once() { in_ns "$1" ping -6 -n -c 1 -W 3 -s 900 "$2"; }
works "offload on everywhere: TCP" xfer cn mn $MN 5001 1
works "offload on everywhere: ping" echo_once cn $MN

# Sender leaves it to the device; the gateway's device has none
in_ns lma ethtool -K core tx off > "$TMP/out" 2>&1
in_ns pmag ethtool -K acc tx off >> "$TMP/out" 2>&1
pkt -n 30 -w 2000 -l pmag:core -l mn:if1 > "$TMP/seen" &
nap 0.3
works "no offload behind the encapsulation" xfer cn mn $MN 5002 1
wait $!
seen=$(< "$TMP/seen")
is "no wrong checksum leaves the LMA" "$(count 'pmag:core in' '.* tcp.sum=bad')" 0
is "nor the MAG" "$(count 'mn:if1 in' '.* tcp.sum=bad')" 0

# The other way round: the sender sums, the gateways could have
in_ns lma ethtool -K core tx on >> "$TMP/out" 2>&1
in_ns cn ethtool -K eth0 tx off >> "$TMP/out" 2>&1
works "offload behind the encapsulation only" xfer cn mn $MN 5003 1
works "and upwards" xfer mn cn $CN 5004 1

# 0xdead is not the sum of this
bad_udp="raw 03e807d0000cdead01020304 17"
watch -n 2 -l lma:core -l mn:if1 -s cn:eth0 "$(down 'hl 64' "$bad_udp")"
saw "a wrong checksum is passed on as it is" "mn:if1 in" udp.sport=1000 udp.sum=bad
