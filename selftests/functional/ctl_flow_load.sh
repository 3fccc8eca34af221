#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 240
# Traffic through one gateway is more than its link can take: the anchor, which counts
# it, moves the policy's flow to the other gateway, and back when that is over.
#
# Shows: draft: flow mobility §3.2.2: the trigger can be "on the network (e.g., based on
# congestion and measurements performed at the network)"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/ctl_flow.inc"
PROFILE='multihoming = "shared";'
FLOWS='flows = ( { proto = 58; access = [ "802.11" ]; } );'
# 1 kB five times a second is as much, and the test sends more often, if the machine can
LMA_CONF="load-window-ms = 1000; load-hold-ms = 2000;
	load-meters = ( { mag = \"$PMAG\"; kbps = 40; },
		{ mag = \"$SMAG\"; kbps = 100000; device = \"core\"; } );"
ctl_flow_topo

flow() { c lma -j flow show mn-id mn@example.org | jq -r "$1"; }
first_is() { [ "$(flow '.[0]."in-force"[0]')" = "$1" ]; }
load() { c lma -j load show | jq -r "map(select(.mag == \"$1\"))[0] | $2"; }
metered() { [ "$(load "$1" .metered)" = true ]; }

eventually 10 first_is "$BID1" || bad "it does not begin at the PMAG: $(flow .)"
if eventually 10 metered $PMAG && eventually 10 metered $SMAG; then
	ok "both gateways are measured"
else
	bad "$(c lma load show)"
fi
is "neither has much to do" "$(load $PMAG .high) $(load $SMAG .high)" "false false"

in_ns cn ping -6 -n -q -c 400 -i 0.05 -s 1000 $MN > "$TMP/ping" &
PING=$!
if eventually 20 first_is "$BID2"; then
	ok "the flow has been moved"
else
	bad "$(c lma load show) $(flow .)"
fi
is "for the PMAG's load" "$(load $PMAG .high) $(load $SMAG .high)" "true false"
is "the kernel has it" "$(q lma flow '.[0].bids | @csv')" "$BID2,$BID1"
P=$(tx $PMAG) S=$(tx $SMAG)
more() { [ "$(tx $SMAG)" -gt $((S + 10)) ]; }
if eventually 10 more; then ok "its packets go by the SMAG"; else bad "by no gateway"; fi
is "and none by the PMAG" "$(tx $PMAG)" "$P"
wait $PING
if grep -q '^400 packets transmitted, 400 received' "$TMP/ping"; then
	ok "nothing was lost by the moves"
else
	bad "$(< "$TMP/ping")"
fi
if eventually 30 first_is "$BID1"; then ok "and it is back"; else bad "$(c lma load show)"; fi

# What the link layer knows is said, not measured
works "the PMAG's links are bad" c lma load set mag $PMAG quality 10
first_is "$BID2" || bad "not moved: $(flow .)"
works "and good again" c lma load set mag $PMAG quality 90
first_is "$BID1" || bad "not moved back: $(flow .)"
