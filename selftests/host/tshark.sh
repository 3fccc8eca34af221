#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A capture of what real daemons say in attachment, handover, refusal and
# heartbeats: tshark reads in it what the project's own codec reads.
#
# Timeout: 120
# Shows: RFC 5213 §8, RFC 4283, RFC 5847 §3.3, RFC 6275 §6.1.9, RFC 6705 §11: by a
# second reader, every field that it knows
set -u
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/agree.inc"
command -v tshark > /dev/null || skip "needs tshark"
topo
configure
sed -i 's/interval-ms = 0/interval-ms = 200/' "$tmp/lma.conf" "$tmp/mag.conf"
sed -e "s/$MAG\"; lma/$MAG2\"; lma/; s|/mag|/mag2|g; s/\"$MAG2\" \];/\"$MAG\" ];/" \
	-e 's/name = "acc"/name = "lo"/' "$tmp/mag.conf" > "$tmp/mag2.conf"
# The other MAG is where the outsider is, with an access link of its own
sed -i 's/name = "lo"/name = "acc2"/' "$tmp/mag2.conf"
ip -n "${NS[evil]}" link add acc2 type veth peer name far netns "${NS[evil]}"
ip -n "${NS[evil]}" link set acc2 up
ip -n "${NS[evil]}" link set far up
NS[mag2]=${NS[evil]}

: > "$tmp/tcpdump"
nsenter --net="/run/netns/${NS[core]}" tcpdump -i br0 --immediate-mode -U -w "$tmp/pcap" 'ip6 proto 135' 2> "$tmp/tcpdump" &
dump=$!
eventually 5 grep -q 'listening on' "$tmp/tcpdump" || die "tcpdump: $(cat "$tmp/tcpdump")"
start lma
start mag
start mag2
serves "attached at the MAG"
daemon mag2 attach '"dev":"acc2","lladdr":"02:00:00:00:00:02","mn-id":"mn1@example.org"' \
	> "$tmp/attach"
both() { [ "$(sessions lma | jq length)" = 2 ]; }
eventually 5 both || bad "not attached at both: $(cat "$tmp/attach") $(sessions lma)"
associated() { [[ $(daemon mag2 session-show) == *associated* ]]; }
eventually 5 associated || bad "not associated: $(daemon mag2 session-show)"
detach $IF1_LL > "$tmp/detach"
eventually 3 false
send $EVIL $LMA raw 3b016300000000000000000000000000 > "$tmp/be"
send $EVIL $LMA pbu seq=4711 flags=0x8200 lifetime=5 mn-id=who@example.org hnp=2001:db8:f00::/64 \
	hi=3 att=8 llid=02:00:00:00:00:09 lla=fe80::1 timestamp=0 > "$tmp/refused"
kill $dump
wait $dump 2> /dev/null

read_capture "$tmp/pcap" "$tmp" || bad "$(cat "$tmp/err")"
missing=$(kinds_missing "$tmp" PBU PBA Heartbeat SHI SHAck 'Binding Error')
is "all kinds of messages are in the capture" "$missing" ''
is "the codec refuses only the one of an unknown type" "$(refused "$tmp" | jq -c '[.from, .error]')" \
	"[\"$EVIL\",\"unknown MH type\"]"
if disagreement "$tmp" > "$tmp/diff"; then
	ok "tshark agrees on every field of $(wc -l < "$tmp/b") messages"
else
	bad "ours (<) and tshark's (>): $(head -n 20 "$tmp/diff")"
fi
[ "$FAILED" = 0 ]
