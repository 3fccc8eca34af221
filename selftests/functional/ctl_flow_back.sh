#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 180
# Flows are moved to another gateway and back, and the node, which hears nothing of it,
# sends on for a while by the interface by which it did: nothing of that is lost, be the
# gateway told by FMI (the flow to the SMAG's prefix) or by UPN (that to the PMAG's).
#
# Shows: draft: flow mobility §3.2.2: the FMI "to remove the flow"; RFC 7864 §4.2: the
# UPN that leaves it out; RFC 5213 §5.6.2: meanwhile what the node sends is accepted from
# either attachment
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/ctl_flow.inc"
PROFILE='multihoming = "different";'
LMA_CONF="flow-linger-ms = 20000; flow = { dialect = \"draft\";
	peers = ( { peer = \"$SMAG\"; dialect = \"rfc7864\"; } ); };"
ctl_flow_topo
ctl_flow_other

flow() { c lma -j flow show mn-id mn@example.org | jq -r ".[] | select(.fid == $1) | $2"; }
set_to() { [ "$(flow "$1" '"\(.state) \(."in-force")"')" = "set [$2]" ]; }
routes() { c "$1" -j session show | jq -r '[.mag[]."off-link"[]] | @csv'; }
paths() { q lma binding "map(select(.prefix == \"$1\"))[0].paths | map(.bid) | @csv"; }
rx() { q lma tunnel 'map(."rx-packets") | add'; }
begun() { [ "$(rx)" -ge $((before + 50)) ]; }
uplink() { echo "eth $MAG_LL $1 / ip6 $2 $CN_SINK hl 64 / udp 2000 1000 32"; } # LL ADDRESS

# follows WHAT FID TO-BID IF LL ADDRESS: the node goes on sending by IF
follows() {
	local before stream

	before=$(rx)
	pkt -q -l cn:eth0 -s "mn:$4" "$(uplink "$5" "$6")" -c 1500 -i 4000 -w 2000 > "$TMP/up" &
	stream=$!
	eventually 10 begun || bad "$1: nothing is sent"
	works "$1" c lma flow move mn-id mn@example.org fid "$2" bid "$3"
	eventually 10 set_to "$2" "$3" || bad "$1: not moved: $(flow "$2" .)"
	kill -0 $stream 2> "$TMP/kill" && ok "$1: before the node has followed" || bad "$1: too late"
	wait $stream
	is "$1: packets lost" "$(field missing "$(grep cn:eth0 "$TMP/up")")" 0
	is "$1: spoofed" "$(drops pmag access-source-spoofed) $(drops smag access-source-spoofed) $(drops lma tunnel-source-spoofed)" \
		"0 0 0"
}

works "a flow of the SMAG's prefix" c lma flow add mn-id mn@example.org fid 1 priority 10 \
	proto 17 dst "$P2" bid "$BID2"
works "and one of the PMAG's" c lma flow add mn-id mn@example.org fid 2 priority 20 \
	proto 17 dst "$HNP" bid "$BID1"
eventually 15 set_to 1 "$BID2" && eventually 15 set_to 2 "$BID1" || bad "$(flow 1 .; flow 2 .)"

follows "to the PMAG, by FMI" 1 "$BID1" if2 "$IF2_LL" "$MN2"
is "it routes the prefix" "$(routes pmag)" "\"$P2\""
follows "and back" 1 "$BID2" if1 "$IF1_LL" "$MN2"
is "it still does" "$(routes pmag) $(paths "$P2")" "\"$P2\" $BID2,$BID1"
is "and the anchor says so" "$(flow 1 '."lingers-at" | @csv')" "\"$PMAG\""
follows "to the SMAG, by UPN" 2 "$BID2" if1 "$IF1_LL" "$MN"
is "it routes the prefix" "$(routes smag)" "\"$HNP\""
follows "and back" 2 "$BID1" if2 "$IF2_LL" "$MN"

alone() { [ "$(routes pmag)$(routes smag) $(paths "$P2") $(paths "$HNP")" = " $BID2 $BID1" ]; }
eventually 60 alone && ok "in the end each prefix has its own gateway alone" ||
	bad "$(routes pmag) $(routes smag) $(paths "$P2") $(paths "$HNP")"
watch -w 300 -l cn:eth0 -s mn:if1 "$(uplink "$IF1_LL" "$MN2")"
saw_none "who has not followed by then is not let through" "cn:eth0 in"
is "but counted" "$(drops pmag access-source-spoofed)" 1
