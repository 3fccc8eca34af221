#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: removal of an access link moves every binding behind it with the next
# packet, and raises one event; the device is not held back, and the bindings are
# taken up again by one that comes with its index.
source "$(dirname "$0")/lib.sh"
topo_chain
SPACES+=' void'
ns_new void

# To a namespace where its index is free, and so back: it comes with the same one
index() { ip -n pmag -j link show dev acc | jq '.[0].ifindex'; }
index=$(index)
works "the device can be moved away" timeout $((8 * PMIP_SLOW)) ip -n pmag link set acc netns void
watch -n 1 -l mn:if2 -s cn:eth0 "$(down)"
saw "moved away: by IF2" "mn:if2 in" ip.dst=$MN_SINK
works "and back" timeout $((8 * PMIP_SLOW)) ip -n void link set acc netns pmag
ip -n pmag link set acc up
wait_carrier pmag acc
is "with its index" "$(index)" "$index"
refused "a link of another type has not its place" 'another kind' \
	ctl pmag link add dev acc type core
works "it is a link again" ctl pmag link add dev acc type access
is "the only one, and in use" "$(show pmag link \
	'map(select(.type == "access") | [.oper, .reason, .users]) | tojson')" '[["up","none",1]]'
watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "back: by IF1" "mn:if1 in" ip.dst=$MN_SINK
watch -n 1 -l cn:eth0 -s mn:if1 "$(up)"
saw "and from IF1" "cn:eth0 in" ip.src=$MN

monitor_start pmag

watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "before: by IF1" "mn:if1 in" ip.dst=$MN_SINK
works "the device can be removed" timeout $((8 * PMIP_SLOW)) ip -n pmag link del acc
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
is "and takes the link with it" "$(show pmag link 'map(.dev) | tojson')" '["core"]'

# A device that moves to another namespace is gone as well
watch -n 1 -l lma:core -s cn:eth0 "$(down)"
saw "the LMA's core link is there" "lma:core out" ip.dst=$PMAG
works "a device can be moved away" timeout $((8 * PMIP_SLOW)) ip -n lma link set cn netns core name moved
is "its link, which nothing uses, goes with it" "$(show lma link 'map(.dev) | tojson')" '["core"]'
