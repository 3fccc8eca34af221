#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 240
# Processors: 2
# Shows: listeners change while packets read them.  RFC 3810 §7.3: a node goes from any
# source to this one and back a thousand times and gets each packet once.  Entries, links,
# tunnels and the namespace come and go under traffic, and leave nothing.
source "$(dirname "$0")/lib.sh"
topo_chain

G=ff0e::1234
to_group="eth 33:33:00:00:12:34 / ip6 $CN $G / udp 1000 2000 32"
any="group $G upstream 1 dev acc lladdr $IF1_LL"
own="group $G source $CN upstream 1 dev acc lladdr $IF1_LL"
ctl lma listener add group $G tunnel 1
ctl pmag listener add group $G upstream 1 dev acc lladdr $IF1_LL
# Others elsewhere, so that it takes a while to find all of them
ip -n pmag link add far type dummy
ip -n pmag link set far up
{
	echo "link add dev far type access generation 2"
	for ((i = 0; i < 100; i++)); do
		printf 'listener add group %s upstream 1 dev far lladdr 02:00:00:00:88:%02x\n' $G $i
	done
} | ctl_batch pmag || bad "no others"

source "$(dirname "$0")/rounds.inc"
# What a controller says, what lets pass before what does not (ctl/multicast/route.c)
rounds moves <<-EOT
	listener add $own
	listener delete $any
	listener add $any
	listener delete $own
EOT
pkt -q -l mn:if1 -s cn:eth0 "$to_group" -c 1000000 -i $((200 * PMIP_SLOW)) -w 1000 > "$TMP/stream" &
stream=$!
thousand pmag moves
thousand pmag moves
stream_stop $stream
seen=$(< "$TMP/stream")
sent=$(field sent "$(lines all)")
within "packets while it went a thousand times" "$sent" 1000 1000000
is "each packet has come, and none twice" "$(field seen "$(lines mn:if1)") $(field twice "$(lines mn:if1)")" "$sent 0"
is "to each of the others, too" "$(show pmag listener '[.[] | select(.path.dev == "far") | .packets] |
	unique | join(" ")')" "$sent"

rounds entries <<-EOT
	listener add $own block
	listener delete $any
	listener replace $own
	listener add $any
	listener add group $G upstream 1 tunnel 2
	listener delete $own
	listener delete group $G upstream 1 tunnel 2
EOT
rounds tunnels <<-EOT
	tunnel add id 7 local $PMAG remote $NMAG role mag-mag
	listener add group $G upstream 1 tunnel 7
	listener add group $G upstream 7 dev acc lladdr $IF1_LL
	listener delete group $G upstream 1 tunnel 7
	listener delete group $G upstream 7 dev acc lladdr $IF1_LL
	tunnel del id 7
	tunnel set id 2 state down
	tunnel set id 2 state up
EOT
device() {
	ip -n pmag link add gone type veth peer name peer
	ip -n pmag -batch - <<-EOD
	link set gone up
	link set peer up
	EOD
	ctl_batch pmag <<-EOD
	link add dev gone type access
	listener add group $G upstream 1 dev gone lladdr $IF1_LL
	EOD
	ip -n pmag link del gone
	ctl pmag purge generation 1
}
ctl pmag link set dev acc generation 2
ctl pmag link set dev core generation 2
for i in 1 2; do ctl pmag tunnel set id $i generation 2; done
carrier() { ip -n pmag link set acc down; ip -n pmag link set acc up; }
pkt -q -l mn:if1 -s cn:eth0 "$to_group" -c 1000000 -i 300 > "$TMP/stream" &
stream=$!
loops=()
for what in "often entries" "often tunnels" device carrier; do
	# shellcheck disable=SC2086 # words
	again $what &
	loops+=($!)
done
nap $((6 * PMIP_SLOW))
rm "$TMP/go"
wait "${loops[@]}"
wait_carrier pmag acc
ctl pmag listener replace group $G upstream 1 dev acc lladdr $IF1_LL
ctl pmag listener delete group $G source $CN upstream 1 dev acc lladdr $IF1_LL 2> /dev/null
before=$(show pmag listener group $G upstream 1 dev acc lladdr $IF1_LL '.[0].packets')
flows_on() { [ "$(show pmag listener group $G upstream 1 dev acc lladdr $IF1_LL '.[0].packets')" -gt "$before" ]; }
works "afterwards packets flow on" eventually 5 flows_on
ctl pmag listener delete group $G upstream 1 dev acc lladdr $IF1_LL
ctl pmag purge generation 2
is "every entry can go" "$(ctl pmag -j stats | jq -c '.kernel | [.groups, .listeners]')" "[0,0]"

ctl pmag listener add group $G upstream 1 dev acc lladdr $IF1_LL
ctl pmag listener add group $G source $CN upstream 1 tunnel 2
nap 0.2
for n in pmag lma; do
	works "$n: deleted under traffic" ip netns del $n
	gone() { ! ip -n core link show dev $n; }
	works "$n: its devices go" eventually 8 gone
done
kill -0 $stream 2>/dev/null && ok "packets were still coming" || bad "traffic ended before"
kill $stream 2>/dev/null
wait $stream 2>/dev/null
namespaces_del
unloaded() { rmmod pmip; }
works "nothing holds the module" eventually 8 unloaded
works "and it can be loaded again" module_load
