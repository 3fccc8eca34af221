#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A whole attachment with real daemons and the real module, and what pmipctl
# shows of it; 50 nodes more at both MAGs share one tunnel between them.
#
# Timeout: 90
# Shows: RFC 5213 §6.9.1: router solicitation, PBU, PBA, router advertisement
# Shows: draft: seamless handover §3: SHI and SHAck between the node's MAGs, and
# one bi-directional tunnel per pair of MAGs
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
MANY=50
ll() { printf '02:00:00:00:%02x:%02x' "$1" "$2"; }
for ((i = 1; i <= MANY; i++)); do
	NODES+="{ mn-id = \"n$i@example.org\"; lladdrs = [ \"$(ll 16 $i)\", \"$(ll 17 $i)\" ];
		multihoming = \"shared\"; },"
done
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag

: > "$TMP/tcpdump"
nsenter --net=/run/netns/mn tcpdump -i if1 -n --immediate-mode -U -w "$TMP/ra.pcap" \
	'icmp6 and ip6[40] == 134' 2> "$TMP/tcpdump" &
dump=$!
eventually 10 grep -q 'listening on' "$TMP/tcpdump" || bad "tcpdump: $(cat "$TMP/tcpdump")"
attach if1
lma_has $PMAG && ok "the LMA has a binding"
ra() { tcpdump -n -v -r "$TMP/ra.pcap" 2> /dev/null; }
advertised() { [[ $(ra) == *"$MAG_LLA >"*"router advertisement"*"${HNP%/64}/64"* ]]; }
eventually 5 advertised && ok "an advertisement with the prefix from the fixed address" ||
	bad "no such advertisement: $(ra)"
kill $dump 2> /dev/null
wait $dump 2> /dev/null
works "ping from the correspondent node" ping_mn
works "ping from the mobile node" in_ns mn ping -6 -n -q -c 2 -i 0.2 -W 3 $CN

attach_both
ok "SHI and SHAck have associated the MAGs"
printf '%s show\n' session peer binding tunnel link path stats > "$TMP/all"
works "every object can be shown" c pmag -batch "$TMP/all"
is "and as JSON" "$(c pmag -j -batch "$TMP/all" | jq -rs 'map(type) | unique | @csv')" \
	'"array","object"'
is "the LMA's binding has both tunnels" "$(q lma binding '.[0].paths | map(.kind) | @csv')" '"tunnel","tunnel"'
is "the PMAG's its link, then the tunnel" "$(q pmag binding '.[0].paths | map(.kind) | @csv')" '"link","tunnel"'
mag_mag() { q "$1" tunnel '[.[] | select(.role == "mag-mag")] | length'; }

for ((i = 1; i <= MANY; i++)); do echo "attach dev acc lladdr $(ll 16 $i)"; done > "$TMP/p"
sed 's/02:00:00:00:10/02:00:00:00:11/' "$TMP/p" > "$TMP/s"
c pmag -batch "$TMP/p" > "$TMP/out" 2>&1 || bad "batch: $(cat "$TMP/out")"
c smag -batch "$TMP/s" > "$TMP/out" 2>&1 || bad "batch: $(cat "$TMP/out")"
all_associated() {
	[ "$(c "$1" -j session show | grep -o '"state": *"associated"' | wc -l)" = $((MANY + 1)) ]
}
eventually 15 all_associated smag && eventually 5 all_associated pmag &&
	ok "$MANY nodes more are attached at both" || bad "not all of $MANY nodes are associated"
is "still one MAG-MAG tunnel at the PMAG" "$(mag_mag pmag)" 1
is "and at the SMAG" "$(mag_mag smag)" 1
is "two tunnels at the LMA" "$(q lma tunnel length)" 2
works "ping from the correspondent node" ping_mn

sed 's/^attach/detach/' "$TMP/s" > "$TMP/d"
c smag -batch "$TMP/d" > "$TMP/out" 2>&1 || bad "batch: $(cat "$TMP/out")"
c smag detach dev acc lladdr $IF2_LL > "$TMP/out" 2>&1 || bad "detach: $(cat "$TMP/out")"
no_mag_mag() { [ "$(mag_mag "$1")" = 0 ]; }
eventually 10 no_mag_mag pmag && eventually 5 no_mag_mag smag &&
	ok "the last user takes the MAG-MAG tunnel with it" || bad "a MAG-MAG tunnel is left"
works "ping from the correspondent node" ping_mn
for n in lma pmag smag; do
	is "$n: no netlink errors" "$(c $n -j stats | jq '.controller.io["netlink-errors"]')" 0
done

# pmipd(8): on SIGHUP, and by pmipctl reload, the configuration file is read again
sed -i 's|pools = \[ "|&2001:db8:900::/40", "|' "$TMP/lma.conf"
works "one more pool" c lma reload
is "has its route" "$(ip -6 -n lma route show 2001:db8:900::/40 | grep -c 'dev pmip0 proto 213')" 1
works "ping from the correspondent node" ping_mn

# RFC 5213 §5.6.2: "advertise a connected route in to the Routing Infrastructure"; the stack
# finds it first, and what it leads to is the module all the same
sed -i 's|pools = |announce = { }; &|' "$TMP/lma.conf"
works "the pools are announced" c lma reload
found() { ip -6 -n lma route get 2001:db8:900::1 2> /dev/null; }
announced() { [[ $(found) == *"dev pmip0 proto 214 "*"metric 512 "* ]]; }
works "by a route of its own" announced
is "so is each pool" "$(c lma -j pool show | jq -c 'map(.announced)')" '[true,true]'
works "ping from the correspondent node" ping_mn
out=$(in_ns cn ping -6 -n -c 1 -W 5 2001:db8:900::1 2>&1)
[[ $out == *"No route"* ]] && ok "for whom nobody knows there is no route" || bad "$out"
# pmipd(8): "If the device goes, so does the route"
ip -n lma link set pmip0 down
is "it goes with the device" "$(ip -6 -n lma route show 2001:db8:900::/40 proto 214)" ''
ip -n lma link set pmip0 up
eventually 10 announced && ok "and comes with it" || bad "$(c lma pool show)"
