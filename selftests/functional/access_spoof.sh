#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §6.10.5: "the mobile access gateway MUST ensure that there is an
# established binding for that mobile node" - of this prefix, on this link, with
# this link-layer address.
#
# Timeout: 120
source "$(dirname "$0")/lib.sh"
topo_chain

try() { # WHAT PACKET
	watch -w 200 -l pmag:core -s mn:if1 "$2"
	saw_none "$1" "pmag:core out"
}

watch -n 1 -l pmag:core -s mn:if1 "$(up)"
saw "the node's own source goes up" "pmag:core out" in.src=$MN
try "a prefix that nobody has" "$(up 'hl 64' 'udp 1 2' 2001:db8:100:2::1)"
is "is counted" "$(drops pmag access-source-spoofed)" 1
try "the node's prefix from another link-layer address" \
	"$(up 'hl 64' 'udp 1 2' "$MN" 02:00:00:00:01:99)"
is "is counted" "$(drops pmag access-source-spoofed)" 2
try "the correspondent node's address" "$(up 'hl 64' 'udp 1 2' "$CN")"
is "is counted" "$(drops pmag access-source-spoofed)" 3

ctl pmag binding add prefix 2001:db8:100:3::/64 uplink 1 path dev acc lladdr 02:00:00:00:03:01
try "a neighbour's prefix from the node" "$(up 'hl 64' 'udp 1 2' 2001:db8:100:3::1)"
is "is counted" "$(drops pmag access-source-spoofed)" 4
watch -n 1 -l pmag:core -s mn:if1 "$(up 'hl 64' 'udp 1 2' 2001:db8:100:3::1 02:00:00:00:03:01)"
saw "the neighbour itself is let through" "pmag:core out" in.src=2001:db8:100:3::1

# A prefix that is reached by a tunnel only is not on the link
ctl pmag binding add prefix 2001:db8:100:4::/64 uplink 1 path tunnel 2
try "a prefix that lives behind another gateway" "$(up 'hl 64' 'udp 1 2' 2001:db8:100:4::1)"
is "is counted" "$(drops pmag access-source-spoofed)" 5

# What the fast entrance leaves to the stack is asked for its source as well
try "no payload, a prefix that nobody has" "$(up 'hl 64 plen 0' 'udp 1 2' 2001:db8:100:2::1)"
is "is counted" "$(drops pmag access-source-spoofed)" 6
ip -n mn link add link if1 name if1.0 type vlan id 0
ip -n mn link set if1.0 up
watch -w 200 -l pmag:core -s mn:if1.0 "$(up 'hl 64' 'udp 1 2' 2001:db8:100:2::1)"
saw_none "a priority tag, a prefix that nobody has" "pmag:core out"
is "is counted" "$(drops pmag access-source-spoofed)" 7
watch -n 1 -l pmag:core -s mn:if1.0 "$(up)"
saw "a priority tag, the node's own source: goes up without the tag" \
	"pmag:core out" in.src=$MN
ip -n mn link add link if1.0 name if1.0.0 type vlan id 0
ip -n mn link set if1.0.0 addrgenmode none
ip -n mn link set if1.0.0 up
watch -w 200 -l pmag:core -s mn:if1.0.0 "$(up 'hl 64' 'udp 1 2' 2001:db8:100:3::1)"
saw_none "a tag inside a priority tag, a neighbour's source" "pmag:core out"
is "is counted" "$(drops pmag access-source-spoofed)" 8
is "and nothing went up in the neighbour's name" \
	"$(show pmag binding prefix 2001:db8:100:3::/64 '.[0]."up-packets"')" 1

# A frame for many reaches the stack's own ears as one for this host does: the outer
# headers of a gateway, inside of them what nobody was asked for
ctl pmag binding add prefix 2001:db8:100:5::/64 uplink 1 path tunnel 2
spoofed=$(drops pmag access-source-spoofed)
many() { # WHAT PACKET: dropped, and counted
	watch -w 100 -l pmag:core -l mn:if1 -l cn:eth0 -s mn:if1 "$2"
	spoofed=$((spoofed + 1))
	is "$1" "$(count "pmag:core out")$(count "mn:if1 in")$(count "cn:eth0 in") $(
		drops pmag access-source-spoofed)" "000 $spoofed"
}
gw() { echo "eth $1 $IF1_LL / ip6 $2 $3 hl 64 /"; } # FRAME'S-DESTINATION SOURCE DESTINATION
BC=ff:ff:ff:ff:ff:ff MC=33:33:00:00:00:01
many "to all: in the anchor's name, for the node" \
	"$(gw $BC $LMA $PMAG) ip6 $CN $MN_SINK hl 64 / udp 1 2"
many "to many: in the anchor's name, for the node" \
	"$(gw $MC $LMA $PMAG) ip6 $CN $MN_SINK hl 64 / udp 1 2"
many "to all: in the other gateway's name, from its node" \
	"$(gw $BC $SMAG $PMAG) ip6 2001:db8:100:5::1 $CN_SINK hl 64 / udp 1 2"
many "to many: an echo request in the anchor's name" "$(gw $MC $LMA $PMAG) echo 1 1 16"
many "to many: the same for all nodes" "$(gw $MC $LMA ff02::1) echo 1 1 16"
many "to all: the same for the link-local address" "$(gw $BC $LMA $MAG_LLA) echo 1 1 16"
many "to all: from the node itself, for one address" "$(gw $BC $MN $CN_SINK) udp 1 2"
many "to many: from a link-local address, for the gateway's own" \
	"$(gw $MC fe80::1 $PMAG) echo 1 1 16"
many "for this host alone, all nodes in the anchor's name" "$(gw $MAG_LL $LMA ff02::1) echo 1 1 16"
many "and the link-local address" "$(gw $MAG_LL $LMA $MAG_LLA) echo 1 1 16"

# What a node must be able to ask of its link
heard() { # WHAT PACKET: answered on the link
	watch -w 2000 -l mn:if1 -s mn:if1 "$2"
	is "$1" "$(count "mn:if1 in" ".*eth.src=$MAG_LL")" 1
}
heard "all nodes, from a link-local address" \
	"$(gw $MC fe80::ff:fe00:101 ff02::1) echo 1 1 16"
heard "the gateway in a frame for all, from a link-local address" \
	"$(gw $BC fe80::ff:fe00:101 $MAG_LLA) echo 1 1 16"
watch -w 100 -s mn:if1 "$(gw $MC $MN ff02::1) echo 1 1 16"
is "none of that is counted, nor all nodes from its own prefix" \
	"$(drops pmag access-source-spoofed)" $spoofed
