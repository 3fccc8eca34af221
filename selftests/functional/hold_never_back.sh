#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: fault tolerant multihoming §3.2 (7): what is returned reaches the node
# "through Tunnel2": never does the anchor send it back to the gateway that it came
# from, even where that is the only path there is, or the best.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain

ctl lma binding set prefix $HNP return tunnel 1 time 30000
watch -n 1 -l core:pmag -l mn:if2 -s core:lma "$(returned)"
saw "its tunnel is the best path: it takes the other" "mn:if2 in" ip.dst=$MN_SINK ip.hl=58
saw_none "and not its tunnel" "core:pmag out"
ctl lma tunnel set id 2 state down
watch -w 200 -l core:pmag -l mn:if2 -s core:lma "$(returned)"
saw_none "the other is down: it takes none" "core:pmag out"
is "which is counted" "$(drops lma returned-no-path)" 1
ctl lma tunnel set id 2 state up
ctl lma binding set prefix $HNP path tunnel 1
watch -w 200 -l core:pmag -s core:lma "$(returned)"
saw_none "its tunnel is the only path: it takes none" "core:pmag out"
is "which is counted" "$(drops lma returned-no-path)" 2
ctl lma binding set prefix $HNP path tunnel 1 path hold
watch -w 200 -l core:pmag -s core:lma "$(returned)"
saw_none "nor does it wait for that" "core:pmag out"
is "which is counted" "$(drops lma returned-no-path) $(hold lma held)" "3 0"
is "all of them had been accepted" "$(hold lma accepted)" 4
# Of another node at the gateway that has lost this one
other=2001:db8:100:3
ctl_batch lma <<-EOT
	binding add prefix $other::/64 node 3 path tunnel 1
	binding set prefix $HNP path tunnel 1 bid 1 path tunnel 2 bid 2
EOT
own="eth $LMA_LL $PMAG_LL / ip6 $PMAG $LMA / ip6 $other::1 $MN_SINK hl 60 / udp 1000 2000 32"
watch -n 1 -l core:pmag -l mn:if2 -s core:lma "$own"
saw "nor does one of its own nodes: it takes the other" "mn:if2 in" ip.src=$other::1 ip.hl=58
saw_none "and not its tunnel" "core:pmag out"
ctl lma binding set prefix $HNP return none
watch -n 1 -l core:pmag -s core:lma "$own"
saw "but when nothing may come back any more" "core:pmag out" in.src=$other::1
watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "others take it as ever" "mn:if1 in" ip.dst=$MN_SINK
