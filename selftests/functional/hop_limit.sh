#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §3.1: the hop limit of the packet inside is decremented by one
# at each forwarding step, that of the tunnel is the tunnel's own (§6.3); RFC 4443
# §3.3: who discards a packet tells its real sender.
source "$(dirname "$0")/lib.sh"
topo_chain
icmp_often lma pmag

watch -n 2 -l lma:core -l mn:if1 -s cn:eth0 "$(down 'hl 64')"
saw "entering the tunnel: one step" "lma:core out" ip.hl=64 in.hl=63
saw "leaving it: another" "mn:if1 in" ip.hl=62
watch -n 2 -l pmag:core -l cn:eth0 -s mn:if1 "$(up 'hl 64')"
saw "upwards: one step" "pmag:core out" in.hl=63
saw "and another" "cn:eth0 in" ip.hl=62

watch -w 300 -l lma:core -l cn:eth0 -s cn:eth0 "$(down 'hl 1')"
saw "expired at the LMA: it tells the sender" "cn:eth0 in" ip.src=$LMA_CN ip.dst=$CN icmp.type=3 \
	icmp.code=0 icmp.sum=ok q.src=$CN q.dst=$MN_SINK
saw_none "and nothing enters the tunnel" "lma:core out"
watch -w 300 -l pmag:acc -l cn:eth0 -s cn:eth0 "$(down 'hl 2')"
saw "expired at the MAG: it tells the sender" "cn:eth0 in" ip.src=$PMAG ip.dst=$CN icmp.type=3 \
	q.src=$CN q.dst=$MN_SINK
saw_none "and nothing goes to the node" "pmag:acc out"
watch -w 300 -l pmag:core -l mn:if1 -s mn:if1 "$(up 'hl 1')"
saw "expired at the MAG upwards: it tells the node" "mn:if1 in" ip.dst=$MN icmp.type=3 q.src=$MN
watch -w 300 -l cn:eth0 -l mn:if1 -s mn:if1 "$(up 'hl 2')"
saw "expired at the LMA upwards: it tells the node" "mn:if1 in" ip.dst=$MN icmp.type=3 q.src=$MN
# What the LMA has decapsulated expires in its stack, like any other packet
is "and the module counts its own" "$(drops lma hop-limit) $(drops pmag hop-limit)" "1 2"

ctl lma tunnel set id 1 hop-limit 7
watch -n 1 -l lma:core -s cn:eth0 "$(down)"
saw "the tunnel's hop limit can be set" "lma:core out" ip.hl=7 in.hl=63

radio_off if1
watch -n 1 -l mn:if2 -s cn:eth0 "$(down)"
saw "the way by the SMAG is one step longer" "mn:if2 in" ip.hl=61
