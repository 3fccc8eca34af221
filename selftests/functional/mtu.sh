#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §7.1 (a): a packet larger than the tunnel MTU and than 1280 is
# discarded and the entry point "sends an ICMPv6 "Packet Too Big" message to the
# source address of the original packet with the recommended MTU size field set to
# the tunnel MTU or the IPv6 minimum link MTU, whichever is larger"; §6.7: the tunnel
# MTU follows the path MTU between the gateways.
source "$(dirname "$0")/lib.sh"
topo_chain
icmp_often lma pmag

fit() { echo "udp 1000 2000 $(($1 - 48))"; }	# a packet of so many bytes
is "tunnel MTU: that of the link less the header" "$(tunnel lma 1 mtu) $(tunnel pmag 1 mtu)" \
	"1460 1460"
watch -n 1 -l mn:if1 -s cn:eth0 "$(down 'hl 64' "$(fit 1460)")"
saw "1460 bytes fit" "mn:if1 in" ip.plen=1420 udp.sum=ok
watch -w 300 -l cn:eth0 -l lma:core -s cn:eth0 "$(down 'hl 64' "$(fit 1461)")"
saw "1461 do not: the LMA tells the sender" "cn:eth0 in" ip.dst=$CN icmp.type=2 icmp.code=0 \
	icmp.arg=1460 icmp.sum=ok q.src=$CN q.dst=$MN_SINK q.plen=1421
saw_none "and nothing leaves" "lma:core out"
watch -n 1 -l cn:eth0 -s mn:if1 "$(up 'hl 64' "$(fit 1460)")"
saw "upwards 1460 bytes fit" "cn:eth0 in" ip.plen=1420
watch -w 300 -l mn:if1 -l pmag:core -s mn:if1 "$(up 'hl 64' "$(fit 1461)")"
saw "1461 do not: the MAG tells the node" "mn:if1 in" ip.dst=$MN icmp.type=2 icmp.arg=1460 \
	q.src=$MN
is "each is counted" "$(drops lma too-big) $(drops pmag too-big)" "1 1"

# A router between the gateways says that the outer packet was too big
watch -w 300 -l lma:core -s core:lma "eth $LMA_LL $PMAG_LL / ip6 2001:db8:0:1::77 $LMA / \
error 2 0 1400 / ip6 $LMA $PMAG / ip6 $CN $MN_SINK / udp 1000 2000 1400"
is "Packet Too Big from the path: the tunnel MTU follows" "$(tunnel lma 1 mtu)" 1360
watch -w 300 -l cn:eth0 -s cn:eth0 "$(down 'hl 64' "$(fit 1460)")"
saw "and the sender learns it with the next packet" "cn:eth0 in" icmp.type=2 icmp.arg=1360
watch -n 1 -l mn:if1 -s cn:eth0 "$(down 'hl 64' "$(fit 1360)")"
saw "whereupon packets of that size go through" "mn:if1 in" ip.plen=1320

# The access link is narrower than the tunnel
ip -n pmag link set acc mtu 1300
watch -w 300 -l cn:eth0 -l pmag:acc -s cn:eth0 "$(down 'hl 64' "$(fit 1350)")"
saw "too big for the access link: the MAG tells the sender" "cn:eth0 in" ip.src=$PMAG ip.dst=$CN \
	icmp.type=2 icmp.arg=1300 q.dst=$MN_SINK

# A path so narrow that the sender cannot be asked for less
ip -n lma link set core mtu 1300
watch -w 300 -l cn:eth0 -s cn:eth0 "$(down 'hl 64' "$(fit 1320)")"
saw "never less than 1280 is asked for" "cn:eth0 in" icmp.type=2 icmp.arg=1280
# RFC 2473 §7.1 (b): up to 1280 bytes it "MUST be encapsulated and fragmented"
watch -n 1 -w 400 -l mn:if1 -s cn:eth0 "$(down 'hl 64' "$(fit 1280)")"
saw "1280 bytes always get through" "mn:if1 in" ip.plen=1240
ctl lma tunnel set id 1 fragment on
watch -w 400 -l lma:core -l mn:if1 -s cn:eth0 "$(down 'hl 64' "$(fit 1280)")"
is "where configured the outer packet is fragmented" "$(count 'lma:core out' '.* ip.offset=')" 2
saw "and put together again at the MAG" "mn:if1 in" ip.plen=1240 udp.sum=ok
