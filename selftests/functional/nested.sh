#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §3.1, nested encapsulation: what a node tunnels itself is payload to
# the gateways, whatever its addresses; RFC 5213 §6.10.5: a node that sends what looks
# like a gateway's tunnel packet gets nothing through.
source "$(dirname "$0")/lib.sh"
topo_chain

own="ip6 2001:db8:5::1 2001:db8:5::2 hl 9 / udp 1000 2000"
watch -n 2 -l pmag:core -l cn:eth0 -s mn:if1 "eth $MAG_LL $IF1_LL / ip6 $MN $CN_SINK hl 64 / $own"
saw "a node's own tunnel is tunnelled" "pmag:core out" ip.dst=$LMA in.src=$MN in.nh=41
saw "and arrives, not opened" "cn:eth0 in" ip.src=$MN ip.nh=41 in.src=2001:db8:5::1 in.hl=9
watch -n 2 -l lma:core -l mn:if1 -s cn:eth0 "eth $LMA_CN_LL / ip6 $CN $MN_SINK hl 64 / $own"
saw "downwards as well" "lma:core out" ip.dst=$PMAG in.src=$CN in.nh=41
saw "and arrives, not opened" "mn:if1 in" ip.src=$CN ip.nh=41 in.src=2001:db8:5::1 in.hl=9

# Inside is what the gateways would take for their own
watch -n 1 -l cn:eth0 -s mn:if1 \
	"eth $MAG_LL $IF1_LL / ip6 $MN $CN_SINK / ip6 $PMAG $LMA / ip6 $CN $CN_SINK / udp 1 2"
saw "the gateways' addresses further in mean nothing" "cn:eth0 in" ip.src=$MN in.src=$PMAG
watch -w 250 -l pmag:core -l cn:eth0 \
	-s mn:if1 "eth $MAG_LL $IF1_LL / ip6 $PMAG $LMA / ip6 $MN $CN_SINK / udp 1 2" \
	-s mn:if1 "eth $MAG_LL $IF1_LL / ip6 $LMA $PMAG / ip6 $CN $MN_SINK / udp 1 2"
is "tunnel packets of the node's making go nowhere" \
	"$(count 'pmag:core out') $(count 'cn:eth0 in')" "0 0"
is "and are counted" "$(drops pmag access-source-spoofed)" 2
watch -w 250 -l cn:eth0 \
	-s mn:if1 "eth $MAG_LL $IF1_LL / ip6 $MN $LMA / ip6 $MN $CN_SINK / udp 1 2"
saw_none "nor does a tunnel to the LMA that nobody has set up" "cn:eth0 in"

# A tunnel of the node's with large TCP packets in it
tunnel_own() { # NETNS LOCAL REMOTE ADDRESS
	ip -n "$1" link add t0 mtu 1400 type ip6tnl local "$2" remote "$3" mode ip6ip6 \
		encaplimit none || skip "no ip6_tunnel"
	ip -n "$1" link set t0 up
	ip -n "$1" addr add "$4/64" dev t0 nodad
}
tunnel_own cn $CN $MN 2001:db8:5::1
tunnel_own mn $MN $CN 2001:db8:5::2
works "TCP in a tunnel in the tunnel" xfer cn mn 2001:db8:5::2 5001 2
works "and upwards" xfer mn cn 2001:db8:5::1 5002 2
# Its tunnel keeps the way that it has found, whatever becomes of the link
ip -6 -n mn route del default via $MAG_LLA dev if1
radio_off if1
works "and redirected, in the third" xfer cn mn 2001:db8:5::2 5003 1
