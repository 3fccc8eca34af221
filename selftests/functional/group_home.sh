#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A listener that is the node with a home network prefix: its copies take the way of the
# packets to that prefix, wait where those wait, by the same limits, and go in order with
# them; but never to another gateway.  Where its anchor sends the same as another gateway
# forwards, one stream goes on where the other ends: none is lost, twice or late.
#
# Timeout: 180
# Shows: RFC 7411 §4.2.3: "Until the MN reattaches, the NMAG uses its Loopback interface for
# downstream and MUST NOT forward traffic to the potential link of the MN"; RFC 6224 §4.2:
# "Multicast traffic arriving at the MAG on an upstream interface will be forwarded according
# to the group-specific or source-specific forwarding states as acquired for each downstream
# interface"; draft: predictive multicast handover §4 (11): "Multicast packet forwarding is
# completed between p-MAG and n-MAG".
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
topo_chain
G=ff0e::1234 S=$CN N2=02:00:00:00:77:02 POOR=2001:db8:100:99::/64
ctl pmag hold set age 30000

# The PMAG as the gateway where a node comes from the SMAG: tunnel 2 is from there
group() { echo "eth $PMAG_LL $SMAG_LL / ip6 $SMAG $PMAG / ip6 $S $G / udp $1 2000 32"; } # PORT
native() { echo "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 $S $G / udp $1 2000 32"; } # PORT
unicast() { echo "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 $S $MN_SINK / udp $1 2000 32"; } # PORT
send() { watch -w 100 -l pmag:acc -l pmag:core -s core:pmag "$1"; }
ports() { lines 'pmag:acc out' "eth.dst=$IF1_LL " | grep -o 'udp.sport=[0-9]*' | cut -d = -f 2 | paste -sd ' '; }
neighbour() { ctl pmag path set dev acc lladdr $IF1_LL state "$1"; }
add() { ctl pmag listener add group $G "$@"; }
copies() { show pmag listener group $G upstream 2 prefix $HNP '.[0].packets'; }

refused "packets of the core go as to no prefix" 'core link' add prefix $HNP
refused "more than one who" 'has a prefix' add upstream 2 prefix $HNP tunnel 1
refused "a prefix that nobody can have" 'global unicast' add upstream 2 prefix fe80::/64
add upstream 2 prefix $HNP
is "it is what was said" "$(show pmag listener group $G upstream 2 prefix $HNP \
	'.[0] | [.group, .upstream, .path.kind, .path.prefix, .path.oper] | join(" ")')" \
	"$G 2 home $HNP up"
refused "once" 'exists' add upstream 2 prefix $HNP
add upstream 2 dev acc lladdr $N2

send "$(group 1)"
is "the node is on a link: by that, and once" "$(ports)" 1
line=$(lines 'pmag:acc out' "eth.dst=$IF1_LL ")
is "to the group, one hop less" "$(field ip.dst "$line") $(field ip.hl "$line")" "$G 63"
is "who else listens gets its own" "$(count 'pmag:acc out' "eth.dst=$N2 ")" 1

# ---- the node is not there: the next path of its binding leads to the other gateway ----
neighbour down
before=$(drops pmag no-path)
send "$(group 2)"
is "nothing for it, and nothing to another gateway" "$(ports)$(count 'pmag:core out')" "0"
is "counted" "$(($(drops pmag no-path) - before))" 1
is "who else listens gets its own" "$(count 'pmag:acc out' "eth.dst=$N2 ")" 1

# ---- it is expected: its packets wait ----
ctl pmag binding set prefix $HNP path dev acc lladdr $IF1_LL bid 1 path hold bid 9
for i in 11 12 13 14 15; do
	send "$(unicast $i)"
	send "$(group $((i + 10)))"
done
is "nothing leaves" "$(ports)" ""
is "all wait, with the unicast ones" "$(hold pmag packets) $(hold pmag held)" "10 10"
pkt -w $((3000 * PMIP_SLOW)) -n 10 -l pmag:acc > "$TMP/back" &
LISTENER=$!
eventually 5 is_waiting $LISTENER || die "pkt does not listen"
neighbour up
wait $LISTENER
seen=$(< "$TMP/back")
is "it has come: all leave, in order" "$(ports)" "11 21 12 22 13 23 14 24 15 25"
is "counted as any that waited" "$(hold pmag forwarded) $(hold pmag packets)" "10 0"
send "$(group 3)"
is "the next goes at once" "$(ports)" 3

