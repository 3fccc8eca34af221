#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: RFC 6224 §4.3: the anchor "will perform traffic aggregation at the MN-group level
# and will assure that multicast data streams are uniquely forwarded per individual
# LMA-to-MAG tunnel"; §4.2: "Multicast traffic arriving at the MAG on an upstream interface
# will be forwarded according to the group-specific or source-specific forwarding states as
# acquired for each downstream interface"; RFC 4443 §2.4 (e): "An ICMPv6 error message MUST
# NOT be originated as a result of receiving" (e.3) "A packet destined to an IPv6 multicast
# address", but "the Packet Too Big Message".
source "$(dirname "$0")/lib.sh"
topo_chain
icmp_often lma pmag

G=ff0e::1234 G_LL=33:33:00:00:12:34 S=$CN S2=2001:db8:c::3
N1=02:00:00:00:77:01 N2=02:00:00:00:77:02 N3=02:00:00:00:77:03

to() { echo "eth $G_LL / ip6 ${1:-$S} ${2:-$G} ${3:-hl 64} / ${4:-udp 1000 2000 32}"; } # SOURCE GROUP WORDS LAYER
send() { watch -w 100 -l lma:core -l pmag:acc -l pmag:core -l smag:core -l cn:eth0 -s cn:eth0 "$(to "$@")"; }
tunnels() { echo "$(count 'lma:core out' ".* ip.dst=$PMAG ") $(count 'lma:core out' ".* ip.dst=$SMAG ")"; }
nodes() { # how many copies each of the PMAG's nodes got
	local n
	for n in $N1 $N2 $N3; do printf '%s ' "$(count 'pmag:acc out' "eth.dst=$n ")"; done
}
listener() { # NETNS GROUP... WHO KEY
	json_value "${*: -1}" "$(ctl "$1" -j listener show group "${@:2:$#-2}")"
}

send
is "nobody listens: no copy" "$(tunnels) $(nodes)" "0 0 0 0 0 "
is "and nothing is dropped" "$(drops lma no-listener)" 0
ctl_batch lma <<-EOT || die "no listeners at the anchor"
	listener add group $G tunnel 1
	listener add group $G tunnel 2
EOT
ctl_batch pmag <<-EOT || die "no listeners at the PMAG"
	listener add group $G upstream 1 dev acc lladdr $N1
	listener add group $G upstream 1 dev acc lladdr $N2
	listener add group $G source $S upstream 1 dev acc lladdr $N2 block
	listener add group $G source $S upstream 1 dev acc lladdr $N3
EOT

send
is "one copy for each tunnel" "$(tunnels)" "1 1"
line=$(lines "lma:core out" ".* ip.dst=$PMAG ")
is "encapsulated as all else, one hop less" "$(field ip.src "$line") $(field ip.nh "$line") \
$(field in.src "$line") $(field in.dst "$line") $(field in.hl "$line")" "$LMA 41 $S $G 63"
is "in a frame for the gateway" "$(field eth.dst "$line")" $PMAG_LL
is "the nodes: who wants any, who blocks this source, who wants it" "$(nodes)" "1 0 1 "
line=$(lines "pmag:acc out" "eth.dst=$N1 ")
is "to the node's own link-layer address, one hop less" "$(field ip.src "$line") \
$(field ip.dst "$line") $(field ip.hl "$line") $(field udp.sum "$line")" "$S $G 62 ok"
is "and none as link-layer multicast" "$(count 'pmag:acc out' 'eth.dst=33:33')" 0
is "the SMAG has no listeners: dropped and counted" "$(drops smag no-listener)" 1

send $S2
is "another source: who wants any, blocked or not, and not who wants the first alone" \
	"$(tunnels) $(nodes)" "1 1 1 1 0 "
is "listeners count their own copies" "$(listener pmag $G upstream 1 dev acc lladdr $N1 packets) \
$(listener pmag $G upstream 1 dev acc lladdr $N2 packets) \
$(listener pmag $G source $S upstream 1 dev acc lladdr $N2 packets) \
$(listener pmag $G source $S upstream 1 dev acc lladdr $N3 packets) \
$(listener pmag $G source $S upstream 1 dev acc lladdr $N3 bytes)" "2 1 0 1 80"
is "and groups packets, each once" "$(show pmag group '[.[] | "\(.source) \(.listeners) \(.packets)"] |
	sort | join(", ")')" "2001:db8:c::2 2 1, :: 2 2"
is "the anchor's too" "$(show lma group '.[] | "\(.source) \(.listeners) \(.packets) \(.bytes)"')" \
	":: 2 2 160"

# A path with an entry for any source and one for this gets one copy, whichever changes
ctl pmag listener replace group $G source $S upstream 1 dev acc lladdr $N2
send
is "an entry for any and one for the source: one copy" "$(nodes)" "1 1 1 "
ctl pmag listener delete group $G upstream 1 dev acc lladdr $N2
send
is "the one for the source alone: one copy" "$(nodes)" "1 1 1 "
send $S2
is "and none of another" "$(nodes)" "1 0 0 "
ctl pmag listener delete group $G source $S upstream 1 dev acc lladdr $N3
send
is "who has left gets none" "$(nodes)" "1 1 0 "

# Packets out of another tunnel are not those of the anchor
watch -w 100 -l pmag:acc -s core:pmag "eth $PMAG_LL $SMAG_LL / ip6 $SMAG $PMAG / ip6 $S $G / udp 1 2"
is "out of another tunnel: another table" "$(nodes) $(drops pmag no-listener)" "0 0 0  1"
ctl pmag listener add group $G upstream 2 dev acc lladdr $N3
watch -w 100 -l pmag:acc -l pmag:core -s core:pmag \
	"eth $PMAG_LL $SMAG_LL / ip6 $SMAG $PMAG / ip6 $S $G / udp 1 2"
is "where who listens to it gets it" "$(nodes)" "0 0 1 "
saw_none "and no gateway does" "pmag:core out"
ctl pmag listener add group $G upstream 1 tunnel 2
send
is "from the anchor to the other gateway" "$(count 'pmag:core out' ".* ip.dst=$SMAG ")" 1
is "and none back to it" "$(count 'pmag:core out' ".* ip.dst=$LMA ")" 0
ctl pmag listener delete group $G upstream 1 tunnel 2

# Hop limits
before=$(drops lma hop-limit)
send $S $G 'hl 1'
is "hop limit 1: no copy" "$(tunnels)" "0 0"
is "counted once" "$(($(drops lma hop-limit) - before))" 1
saw_none "and no error for it" "cn:eth0 in" '.* icmp.type=3 '
send $S $G 'hl 2'
is "hop limit 2: as far as the gateway" "$(tunnels) $(nodes)" "1 1 0 0 0 "
is "which counts it" "$(drops pmag hop-limit)" 1

# What is too big
fit() { echo "udp 1000 2000 $(($1 - 48))"; }
send $S $G 'hl 64' "$(fit 1460)"
is "1460 bytes fit" "$(tunnels) $(nodes)" "1 1 1 1 0 "
before=$(drops lma too-big)
send $S $G 'hl 64' "$(fit 1461)"
is "1461 do not: neither copy leaves" "$(tunnels) $(($(drops lma too-big) - before))" "0 0 2"
saw "the sender is told once for both" "cn:eth0 in" icmp.type=2 icmp.arg=1460 q.src=$S q.dst=$G
watch -w 100 -c 20 -l cn:eth0 -s cn:eth0 "$(to $S $G 'hl 64' "$(fit 1461)")"
within "and not more than once in a second" "$(count 'cn:eth0 in' '.* icmp.type=2 ')" 0 1

# Sources and groups that nobody forwards
send fe80::1
is "a link-local source goes nowhere" "$(tunnels)" "0 0"
watch -w 100 -l pmag:acc -s core:pmag "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 :: $G / udp 1 2"
is "out of a tunnel, no source at all: dropped" "$(nodes) $(drops pmag malformed)" "0 0 0  1"
watch -w 100 -l pmag:acc -s core:pmag "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 ::1 $G / udp 1 2"
is "the loopback address: dropped" "$(nodes) $(drops pmag malformed)" "0 0 0  2"

# Paths that are down
ctl lma tunnel set id 1 state down
send
is "a tunnel that is down gets none, the other does" "$(tunnels)" "0 1"
ctl lma tunnel set id 1 state up
ctl pmag path set dev acc lladdr $N1 state down
send
is "nor does a neighbour" "$(nodes)" "0 1 0 "
ctl pmag path set dev acc lladdr $N1 state up

# In a frame for the gateway alone, and by the slow entrance
watch -w 100 -l lma:core -s cn:eth0 "$(to | sed "s/eth $G_LL/eth $LMA_CN_LL/")"
is "a frame to this host: the same" "$(tunnels)" "1 1"
ctl pmag link delete dev core
send
is "by the tunnel protocol handler: the same" "$(nodes)" "1 1 0 "
ctl pmag link add dev core type core stack on
send
is "where the stack forwards: the same" "$(nodes)" "1 1 0 "

# The host is a listener like any other: what it has joined it still gets
in_ns lma timeout $((20 * PMIP_SLOW)) socat -u "UDP6-RECV:2000,ipv6-join-group=[$G]:cn" "OPEN:$TMP/host,creat" 2> /dev/null &
receiver=$!
joined() { in_ns lma cat /proc/net/udp6 | grep -qi ':07D0 '; }
eventually 5 joined || bad "no receiver"
send
is "a copy for each tunnel" "$(tunnels)" "1 1"
got() { [ "$(stat -c %s "$TMP/host")" = 32 ]; }
works "and the packet itself for the host, unchanged" eventually 5 got
kill $receiver
wait $receiver 2>/dev/null
is "no packet was refused for its form" "$(drops lma malformed)" 0
