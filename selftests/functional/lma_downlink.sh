#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §5.6.2: "On receiving a packet from a correspondent node with
# the destination address matching a mobile node's home network prefix(es), the
# local mobility anchor MUST forward the packet through the bi-directional
# tunnel set up for that mobile node."
source "$(dirname "$0")/lib.sh"
topo_chain

watch -n 2 -l lma:core -l pmag:core -s cn:eth0 "$(down 'hl 64 tc 0x28')"
saw "the packet leaves in the tunnel to the PMAG" "lma:core out" \
	ip.src=$LMA ip.dst=$PMAG ip.nh=41 ip.plen=80 ip.hl=64 eth.dst=$PMAG_LL eth.src=$LMA_LL
saw "the packet inside is the one sent" "lma:core out" \
	in.src=$CN in.dst=$MN_SINK in.tc=40 in.plen=40 in.nh=17 udp.sport=1000 udp.dport=2000 \
	udp.len=40 udp.sum=ok
saw "and so it arrives at the PMAG" "pmag:core in" ip.src=$LMA ip.dst=$PMAG in.dst=$MN_SINK

is "the tunnel counts it" "$(tunnel lma 1 tx-packets) $(tunnel lma 2 tx-packets)" "1 0"
is "the binding counts it" "$(binding lma down-packets) $(binding lma up-packets)" "1 0"

watch -w 200 -l lma:core -s cn:eth0 \
	"eth $LMA_CN_LL / ip6 $CN 2001:db8:100:2::1 / udp 1 2"
saw_none "a prefix that nobody has goes nowhere" "lma:core out"
is "and is counted" "$(drops lma no-binding)" 1
