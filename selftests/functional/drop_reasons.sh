#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: why a packet was dropped can be read by an operator: "pmipctl stats" has a
# name and a number for each reason.
source "$(dirname "$0")/lib.sh"
topo_chain
icmp_often lma pmag

total() { # JSON of stats
	local sum=0 n
	for n in $(grep -o '"drops":{[^}]*' <<< "$1" | grep -o ':[0-9]*' | tr -d :); do
		sum=$((sum + n))
	done
	echo $sum
}
one() { # NETNS REASON FROM PACKET
	local before after
	before=$(ctl "$1" -j stats)
	pkt -w 100 -l mn:if1 -s "$3" "$4" > "$TMP/pkt"
	after=$(ctl "$1" -j stats)
	is "$1: $2" "$(($(json_value "$2" "$after") - $(json_value "$2" "$before"))) \
$(($(total "$after") - $(total "$before")))" "1 1"
}

out=$(ctl lma stats)
[[ $out == *"stats kernel drops no-binding 0"* ]] && ok "stats in words" || bad "stats: $out"
is "nothing dropped yet" "$(total "$(ctl lma -j stats)") $(total "$(ctl pmag -j stats)")" "0 0"
tunnelled="eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG"
one lma no-binding cn:eth0 "eth $LMA_CN_LL / ip6 $CN 2001:db8:100:2::1 / udp 1 2"
one lma hop-limit cn:eth0 "$(down 'hl 1')"
one lma too-big cn:eth0 "$(down 'hl 64' 'udp 1 2 1440')"
one lma tunnel-source-spoofed core:lma \
	"eth $LMA_LL $PMAG_LL / ip6 $PMAG $LMA / ip6 $CN_SINK $CN / udp 1 2"
one pmag access-source-spoofed mn:if1 "$(up 'hl 64' 'udp 1 2' 2001:db8:100:2::1)"
one pmag ecn core:pmag "$tunnelled tc 3 / ip6 $CN $MN_SINK tc 0 / udp 1 2"
one pmag malformed core:pmag "$tunnelled / ip6 $CN $MN_SINK plen 900 / udp 1 2"
one pmag malformed core:pmag "$tunnelled / ip6 :: ff0e::1 / udp 1 2"
one pmag no-listener core:pmag "$tunnelled / ip6 $CN ff0e::1 / udp 1 2"
one pmag malformed core:pmag "$tunnelled / raw 45000028000000004011000001020304 41"
ctl lma binding set prefix $HNP path drop
one lma path-drop cn:eth0 "$(down)"
ctl lma tunnel set id 2 state down
ctl lma binding set prefix $HNP path tunnel 2
one lma no-path cn:eth0 "$(down)"
ctl lma binding set prefix $HNP path tunnel 1
ip -n lma -6 route add unreachable $PMAG/128
one lma no-route cn:eth0 "$(down)"
ctl pmag tunnel set id 1 state down
one pmag uplink-down mn:if1 "$(up)"

# What goes to the PMAG takes ESP to an address in the prefix that goes to the PMAG
esp=${HNP%/64}5
ip -n lma -6 route del unreachable $PMAG/128
ip -n lma -6 route add $esp/128 dev core
ip -n lma xfrm state add src $LMA dst $esp proto esp spi 1 mode tunnel enc 'ecb(cipher_null)' '' ||
	bad "no security association"
ip -n lma xfrm policy add src $LMA dst $PMAG dir out tmpl src $LMA dst $esp proto esp mode tunnel
one lma loop cn:eth0 "$(down)"
