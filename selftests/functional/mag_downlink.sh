#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §6.10.5: "On receiving a packet from the bi-directional tunnel
# established with the mobile node's local mobility anchor, the mobile access
# gateway MUST use the destination address of the inner packet for forwarding it
# on the interface where the destination network prefix is hosted.  The mobile
# access gateway MUST remove the outer header before forwarding the packet."
source "$(dirname "$0")/lib.sh"
topo_chain

watch -n 2 -l pmag:acc -l mn:if1 -s cn:eth0 "$(down)"
saw "the packet arrives without the outer header" "mn:if1 in" ip.src=$CN ip.dst=$MN_SINK \
	ip.nh=17 udp.sport=1000 udp.sum=ok
saw "it was sent to the node's link-layer address" "mn:if1 in" eth.dst=$IF1_LL eth.src=$MAG_LL
is "tunnel and binding count it" \
	"$(tunnel pmag 1 rx-packets) $(binding pmag down-packets)" "1 1"

watch -w 200 -l pmag:acc -s core:pmag "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / \
ip6 $CN 2001:db8:100:9::1 / udp 1 2"
saw_none "a packet for no binding is dropped in silence" "pmag:acc out"

watch -w 200 -l pmag:acc -s core:pmag "eth $PMAG_LL $LMA_LL / ip6 $NMAG $PMAG / \
ip6 $CN $MN_SINK / udp 1 2"
saw_none "a packet from a gateway without a tunnel is not let in" "pmag:acc out"
