#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §5.6.2: reverse tunneled packets, "after removing the tunnel header
# MUST be routed to the destination specified in the inner packet header": by a cached
# route where nothing but that destination has a say, by the stack where anything else has.
source "$(dirname "$0")/lib.sh"
topo_chain
icmp_often lma
command -v nft > /dev/null || skip "needs nft"

# What the stack forwarded; the cached route counts nowhere but at the device
forwarded() { in_ns lma awk '/^Ip6OutForwDatagrams/ { print $2 }' /proc/net/snmp6; }
received() { ip -n lma -s -j link show dev pmip0 | jq '.[0].stats64.rx.packets'; }
send() { # WHAT STACK [OPTION...]: it arrives, and the stack forwarded so many
	local before what=$1 stack=$2

	shift 2
	before=$(forwarded)
	watch -n 1 -l cn:eth0 "$@" -s mn:if1 "$(up)"
	saw "$what: it arrives" "cn:eth0 in" ip.src=$MN ip.hl=62 eth.src=$LMA_CN_LL
	is "and the stack forwarded" $(($(forwarded) - before)) "$stack"
}
chain() { # HOOK
	in_ns lma nft -f - <<-EOT
	table ip6 t {
		chain c {
			type filter hook $1 priority 0;
			ip6 daddr $CN_SINK counter
		}
	}
	EOT
}
counted() { in_ns lma nft -j list table ip6 t | jq '.. | .counter?.packets // empty'; }

watch -n 1 -l cn:eth0 -s mn:if1 "$(up)"
saw "the first packet, by whatever way" "cn:eth0 in" ip.src=$MN
rx=$(received)
send "the next" 0
is "the pmip device counts it" $(($(received) - rx)) 1

for hook in prerouting forward; do
	chain $hook
	send "with a chain at $hook" 1
	is "which sees it" "$(counted)" 1
	in_ns lma nft delete table ip6 t
done
chain postrouting
send "with a chain at postrouting" 0
is "which sees it" "$(counted)" 1
in_ns lma nft add rule ip6 t c ip6 daddr $CN_SINK drop
watch -w 300 -l cn:eth0 -s mn:if1 "$(up)"
saw_none "and may drop it" "cn:eth0 in"
in_ns lma nft delete table ip6 t
send "without one" 0

ip -n lma -6 route add unreachable $CN_SINK
watch -w 300 -l cn:eth0 -l mn:if1 -s mn:if1 "$(up)"
saw_none "so is a change of the route" "cn:eth0 in"
saw "and the node is told" "mn:if1 in" icmp.type=1
ip -n lma -6 route del unreachable $CN_SINK
watch -n 1 -l cn:eth0 -s mn:if1 "$(up)"
saw "and of the change back" "cn:eth0 in" ip.src=$MN

watch -w 300 -l cn:eth0 -l mn:if1 -s mn:if1 "$(up 'hl 2')"
saw_none "a hop limit that ends here" "cn:eth0 in"
saw "is the stack's to tell of" "mn:if1 in" icmp.type=3 icmp.code=0
ip -n lma link set cn mtu 1300
watch -w 300 -l cn:eth0 -l mn:if1 -s mn:if1 "$(up 'hl 64' "udp 1000 2000 1353")"
saw_none "so is a packet that is too big for the next link" "cn:eth0 in"
saw "as it is" "mn:if1 in" icmp.type=2 icmp.arg=1300
ip -n lma link set cn mtu 1500
ip -n lma neigh flush dev cn
watch -n 1 -l cn:eth0 -s mn:if1 "$(up)"
saw "and a neighbour to be looked for" "cn:eth0 in" ip.src=$MN

send "at last" 0
ip -n lma -6 rule add from $HNP to $CN_SINK prohibit
watch -w 300 -l cn:eth0 -l mn:if1 -s mn:if1 "$(up)"
saw_none "a policy rule is obeyed" "cn:eth0 in"
saw "the node is told" "mn:if1 in" icmp.type=1 icmp.code=1
ip -n lma -6 rule del from $HNP to $CN_SINK prohibit

works "the cache keeps no device from going" timeout $((10 * PMIP_SLOW)) ip -n lma link del cn
