#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# One of two prefixes is revoked at one of two gateways while packets to both run: those
# to the other prefix stay where they are, those to this one take the other gateway, and
# none of either is lost; then what the node sends of it by the first gateway is spoofed.
#
# Timeout: 90
# Shows: draft: flow mobility §3.2.2, figure 6: "BRI[pref2]" to MAG1, whose flow X to pref1
# goes on; RFC 5846 §8.1, §9.1: of a session the prefix that the BRI names
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
HNP2=2001:db8:100:2::/64 MN2=2001:db8:100:2::1
ctl_policy() {
	cat > "$TMP/policy.conf" <<-EOT
	nodes = ( { mn-id = "mn@example.org"; lladdrs = [ "$IF1_LL", "$IF2_LL" ];
		hnps = [ "$HNP", "$HNP2" ]; multihoming = "shared"; } );
	EOT
}
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both

hnps() { c "$1" -j session show | jq -c "[.$2[] | .hnp | length]"; } # NETNS ROLE
bindings() { q "$1" binding 'map(.prefix) | sort | join(" ")'; } # NETNS
to_second() { echo "eth $LMA_CN_LL / ip6 $CN $MN2 / udp 1000 2000 32"; }
from_second() { echo "eth $MAG_LL $1 / ip6 $MN2 $CN_SINK / udp 2000 1000 32"; } # LLADDR
less() { [ "$(bindings pmag)" = "$HNP" ]; }

is "both gateways have both" "$(hnps lma lma) $(bindings pmag)" "[2,2] $HNP $HNP2"
watch -n 1 -l cn:eth0 -s mn:if1 "$(from_second $IF1_LL)"
saw "what the node sends of the second passes" "cn:eth0 in" ip.src=$MN2

pkt -q -l mn:if1 -l mn:if2 -s cn:eth0 "$(down)" -s cn:eth0 "$(to_second)" -c 1000 \
	-i $((2000 * PMIP_SLOW)) -w $((2000 * PMIP_SLOW)) > "$TMP/stream" &
stream=$!
begun() { [ "$(binding pmag down-packets $HNP2)" -ge 50 ]; }
works "packets go by the first gateway" eventually 10 begun
is "one prefix is revoked there" \
	"$(c lma session revoke mn-id mn@example.org proxy-coa $PMAG hnp $HNP2)" 'revoking 1'
eventually 10 less && ok "its kernel has the other" || bad "$(bindings pmag)"
wait $stream
seen=$(< "$TMP/stream")
one=$(lines mn:if1) two=$(lines mn:if2) all=$(lines all)
# of each number there is one to either prefix
is "none is lost, none comes twice" \
	"$(field missing "$all") $(($(field seen "$one") + $(field seen "$two")))" "0 2000"
is "all of the other prefix came by the first" "$(binding smag down-packets $HNP)" 0
within "those of this one by the second since" "$(field seen "$two")" 10 950
is "and nothing else" "$(binding smag down-packets $HNP2)" "$(field seen "$two")"
is "the same is said of the sessions" "$(hnps lma lma) $(hnps pmag mag) $(hnps smag mag)" \
	"[1,2] [1] [2]"
is "nothing was spoofed" "$(drops lma tunnel-source-spoofed)" 0

watch -w 300 -l cn:eth0 -s mn:if1 "$(from_second $IF1_LL)"
saw_none "what the node sends of it by the first is dropped" "cn:eth0 in"
watch -n 1 -l cn:eth0 -s mn:if2 "$(from_second $IF2_LL)"
saw "and passes by the second" "cn:eth0 in" ip.src=$MN2
works "the other prefix" ping_mn
