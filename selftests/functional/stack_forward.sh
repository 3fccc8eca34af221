#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: an operator chooses for each link whether forwarded packets also pass
# the FORWARD chain (firewalls, conntrack, charging) or skip it.
source "$(dirname "$0")/lib.sh"
topo_chain
command -v nft > /dev/null || skip "needs nft"

chain() { # NETNS
	in_ns "$1" nft -f - <<-EOT
	table ip6 t {
		counter forwarded { }
		chain forward {
			type filter hook forward priority 0;
			ip6 daddr { $MN_SINK, $CN_SINK } counter name forwarded
		}
	}
	EOT
}
forwarded() { in_ns "$1" nft -j list counter ip6 t forwarded | jq '.nftables[1].counter.packets'; }
stack() { # on|off
	ctl lma link set dev cn stack "$1"
	ctl lma link set dev core stack "$1"
	ctl pmag link set dev core stack "$1"
	ctl pmag link set dev acc stack "$1"
}
chain lma || skip "no nf_tables"
chain pmag

watch -n 2 -l mn:if1 -l lma:core -s cn:eth0 "$(down)"
saw "without stack the packet arrives" "mn:if1 in" ip.src=$CN
is "and no FORWARD chain has seen it" "$(forwarded lma) $(forwarded pmag)" "0 0"

stack on
watch -n 2 -l mn:if1 -l lma:core -s cn:eth0 "$(down)"
saw "with stack it arrives as well" "mn:if1 in" ip.src=$CN ip.hl=62 eth.dst=$IF1_LL
is "and each FORWARD chain has seen it" "$(forwarded lma) $(forwarded pmag)" "1 1"
watch -n 1 -l cn:eth0 -s mn:if1 "$(up)"
saw "so does one of the node's" "cn:eth0 in" ip.src=$MN ip.hl=62
is "which they have seen, too" "$(forwarded lma) $(forwarded pmag)" "2 2"

in_ns pmag nft flush chain ip6 t forward
in_ns pmag nft add rule ip6 t forward ip6 daddr $MN_SINK drop
watch -w 300 -l mn:if1 -s cn:eth0 "$(down)"
saw_none "a rule that drops it drops it" "mn:if1 in"

stack off
watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "and without stack it skips the rule" "mn:if1 in" ip.src=$CN
