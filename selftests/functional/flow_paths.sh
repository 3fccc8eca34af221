#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 180
# Shows: draft: flow mobility §5.2: "When a flow is decided to be moved, the affected
# BID(s) of the table are updated", "Action may be forward or drop", "An entry becomes
# 'Inactive' only if all of the BIDs are deregistered."
source "$(dirname "$0")/lib.sh"
topo_chain

both() { echo "$(tunnel lma 1 tx-packets) $(tunnel lma 2 tx-packets)"; }
send() { watch -q -n "${2:-1}" -c "${2:-1}" -l core:lma -s cn:eth0 "$(down 'hl 64' "udp 1000 $1 32")"; }
flow() { json_value "$2" "$(ctl lma -j flow show node 1 fid "$1")"; } # FID KEY

ctl_batch lma <<-EOT || die "no flows"
	flow add node 1 fid 1 priority 10 dport 1 bid 2 bid 1
	flow add node 1 fid 2 priority 20 dport 2 bid 2
	flow add node 1 fid 3 priority 30 dport 3 bid 1 bid 2 action drop
	flow add node 1 fid 4 priority 40 dport 3-4 bid 7
EOT
size=$((40 + 8 + 32))
send 1 3
is "the first identifier's path" "$(both)" "0 3"
is "the flow counts it" "$(flow 1 packets) $(flow 1 bytes)" "3 $((3 * size))"
is "so does the binding" "$(binding lma down-packets)" 3
watch -w 300 -l core:lma -s cn:eth0 "$(down 'hl 64' 'udp 1000 3 32')"
saw_none "action drop" "core:lma out"
is "is counted" "$(flow 3 packets) $(drops lma flow-drop)" "1 1"
is "inactive: no binding has its identifier" "$(flow 4 active)" no
is "the others are active" "$(flow 1 active) $(flow 2 active) $(flow 3 active)" "yes yes yes"

ctl lma tunnel set id 2 state down
send 1
is "its first path is down: the second" "$(both)" "1 3"
send 2
is "all its paths are down: the binding's best" "$(both)" "2 3"
is "they are the flow's all the same" "$(flow 1 packets) $(flow 2 packets)" "4 1"
is "which stays active" "$(flow 2 active)" yes
ctl lma tunnel set id 2 state up
send 2
is "and up again" "$(both)" "2 4"

works "to move a flow is one request" ctl lma flow set node 1 fid 1 bid 1
send 1
send 2
is "another one stays where it was" "$(both)" "3 5"
is "and the counters go on" "$(flow 1 packets)" 5
works "action" ctl lma flow set node 1 fid 3 action forward
send 3
is "forward" "$(both)" "4 5"

# Only what the inactive flow selects goes to the next one
ctl lma binding set prefix $HNP path tunnel 1 bid 1
is "all its identifiers are gone: inactive" "$(flow 2 active) $(flow 1 active)" "no yes"
ctl lma flow add node 1 fid 5 priority 50 dport 2 bid 1
send 2
is "an inactive flow selects nothing" "$(flow 2 packets) $(flow 5 packets)" "3 1"
works "they come back" ctl lma binding set prefix $HNP path tunnel 1 bid 1 path tunnel 2 bid 2
is "active again" "$(flow 2 active)" yes
send 2
is "as before" "$(both) $(flow 5 packets)" "5 6 1"
ctl lma binding add prefix 2001:db8:100:2::/64 node 1 path tunnel 2 bid 7
is "any binding of the node will do" "$(flow 4 active)" yes
send 4
is "where this one has no such path: its best" "$(both) $(flow 4 packets)" "6 6 1"
ctl lma binding set prefix 2001:db8:100:2::/64 node 9
is "another node's binding will not" "$(flow 4 active)" no
ctl lma binding set prefix 2001:db8:100:2::/64 node 1
ctl lma binding delete prefix 2001:db8:100:2::/64
is "nor one that is gone" "$(flow 4 active)" no
ctl lma binding set prefix $HNP node 5
is "a binding without flows now" "$(flow 1 active)" no
send 1
is "takes its best path" "$(both) $(flow 1 packets)" "7 6 5"
ctl lma binding set prefix $HNP node 1
send 2
is "and is the node's again" "$(both)" "7 7"

# At an access gateway: IF1 at the PMAG's link, the tunnel to the SMAG as BID 2
ctl pmag flow add node 1 fid 1 priority 1 dport 5 bid 2
watch -n 1 -l mn:if2 -s cn:eth0 "$(down 'hl 64' 'udp 1000 5 32')"
saw "a MAG selects, too" "mn:if2 in" ip.src=$CN
ctl smag flow add node 1 fid 1 priority 1 dport 5 bid 1
watch -n 1 -l mn:if2 -s cn:eth0 "$(down 'hl 64' 'udp 1000 5 32')"
saw "but never sends back what another MAG sent" "mn:if2 in" ip.src=$CN
# What the gateway itself sends
before=$(both)
ctl lma flow add node 1 fid 6 priority 1 src $LMA_CN bid 2
in_ns lma ping -c 1 -W 5 -I $LMA_CN $MN > /dev/null || bad "no answer"
is "the gateway's own packet" "$(flow 6 packets)" 1
is "took the flow's path" "$(both)" "${before% *} $((${before#* } + 1))"
