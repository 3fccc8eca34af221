#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: an access link set down by its operator - with ip(8) or with pmipctl(8) -
# moves every binding behind it with the next packet, and raises one event.
source "$(dirname "$0")/lib.sh"
topo_chain
monitor_start pmag

by() { # WHAT IF
	watch -n 1 -l mn:if1 -l mn:if2 -s cn:eth0 "$(down)"
	saw "$1" "mn:$2 in" ip.dst=$MN_SINK
}

by "before: by IF1" if1
ip -n pmag link set acc down
by "link set down: by IF2" if2
is "link show says so" "$(link pmag acc oper) $(link pmag acc reason)" "down admin"
ip -n pmag link set acc up
wait_carrier pmag acc
by "link set up: by IF1" if1
is "link show says so" "$(link pmag acc oper) $(link pmag acc reason)" "up none"

ctl pmag link set dev acc state down
by "the operator's word, down: by IF2" if2
is "link show says so" "$(link pmag acc oper) $(link pmag acc reason)" "down operator"
ctl pmag link set dev acc state up
by "the operator's word, up: by IF1" if1

ctl pmag path set dev acc lladdr $IF1_LL state down
by "the node's path alone down: by IF2" if2
ctl pmag path set dev acc lladdr $IF1_LL state up
by "and up: by IF1" if1

monitor_stop
is "one event for each loss" "$(jq -sc '[.[] | select(.state == "down") | [.event, .reason]]' \
	< "$TMP/events")" '[["link","admin"],["link","operator"],["path","operator"]]'
is "one for each return" "$(event_count '.state == "up"')" 3
is "each with a timestamp" "$(event_count '.["monotonic-ns"] > 0')" 6
