#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An interface breaks while its binding is being revoked, and a flow names it, against
# what the prefix prefers: from the BRI on its packets go by the other interface, what
# the gateway holds of it comes back, and until the answer nothing goes there behind that.
#
# Timeout: 120
# Shows: RFC 5846 §8.1 (the tunnel may go "immediately after sending" the BRI) for flows
# (draft: flow mobility §3.2.2), and draft: fault tolerant multihoming §3.2 (6) and (7)
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
MAG_CONF='probe-ms = 0; seamless = false; hold = true;'
# However slow the machine
LMA_CONF='return-ms = 30000; order-ms = 30000; timestamp-window-ms = 600000;
	revocation = { delay-ms = 20000; max-delay-ms = 40000; };'
MORE_CONF='hold = { age-ms = 30000; node-packets = 8000; node-bytes = 33554432; };'
KEEP_ORDER='keep-order = true;'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach if2
attach if1

alone() { ! lma_has "$1" && lma_has "$2"; } # ADDRESS ADDRESS: not the first, but the second
bid_at() { c lma -j session show | jq ".lma[] | select(.\"proxy-coa\" == \"$1\").bid"; } # ADDRESS
flow() { c lma -j flow show mn-id mn@example.org | jq -c '.[0] | .state, ."in-force"' | tr '\n' ' '; }
in_force() { [ "$(flow)" = "\"set\" [$1] " ]; } # BID

bid=$(bid_at $PMAG)
is "the prefix prefers the other gateway" "$(c lma -j session show | jq -r '.lma[0]."proxy-coa"')" "$SMAG"
works "a flow names this one" \
	c lma flow add mn-id mn@example.org fid 1 priority 10 proto 17 dst "$HNP" bid "$bid"
eventually 15 in_force "$bid" || bad "not set: $(flow)"

stream_start 30000 4000 4000
nap 0.6
kill -STOP "${PMIPD[pmag]}"
radio_off if1
works "the gateway holds" eventually 5 some_held pmag
is "the anchor revokes" "$(c lma session revoke mn-id mn@example.org proxy-coa $PMAG)" 'revoking 1'
# Until the gateway answers, which it cannot yet
is "the flow has left before the answer" "$(flow)" '"set" [] '
nap 0.1
held=$(hold pmag packets)
works "newer packets wait for those that come back" eventually 5 some_wait
is "and none goes there" "$(hold pmag packets)" "$held"
kill -CONT "${PMIPD[pmag]}"
eventually 15 alone $PMAG $SMAG || bad "$(c lma session show)"
nap 0.3
kill -USR1 "$STREAM"
stream_end
within "the flow went by its interface" "$(field seen "$one")" 20 8000
lost_before "nothing sent after the loss of the interface is lost" pmag
in_order
within "packets were held" "$(hold pmag held)" 20 8000
is "all of them went back" "$(hold pmag returned) $(hold pmag packets)" "$(hold pmag held) 0"
is "and were taken" "$(hold lma accepted)" "$(hold pmag held)"
is "none was dropped" "$(hold pmag expired) $(hold pmag dropped) $(hold lma dropped) \
$(drops lma tunnel-source-spoofed) $(drops lma returned-no-path)" "0 0 0 0 0"
