#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The radio link of IF1 is lost: the PMAG redirects at once and deregisters, the
# LMA moves the flow before it answers, and the PMAG's binding lingers.
#
# Shows: draft: seamless handover §4.3: packets for IF1 go through the tunnel to
# the SMAG, the PBU (deregistration), and the LMA forwarding by the SMAG
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both
works "ping by the PMAG before" ping_mn

nsenter --net=/run/netns/pmag pmipctl -j -s "$TMP/pmag.sock" monitor > "$TMP/pmag.events" 2> /dev/null &
monitors=$!
nsenter --net=/run/netns/lma pmipctl -j -s "$TMP/lma.sock" monitor > "$TMP/lma.events" 2> /dev/null &
monitors+=" $!"
for pid in $monitors; do
	eventually 10 is_waiting "$pid" || bad "a monitor does not start"
done
in_ns cn ping -6 -n -i "$((50 * PMIP_SLOW))e-3" -c 60 $MN > "$TMP/ping" 2>&1 &
ping=$!
flows() { [ "$(grep -c icmp_seq= "$TMP/ping")" -ge 5 ]; }
eventually 5 flows || bad "no echoes: $(cat "$TMP/ping")"
radio_off if1
wait $ping
received=$(sed -n 's/.* \([0-9]*\) received.*/\1/p' "$TMP/ping")
sent=$(sed -n 's/^\([0-9]*\) packets.*/\1/p' "$TMP/ping")
# An echo whose answer was on its way by IF1 went down with it
within "of $sent echoes almost all are answered" "$((sent - received))" 0 2
is "none twice" "$(grep -c DUP "$TMP/ping")" 0

deregistered() { ! lma_has $PMAG && lma_has $SMAG; }
eventually 15 deregistered && ok "the LMA has the SMAG's entry alone" || bad "$(c lma session show)"
is "its binding leads to the SMAG" \
	"$(q lma tunnel "map(select(.remote == \"$SMAG\")) | .[0].id")" \
	"$(q lma binding '.[0].paths | map(.tunnel) | @csv')"
no_session() { [ "$(c pmag -j session show | jq '.mag | length')" = 0 ]; }
eventually 15 no_session && ok "the PMAG forgets the session" || bad "$(c pmag session show)"
no_binding() { [ "$(q pmag binding length)" = 0 ]; }
eventually 15 no_binding && ok "and, later, the binding" || bad "$(c pmag binding show)"
told() { grep -q '"deregistered"' "$TMP/pmag.events" && grep -q '"binding-deregistered"' "$TMP/lma.events"; }
eventually 5 told
# shellcheck disable=SC2086 # a list
kill $monitors
# when EVENT-PATTERN FILE: its time
when() { jq -rs "[.[] | select(.event == \"$1\")][0].time // \"none\"" "$2"; }
down=$(jq -rs '[.[] | select(.source == "kernel")][0].time // "none"' "$TMP/pmag.events")
pbu=$(when pbu-dereg-sent "$TMP/pmag.events")
moved=$(when binding-deregistered "$TMP/lma.events")
pba=$(when deregistered "$TMP/pmag.events")
in_order() { printf '%s\n' "$@" | sort -c -g; }
if [[ "$down$pbu$moved$pba" != *none* ]] && in_order "$down" "$pbu" "$pba" &&
   in_order "$down" "$moved" "$pba"; then
	# The notice of the PBU may come after that of what it led to elsewhere.
	ok "link lost, then PBU, the LMA's move, then PBA"
else
	bad "not in this order: down $down pbu $pbu moved $moved pba $pba"
fi
works "ping by the SMAG after" ping_mn
