#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A node floods its gateway with reports of random groups and sources: what is kept of it is
# bounded, and another node of the same gateway gets all packets of its group, joins another
# one, and leaves both, as if there was no flood.
#
# Timeout: 180
# Shows: RFC 6224 §6: "threats of resource exhaustion at PMIP routers and access networks
# arrive from rapid state changes": one node takes nothing that others need
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
TIMES='query-interval-ms = 20000; response-ms = 500; unsolicited-ms = 200;'
MAG_CONF="probe-ms = 0; seamless = false; multicast = { $TIMES max-groups = 50;
	max-sources = 8; report-rate = 100; report-burst = 50; };"
LMA_CONF="timestamp-window-ms = 600000; multicast = { upstream = \"cn\"; $TIMES };"
NODES="{ mn-id = \"quiet@example.org\"; lladdrs = [ \"$IF2_LL\" ]; },"
GROUP=ff1e::1 LATER=ff1e::2 REPORTS=$((20000 / PMIP_SLOW))
ctl_topo
sed -i "s/multihoming = \"shared\"/multihoming = \"single\"/; s/\"$IF1_LL\", \"$IF2_LL\"/\"$IF1_LL\"/" \
	"$TMP/policy.conf"
flood='' listeners=()
end() {
	[ -z "$flood" ] || kill "$flood"
	[ "${#listeners[@]}" = 0 ] || kill "${listeners[@]}"
	ctl_end
}
trap end EXIT
radio_off if2
radio_on if2 pmag
ctl_start lma pmag
active() { [ "$(c pmag -j session show | jq '[.mag[] | select(.state == "active")] | length')" = 2 ]; }
solicit if1
solicit if2
works "both nodes are served by the same gateway" eventually 10 active

join() { # GROUP
	nsenter --net=/run/netns/mn flow -l "$1" -r $CN -m if2 -i 2000 -w 500 -o "$TMP/$1.flow" &
	listeners+=($!)
	eventually 5 test -e "$TMP/$1.flow" || die "the node does not listen"
}
groups_of() { # MN-ID
	c pmag -j multicast show | jq "[.mag[] | select(.\"mn-id\" == \"$1@example.org\")] | length"
}
quiet_has() { [ "$(groups_of quiet)" = "$1" ]; }
got() { awk '$1 == "R" { n++ } END { print n + 0 }' "$TMP/$1.flow"; } # GROUP

join $GROUP
works "the quiet node listens" eventually 5 quiet_has 1
in_ns cn flow -l $CN -r $GROUP -m eth0 -n 1000 -i 2000 -w 1 -o "$TMP/cn.flow" &
stream=$!
in_ns mn mldflood if1 $IF1_LL $REPORTS 1 &
flood=$!
nap 0.3
join $LATER
works "and joins amid the flood" eventually 5 quiet_has 2
wait $flood && ok "the flood is over" || bad "mldflood ended with status $?"
flood=''
wait $stream
within "of the other one a bounded number of groups is kept" "$(groups_of mn)" 1 50
within "and the anchor is told of what it may say, not of all that it says" \
	"$(c pmag -j stats | jq '.controller.mag["mld-reports"]')" 1 1000
within "what of it was refused is counted" \
	"$(c pmag -j stats | jq '.controller.mag.mld | ."too-often" + ."too-many-groups"')" 1000 100000000
in_ns cn flow -l $CN -r $LATER -m eth0 -n 100 -i 2000 -w 1 -o "$TMP/cn.flow"
nap 0.3
kill "${listeners[@]}"
wait "${listeners[@]}"
listeners=()
is "no packet of the quiet node's groups is lost" "$(got $GROUP) $(got $LATER)" "1000 100"
works "it leaves both" eventually 5 quiet_has 0
works "and the daemon answers" c pmag version
