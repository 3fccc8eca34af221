#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 6089 §4.3: flows are nothing to the signalling that a mobility agent itself
# has for the node; everybody else's Mobility Header is a packet like any other (draft:
# flow mobility §5.2), however it has come: by the stack or out of a tunnel.
source "$(dirname "$0")/lib.sh"
topo_chain
prefix=2001:db8:100:7::/64 node=2001:db8:100:7::1
ctl lma binding add prefix $prefix node 2 path tunnel 2 bid 1
ctl smag binding add prefix $prefix node 2 uplink 1 path dev acc lladdr $IF2_LL
ctl_batch lma <<-EOT || die "no flows"
	flow add node 2 fid 1 priority 1 proto 135 action drop
	flow add node 2 fid 2 priority 2 proto 17 action drop
EOT
header='raw 3b00050000000000 135'

dropped() { # WHAT FROM LAYERS: by the flow, and arrives nowhere
	local before
	before=$(drops lma flow-drop)
	watch -w 300 -l mn:if2 -s "$2" "$3"
	is "$1 is dropped" "$(($(drops lma flow-drop) - before)) $(count 'mn:if2 in')" "1 0"
}
cn="eth $LMA_CN_LL / ip6 $CN $node hl 64"
other="eth $MAG_LL $IF1_LL / ip6 $MN $node hl 64"
dropped "a datagram of the CN" cn:eth0 "$cn / udp 1000 2000 32"
dropped "a Mobility Header of the CN" cn:eth0 "$cn / $header"
dropped "a datagram of another node" mn:if1 "$other / udp 1000 2000 32"
dropped "a Mobility Header of another node" mn:if1 "$other / $header"

pkt -w $((3000 * PMIP_SLOW)) -n 1 -l mn:if2 > "$TMP/pkt" &
listener=$!
works "the node is watched" eventually 5 is_waiting $listener
in_ns lma mhsend -w 100 -s $LMA $node heartbeat seq=7 restart=1 > "$TMP/own"
wait $listener
is "this host's own is not" "$(grep -c "mn:if2 in.*ip.src=$LMA ip.dst=$node" "$TMP/pkt")" 1
