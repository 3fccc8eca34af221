#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §3.2's cached routes go before the routing of their namespace does: a
# namespace that is deleted with a tunnel in use frees the tunnel first.
source "$(dirname "$0")/lib.sh"
topo_bare lma
tracing=/sys/kernel/tracing
[ -e $tracing/trace ] || mount -t tracefs tracefs $tracing || skip "no tracefs"
group=pmip_netns_routes
probe_off() {
	echo 0 > $tracing/events/$group/enable
	echo "-:$group/tunnel" >> $tracing/kprobe_events
	echo "-:$group/routes" >> $tracing/kprobe_events
} 2> "$TMP/probe"
echo "p:$group/tunnel pmip:pmip_tunnel_free_rcu" >> $tracing/kprobe_events || skip "no kprobes"
trap 'probe_off; finish' EXIT
echo "p:$group/routes ip6_route_net_exit" >> $tracing/kprobe_events || skip "no symbol"
echo > $tracing/trace
echo 1 > $tracing/events/$group/enable

used() {
	ip -n lma -batch - <<-EOT
	link set lo up
	link add d0 type dummy
	link set d0 up
	EOT
	ip -6 -n lma -batch - <<-EOT
	addr add $LMA/64 dev d0 nodad
	neigh replace $PMAG lladdr 02:00:00:00:00:02 dev d0 nud permanent
	route add default via $PMAG dev d0
	EOT
	ctl lma tunnel add id 1 local $LMA remote $PMAG role lma-mag
	ctl lma binding add prefix $HNP node 1 path tunnel 1 bid 1
	in_ns lma ping -6 -n -c 1 -W 1 $MN > "$TMP/ping"
	[ "$(tunnel lma 1 tx-packets)" -gt 0 ]
}
ends() { [ "$(grep -c ' routes:' $tracing/trace)" -gt "$1" ]; }

for round in 1 2 3; do
	works "round $round: a packet by the tunnel" used
	before=$(grep -c ' routes:' $tracing/trace)
	ip netns del lma
	works "the namespace ends" eventually 10 ends "$before"
	ns_new lma
done
nap 0.5
is "each time the tunnel went before the routes" \
	"$(grep -o ' \(tunnel\|routes\):' $tracing/trace | tr -d ' \n')" \
	tunnel:routes:tunnel:routes:tunnel:routes:
