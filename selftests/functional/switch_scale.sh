#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: protection switching costs the same however many nodes are behind the
# lost link: 1, 1,000 and 10,000 bindings; the time from the loss to the first
# packet in the MAG-MAG tunnel does not grow.  One event, whatever the number.
source "$(dirname "$0")/lib.sh"
topo_chain

net() { printf '2001:db8:140:%x' "$1"; }
bindings() { # FIRST LAST
	local i
	for ((i = $1; i <= $2; i++)); do
		printf 'binding add prefix 2001:db8:140:%x::/64 uplink 1 path dev acc lladdr %s path tunnel 2\n' \
			"$i" "$IF1_LL"
	done | ctl_batch pmag
}

redirected() { [ "$(link pmag acc redirect-ns)" != 0 ]; }

# The shortest of seven losses under traffic, in ns: what the switch itself takes
redirect_ns() {
	local i stream down redirect best=
	for i in 1 2 3 4 5 6 7; do
		pkt -q -c 100000 -i 200 -l mn:if1 -s cn:eth0 "$(down)" > "$TMP/stream" &
		stream=$!
		nap 0.25
		radio_off if1
		eventually 5 redirected || break
		kill $stream
		wait $stream
		down=$(link pmag acc down-ns)
		redirect=$(link pmag acc redirect-ns)
		radio_on if1
		redirect=$((redirect - down))
		[ -n "$best" ] && [ "$best" -le "$redirect" ] || best=$redirect
	done
	echo "${best:-nothing redirected}"
}

one=$(redirect_ns)
bindings 1 999
thousand=$(redirect_ns)
bindings 1000 9999
monitor_start pmag
tenthousand=$(redirect_ns)
monitor_stop
is "10,000 nodes are behind the link" "$(ctl pmag -j stats | jq .kernel.bindings)" 10000
echo "  redirected after $one ns, $thousand ns, $tenthousand ns"
# Whatever looked at each of 10,000 would take far longer than this
limit=$((one * 10 > 5000000 ? one * 10 : 5000000))
within "the time does not grow with 1,000 nodes" "$thousand" 0 $limit
within "nor with 10,000" "$tenthousand" 0 $limit
is "seven losses, seven events" "$(event_count '.state == "down"')" 7

radio_off if1
watch -w 500 -l pmag:core \
	-s core:pmag "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 $CN $(net 1)::1 / udp 1 2" \
	-s core:pmag "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 $CN $(net 4242)::1 / udp 1 2" \
	-s core:pmag "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 $CN $(net 9999)::1 / udp 1 2"
is "every node was moved" "$(count 'pmag:core out' ".* ip.dst=$SMAG ")" 3
