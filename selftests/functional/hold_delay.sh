#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Processors: 2
# Timeout: 400
# Shows: draft: fault tolerant multihoming §1: "maintain the integrity of data
# transmission": where order is asked for, newer packets pass neither what waited nor what
# comes back: not while the gateways are 20 ms apart, and not where what comes back is
# received by several processors, and the end marker by any of them (RFC 6438: each flow has a
# label of its own, by which receive queues are chosen).
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain
for mag in lma pmag; do ctl $mag hold set node-packets 8000 node-bytes 33554432; done
[ "$(nproc)" -ge 2 ] || skip "needs two processors"

# What arrives at a device is received by these processors, one for each flow.  Without
# that it is by the one that sent it, and that is none in particular where a packet comes
# out of a queue: then the order is lost on the way, as no network loses it.
receives() { # MASK NETNS:DEV...
	local mask=$1 at
	shift
	for at; do
		ip netns exec "${at%:*}" sh -c "echo $mask > /sys/class/net/${at#*:}/queues/rx-0/rps_cpus" ||
			die "$at: no receive packet steering"
	done
}

# The stream's source port makes another flow of it each time
stream() { # PORT
	pkt -q -l mn:if1 -l mn:if2 -s cn:eth0 "$(down '' "udp $1 2000 32")" -c 30000 \
		-i $((2000 * PMIP_SLOW)) -w $((3000 * PMIP_SLOW)) > "$TMP/stream" &
	STREAM=$!
}
lose() { # PORT
	local opened

	opened=$(hold lma opened)
	stream "$1"
	nap 0.6
	radio_off if1
	works "flow $1: MAG1 holds" eventually 5 some_held
	lma_deregistered 30000 20000
	works "newer packets wait at the LMA" eventually 5 some_wait
	ctl pmag hold release prefix $HNP to return
	works "all of them go" eventually 10 holds lma 0
	stream_enough
	lost_before "nothing sent after the carrier event is lost" pmag
	in_order
	is "they went for the marker, not for want of room" "$(hold lma opened)" "$opened"
	node_back
}

# The gateways are 20 ms apart
receives 1 lma:cn core:lma pmag:core air:pmag mn:if1
receives 2 lma:core core:pmag core:smag smag:core air:smag mn:if2
for n in lma pmag smag; do
	in_ns $n tc qdisc add dev core root netem limit 4000 delay 20ms || skip "no netem"
done
stream 999
nap 1
stream_enough
is "nobody has lost the order while nothing breaks" \
	"$(field late "$one") $(field twice "$one")" "0 0"
for port in 1000 1001 1002; do lose $port; done
for n in lma pmag smag; do in_ns $n tc qdisc del dev core root; done

# What comes back is received by either, and the one that sends it on has more to do
receives 1 core:pmag
receives 2 air:pmag mn:if1
receives 3 lma:core
for port in 1003 1004 1005 1006 1007 1008; do lose $port; done
