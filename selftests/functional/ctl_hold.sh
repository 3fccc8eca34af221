#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Real daemons, no gateway that could be redirected to: of a stream whose interface
# breaks nothing is lost, by whichever of the two it went; a node that comes back has
# what was held for it; and what has no other way is not kept for ever.
#
# Timeout: 150
# Shows: draft: fault tolerant multihoming §3.2: "MAG1 begins to cache the data for
# MN", "MAG1 sends the DeReg PBU", "LMA sends the PBA message to MAG1; MAG1 forwards
# the cached data to LMA by Tunnel; then LMA checks the BCE table and finds out that
# IF2 is available, so the cached data are sent to MAG2"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
MAG_CONF='probe-ms = 0; seamless = false; hold = true;'
# What waits for an anchor that sleeps is not too old for it
LMA_CONF='return-ms = 3000; order-ms = 3000; timestamp-window-ms = 600000;'
# However slow the machine
MORE_CONF='hold = { age-ms = 30000; node-packets = 2000; };'
KEEP_ORDER='keep-order = true;'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
is "the limits are the configuration's" "$(hold pmag age) $(hold lma node-packets)" "30000 2000"
attach if1
attach if2
is "the last path of a binding is to wait" "$(q pmag binding '.[0].paths | map(.kind) | @csv')" \
	'"link","hold"'

alone() { ! lma_has "$1" && lma_has "$2"; } # ADDRESS ADDRESS: not the first, but the second

# lose IF TO: the anchor sleeps meanwhile, or there would be little to hold
lose() {
	local mag=${RADIO[$1]} to=${RADIO[$2]} held accepted
	local from=${mag^^} other=${to^^}

	held=$(hold "$mag" held) accepted=$(hold lma accepted)
	stream_start 1500 4000 4000
	nap 0.6
	kill -STOP "${PMIPD[lma]}"
	radio_off "$1"
	works "${mag^^} holds" eventually 5 some_held "$mag"
	kill -CONT "${PMIPD[lma]}"
	eventually 15 alone "${!from}" "${!other}" || bad "$(c lma session show)"
	stream_end
	lost_before "nothing sent after the loss of ${1^^} is lost" "$mag"
	is "nothing came twice, all in order" "$(field twice "$one$two") $(field late "$one") \
$(field late "$two")" "0 0 0"
	within "${2^^} took over" "$(field seen "$(lines "mn:$2")")" 100 1500
	held=$(($(hold "$mag" held) - held))
	within "packets were held" "$held" 20 1500
	is "all of them went back" "$(hold "$mag" returned) $(hold "$mag" packets)" \
		"$(hold "$mag" held) 0"
	is "and were taken" "$(($(hold lma accepted) - accepted))" "$held"
	is "none was dropped" "$(hold "$mag" expired) $(hold "$mag" dropped) $(hold lma dropped) \
$(drops lma tunnel-source-spoofed) $(drops lma returned-no-path)" "0 0 0 0 0"
}

lose if1 if2
no_session() { [ "$(c pmag -j session show | jq '.mag | length')" = 0 ]; }
eventually 15 no_session && ok "the session ends" || bad "$(c pmag session show)"
is "and the binding" "$(q pmag binding length)" 0
one_tunnel() { [ "$(q lma tunnel length)" = 1 ]; }
eventually 15 one_tunnel && ok "and then the anchor's tunnel" || bad "$(c lma tunnel show)"
radio_on if1
attach if1
lose if2 if1

# The anchor does not answer, and the node is back before it does
kill -STOP "${PMIPD[lma]}"
radio_off if1
send 5
is "held" "$(hold pmag packets)" 5
forwarded=$(hold pmag forwarded)
listen 5 if1
radio_on if1
solicit if1
wait $LISTENER
is "a node that is back gets it" "$(grep -c "ip.dst=$MN_SINK" "$TMP/back") \
$(($(hold pmag forwarded) - forwarded)) $(hold pmag packets)" "5 5 0"
kill -CONT "${PMIPD[lma]}"
eventually 15 mag_has pmag && ok "and is served" || bad "$(c pmag session show)"

# No other attachment: the anchor has no use for it
kill -STOP "${PMIPD[lma]}"
radio_off if1
send 3
is "held for a node that is nowhere else" "$(hold pmag packets)" 3
returned=$(hold pmag returned) accepted=$(hold lma accepted)
kill -CONT "${PMIPD[lma]}"
works "it goes back" eventually 15 holds pmag 0
is "and is not taken" "$(($(hold pmag returned) - returned)) $(($(hold lma accepted) - accepted))" "3 0"
eventually 15 no_session && ok "the session ends" || bad "$(c pmag session show)"
