#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Processors: 2
# Timeout: 120
# Shows: draft: fault tolerant multihoming §1: "maintain the integrity of data
# transmission": order costs no loss.  Where the end marker is late, newer packets at the
# anchor wait no longer than there is room for them, whichever limit it is, and also
# where another processor than that which receives them has the queue.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain
[ "$(nproc)" -ge 2 ] || skip "needs two processors"
# MAG1 has room for the whole stream: a busy host may take seconds between two commands
ctl pmag hold set node-packets 30000 node-bytes 67108864 link-packets 30000 link-bytes 67108864 \
	total-packets 30000 total-bytes 67108864
# The CN's packets are received by CPU, the other has the queue that they wait in
crowd() { # CPU LIMIT N
	local opened waits came
	ctl lma hold set node-packets 4096 node-bytes 8388608 total-packets 16384 "$2" "$3"
	opened=$(hold lma opened) waits=$(hold lma held) came=$(hold lma accepted)
	on_cpu "$1"
	stream_start 30000 1000 3000
	on_cpu $((1 - $1))
	nap 0.4
	radio_off if1
	works "$2: MAG1 holds" eventually 5 some_held
	lma_deregistered 30000 20000
	works "newer packets wait while there is room" eventually 10 counted lma opened $((opened + 1))
	works "and then go by themselves" eventually 5 holds lma 0
	waits=$(($(hold lma held) - waits))
	[ "$waits" -ge 20 ] && ok "$waits waited" || bad "only $waits waited"
	ctl pmag hold release prefix $HNP to return
	stream_enough
	came=$(($(hold lma accepted) - came))
	lost_before "nothing sent after the carrier event is lost" pmag
	is "none was dropped" "$(hold lma dropped) $(hold lma expired) $(hold pmag dropped)" "0 0 0"
	is "nothing twice" "$(field twice "$one") $(field twice "$two")" "0 0"
	[ "$came" -ge 20 ] && ok "$came came back" || bad "only $came came back"
	is "behind newer ones" "$(field late "$two")" "$came"
	node_back
}
crowd 0 node-packets 100
crowd 1 total-packets 120
crowd 0 node-bytes 200000
