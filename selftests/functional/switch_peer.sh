#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: when RFC 5847 §3.1 has concluded that a peer is not reachable, one word to the
# kernel (tunnel state down) moves every binding behind it to its next path with the
# next packet, and raises one event.
source "$(dirname "$0")/lib.sh"
topo_chain
monitor_start lma

watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "before: by the PMAG" "mn:if1 in" ip.dst=$MN_SINK
ctl lma tunnel set id 1 state down
watch -n 1 -l lma:core -s cn:eth0 "$(down)"
saw "PMAG dead: by the SMAG" "lma:core out" ip.dst=$SMAG
is "counted as redirected" "$(tunnel lma 2 redirected)" 1
is "tunnel show says so" "$(tunnel lma 1 state) $(tunnel lma 2 state)" "down up"
ctl lma tunnel set id 2 state down
watch -w 200 -l lma:core -s cn:eth0 "$(down)"
saw_none "both dead: nowhere" "lma:core out"
is "which is counted" "$(drops lma no-path)" 1
ctl_batch lma <<-EOT
	tunnel set id 1 state up
	tunnel set id 2 state up
EOT
watch -n 1 -l lma:core -s cn:eth0 "$(down)"
saw "PMAG alive: by the PMAG" "lma:core out" ip.dst=$PMAG
ctl lma tunnel set id 1 state up
monitor_stop
is "one event for each change" "$(jq -sc '[.[] | [.event, .tunnel, .state]]' < "$TMP/events")" \
	'[["tunnel",1,"down"],["tunnel",2,"down"],["tunnel",1,"up"],["tunnel",2,"up"]]'
is "each with a timestamp" "$(event_count '.["monotonic-ns"] > 0')" 4