# ---- bounded as all that is held ----
neighbour down
ctl pmag hold set node-packets 3
before=$(drops pmag hold-node-full)
for i in 1 2 3 4 5; do send "$(group $i)"; done
is "no more than the node may have" "$(hold pmag packets) $(($(drops pmag hold-node-full) - before))" "3 2"
is "who else listens misses nothing" "$(count 'pmag:acc out' "eth.dst=$N2 ")" 1
ctl pmag hold set node-packets 100
send "$(unicast 6)"

# ---- it goes to yet another gateway ----
pkt -w $((1000 * PMIP_SLOW)) -l pmag:core -l pmag:acc > "$TMP/back" &
LISTENER=$!
eventually 5 is_waiting $LISTENER || die "pkt does not listen"
before=$(drops pmag hold-ended)
ctl pmag binding set prefix $HNP path tunnel 2 bid 2 path hold bid 9
wait $LISTENER
seen=$(< "$TMP/back")
is "what was sent to it alone follows, and nothing of the group" \
	"$(count 'pmag:core out' ".* ip.dst=$SMAG ") $(count 'pmag:core out' ".* in.dst=$G ")" "1 0"
is "which is dropped and counted" "$(($(drops pmag hold-ended) - before)) $(hold pmag packets)" "3 0"
ctl pmag binding set prefix $HNP path dev acc lladdr $IF1_LL bid 1 path hold bid 9
neighbour up

# ---- from the anchor as well: the same packets, one way behind the other ----
wait_ms() { echo "$1" > /sys/module/pmip/parameters/seam_wait_ms; }
all() { # KIND PORT...: what leaves after each of them
	local kind=$1 i

	shift
	for i in "$@"; do send "$($kind "$i")"; got+=" $(ports)"; done
}
back() { # PACKETS COMMAND...: what leaves after it, by itself
	pkt -w $((3000 * PMIP_SLOW)) -n "$1" -l pmag:acc > "$TMP/back" &
	LISTENER=$!
	eventually 5 is_waiting $LISTENER || die "pkt does not listen"
	"${@:2}"
	wait $LISTENER
	seen=$(< "$TMP/back")
}
wait_ms 600000
add upstream 1 prefix $HNP
before=$(copies)
got=''
all group 31 32
all native 34 35
is "what the anchor sends waits" "$got" " 31 32  "
got=''
all group 33 34
all native 36
all group 35 36
is "until what was forwarded before has come, and nothing comes twice" "$got" " 33 34 35 36  "
is "nor is it counted as a copy" "$(($(copies) - before))" 3
is "who else listens to the other gateway gets it" "$(count 'pmag:acc out' "eth.dst=$N2 ")" 1

again() { # the seam is a listener's
	ctl pmag listener delete group $G upstream 2 prefix $HNP
	ctl pmag listener delete group $G upstream 1 prefix $HNP
	add upstream 2 prefix $HNP
	add upstream 1 prefix $HNP
	got=''
}
again
all group 41 42 43
all native 42 43 44
all group 44 45
is "the other gateway was faster: it ends there" "$got" " 41 42 43 42 43 44  "
again
all native 51 52 53
all group 50 52 53
is "a packet is lost on the way from there: the next will do" "$got" "    50 51 52 53 "
again
wait_ms 1
back 1 send "$(native 62)"
is "it does not wait for ever" "$(ports)" 62
wait_ms 600000
got=''
all group 60 61
is "what is late is still delivered" "$got" " 60 61"
wait_ms 1
all group 63
is "but not for ever either" "$got" " 60 61 "
wait_ms 600000
again
all native 71 72
back 2 ctl pmag listener delete group $G upstream 2 prefix $HNP
is "nothing is forwarded any more: what has waited leaves" "$got $(ports)" "   71 72"
add upstream 2 prefix $HNP
again
ctl pmag hold set node-packets 3
all native 81 82 83 84
is "and when as many wait as may be held" "$got" "   81 82 83 84"
ctl pmag hold set node-packets 100
wait_ms 500
again

# ---- no binding ----
add upstream 2 prefix $POOR
before=$(drops pmag no-path)
send "$(group 8)"
is "nobody has the prefix: dropped, the others get theirs" \
	"$(($(drops pmag no-path) - before)) $(ports) $(count 'pmag:acc out' "eth.dst=$N2 ")" "1 8 1"
neighbour down
send "$(group 9)"
ctl pmag binding delete prefix $HNP
is "the binding goes, and what waits with it" "$(hold pmag queues)" 0
send "$(group 10)"
is "later ones go nowhere" "$(ports)" ""
ctl_batch pmag <<-EOT
	listener delete group $G upstream 2 prefix $POOR
	listener delete group $G upstream 2 prefix $HNP
	listener delete group $G upstream 1 prefix $HNP
EOT
refused "gone" 'no such listener' ctl pmag listener show group $G upstream 2 prefix $HNP
is "one is left" "$(show pmag listener length)" 1
