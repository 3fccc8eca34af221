#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: flow mobility §3: a flow has a path of its own, so that where packets
# of the broken interface are waited for (draft: fault tolerant multihoming §3.2) only
# what went that way waits, and goes on by what its flow prefers.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain

to() { down 'hl 64' "udp 1000 $1 32"; } # PORT
send_to() { pkt -q -w 100 -l mn:if2 -s cn:eth0 "$(to "$1")" > "$TMP/sent"; }
flow() { json_value packets "$(ctl lma -j flow show node 1 fid "$1")"; } # FID

ctl_batch lma <<-EOT || die "no flows"
	flow add node 1 fid 1 priority 10 dport 2001 bid 2
	flow add node 1 fid 2 priority 20 dport 2002 bid 1 bid 3
	flow add node 1 fid 3 priority 30 dport 2003 bid 1 bid 2
	flow add node 1 fid 4 priority 40 dport 2004 bid 2 action drop
	flow add node 1 fid 5 priority 50 dport 2005 bid 1 bid 2
	binding set prefix $HNP return tunnel 1 time 30000 wait 30000
	binding set prefix $HNP path tunnel 2 bid 2 path drop bid 3
EOT
watch -n 1 -l mn:if2 -s cn:eth0 "$(to 2001)"
saw "a flow whose path is up does not wait" "mn:if2 in" ip.dst=$MN_SINK
is "nothing does yet" "$(hold lma held)" 0
send_to 2002
send_to 2003
send_to 2000
is "what went by the broken interface waits, and what is of no flow" "$(hold lma packets)" 3
send_to 2004
is "a flow that is dropped does not" "$(hold lma packets) $(drops lma flow-drop)" "3 1"
# As a controller does that takes the lost identifier from the flows that had it
ctl lma flow set node 1 fid 5 bid 2
send_to 2005
is "one that has left the broken interface since does" "$(hold lma packets)" 4
# As for a deregistration that is repeated
ctl lma binding set prefix $HNP return tunnel 1 time 30000 wait 30000
send_to 2005
is "also where packets are said again to come back" "$(hold lma packets)" 5
watch -n 1 -l mn:if2 -s core:lma "$(returned "udp 1000 2003 32")"
saw "a flow's returned packet does not" "mn:if2 in" ip.hl=58
is "nor goes into the queue" "$(hold lma packets)" 5
watch -n 4 -l mn:if2 -s core:lma "$(marker)"
is "then each goes" "$(count 'mn:if2 in') $(hold lma packets)" "4 0"
is "by what its flow prefers" "$(drops lma path-drop)" 1
is "counted once" "$(flow 1) $(flow 2) $(flow 3) $(flow 5)" "1 1 1 2"
send_to 2002
is "and nothing waits any more" "$(hold lma held) $(drops lma path-drop)" "5 2"
