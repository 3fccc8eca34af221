#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: RFC 6224 §4.2: "the MAG will uniquely serve its downstream links with exactly the
# data that belong to whatever group is subscribed on the particular interface": a thousand
# nodes at two gateways listen to thirty of a hundred groups each, to some of them not
# from this source.
source "$(dirname "$0")/lib.sh"
topo_chain

NODES=500 GROUPS_=100 BLOCK=10
# Copies are counted where they leave: beyond they are for nobody
ip -n air -batch - <<-EOT
	link set if1 type bridge_slave flood off
	link set if2 type bridge_slave flood off
EOT
backlog=/proc/sys/net/core/netdev_max_backlog
queue=$(< $backlog)
echo 20000 > $backlog

# Each node has groups of its own; of the first ones every other node blocks the source
lines_of() { # GATEWAY-NUMBER
	awk -v gw="$1" -v nodes=$NODES -v groups=$GROUPS_ -v block=$BLOCK -v cn=$CN 'BEGIN {
		for (g = 1; g <= groups; g++)
			for (n = 0; n < nodes; n++) {
				if ((n + g) % 10 >= 3)
					continue
				who = sprintf("upstream 1 dev acc lladdr 02:00:00:%02x:%02x:%02x", gw,
					      n / 256, n % 256)
				printf "listener add group ff0e::%x %s\n", g, who
				if (g <= block && n % 2)
					printf "listener add group ff0e::%x source %s %s block\n", g, cn, who
			}
	}'
}
for ((g = 1; g <= GROUPS_; g++)); do
	printf 'listener add group ff0e::%x tunnel 1\nlistener add group ff0e::%x tunnel 2\n' $g $g
done | ctl_batch lma || bad "the anchor's listeners"
begun=$SECONDS
lines_of 1 > "$TMP/pmag"
lines_of 2 > "$TMP/smag"
ctl_batch pmag < "$TMP/pmag" || bad "the PMAG's listeners"
ctl_batch smag < "$TMP/smag" || bad "the SMAG's listeners"
entries=$(wc -l < "$TMP/pmag") blocked=$(grep -c ' block$' "$TMP/pmag")
is "so many entries" "$entries $blocked" "15750 750"
for n in pmag smag; do
	is "$n: all are there" "$(ctl $n -j stats | jq -c '.kernel | [.groups, .listeners]')" \
		"[$((GROUPS_ + BLOCK)),$entries]"
done
echo "  $((2 * entries)) listeners in $((SECONDS - begun)) s"

sent() { ip -n "$1" -j -s link show dev acc | jq '.[0].stats64.tx.packets'; }
entries_with() { grep -c "$1" "$TMP/entries"; }
copies=$((entries - 2 * blocked))
declare -A before=([pmag]=$(sent pmag) [smag]=$(sent smag))
begun=$SECONDS
for ((g = 1; g <= GROUPS_; g++)); do
	echo "-s"
	printf 'cn:eth0\neth 33:33:00:00:00:%02x / ip6 %s ff0e::%x / udp 1 2 100\n' $g $CN $g
done > "$TMP/senders"
mapfile -t senders < "$TMP/senders"
# No more than a few senders in one go, and time for each packet's copies
for ((i = 0; i < ${#senders[@]}; i += 60)); do
	pkt -q -i 10000 -w 100 -l lma:cn "${senders[@]:i:60}" > "$TMP/pkt" || bad "pkt"
done
echo "  $((2 * copies)) copies in $((SECONDS - begun)) s"
for n in pmag smag; do
	all() { [ $(($(sent "$n") - before[$n])) -ge $copies ]; }
	eventually 10 all
	is "$n: a copy for each listener, and no more" "$(($(sent $n) - before[$n]))" $copies
	ctl $n listener show > "$TMP/entries"
	is "$n: one by each entry that passes" "$(entries_with 'packets 1 bytes 148')" $copies
	is "$n: none by another" "$(entries_with 'packets 0 bytes 0')" $((entries - copies))
	is "$n: each group had its packet" "$(show $n group '[.[] | select(.source == "::") | .packets] | unique |
		join(" ")') $(show $n group '[.[] | select(.source != "::") | .packets] | unique | join(" ")')" "1 0"
	is "$n: nothing was dropped" "$(ctl $n -j stats | jq '[.kernel.drops[]] | add')" 0
done
is "the anchor: one packet of each group in each tunnel" "$(tunnel lma 1 tx-packets) $(tunnel lma 2 tx-packets)" \
	"$GROUPS_ $GROUPS_"
ctl pmag purge generation 1
is "all can go" "$(ctl pmag -j stats | jq -c '.kernel | [.groups, .listeners]')" "[0,0]"
echo "$queue" > $backlog
