#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §5.1: a tunnel packet may have a Destination Options header with
# a Tunnel Encapsulation Limit (§4.1.1) before the packet inside; it is accepted
# on decapsulation, at both ends, with the same checks.
source "$(dirname "$0")/lib.sh"
topo_chain

down_tunnel="eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG"
up_tunnel="eth $LMA_LL $PMAG_LL / ip6 $PMAG $LMA"
for limit in 4 0; do
	watch -n 1 -l mn:if1 -s core:pmag "$down_tunnel / limit $limit / ip6 $CN $MN_SINK / udp 1 2"
	saw "with limit $limit, at the MAG" "mn:if1 in" ip.src=$CN ip.nh=17 eth.dst=$IF1_LL udp.sum=ok
	watch -n 1 -l cn:eth0 -s core:lma "$up_tunnel / limit $limit / ip6 $MN $CN_SINK / udp 1 2"
	saw "with limit $limit, at the LMA" "cn:eth0 in" ip.src=$MN ip.nh=17 udp.sum=ok
done
watch -w 300 -l cn:eth0 -s core:lma \
	"$up_tunnel / limit 4 / ip6 2001:db8:100:2::1 $CN_SINK / udp 1 2"
saw_none "a spoofed source behind the option" "cn:eth0 in"
is "is counted" "$(drops lma tunnel-source-spoofed)" 1

radio_off if1
watch -n 1 -l mn:if2 -s core:pmag "$down_tunnel / limit 4 / ip6 $CN $MN_SINK / udp 1 2"
saw "and with IF1 lost it is redirected" "mn:if2 in" ip.src=$CN
