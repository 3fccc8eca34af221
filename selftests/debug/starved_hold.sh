#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: while a third of all allocations that may not sleep fail, packets that would
# wait for a way to their node get lost and nothing else: each is held or counted, no
# queue is left behind, and what comes later waits, goes back and arrives.
source "$(dirname "$0")/../functional/lib.sh"
source "$(dirname "$0")/../functional/hold.inc"
source "$(dirname "$0")/starved.inc"

nothing_held() { # WHAT NETNS
	is "$1" "$(hold "$2" packets) $(hold "$2" bytes) $(hold "$2" queues)" "0 0 0"
}

hold_chain
radio_off if1

# Each queue is made anew, with the shares that it has part in
for _ in {1..10}; do
	fails 33
	send 5
	fails 0
	ctl pmag hold release prefix $HNP to drop
done
lost=$(drops pmag no-memory) held=$(hold pmag held)
[ "$lost" -gt 0 ] && ok "$lost had no memory to wait" || bad "each had its memory"
[ "$held" -gt 0 ] && ok "$held waited" || bad "none waited"
is "all that waited were dropped when told to" "$(hold pmag dropped)" "$held"
nothing_held "and nothing waits any more" pmag

# What goes back with its marker, and what waits for it at the anchor
opened=0
for _ in {1..10}; do
	ctl lma binding set prefix $HNP return none path tunnel 1 bid 1
	send 5
	fails 33
	ctl lma binding set prefix $HNP return tunnel 1 time 30000 wait 30000 2> "$TMP/refused" &&
		opened=$((opened + 1))
	ctl lma binding set prefix $HNP path tunnel 2 bid 2
	ctl pmag hold release prefix $HNP to return
	send 5
	fails 0
	ctl pmag hold release prefix $HNP to drop
done
ctl lma binding set prefix $HNP return none path tunnel 1 bid 1
within "they might come back $opened times of 10" "$opened" 1 9
is "each that waited has gone back or was dropped" "$(hold pmag held)" \
	$(($(hold pmag returned) + $(hold pmag dropped)))
is "newer ones have gone on" "$(hold lma forwarded)" "$(hold lma held)"
nothing_held "nothing waits where they were held" pmag
nothing_held "nor where they came back to" lma

send 5
is "what comes later waits" "$(hold pmag packets)" 5
accepted=$(hold lma accepted)
lma_deregistered 30000 30000
works "it goes back" ctl pmag hold release prefix $HNP to return
works "all of it" eventually 5 counted lma accepted $((accepted + 5))
passes "and the next arrives by IF2" if2
