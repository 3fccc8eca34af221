#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: fault tolerant multihoming §1: "maintain the integrity of data
# transmission": where order is asked for, the anchor sends newer packets behind those
# that come back, as the gateway's end marker says, and if that is lost after the
# time it was told.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain

stream_start 1000 4000 4000
nap 0.6
radio_off if1
works "MAG1 holds" eventually 5 some_held
lma_deregistered 30000 20000
works "newer packets wait at the LMA" eventually 5 some_wait
ctl pmag hold release prefix $HNP to return
works "the marker lets them go at once" eventually 1 holds lma 0
stream_end
lost_before "nothing sent after the carrier event is lost" pmag
in_order
is "all that were held have gone" "$(hold pmag returned) $(hold lma forwarded)" \
	"$(hold pmag held) $(hold lma held)"
is "none was dropped" "$(hold lma expired) $(hold lma dropped) $(hold pmag expired) \
$(hold pmag dropped)" "0 0 0 0"

# Nothing held: the markers alone, of which two may be lost
lma_deregistered 30000 20000
pkt -w $((10000 * PMIP_SLOW)) -n 3 -l core:lma > "$TMP/markers" &
listener=$!
works "the way to the LMA is watched" eventually 5 is_waiting $listener
ctl pmag hold release prefix $HNP to return
wait $listener
seen=$(< "$TMP/markers")
is "there are three" "$(count 'core:lma out')" 3
watch -n 1 -w 1000 -l mn:if2 -s cn:eth0 "$(down)"
saw "where nothing was held the marker comes at once" "mn:if2 in" ip.dst=$MN_SINK

# Each step by hand
lma_deregistered 30000 20000
send 3
is "newer ones wait" "$(hold lma packets)" 3
watch -n 1 -l mn:if2 -s core:lma "$(returned)"
saw "returned ones do not" "mn:if2 in" ip.hl=58
is "whatever comes in between" "$(hold lma packets)" 3
for wrong in "$(marker $CN)" "$(marker $SMAG)" "$(marker $PMAG $MN)"; do
	pkt -w 100 -l core:lma -s core:lma "$wrong" > "$TMP/pkt"
done
is "what is no marker opens nothing" "$(hold lma packets)" 3
watch -n 3 -l mn:if2 -s core:lma "$(marker)"
is "the marker does" "$(count 'mn:if2 in') $(hold lma packets)" "3 0"
saw_none "and goes nowhere itself" "mn:if2 in" "ip.nh=59"
spoofed=$(drops lma tunnel-source-spoofed)
watch -n 1 -l mn:if2 -s core:lma "$(marker)" -s cn:eth0 "$(down)"
is "a second one changes nothing" "$(count 'mn:if2 in') $(hold lma queues) \
$(drops lma tunnel-source-spoofed)" "1 1 $spoofed"

# A lost marker
lma_deregistered 30000 $((1500 * PMIP_SLOW))
begin_ms=${EPOCHREALTIME/./}
send 3
is "they wait again" "$(hold lma packets)" 3
works "a lost marker ends with its time" eventually 5 holds lma 0
waited=$(((${EPOCHREALTIME/./} - begin_ms) / 1000))
[ "$waited" -ge 1400 ] && ok "not before ($waited ms)" || bad "after $waited ms"
is "and costs no packet" "$(drops lma hold-expired) $(hold lma dropped)" "0 0"
watch -n 1 -l mn:if2 -s core:lma "$(returned)"
saw "later ones may still come back" "mn:if2 in" ip.dst=$MN_SINK
lma_deregistered 30000 20000
send 1
ctl lma binding set prefix $HNP return none
works "and all go when it is taken back" eventually 5 holds lma 0
