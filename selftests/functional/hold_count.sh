#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: draft: fault tolerant multihoming §1: "maintain the integrity of data
# transmission": where order is asked for, newer packets wait until as many have come back
# as the gateway's end marker says, also where the marker has passed some of them (RFC
# 6438: each flow has a label of its own, by which a network chooses ways); and not for
# those that were lost.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain
settle_ms() { echo "$1" > /sys/module/pmip/parameters/return_settle_ms; }
silent() { pkt -w 100 -l mn:if2 -s core:lma "$1" > "$TMP/pkt"; } # LAYERS
says() { marker '' '' "$(printf %08x "$1")"; } # PACKETS
hops() { lines "mn:if2 in" | grep -o 'ip.hl=[0-9]*' | cut -d= -f2 | tr '\n' ' '; }
comes_back() { # WHAT [WAITING]: one of them, and three that wait for it, if they do not go on waiting
	if [ $# = 2 ]; then
		watch -n 1 -l mn:if2 -s core:lma "$(returned)"
		is "$1" "$(hops)$(hold lma packets)" "58 $2"
	else
		watch -n 4 -l mn:if2 -s core:lma "$(returned)"
		is "$1" "$(hops)$(hold lma packets)" "58 62 62 62 0"
	fi
}
begins() { # SETTLE-MS
	settle_ms "$1"
	lma_deregistered 30000 20000
	send 3
	is "newer ones wait" "$(hold lma packets)" 3
}

# What the gateway says
goes_back() { # NUMBER PACKETS: what its markers say, and how many there are to see
	local listener

	pkt -w $((10000 * PMIP_SLOW)) -n $(($2 + 3)) -l core:lma > "$TMP/back" &
	listener=$!
	works "the way to the LMA is watched" eventually 5 is_waiting $listener
	ctl pmag hold release prefix $HNP to return
	wait $listener
	seen=$(< "$TMP/back")
	is "three markers say how many went back: $1" \
		"$(count 'core:lma out' ".* in.plen=4 in.nh=59 none.number=$1\$")" 3
}
radio_off if1
send 5
is "some are held" "$(hold pmag packets)" 5
ctl lma binding set prefix $HNP return tunnel 1 time 30000
goes_back 5 5
send 2
goes_back 7 0
node_back
radio_off if1
send 3
is "some are held again" "$(hold pmag packets)" 3
goes_back 3 3
ctl pmag hold release prefix $HNP to drop
goes_back 0 0
ctl lma binding set prefix $HNP return none

# The marker overtakes what was sent before it
begins 20000
silent "$(says 2)"
is "the marker of two opens nothing before they are here" "$(hold lma packets)" 3
comes_back "nor does the first of them" 3
silent "$(says 2)"
is "nor the marker's other copies" "$(hold lma packets)" 3
comes_back "newer ones go behind the second"

begins 20000
comes_back "one comes back" 3
comes_back "and another" 3
watch -n 3 -l mn:if2 -s core:lma "$(says 2)"
is "a marker that comes last lets them go" "$(count 'mn:if2 in') $(hold lma packets)" "3 0"

begins 20000
silent "$(says 2)"
silent "$(says 3)"
silent "$(says 2)"
comes_back "between the copies of a marker another may go back" 3
comes_back "that which says most counts" 3
comes_back "and is waited for"

begins 20000
silent "$(says 1)"
lma_deregistered 30000 20000
comes_back "once it is said anew, what a marker said before counts no more" 3
silent "$(says 2)"
is "nor does what came then" "$(hold lma packets)" 3
comes_back "but what comes from then on"

# In what form it may say so
begins 20000
silent "$(marker '' '' 000000)"
is "what is less than a number is no marker" "$(hold lma packets)" 3
silent "$(marker '' '' 0000000300000000)"
is "what follows the number is left to others" "$(hold lma packets)" 3
comes_back "one comes back, and that was another" 3
comes_back "and after a third newer ones go"
begins 20000
watch -n 3 -l mn:if2 -s core:lma "$(marker)"
is "a marker without a number is waited for, and nothing else" \
	"$(count 'mn:if2 in') $(hold lma packets)" "3 0"

# Without a marker nothing says that there are no more
begins 20
comes_back "one comes back" 3
nap 0.3
is "and no more for a while, which says nothing without a marker" "$(hold lma packets)" 3
watch -n 3 -l mn:if2 -s core:lma "$(says 1)"
is "until it is here" "$(count 'mn:if2 in') $(hold lma packets)" "3 0"

# A packet is lost, and with it the number is never reached
opened=$(hold lma opened)
begins 1500
begin_us=${EPOCHREALTIME/./}
watch -n 4 -w 8000 -l mn:if2 -s core:lma "$(says 3)" -s core:lma "$(returned)"
waited=$(((${EPOCHREALTIME/./} - begin_us) / 1000))
is "newer ones do not wait for what is lost" "$(hops)$(hold lma packets)" "58 62 62 62 0"
[ "$waited" -ge 1400 ] && ok "but for a while ($waited ms)" || bad "after $waited ms"
watch -n 1 -l mn:if2 -s core:lma "$(returned)"
saw "what was only late is taken" "mn:if2 in" ip.hl=58
settle_ms 100
is "none was dropped, nor was there want of room" \
	"$(hold lma dropped) $(hold lma expired) $(hold lma opened)" "0 0 $opened"
