#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Processors: 2
# Timeout: 240
# Shows: draft: fault tolerant multihoming §1: "maintain the integrity of data
# transmission": where order is asked for, packets that waited and those that come back
# are not passed by newer ones, also where another processor receives the newer ones.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain
# Room for the whole stream: a busy host may take long between two commands
for mag in lma pmag; do
	ctl $mag hold set node-packets 30000 node-bytes 67108864 link-packets 30000 \
		link-bytes 67108864 total-packets 30000 total-bytes 67108864
done
[ "$(nproc)" -ge 2 ] || skip "needs two processors"

# The CN's packets are received by CPU, what is returned by the other one
lose() { # CPU
	on_cpu "$1"
	stream_start 30000 1000 3000
	on_cpu $((1 - $1))
	nap 0.4
	radio_off if1
	works "MAG1 holds" eventually 5 some_held
	lma_deregistered 30000 20000
	works "newer packets wait at the LMA" eventually 5 some_wait
	ctl pmag hold release prefix $HNP to return
	works "all of them go" eventually 5 holds lma 0
	stream_enough
	lost_before "nothing sent after the carrier event is lost" pmag
	in_order
}

for cpu in 0 1 1; do
	lose $cpu
	node_back
done

# What waits goes on by itself once the link is back
for cpu in 0 1; do
	on_cpu $cpu
	stream_start 30000 1000 3000
	on_cpu $((1 - cpu))
	nap 0.4
	radio_off if1
	works "MAG1 holds" eventually 5 some_held
	down_ns=$(link pmag acc down-ns)
	radio_on if1
	works "nothing waits once the link is back" eventually 3 holds pmag 0
	stream_enough
	is "nothing twice, all in order" "$(field twice "$one") $(field late "$one")" "0 0"
	is "none was dropped" "$(hold pmag expired) $(hold pmag dropped)" "0 0"
done
