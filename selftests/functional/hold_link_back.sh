#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: fault tolerant multihoming §3.2: MAG1 caches "the data for MN": where
# the link comes back first, the node gets it there, in order, before newer packets.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain

stream_start 1000 4000 4000
nap 0.6
radio_off if1
some_held() { [ "$(hold pmag packets)" -ge 20 ]; }
works "MAG1 holds" eventually 5 some_held
down_ns=$(link pmag acc down-ns)
radio_on if1
works "nothing waits once the link is back" eventually 3 holds pmag 0
stream_end
[ "$(field last_missing_us "$all")" -le $((down_ns / 1000)) ] &&
	ok "nothing sent after the loss is missing" || bad "lost: $all"
is "nothing twice, all in order" "$(field twice "$one") $(field late "$one")" "0 0"
is "all went on to the node" "$(hold pmag forwarded) $(hold pmag returned)" "$(hold pmag held) 0"
is "and the queue is gone" "$(hold pmag queues)" 0

# The same where nothing newer comes, by any cause
held_by() { # WHAT DOWN UP
	local what=$1
	eval "$2"
	send 3
	is "$what: held" "$(hold pmag packets)" 3
	listen 3 if1
	eval "$3"
	wait $LISTENER
	is "$what: delivered when it is up" "$(grep -c "ip.dst=$MN_SINK" "$TMP/back") \
$(hold pmag packets)" "3 0"
}
path="path set dev acc lladdr $IF1_LL state"
held_by "a neighbour" "ctl pmag $path down" "ctl pmag $path up"
held_by "a link set down" "ctl pmag link set dev acc state down" \
	"ctl pmag link set dev acc state up"
bind="binding set prefix $HNP"
held_by "another path" "ctl pmag $bind path hold" \
	"ctl pmag $bind path dev acc lladdr $IF1_LL path hold"
ctl pmag path set dev acc lladdr $IF1_LL state down
send 2
refused "there is no way to forward them" 'no path' ctl pmag hold release prefix $HNP to forward
works "they may be dropped" ctl pmag hold release prefix $HNP to drop
is "and are counted" "$(hold pmag dropped) $(drops pmag hold-ended) $(hold pmag packets)" "2 2 0"
ctl pmag tunnel set id 1 state down
refused "there is no way to return them" 'uplink' ctl pmag hold release prefix $HNP to return
refused "nor ever where there is no uplink" 'no uplink' \
	ctl lma hold release prefix $HNP to return
ctl pmag tunnel set id 1 state up

# Those that are returned, until the link is back
ctl pmag hold release prefix $HNP to return
lma_deregistered 30000
watch -n 1 -l mn:if2 -s cn:eth0 "$(down)"
ctl lma binding set prefix $HNP path tunnel 1
watch -n 1 -w 300 -l core:pmag -s cn:eth0 "$(down)"
saw "later ones are returned" "core:pmag in" in.dst=$MN_SINK
ctl pmag path set dev acc lladdr $IF1_LL state up
watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "until the path is up" "mn:if1 in" ip.dst=$MN_SINK
is "then nothing is left of it" "$(hold pmag queues)" 0
