#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: removal of an access link moves every binding behind it with the next
# packet, and raises one event; the device is not held back.
source "$(dirname "$0")/lib.sh"
topo_chain
monitor_start pmag

watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "before: by IF1" "mn:if1 in" ip.dst=$MN_SINK
works "the device can be removed" timeout 8 ip -n pmag link del acc
watch -n 1 -l mn:if2 -s cn:eth0 "$(down)"
saw "removed: by IF2" "mn:if2 in" ip.dst=$MN_SINK

monitor_stop
is "one event" "$(jq -sc '[.[] | [.event, .state, .reason]]' < "$TMP/events")" \
	'[["link","down","removed"]]'
is "the link is still known" \
	"$(show pmag link '.[] | select(.type == "access") | .oper + " " + .reason')" "down removed"
is "and the binding keeps its other path" "$(show pmag binding '.[0].paths[1].oper')" up
ctl pmag binding del prefix $HNP
is "a binding that used it can be removed" "$(ctl pmag -j stats | jq .kernel.bindings)" 0

# A device that moves to another namespace is gone as well
watch -n 1 -l lma:core -s cn:eth0 "$(down)"
saw "the LMA's core link is there" "lma:core out" ip.dst=$PMAG
works "a device can be moved away" timeout 8 ip -n lma link set cn netns core name moved
is "its link says so" "$(show lma link '.[] | select(.dev == "cn") | .oper')" down
works "and can be forgotten" ctl lma purge generation 1
