# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The reference network of the drafts in network namespaces, with as many access
# gateways as the scenario names in MAGS; for draft seamless handover §4, figure 1:
#
#	cn --- lma --- core --+-- pmag --- cell1 ...
#	                      +-- smag --- cell2 ... air ... if1, if2 of mn
#	                      +-- nmag --- cell3 ...
#
# A scenario may name more anchors than this one, in ANCHORS: each has a link of its own
# to the CN, which sends by the first.
#
# "core" is a bridge that takes 10 ms to bring a packet from one gateway to
# another, so that every hop shows in a packet's delay.  "air" has a bridge per
# radio cell: a gateway's radio0 is an upper device of its cell's bridge, and the
# far end of a mobile node's interface is a port of the cell where it is.

CORE_DELAY=10ms
GATEWAYS="$ANCHORS $MAGS"
NAMESPACES="cn core $GATEWAYS air mn"

declare -A CORE_ADDRESS=() CELL=()
for anchor in $ANCHORS; do
	CORE_ADDRESS[$anchor]=2001:db8::$((${#CORE_ADDRESS[@]} + 1))
done
for mag in $MAGS; do
	CELL[$mag]=cell$((${#CELL[@]} + 1))
	CORE_ADDRESS[$mag]=2001:db8::$((10 + ${#CELL[@]}))
done
declare -A LLADDR=([if1]=02:00:00:00:01:01 [if2]=02:00:00:00:01:02)
CN_ADDRESS=2001:db8:c::2

# New namespaces inherit the settings of this one.  Addresses are usable at once
# except at the mobile node, which is as any host is.
make_namespaces() {
	local ns

	sysctl -qw net.core.devconf_inherit_init_net=1 \
		net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.accept_ra=0
	for ns in $NAMESPACES; do
		[ "$ns" = mn ] || echo "netns add $ns"
	done | ip -batch -
	sysctl -qw net.ipv6.conf.default.accept_dad=1 net.ipv6.conf.default.accept_ra=1 \
		net.ipv6.conf.all.ignore_routes_with_linkdown=1 \
		net.ipv6.conf.default.ignore_routes_with_linkdown=1
	ip netns add mn
}

make_core() {
	local gw

	{
		echo "link add br0 type bridge mcast_snooping 0"
		for gw in $GATEWAYS; do
			echo "link add $gw type veth peer name core0 netns $gw"
			echo "link set $gw master br0 up"
		done
		echo "link set br0 up"
	} | ip -n core -batch -
	for gw in $GATEWAYS; do
		printf 'qdisc add dev %s root netem limit 4000 delay %s\n' "$gw" "$CORE_DELAY"
	done | tc -n core -batch -
	for gw in $GATEWAYS; do
		ip -n "$gw" -batch - <<-EOT
			link set core0 up
			addr add ${CORE_ADDRESS[$gw]}/64 dev core0
		EOT
	done
}

# What the other anchors have for the CN's address they send by their own links
make_correspondent() {
	local gw n=0 net=2001:db8:c:

	for gw in $ANCHORS; do
		ip -n cn -batch - <<-EOT
			link add eth$n type veth peer name cn0 netns $gw
			link set eth$n up
			addr add $net:2/64 dev eth$n
		EOT
		ip -n "$gw" -batch - <<-EOT
			link set cn0 up
			addr add $net:1/64 dev cn0
		EOT
		[ $n = 0 ] || ip -n "$gw" route add $CN_ADDRESS via $net:2
		n=$((n + 1)) net=2001:db8:c:$n:
	done
	ip -n cn route add default via 2001:db8:c::1
}

# The dummy port keeps a cell on the air while nobody is in it.  Each end of a
# macvlan has its own index: equal ones would look like a physical device.
make_air() {
	local gw n=100

	for gw in $MAGS; do
		n=$((n + 1))
		ip -n air -batch - <<-EOT
			link add ${CELL[$gw]} type bridge mcast_snooping 0
			link add beacon$n type dummy
			link set beacon$n master ${CELL[$gw]} up
			link set ${CELL[$gw]} up
			link add radio0 index $n link ${CELL[$gw]} type macvlan mode bridge
			link set radio0 netns $gw
		EOT
		ip -n "$gw" link set radio0 up
	done
}

# An ordinary host with router advertisements.  The two settings are an
# operator's choice for any host with two interfaces: a default route over a
# dead link is not used, and IF2 is the better way out where it is a way out.
make_mobile_node() {
	local dev uplink_metric=$1

	for dev in if1 if2; do
		echo "link add far-$dev type veth peer name $dev address ${LLADDR[$dev]} netns mn"
	done | ip -n air -batch -
	ip netns exec mn sysctl -qw "net.ipv6.conf.if2.ra_defrtr_metric=$uplink_metric"
	ip -n mn -batch - <<-EOT
		link set if1 up
		link set if2 up
	EOT
}

topology_up() { # METRIC of the mobile node's default route over IF2
	make_namespaces
	make_core
	make_correspondent
	make_air
	make_mobile_node "$1"
}

topology_down() {
	local ns

	for ns in $NAMESPACES; do
		[ -e "/run/netns/$ns" ] && echo "netns del $ns"
	done | ip -batch -
}

# INTERFACE comes into the cell of GATEWAY: both ends have carrier.
radio_join() {
	ip -n air link set "far-$1" master "${CELL[$2]}" up
}

# The cell of GATEWAY loses its node: the radio reports the loss of the link,
# and INTERFACE has no carrier either.
radio_lose() {
	ip -n "$2" link set radio0 protodown on
	ip -n air link set "far-$1" down nomaster
}
