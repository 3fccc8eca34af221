#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: a controller that comes back says its state again under a new generation and
# purges the older one; what both have said stays, and no packet is lost meanwhile.
# linux/pmip.h: STATS_GET answers "the latest generation that any was given"; PURGE: "With
# LIMIT no more flows, bindings and listeners than that are looked at: -EAGAIN says that there may
# be more, and the next request with LIMIT for the same generation goes on behind them".
source "$(dirname "$0")/lib.sh"
topo_chain

ctl_batch lma <<-EOT
	tunnel add id 3 local $LMA remote $NMAG role lma-mag generation 1
	binding add prefix 2001:db8:100:2::/64 path tunnel 3 generation 1
	binding add prefix 2001:db8:100:3::/64 path tunnel 1 generation 2
	link set dev core generation 1
	link set dev cn generation 1
EOT
pkt -q -l mn:if1 -s cn:eth0 "$(down)" -c 600 -i 2000 -w 400 > "$TMP/stream" &
stream=$!
nap 0.4
works "the state is said again" ctl_batch lma <<-EOT
	tunnel set id 1 generation 2
	tunnel set id 2 generation 2
	link set dev core generation 2
	link set dev cn generation 2
	binding replace prefix $HNP node 1 generation 2 path tunnel 1 bid 1 path tunnel 2 bid 2
EOT
works "and the older purged" ctl lma purge generation 2
wait $stream
seen=$(< "$TMP/stream")
is "no packet is lost or doubled" "$(field seen "$seen") $(field twice "$seen")" "600 0"

is "the older binding is gone" "$(show lma binding '[.[].prefix] | sort | join(" ")')" \
	"$HNP 2001:db8:100:3::/64"
is "so is the tunnel that only it used" "$(show lma tunnel '[.[].id] | sort | join(" ")' | tr '\n' ' ')" \
	"1 2 "
is "the links stay" "$(show lma link length)" 2

# Nobody said the links again this time
ctl_batch lma <<-EOT
	tunnel set id 1 generation 3
	binding replace prefix $HNP generation 3 path tunnel 1
	purge generation 3
EOT
is "links and tunnels that are not said again go" "$(ctl lma -j stats |
	jq -c '.kernel | [.tunnels, .links, .bindings]')" "[1,0,1]"
watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "packets flow on, by the slow entrance" "mn:if1 in" ip.src=$CN

# latest WHAT WANTED COMMAND...: as the kernel remembers it after that
latest() {
	local what=$1 wanted=$2
	shift 2
	works "$what" ctl lma "$@"
	is "... and the latest generation" "$(ctl lma -j stats | jq .kernel.generation)" "$wanted"
}
is "the latest generation" "$(ctl lma -j stats | jq .kernel.generation)" 3
latest "tunnel: set" 4 tunnel set id 1 generation 4
latest "tunnel: add" 5 tunnel add id 7 local $LMA remote $NMAG role lma-mag generation 5
latest "link: add" 6 link add dev core type core generation 6
latest "link: set" 7 link set dev core generation 7
latest "binding: add" 8 binding add prefix 2001:db8:100:9::/64 path tunnel 1 generation 8
latest "binding: set" 9 binding set prefix 2001:db8:100:9::/64 generation 9
latest "flow: add" 10 flow add node 5 fid 1 priority 1 dport 1 bid 1 generation 10
latest "flow: set" 11 flow set node 5 fid 1 generation 11
latest "an older one" 11 tunnel set id 1 generation 2
latest "none" 11 binding add prefix 2001:db8:100:a::/64 path tunnel 1
latest "those that had it go" 11 purge generation 12
for n in 0x70000000 0xe0000000 1; do
	latest "the number wraps" $((n)) link add dev core type core generation $((n))
	ctl lma link del dev core
done

# 120 flows and 120 bindings in pieces of 40, each with some of either generation
ctl lma purge generation 3
is "nothing is left" "$(ctl lma -j stats | jq -c '.kernel | [.flows, .bindings, .tunnels]')" "[0,0,0]"
{
	echo "tunnel add id 9 local $LMA remote $NMAG role lma-mag generation 3"
	for ((i = 1; i <= 120; i++)); do
		printf 'flow add node %u fid 1 priority 1 dport 1 bid 1 generation %u\n' $i $((3 + i % 2))
		printf 'binding add prefix 2001:db8:200:%x::/64 path tunnel 9 generation %u\n' $i $((3 + i % 2))
	done
} | ctl_batch lma
left() { ctl lma -j stats | jq -c '.kernel | [.flows, .bindings]'; }
is "so many are there" "$(left)" "[120,120]"
for ((piece = 1; piece < 20; piece++)); do
	ctl lma purge generation 4 limit 40 2> "$TMP/again" && break
	grep -q 'Resource temporarily unavailable' "$TMP/again" || die "$(< "$TMP/again")"
	[ $piece != 1 ] || left > "$TMP/first"
	[ $piece != 4 ] || is "flows go before bindings" "$(left)" "[60,120]"
done
within "after the first piece: flows" "$(jq '.[0]' "$TMP/first")" 80 119
within "the last piece" $piece 6 9
is "the newer are left" "$(left)" "[60,60]"
is "and what they use" "$(ctl lma -j stats | jq .kernel.tunnels)" 1
works "the rest at once" ctl lma purge generation 5 limit 10000
is "none is left" "$(ctl lma -j stats | jq -c '.kernel | [.flows, .bindings, .tunnels]')" "[0,0,0]"
