#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Daemons are killed at any moment, or replaced by the next, while packets go both ways and
# other nodes come and go: no packet is lost, none of the gateways hears of it, and nothing
# is left but what is wanted.  PMIP_KILLS: how many times.
#
# Timeout: 300
# Shows: RFC 5847 §3.2: "The counter MUST NOT be incremented if the recovery happens
# without losing state"; RFC 5213 §5.1: the binding cache is what it was, sequence
# numbers included
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
HEARTBEAT='interval-ms = 1000; missing-allowed = 10;' KEEP=true
GUESTS=6
for ((i = 1; i <= GUESTS; i++)); do
	NODES+="{ mn-id = \"g$i@example.org\"; lladdrs = [ \"02:00:00:00:09:0$i\" ]; },"
done
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both
entries() { c lma -j session show | jq -c '[.lma[] | select(."mn-id" == "mn@example.org") |
	{bid, hnp, "proxy-coa", state}]'; }
counters() { # as the others know them
	q lma peer 'map("\(.remote) \(."restart-counter")") | sort | join(", ")'
	q pmag peer '.[] | select(.remote == "'$LMA'") | ."restart-counter"'
	q smag peer '.[] | select(.remote == "'$LMA'") | ."restart-counter"'
}
known() { [[ $(counters) != *null* ]] && [[ $(counters) == *$PMAG*$SMAG* ]]; }
eventually 20 known || ctl_die "no heartbeats: $(counters)"
before=$(entries) counted=$(counters)

nsenter --net=/run/netns/mn flow -g -l $MN -r $CN -i 4000 -w 1500 -o "$TMP/mn.flow" &
mn=$!
nsenter --net=/run/netns/cn flow -g -l $CN -r $MN -i 4000 -w 1500 -o "$TMP/cn.flow" &
cn=$!
listen() { [ -e "$TMP/mn.flow" ] && [ -e "$TMP/cn.flow" ]; }
eventually 10 listen || ctl_die "no flow"
kill -USR1 $mn $cn
guests() { # come and go, whoever is there to hear of it
	local i=0 n
	while :; do
		n=$((i % GUESTS + 1))
		c pmag attach dev acc lladdr 02:00:00:00:09:0$n
		[ $n -lt 4 ] || c pmag detach dev acc lladdr 02:00:00:00:09:0$((n - 3))
		nap 0.1
		((i++))
	done > "$TMP/guests" 2>&1
}
guests &
guests=$!

RANDOM=$$
gateways=(lma pmag smag)
kills=${PMIP_KILLS:-20}
# upgrade NETNS: the next pmipd takes the running one's place
upgrade() {
	local last=${PMIPD[$1]}
	nsenter --net="/run/netns/$1" pmipd --replace -f "$TMP/$1.conf" 2>> "$TMP/$1.log" &
	PMIPD[$1]=$!
	disown $!
	gone() { ! kill -0 "$last" 2> /dev/null; }
	eventually 20 gone || bad "the pmipd of $1 does not end"
	eventually 20 c "$1" -j session show > "$TMP/out" 2>&1 || ctl_die "$1 is not replaced"
}
for ((i = 0; i < kills; i++)); do
	first=$((RANDOM % 3))
	((i % 5)) || upgrade "${gateways[first]}"
	victims=("${gateways[first]}")
	((i % 4)) || victims+=("${gateways[(first + 1 + RANDOM % 2) % 3]}")
	for n in "${victims[@]}"; do kill -9 "${PMIPD[$n]}"; done
	for n in "${victims[@]}"; do eventually 2 ctl_gone $n; done
	ctl_start "${victims[@]}"
	nap 0.$((RANDOM % 5))
done
kill $guests
wait $guests 2> /dev/null
for ((i = 1; i <= GUESTS; i++)); do
	c pmag detach dev acc lladdr 02:00:00:00:09:0$i > "$TMP/out" 2>&1
done
alone() { [ "$(c lma -j session show | jq '.lma | length')" = 2 ]; }
eventually 20 alone && ok "no entry of a node that has left" || bad "$(c lma session show)"
is "the node's entries are what they were" "$(entries)" "$before"
is "nobody has heard of a restart" "$(counters)" "$counted"
eventually 30 ctl_purged && ok "nothing of earlier daemons is left" || bad "$(ctl_old)"
kill -TERM $mn
nap 0.2
kill -TERM $cn
wait $mn $cn
up=$(flowstat "$TMP/mn.flow" "$TMP/cn.flow") down=$(flowstat "$TMP/cn.flow" "$TMP/mn.flow")
echo "  up: $up"
echo "  down: $down"
is "after $kills kills nothing is lost on its way up" "$(json_value lost "$up")" 0
is "nor on its way down" "$(json_value lost "$down")" 0
is "nothing came twice" "$(json_value duplicated "$up$down")" 0
is "no number was out of order" "$(grep -c -E 'refused: (135|157) ' "$TMP/lma.log")" 0
