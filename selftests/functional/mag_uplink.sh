#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §6.10.5: "On receiving a packet from a mobile node connected to
# its access link […] the packet MUST be forwarded to the local mobility anchor
# through the bi-directional tunnel […].  However, the packets that are sent with
# the link-local source address MUST NOT be forwarded."
source "$(dirname "$0")/lib.sh"
topo_chain

watch -n 3 -l pmag:core -l lma:core -l cn:eth0 -s mn:if1 "$(up)"
saw "the packet leaves in the tunnel to the LMA" "pmag:core out" ip.src=$PMAG ip.dst=$LMA \
	ip.nh=41 in.src=$MN in.dst=$CN_SINK in.hl=63 udp.sum=ok
saw "and arrives at the correspondent node" "cn:eth0 in" ip.src=$MN ip.dst=$CN_SINK ip.nh=17 \
	udp.sum=ok
is "tunnels and bindings count it" "$(tunnel pmag 1 tx-packets) $(binding pmag up-packets) \
$(tunnel lma 1 rx-packets) $(binding lma up-packets)" "1 1 1 1"

watch -w 200 -l pmag:core -s mn:if1 "$(up 'hl 64' 'udp 1 2' fe80::ff:fe00:101)"
saw_none "a link-local source is not forwarded" "pmag:core out"

ctl pmag tunnel set id 1 state down
watch -w 200 -l pmag:core -s mn:if1 "$(up)"
saw_none "with the tunnel to the LMA down it goes nowhere else" "pmag:core out"
is "and is counted" "$(drops pmag uplink-down)" 1
