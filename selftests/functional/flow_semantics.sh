#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: flows are made, changed, deleted and shown as other objects are; RFC 6089
# §4.2: "two FIDs MUST NOT be associated with the same FID-PRI value".
source "$(dirname "$0")/lib.sh"
topo_bare lma

ctl_batch lma <<-EOT
	tunnel add id 1 local $LMA remote $PMAG role lma-mag
	tunnel add id 2 local $LMA remote $SMAG role lma-mag
	binding add prefix $HNP node 5 path tunnel 1 bid 1 path tunnel 2 bid 2
EOT
all='src 2001:db8:c::/48 dst 2001:db8:100:1::1-2001:db8:100:1::7 spi 1-4294967295 flowlabel 7
	sport 1-2 dport 3 tclass 4-255 proto 6-17'
# shellcheck disable=SC2086 # words
works "flow: add" ctl lma flow add node 5 fid 1 priority 10 $all bid 2 bid 1 generation 3
is "it is what was said" "$(show lma flow node 5 fid 1 '.[0] | [.node, .fid, .priority, .action,
	.active, .generation, (.bids | join(",")), (.selector | [.src, .dst, .spi, .flowlabel, .sport,
	.dport, .tclass, .proto] | join(" "))] | join(" ")')" \
	"0x5 1 10 forward yes 3 2,1 2001:db8:c::/48 2001:db8:100:1::1-2001:db8:100:1::7 1-4294967295 7 1-2 3 4-252 6-17"
refused "flow: add again" 'exists' ctl lma flow add node 5 fid 1 priority 11 bid 1
refused "flow: another of the priority" 'priority' ctl lma flow add node 5 fid 2 priority 10 bid 1
works "flow: of another node" ctl lma flow add node 6 fid 1 priority 10 bid 1
is "which has no binding" "$(show lma flow node 6 fid 1 '.[0].active')" no
works "flow: set one thing" ctl lma flow set node 5 fid 1 priority 9
is "the others stay" "$(show lma flow node 5 fid 1 '.[0] | [.priority, .generation, .selector.dport,
	(.bids | join(","))] | join(" ")')" "9 3 3 2,1"
works "flow: set to all packets" ctl lma flow set node 5 fid 1 all
is "it has no field any more" "$(show lma flow node 5 fid 1 '.[0].selector | length')" 0
works "flow: the priority is free" ctl lma flow add node 5 fid 2 priority 10 bid 1
refused "flow: set to a priority that is not" 'priority' ctl lma flow set node 5 fid 1 priority 10
is "nothing has changed" "$(show lma flow node 5 fid 1 '.[0].priority')" 9
works "flow: replace" ctl lma flow replace node 5 fid 1 priority 8 bid 1
is "replace says all that it shall be" "$(show lma flow node 5 fid 1 '.[0] | [.priority,
	(.selector | length), (.bids | join(","))] | join(" ")')" "8 0 1"
refused "flow: set one that is not there" 'no such' ctl lma flow set node 5 fid 7 bid 1
refused "flow: delete one that is not there" 'no such' ctl lma flow delete node 7 fid 1
refused "flow: forward to where?" 'binding identifier' ctl lma flow add node 5 fid 3 priority 3
works "flow: drop needs no identifier" ctl lma flow add node 5 fid 3 priority 3 action drop
refused "flow: unless it forwards" 'binding identifier' ctl lma flow set node 5 fid 3 action forward

works "flows: as many as a node may have" ctl_batch lma <<-EOT
	$(for ((i = 4; i <= 256; i++)); do echo "flow add node 5 fid $i priority $((1000 - i)) sport $i bid 1"; done)
EOT
refused "and no more" 'all the flows' ctl lma flow add node 5 fid 257 priority 257 bid 1
is "all are there" "$(json_value flows "$(ctl lma -j stats)")" 257
is "each once" "$(show lma flow '[.[] | select(.node == "0x5") | .fid] | sort == [range(1; 257)]')" true
echo 257 > /sys/module/pmip/parameters/flows_max
refused "nor more than flows_max" 'flows_max' ctl lma flow add node 6 fid 2 priority 2 bid 1
echo $((1 << 22)) > /sys/module/pmip/parameters/flows_max

ctl_batch lma <<-EOT || bad "not deleted"
	$(for ((i = 256; i > 2; i--)); do echo "flow delete node 5 fid $i"; done)
EOT
is "two are left" "$(show lma flow '[.[] | select(.node == "0x5") | .fid] | sort | join(" ")')" "1 2"
works "and one can come again" ctl lma flow add node 5 fid 256 priority 256 bid 2 generation 7
ctl lma flow set node 5 fid 2 generation 7
works "purge" ctl_batch lma <<-EOT
	tunnel set id 1 generation 7
	tunnel set id 2 generation 7
	binding set prefix $HNP generation 7
	purge generation 7
EOT
is "leaves what was said again" "$(show lma flow '[.[] | "\(.node) \(.fid)"] | sort | join(", ")')" \
	"0x5 2, 0x5 256"
works "purge all" ctl lma purge generation 8
is "and nothing is left" "$(ctl lma -j stats | jq -c '.kernel | [.flows, .bindings, .tunnels]')" "[0,0,0]"
works "a namespace with flows can go" ctl_batch lma <<-EOT
	tunnel add id 1 local $LMA remote $PMAG role lma-mag
	flow add node 5 fid 1 priority 1 bid 1
	binding add prefix $HNP node 5 path tunnel 1 bid 1
	binding add prefix 2001:db8:100:2::/64 node 5 path tunnel 1 bid 1
	binding add prefix 2001:db8:100:3::/64 node 6 path tunnel 1 bid 1
	flow add node 6 fid 1 priority 1 bid 1
	flow delete node 5 fid 1
EOT
