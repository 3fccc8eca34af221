#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Real daemons, an order to keep and gateways that hold nothing, so that none sends a mark:
# an interface that carried nothing leaves, or is revoked at a gateway that is silent, and
# no packet by the other one waits for it.  Of one that carried all, newer ones wait.
#
# Timeout: 180
# Shows: draft: fault tolerant multihoming §3.2: "LMA checks the BCE table and finds out
# that IF2 is available": that is where packets went before, and go on; the order of what
# comes back is ours
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
MAG_CONF='probe-ms = 0; seamless = false; hold = false;'
# However slow the machine
LMA_CONF="return-ms = $((4000 * PMIP_SLOW)); order-ms = $((3000 * PMIP_SLOW));"
MORE_CONF='hold = { age-ms = 30000; node-packets = 8000; };'
KEEP_ORDER='keep-order = true;'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach if1
attach if2

idle() { [ "$(c "$1" -j session show | jq '.mag | length')" = 0 ]; } # NETNS
left() { ! lma_has "$1"; }					    # ADDRESS

begin() { held=$(hold lma held); stream_start 1500 1000 4000; nap 0.4; }

go_on() { # WHAT
	stream_end
	is "$1: nothing is lost, all in order" "$(field missing "$all") $(field twice "$one") \
$(field late "$one") $(field seen "$two")" "0 0 0 0"
	is "$1: none waited" "$(($(hold lma held) - held))" 0
}

begin
radio_off if2
works "IF2 leaves" eventually 15 left "$SMAG"
is "packets may come back by its tunnel" "$(q lma tunnel length) $(hold lma queues)" "2 1"
go_on "IF2 has left"
eventually 15 idle smag || bad "$(c smag session show)"
radio_on if2
attach if2

begin
kill -STOP "${PMIPD[smag]}"
is "the anchor revokes IF2" "$(c lma session revoke mn-id mn@example.org proxy-coa $SMAG)" \
	'revoking 1'
go_on "IF2 is revoked"
kill -CONT "${PMIPD[smag]}"
works "the revocation ends" eventually 15 left "$SMAG"
eventually 15 idle smag || bad "$(c smag session show)"
attach if2

begin
radio_off if1
works "IF1 leaves" eventually 15 left "$PMAG"
stream_end
within "newer packets waited for what IF1 had" "$(($(hold lma held) - held))" 20 1500
within "and go by IF2" "$(field seen "$two")" 20 1500
