#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: draft: fault tolerant multihoming §3.2: MAG1 caches "the data for MN": where
# the link comes back first, the node gets it there, in order, before newer packets.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain
# However slow the machine
ctl pmag hold set node-packets 8000 node-bytes 33554432 age 30000

# The air has a bridge, whose port forwards nothing for up to a second after its carrier
# is back: what the gateway sends is looked at before that.  The carrier is there before
# the gateway's kernel sends by it, so packets come as close to each other as they can.
for round in 1 2 3 4; do
	stream_start 2500 400 1500 air:pmag
	nap 0.3
	radio_off if1
	works "$round: MAG1 holds" eventually 5 some_held
	radio_on if1
	works "$round: nothing waits once the link is back" eventually 3 holds pmag 0
	stream_end
	lost_before "$round: nothing sent after the loss is missing" pmag
	one=$(lines air:pmag)
	is "$round: nothing twice, all in order" \
		"$(field twice "$one") $(field late "$one")" "0 0"
done
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
