#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: seamless handover §4.3: "When MAG detects the departure of the MN's
# network interface, […] the packets that sent to the interface are forwarded through
# to SMAG through tunnels": carrier loss moves a binding to its next path with the
# next packet, and raises one event with the kernel's timestamp.
source "$(dirname "$0")/lib.sh"
topo_chain
monitor_start pmag

watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "before: by IF1" "mn:if1 in" ip.dst=$MN_SINK

one=$(packets_in mn if1) two=$(packets_in mn if2)
pkt -q -l mn:if1 -l mn:if2 -s cn:eth0 "$(down)" -c 100000 -i 4000 -w 500 > "$TMP/stream" &
stream=$!
eventually 10 received mn if1 100 "$one" || bad "no stream by IF1"
radio_off if1
eventually 10 received mn if2 100 "$two" || bad "no stream by IF2"
stream_stop $stream
seen=$(< "$TMP/stream")
one=$(lines mn:if1) two=$(lines mn:if2)
[ "$(field seen "$two")" -gt 0 ] && ok "packets arrive by IF2" || bad "no packet by IF2: $seen"
is "none twice, none late" "$(field twice "$one$two") $(field late "$two")" "0 0"

is "link show says what happened" "$(link pmag acc oper) $(link pmag acc reason)" "down carrier"
down_ns=$(link pmag acc down-ns) redirect_ns=$(link pmag acc redirect-ns)
[ "$down_ns" -gt 0 ] && [ "$redirect_ns" -ge "$down_ns" ] &&
	ok "redirected $(((redirect_ns - down_ns) / 1000)) us after" ||
	bad "times: down $down_ns redirect $redirect_ns"

# What the air loses while it goes is lost: nothing that was sent after the event
lost=$(lines all)
[ "$(field last_missing_us "$lost")" -le $((down_ns / 1000)) ] &&
	ok "nothing sent after it is lost ($(field missing "$lost") before)" ||
	bad "lost after the event at $down_ns: $lost"
within "and the air takes less than a tenth of a second to go" "$(field missing "$lost")" 0 25

radio_on if1
watch -n 1 -l mn:if1 -l mn:if2 -s cn:eth0 "$(down)"
saw "with the carrier back: by IF1 again" "mn:if1 in" ip.dst=$MN_SINK
monitor_stop
is "one event for the loss" \
	"$(event_count '.event == "link" and .state == "down" and .reason == "carrier"')" 1
is "with the same timestamp" "$(jq -s '[.[] | select(.state == "down")][0]["monotonic-ns"]' \
	< "$TMP/events")" "$down_ns"
is "one for the return" "$(event_count '.event == "link" and .state == "up"')" 1
is "none besides" "$(event_count true)" 2
