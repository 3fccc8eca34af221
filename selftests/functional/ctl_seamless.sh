#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The whole scheme, packet by packet, with real daemons: flow X and a TCP transfer
# run while IF1 is lost; by which gateways they went is read off the counters.
#
# Timeout: 90
# Shows: draft: seamless handover §4.1: "the transmission path of flow X is
# LMA->PMAG->SMAG->IF2", then "LMA->SMAG->IF2": nothing that is sent after the
# carrier event is lost, nothing comes twice
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both
ip -6 -n mn route del default via $MAG_LLA dev if1	# it answers by IF2

# sent NETNS REMOTE KEY: of the tunnel to that gateway, 0 where there is none now
sent() { c "$1" -j tunnel show | jq "[.[] | select(.remote == \"$2\") | .[\"$3\"]] | add // 0"; }

pmag_before=$(sent lma $PMAG tx-packets) smag_before=$(sent lma $SMAG tx-packets)
watch -n 1 -l mn:if1 -l mn:if2 -s cn:eth0 "$(down)"
saw "before: to IF1" "mn:if1 in" ip.dst=$MN_SINK
is "by LMA and PMAG" "$(($(sent lma $PMAG tx-packets) - pmag_before)) \
$(($(sent lma $SMAG tx-packets) - smag_before))" "1 0"

one=$(packets_in mn if1)
pkt -q -l mn:if1 -l mn:if2 -s cn:eth0 "$(down)" -c 100000 -i 4000 -w 500 > "$TMP/stream" &
stream=$!
eventually 10 received mn if1 100 "$one" || bad "no stream by IF1"
xfer cn mn $MN 5001 48 > "$TMP/xfer" 2>&1 &
tcp=$!
nap 0.3
# The PMAG's controller sleeps: what the kernel does it does by itself
kill -STOP "${PMIPD[pmag]}"
radio_off if1
kill -0 $tcp && ok "a TCP transfer is under way" || bad "TCP ended before: $(cat "$TMP/xfer")"
redirects() { [ "$(sent pmag $SMAG redirected)" -gt 0 ] && [ "$(sent smag $PMAG rx-packets)" -gt 0 ]; }
eventually 10 redirects
redirected=$(sent pmag $SMAG redirected) arrived=$(sent smag $PMAG rx-packets)
down_ns=$(json_value down-ns "$(c pmag -j link show dev acc)")
lma_has $PMAG && ok "the LMA knows of nothing yet" || bad "$(c lma session show)"
kill -CONT "${PMIPD[pmag]}"
moved() { ! lma_has $PMAG && lma_has $SMAG; }
eventually 15 moved && ok "then it moves the flow" || bad "$(c lma session show)"
wait $tcp && ok "the TCP transfer completes: $(< "$TMP/xfer")" || bad "TCP: $(cat "$TMP/xfer")"
# not before: what it has queued on a slow machine the last of the stream are behind
stream_stop $stream

seen=$(< "$TMP/stream")
one=$(lines mn:if1) two=$(lines mn:if2) lost=$(lines all)
within "packets by IF2" "$(field seen "$two")" 1 100000
is "none twice" "$(field twice "$one$two")" 0
[ "$(field last_missing_us "$lost")" -le $((down_ns / 1000)) ] &&
	ok "nothing sent after the carrier event is lost ($(field missing "$lost") before)" ||
	bad "lost after the event at $down_ns: $lost"
within "during: the PMAG redirected" "$redirected" 1 100000
within "during: the SMAG got it from the PMAG" "$arrived" 1 100000

before=$(sent lma $SMAG tx-packets)
watch -n 1 -l mn:if1 -l mn:if2 -l pmag:core -s cn:eth0 "$(down)"
saw "after: to IF2" "mn:if2 in" ip.dst=$MN_SINK
is "by LMA and SMAG" "$(($(sent lma $SMAG tx-packets) - before)) $(count 'pmag:core out' ".*dst=$MN_SINK( |\$)")" "1 0"
