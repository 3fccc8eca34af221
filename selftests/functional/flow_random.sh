#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 240
# Shows: RFC 6089 §5.3.6, RFC 6088 §3.2: 10,000 random packets against 1,000 random sets
# of flows belong to the flows that a plain reference classifier says (a part of both
# where all is slow): when the rules are asked, when the flow cache answers, and as later
# fragments of what the first one was (RFC 8200 §4.5).
source "$(dirname "$0")/lib.sh"
topo_bare lma cn

ip -batch - <<-EOT || die "no links"
	link add eth0 netns cn address $CN_LL type veth peer name cn netns lma address $LMA_CN_LL
EOT
ip -n lma link set cn up
ip -n cn link set eth0 up
ip -6 -n lma -batch - <<-EOT
	link add pmip0 type pmip
	link set pmip0 up
	route add $POOL dev pmip0
EOT
ctl_batch lma <<-EOT || die "no state"
	link add dev cn type core
	binding add prefix $HNP node 1 path drop bid 1
EOT
wait_carrier lma cn
if out=$(in_ns lma classify "${SEED:-20260611}" $((1000 / PMIP_SLOW)) cn:eth0 $LMA_CN_LL 2>&1); then
	ok "$out"
else
	bad "$(tail -n 40 <<< "$out")"
fi
stats=$(ctl lma -j stats)
hits=$(json_value flow-hits "$stats") misses=$(json_value flow-misses "$stats")
[ "$hits" -ge $((10000 / PMIP_SLOW)) ] && ok "the cache answered for $hits, not for $misses" ||
	bad "the cache answered for $hits only, not for $misses"
