#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §3: the tunnel packet is another packet than the one inside: what
# conntrack knows of the one is not true of the other, on the way in and out.
source "$(dirname "$0")/lib.sh"
topo_chain
command -v nft > /dev/null || skip "needs nft"

for n in lma pmag; do
	in_ns $n nft -f - <<-EOT || skip "no nf_conntrack"
	table ip6 t {
		counter inner { }
		counter outer { }
		counter confused { }
		chain forward {
			type filter hook forward priority 0;
			ip6 daddr $MN_SINK ct original ip6 daddr $MN_SINK counter name inner
			ct original ip6 daddr { $LMA, $PMAG } counter name confused
		}
		chain output {
			type filter hook output priority 0;
			meta l4proto 41 ct original ip6 daddr $PMAG counter name outer
			meta l4proto 41 ct original ip6 daddr $MN_SINK counter name confused
		}
		chain post {
			type filter hook postrouting priority 0;
			meta l4proto 41 ct original ip6 daddr $MN_SINK counter name confused
		}
	}
	EOT
done
seen_by() { # NETNS COUNTER
	in_ns "$1" nft -j list counter ip6 t "$2" | jq '.nftables[1].counter.packets'
}
for dev in cn core; do ctl lma link set dev $dev stack on; done
for dev in core acc; do ctl pmag link set dev $dev stack on; done

watch -n 1 -w 1000 -l mn:if1 -s cn:eth0 "$(down)"
saw "the packet arrives by both stacks" "mn:if1 in" ip.src=$CN
is "the LMA's FORWARD chain knows it by the flow's addresses" "$(seen_by lma inner)" 1
is "its OUTPUT chain the tunnel packet by the tunnel's" "$(seen_by lma outer)" 1
is "and takes neither for the other" "$(seen_by lma confused)" 0
is "the PMAG's FORWARD chain knows it by the flow's addresses" "$(seen_by pmag inner)" 1
is "and not by the tunnel's" "$(seen_by pmag confused)" 0

# An operator's mark says how to route, inside and outside
in_ns lma nft add chain ip6 t mangle '{ type filter hook prerouting priority -150; }'
in_ns lma nft add rule ip6 t mangle ip6 daddr $MN_SINK meta mark set 7
ip -n lma -6 rule add fwmark 7 to $PMAG lookup 77
ip -n lma -6 route add unreachable default table 77
watch -w 300 -l lma:core -s cn:eth0 "$(down)"
is "the mark of a flow does not choose its tunnel's route" "$(count 'lma:core out')" 1
