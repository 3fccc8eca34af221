#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 4861 §7.3.3, and the operator's word: what detection has taken down a sign of
# life takes up again; what the operator has taken down the operator alone does.
source "$(dirname "$0")/lib.sh"
topo_chain
addr=fe80::ff:fe00:101

state() { show pmag path ".[] | select(.lladdr == \"$IF1_LL\") | [.state, .oper, .reason] | join(\" \")"; }
reads() { [ "$(state)" = "$1" ]; }
alive() { in_ns pmag ping -6 -n -c 1 -W 3 $addr%acc; }
reachable() { ip -n pmag neigh show $addr dev acc | grep -q REACHABLE; }

ctl pmag binding set prefix $HNP path dev acc lladdr $IF1_LL addr $addr path tunnel 2
works "the node is there" alive
eventually 5 reads "up up none" || bad "$(state)"

works "the operator takes its path down" ctl pmag path set dev acc lladdr $IF1_LL state down
is "down" "$(state)" "down down operator"
ip -n pmag neigh replace $addr lladdr $IF1_LL dev acc nud stale
works "the node answers all the same" alive
works "and is reachable" eventually 10 reachable
is "its path is down still" "$(state)" "down down operator"
works "the operator takes it up" ctl pmag path set dev acc lladdr $IF1_LL state up
is "up" "$(state)" "up up none"
