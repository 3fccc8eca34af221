#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: what does not come in by a link of the module gets the same result by
# the stack: prefixes are routed to the pmip device, tunnelled packets come to
# the tunnel protocol handler.
source "$(dirname "$0")/lib.sh"
PORTS=no STACK=on
topo_chain
is "only the access link is a link of the module" \
	"$(show lma link length) $(show pmag link length)" "0 1"

watch -n 3 -l lma:core -l pmag:core -l mn:if1 -s cn:eth0 "$(down)"
saw "downlink at the LMA" "lma:core out" ip.src=$LMA ip.dst=$PMAG ip.nh=41 in.src=$CN in.hl=63
saw "downlink at the MAG" "mn:if1 in" ip.src=$CN ip.dst=$MN_SINK ip.hl=62 eth.dst=$IF1_LL \
	udp.sum=ok
watch -n 3 -l pmag:core -l lma:core -l cn:eth0 -s mn:if1 "$(up)"
saw "uplink at the MAG" "pmag:core out" ip.src=$PMAG ip.dst=$LMA in.src=$MN in.hl=63
saw "uplink at the LMA" "cn:eth0 in" ip.src=$MN ip.dst=$CN_SINK ip.hl=62 udp.sum=ok

watch -w 200 -l cn:eth0 -s core:lma \
	"eth $LMA_LL $PMAG_LL / ip6 $PMAG $LMA / ip6 2001:db8:100:2::1 $CN_SINK / udp 1 2"
saw_none "a spoofed source at the LMA" "cn:eth0 in"
is "is counted" "$(drops lma tunnel-source-spoofed)" 1
watch -w 200 -l pmag:core -s mn:if1 "$(up 'hl 64' 'udp 1 2' 2001:db8:100:2::1)"
saw_none "a spoofed source at the MAG" "pmag:core out"
is "is counted" "$(drops pmag access-source-spoofed)" 1

radio_off if1
watch -n 3 -l pmag:core -l smag:core -l mn:if2 -s cn:eth0 "$(down)"
saw "to the other MAG" "pmag:core out" ip.src=$PMAG ip.dst=$SMAG in.src=$CN
saw "and from there to the node" "mn:if2 in" ip.src=$CN ip.dst=$MN_SINK
