#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: whoever looks on, classifies or queues at a device gets every frame that the
# module sends there, though a device without a queue gets plain frames directly.
source "$(dirname "$0")/lib.sh"
topo_chain
command -v nft > /dev/null || skip "needs nft"

both() { # WHAT: one packet into the tunnel at the anchor, one out of the MAG's link
	watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
	saw "$1: the packet arrives" "mn:if1 in" ip.src=$CN
}
sent() { ip -n "$1" -s -j link show dev "$2" | jq '.[0].stats64.tx.packets'; }
egress() { # NETNS DEV
	in_ns "$1" nft -f - <<-EOT
	table netdev t {
		chain c {
			type filter hook egress device $2 priority 0;
			ip6 daddr { $PMAG, $MN_SINK } counter
		}
	}
	EOT
}
counted() { in_ns "$1" nft -j list table netdev t | jq '.. | .counter?.packets // empty'; }
queued() { in_ns "$1" tc -s -j qdisc show dev "$2" root | jq '.[0].packets'; }

both "nobody"
lma=$(sent lma core) pmag=$(sent pmag acc)
both "nobody again"
within "the anchor's device counts it" $(($(sent lma core) - lma)) 1 9
within "the MAG's as well" $(($(sent pmag acc) - pmag)) 1 9

watch -n 3 -l mn:if1 -l lma:core -l pmag:acc -s cn:eth0 "$(down)"
saw "a capture at the anchor" "lma:core out" ip.dst=$PMAG
saw "a capture at the MAG" "pmag:acc out" ip.src=$CN eth.dst=$IF1_LL

egress lma core && egress pmag acc || skip "no egress hook"
both "hooks at egress"
is "which count it" "$(counted lma) $(counted pmag)" "1 1"
in_ns lma nft delete table netdev t
in_ns pmag nft delete table netdev t

for where in "lma core" "pmag acc"; do
	in_ns ${where% *} tc qdisc add dev ${where#* } clsact
	in_ns ${where% *} tc filter add dev ${where#* } egress protocol ipv6 matchall action drop
	watch -w 300 -l mn:if1 -s cn:eth0 "$(down)"
	saw_none "a classifier at $where that drops it" "mn:if1 in"
	in_ns ${where% *} tc qdisc del dev ${where#* } clsact
done

for where in "lma core" "pmag acc"; do
	in_ns ${where% *} tc qdisc replace dev ${where#* } root pfifo
done
both "a queueing discipline"
within "which has it at the anchor" "$(queued lma core)" 1 20
within "and at the MAG" "$(queued pmag acc)" 1 20
for where in "lma core" "pmag acc"; do
	in_ns ${where% *} tc qdisc del dev ${where#* } root
done
both "nobody at last"
