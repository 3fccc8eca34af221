#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: while a third of all allocations that may not sleep fail, packets get lost
# and nothing else: the way is there again at once, before and after a switch.
source "$(dirname "$0")/../functional/lib.sh"
source "$(dirname "$0")/starved.inc"

streams() { # IF: what of 300 packets each way came by while allocations fail
	pkt -q -l "mn:$1" -s cn:eth0 "$(down)" -c 300 -i 2000 -w 400 > "$TMP/down" &
	pkt -q -l cn:eth0 -s "mn:$1" "$(up)" -c 300 -i 2000 -w 400 > "$TMP/up" &
	nap 1
	fails 33
	wait
	fails 0
	cat "$TMP/down" "$TMP/up"
}

topo_chain
passes "before, by IF1" if1
streams if1
passes "after a third of them failed" if1
fails 33
radio_off if1
fails 0
streams if2
passes "after a switch, by IF2" if2
