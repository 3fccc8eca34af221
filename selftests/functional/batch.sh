#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: what a device hands over together goes on in the order in which it came, all of
# it and once: to the node, from it, and to the gateway itself, whose packets go on to
# the stack.  No receiver has to keep a segment until another has come.
source "$(dirname "$0")/lib.sh"
SPACES="$SPACES far"
topo_chain
command -v ethtool > /dev/null || skip "needs ethtool"
# Between two processors there is no order to keep
taskset -c -p 0 $$ > /dev/null

# Room for full-sized packets inside
for n in lma pmag smag; do ip -n $n link set core mtu 1600; done
ip -n core -batch - <<-EOT
	link set lma mtu 1600
	link set pmag mtu 1600
	link set br0 mtu 1600
EOT

# Not put aside is a packet that a socket still has: it comes from beyond a router
in_ns cn bash -c "echo 1 > $CONF/all/forwarding"
ip -6 -n cn -batch - <<-EOT
	link add far type veth peer name eth0 netns far
	addr add 2001:db8:f::1/64 dev far nodad
	link set far up
EOT
ip -6 -n far -batch - <<-EOT
	addr add 2001:db8:f::2/64 dev eth0 nodad
	link set eth0 up
	route add default via 2001:db8:f::1
EOT
ip -n lma -6 route add 2001:db8:f::/64 via $CN dev cn

# A large packet is cut up where it leaves: its segments come in together
in_ns far ethtool -K eth0 tso off > "$TMP/ethtool" 2>&1
in_ns mn ethtool -K if1 tso off >> "$TMP/ethtool" 2>&1

late() { # NETNS: segments that others had overtaken
	in_ns "$1" awk '/^TcpExt:/ && !n++ { split($0, name); next }
		/^TcpExt:/ { for (i in name) if (name[i] == "TCPOFOQueue") print $i }' /proc/net/netstat
}

in_order() { # WHAT FROM TO ADDRESS PORT
	local before
	before=$(late "$3")
	works "$1" xfer "$2" "$3" "$4" "$5" 2
	is "$1, in order" "$(($(late "$3") - before))" 0
}

in_order "to the node" far mn $MN 5001
in_order "from the node" mn cn $CN 5002
in_order "to the gateway itself" far lma $LMA_CN 5003

watch -w 300 -l lma:cn -s cn:eth0 "eth $LMA_CN_LL / ip6 $CN $LMA_CN / udp 1 2"
is "who watches the device sees a packet once" "$(count 'lma:cn in' '.* udp.sport=1 ')" 1
