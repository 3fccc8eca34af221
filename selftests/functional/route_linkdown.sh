#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §3.2 and RFC 5213 §5.6.2: the outer packet and the node's packet go "to
# the next hop" that the routing table has now: where it passes over routes whose link is
# down, a cached route does not outlive its device's carrier, and comes back with it.
source "$(dirname "$0")/lib.sh"
topo_chain

# A second way of the LMA to the PMAG and to a correspondent, by other devices
second() { # DEVICE NETNS NUMBER
	ip link add "$1" netns lma address 02:00:00:00:0a:0"$3" type veth peer name "$1" netns "$2"
	ip -n "$2" link set "$1" address 02:00:00:00:0a:1"$3" up
	ip -6 -n lma -batch - <<-EOT
	link set $1 up
	addr add 2001:db8:a$3::1/64 dev $1 nodad
	neigh replace 2001:db8:a$3::2 lladdr 02:00:00:00:0a:1$3 dev $1 nud permanent
	EOT
	wait_carrier lma "$1"
}
second alt pmag 1
second cn2 cn 2
ip -n pmag addr add 2001:db8:a1::2/64 dev alt nodad
ip -6 -n lma -batch - <<-EOT
route add $PMAG/128 via 2001:db8:a1::2 dev alt metric 2000
route add $PMAG/128 dev core metric 10
route add 2001:db8:d::/64 via $CN dev cn metric 100
route add 2001:db8:d::/64 via 2001:db8:a2::2 dev cn2 metric 200
EOT
in_ns lma bash -c "for f in $CONF/*/ignore_routes_with_linkdown; do echo 1 > \$f; done"
far="eth $MAG_LL $IF1_LL / ip6 $MN 2001:db8:d::99 hl 64 / udp 1000 2000 32"

goes() { # WHAT DEVICE-OF-CN DEVICE-OF-PMAG
	watch -n 1 -l cn:eth0 -l cn:cn2 -s mn:if1 "$far"
	saw "to the correspondent, $1" "cn:$2 in" ip.src=$MN
	watch -n 1 -l pmag:core -l pmag:alt -s cn:eth0 "$(down)"
	saw "to the PMAG, $1" "pmag:$3 in" ip.dst=$PMAG
}
# What the routes say, which hear of the carrier later than the device
away() { [[ $(ip -6 -n lma route show dev "$1") == *linkdown* ]]; }
back() { ! away "$1"; }

goes "by the better route" eth0 core
goes "and again" eth0 core
# cn's device is needed for packets down: its far end alone loses the carrier
ip -n core link set lma down
eventually 5 away core || die "no route by core is down"
watch -n 1 -l pmag:core -l pmag:alt -s cn:eth0 "$(down)"
saw "to the PMAG, its link without carrier: by the other" "pmag:alt in" ip.dst=$PMAG
ip -n core link set lma up
eventually 5 back core || die "a route by core is down"
goes "with the carrier back" eth0 core
ip -n cn link set eth0 down
eventually 5 away cn || die "no route by cn is down"
watch -n 1 -l cn:cn2 -s mn:if1 "$far"
saw "to the correspondent, its link without carrier: by the other" "cn:cn2 in" ip.src=$MN
ip -n cn link set eth0 up
eventually 5 back cn || die "a route by cn is down"
ip -6 -n cn neigh replace $LMA_CN lladdr $LMA_CN_LL dev eth0 nud permanent
goes "with that carrier back" eth0 core
