#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §6.10.5, of a gateway with a firewall: its own packets to a mobile node
# pass OUTPUT and POSTROUTING, so that connection tracking knows the answers to them.
source "$(dirname "$0")/lib.sh"
topo_chain

ping_from() { in_ns "$1" ping -6 -n -c 2 -i 0.2 -W 3 -I "$3" "$2"; }
counted() { in_ns "$1" nft -j list counter ip6 t to_mn | jq '.nftables[1].counter.packets'; }

for ns in pmag lma; do
	in_ns $ns nft -f - <<-EOT || skip "no nftables"
	table ip6 t {
		counter to_mn { }
		chain in {
			type filter hook input priority 0; policy drop;
			ct state established,related accept
			icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept
			meta l4proto 41 accept
			iif lo accept
		}
		chain post {
			type filter hook postrouting priority 0;
			ip6 daddr $MN counter name to_mn
		}
	}
	EOT
done
works "answers to the PMAG's own ping are known" ping_from pmag $MN $PMAG
works "answers to the LMA's" ping_from lma $MN $LMA
is "POSTROUTING has seen each once, at the PMAG and at the LMA" \
	"$(counted pmag) $(counted lma)" "2 2"
works "TCP from the LMA to the mobile node" xfer lma mn $MN 5001 1
