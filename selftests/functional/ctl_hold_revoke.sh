#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An interface breaks while its binding is being revoked, by the anchor or by its
# gateway: what that gateway holds, and what it still gets, goes back and is delivered by
# the other interface; nothing is lost, nothing comes twice, and the order is kept.
#
# Timeout: 120
# Shows: draft: fault tolerant multihoming §3.2 (6) and (7), where a BRI or its answer
# (RFC 5846 §6.1, §9.1, §9.2) takes the place of the deregistration's
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
MAG_CONF='probe-ms = 0; seamless = false; hold = true;
	revocation = { identity = "mag@example.org"; };'
LMA_CONF='return-ms = 3000; order-ms = 3000; timestamp-window-ms = 600000;
	revocation = { bulk = ( { mag = "2001:db8:0:1::/64"; identity = "mag@example.org"; } ); };'
# However slow the machine
MORE_CONF='hold = { age-ms = 30000; node-packets = 8000; node-bytes = 33554432; };'
KEEP_ORDER='keep-order = true;'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach if1
attach if2

alone() { ! lma_has "$1" && lma_has "$2"; } # ADDRESS ADDRESS: not the first, but the second
idle() { [ "$(c "$1" -j session show | jq '.mag | length')" = 0 ]; }

begin_stream() { # MAG
	held=$(hold "$1" held) accepted=$(hold lma accepted)
	stream_start 30000 4000 4000
	nap 0.6
}

check() { # WHAT MAG OTHER
	local from=${2^^} other=${3^^}

	eventually 15 alone "${!from}" "${!other}" || bad "$(c lma session show)"
	kill -USR1 "$STREAM"
	stream_end
	lost_before "$1: nothing sent after the loss of the interface is lost" "$2"
	is "nothing came twice, all in order" "$(field twice "$one$two") $(field late "$one") \
$(field late "$two")" "0 0 0"
	held=$(($(hold "$2" held) - held))
	within "packets were held" "$held" 20 8000
	is "all of them went back" "$(hold "$2" returned) $(hold "$2" packets)" "$(hold "$2" held) 0"
	is "and were taken" "$(($(hold lma accepted) - accepted))" "$held"
	is "none was dropped" "$(hold "$2" expired) $(hold "$2" dropped) $(hold lma dropped) \
$(drops lma tunnel-source-spoofed) $(drops lma returned-no-path)" "0 0 0 0 0"
	eventually 15 idle "$2" && ok "the session ends" || bad "$(c "$2" session show)"
}

# The gateway has heard of neither when both are there: carrier loss and BRI
begin_stream pmag
kill -STOP "${PMIPD[pmag]}"
radio_off if1
works "the gateway holds" eventually 5 some_held pmag
is "the anchor revokes" "$(c lma session revoke mn-id mn@example.org proxy-coa $PMAG)" 'revoking 1'
kill -CONT "${PMIPD[pmag]}"
check "the anchor revokes" pmag smag

# The gateway's BRI is on its way when the interface breaks
radio_on if1
attach if1
begin_stream smag
kill -STOP "${PMIPD[lma]}"
is "the gateway revokes" "$(c smag peer revoke $LMA)" 'revoking 1'
radio_off if2
works "the gateway holds" eventually 5 some_held smag
kill -CONT "${PMIPD[lma]}"
check "the gateway revokes" smag pmag
