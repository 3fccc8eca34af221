#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §6.10.3 without local routing: what one mobile node sends to
# another goes up to the LMA and down again, also where both are at the same MAG;
# with hop-by-hop options it takes the stack's way to the same end.
source "$(dirname "$0")/lib.sh"
topo_chain

other=2001:db8:100:7 other_ll=$IF2_LL
ctl lma binding add prefix $other::/64 path tunnel 2
ctl smag binding add prefix $other::/64 uplink 1 path dev acc lladdr $other_ll
to_other="eth $MAG_LL $IF1_LL / ip6 $MN $other::1 hl 64 / udp 1000 2000"

watch -n 4 -l pmag:core -l lma:core -l mn:if2 -s mn:if1 "$to_other"
saw "up by one tunnel" "pmag:core out" ip.dst=$LMA in.dst=$other::1
saw "down by another" "lma:core out" ip.dst=$SMAG in.src=$MN
saw "to the other node" "mn:if2 in" ip.src=$MN ip.dst=$other::1 eth.dst=$other_ll udp.sum=ok

# Both at the PMAG now
ctl lma binding set prefix $other::/64 path tunnel 1
ctl pmag binding add prefix $other::/64 uplink 1 path dev acc lladdr 02:00:00:00:07:01
watch -n 4 -l pmag:core -l lma:core -l pmag:acc -s mn:if1 "$to_other"
saw "at the same MAG: up" "pmag:core out" ip.dst=$LMA in.dst=$other::1
saw "and down" "lma:core out" ip.dst=$PMAG in.src=$MN
saw "to the other node" "pmag:acc out" ip.src=$MN eth.dst=02:00:00:00:07:01

# Hop-by-hop options: PadN only
padn="raw 3b00010400000000 0"
watch -n 1 -l mn:if1 -s cn:eth0 "$(down 'hl 64' "$padn")"
saw "hop-by-hop options, downwards" "mn:if1 in" ip.src=$CN ip.nh=0 ip.plen=8
watch -n 1 -l cn:eth0 -s mn:if1 "$(up 'hl 64' "$padn")"
saw "and upwards" "cn:eth0 in" ip.src=$MN ip.nh=0 ip.plen=8
