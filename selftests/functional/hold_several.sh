#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: fault tolerant multihoming §3.2: "MAG1 forwards the cached data to LMA by
# Tunnel; then LMA checks the BCE table and finds out that IF2 is available": where a
# second interface breaks while packets still come back from the gateway of the first,
# those of both are taken, and newer ones wait for the end of both.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain
may() { ctl lma binding set prefix $HNP return tunnel "$1" time "$2" ${3:+wait "$3"}; } # N MS [MS]
tunnels() { show lma binding prefix $HNP '[.[0].return[].tunnel] | sort | join(" ")'; }
# The other gateway's packet, and its end marker
second() { echo "eth $LMA_LL $NMAG_LL / ip6 $NMAG $LMA / ip6 $CN $MN_SINK hl 60 / udp 1000 2000 32"; }
second_end() { echo "eth $LMA_LL $NMAG_LL / ip6 $NMAG $LMA / ip6 $NMAG ${HNP%/64} hl 1 / raw '' 59"; }
arrives() { # WHAT LAYERS
	watch -n 1 -l mn:if2 -s core:lma "$2"
	saw "$1" "mn:if2 in" ip.hl=58
}
silent() { pkt -w 100 -l mn:if2 -s core:lma "$1" > "$TMP/pkt"; } # LAYERS

ctl lma tunnel add id 3 local $LMA remote $NMAG role lma-mag
ctl lma binding set prefix $HNP path tunnel 2 bid 2
for order in "returned marker second second_end" "second second_end returned marker"; do
	read -r -a of <<< "$order"
	may 1 30000 20000
	may 3 30000 20000
	is "both are taken from" "$(tunnels)" "1 3"
	send 2
	is "newer ones wait" "$(hold lma packets)" 2
	arrives "what the first returns is taken" "$(returned)"
	arrives "and what the second returns" "$(second)"
	silent "$("${of[1]}")"
	silent "$("${of[1]}")"
	is "for the end of one they wait on" "$(hold lma packets)" 2
	arrives "the other still returns" "$("${of[2]}")"
	watch -n 2 -l mn:if2 -s core:lma "$("${of[3]}")"
	is "for that of both they do not" "$(count 'mn:if2 in') $(hold lma packets)" "2 0"
	arrives "whoever is late is taken" "$("${of[0]}")"
	ctl lma binding set prefix $HNP return none
	is "until none is" "$(show lma binding prefix $HNP '.[0].return')" null
done

may 1 30000 20000
may 3 30000 20000
send 1
ctl lma tunnel del id 3
silent "$(marker)"
works "a tunnel that goes is waited for no longer" eventually 5 holds lma 0
is "and the other stays" "$(tunnels)" 1

ctl lma tunnel add id 3 local $LMA remote $NMAG role lma-mag
may 1 300
may 3 30000
spoofed=$(drops lma tunnel-source-spoofed)
nap 0.5
silent "$(returned)"
is "the time of one ends" "$(drops lma tunnel-source-spoofed)" $((spoofed + 1))
arrives "by itself" "$(second)"

# The node is at that gateway again, which delivers what it held, and ends nothing
may 1 30000 20000
may 3 30000 20000
send 1
may 3 0
is "the return by one of them ends" "$(tunnels) $(hold lma packets)" "1 1"
watch -n 1 -l mn:if2 -s core:lma "$(marker)"
is "and only the other's end is waited for" "$(count 'mn:if2 in') $(hold lma packets)" "1 0"
may 3 0
is "which may be said again" "$(tunnels)" 1

# At once: on a slow machine what has been told first would have less left of its time
{
	for n in 4 5; do
		echo "tunnel add id $n local $LMA remote 2001:db8:0:9::$n role lma-mag"
	done
	for n in 3 4 5; do
		echo "binding set prefix $HNP return tunnel $n time $((30000 - n))"
	done
	echo "binding set prefix $HNP return tunnel 1 time 20000"
} | ctl_batch lma
is "four are taken from" "$(tunnels)" "1 3 4 5"
may 2 30000
is "a fifth takes the place of that which ends soonest" "$(tunnels)" "2 3 4 5"
may 5 1000
may 1 30000
is "however that came to be" "$(tunnels)" "1 2 3 4"
