#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: seamless handover §4.1: "if PMAG detects IF1 is unreachable, it change
# the router and forwords the packet that destination address is IF1 to SMAG.  In this
# case, the transmission path of flow X is LMA->PMAG->SMAG->IF2"; and the same the
# other way round.
source "$(dirname "$0")/lib.sh"
topo_chain

radio_off if1
watch -n 3 -l pmag:core -l smag:core -l mn:if2 -s cn:eth0 "$(down)"
saw "the PMAG sends it on in the tunnel to the SMAG" "pmag:core out" ip.src=$PMAG ip.dst=$SMAG \
	in.src=$CN in.dst=$MN_SINK udp.sum=ok
saw "the SMAG gives it to the node's other interface" "mn:if2 in" ip.src=$CN ip.dst=$MN_SINK \
	eth.dst=$IF2_LL udp.sum=ok
is "the tunnels count it" "$(tunnel pmag 2 tx-packets) $(tunnel pmag 2 redirected) \
$(tunnel smag 2 rx-packets)" "1 1 1"

radio_on if1
radio_off if2
ctl lma binding set prefix $HNP path tunnel 2 bid 2 path tunnel 1 bid 1
watch -n 3 -l smag:core -l mn:if1 -s cn:eth0 "$(down)"
saw "the SMAG sends it on in the tunnel to the PMAG" "smag:core out" ip.src=$SMAG ip.dst=$PMAG \
	in.dst=$MN_SINK
saw "the PMAG gives it to the node" "mn:if1 in" ip.dst=$MN_SINK eth.dst=$IF1_LL

radio_off if1
watch -w 300 -l pmag:core -l smag:core -s cn:eth0 "$(down)"
is "with both interfaces lost it does not go back and forth" \
	"$(count 'smag:core out') $(count 'pmag:core out')" "1 0"
is "and is counted where it ended" "$(drops pmag no-path)" 1

# What the node sends before the LMA knows of the new gateway
radio_on if1
watch -n 2 -l lma:core -l cn:eth0 -s core:pmag \
	"eth $PMAG_LL $SMAG_LL / ip6 $SMAG $PMAG / ip6 $MN $CN_SINK / udp 1 2"
saw "upwards it goes on to the LMA" "cn:eth0 in" ip.src=$MN
