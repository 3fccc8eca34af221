#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 180
# Shows: RFC 6089 §5.3.6: "forward all fragments of a given packet the same way, and in
# accordance to the flow binding matching the first fragment"; extension headers are
# walked, up to eight of them.
source "$(dirname "$0")/lib.sh"
topo_chain
ctl lma flow add node 1 fid 1 priority 10 dport 2000 bid 2

# went WHAT PMAG SMAG: as many of the last packets took each tunnel
went() {
	is "$1" "$(count 'core:lma in' ".*ip.dst=$PMAG ") $(count 'core:lma in' ".*ip.dst=$SMAG ")" \
		"$2 $3"
}

inject() { # COUNT LAYERS...
	local n=$1 layers args=()
	shift
	for layers in "$@"; do args+=(-s cn:eth0 "$(down 'hl 64' "$layers")"); done
	watch -n "$n" -w 1000 -l core:lma "${args[@]}"
}

first() { echo "frag 0 320 $1 / udp 1000 ${2:-2000} 600"; }
later() { echo "frag 320 ${2:-2000} $1 / udp 1000 2000 600"; }
inject 2 "$(first 7)" "$(later 7)"
went "both fragments go the flow's way" 0 2
is "the flow counts both" "$(json_value packets "$(ctl lma -j flow show node 1 fid 1)")" 2
inject 3 "$(first 8 2001)" "$(later 8)" "$(later 7)"
went "the later one of another flow's goes with its first" 2 1
inject 1 "$(later 9)"
went "the later one first: what it has selects no port" 1 0
inject 2 "$(first 9)" "$(later 9)"
went "once the first is known it goes with that" 0 2
inject 2 "$(first 8 2000)" "$(later 8)"
went "an identification that is used again" 0 2
inject 1 'frag 0 2000 10 / udp 1000 2000 32'
went "a whole packet with a fragment header" 0 1
inject 1 'frag 0 3 11 / udp 1000 2000 32'
went "too short for its ports" 1 0

ctl lma flow add node 1 fid 2 priority 20 dport 7 bid 2
inject 1 "$(later 9)"
went "another rule has come meanwhile: still with its first" 0 1
ctl lma flow set node 1 fid 1 bid 1
inject 1 "$(later 9)"
went "the flow is moved: so is the fragment" 1 0
ctl lma flow set node 1 fid 1 bid 2
ctl lma flow delete node 1 fid 1
inject 1 "$(later 9)"
went "the flow is gone: by what it has" 1 0
ctl lma flow add node 1 fid 1 priority 10 dport 2000 bid 2
in_ns lma bash -c 'echo 1 > /proc/sys/net/ipv6/ip6frag_time'
inject 1 "$(first 12)"
went "a first one" 0 1
nap 1.2
inject 1 "$(later 12)"
went "is forgotten after the time for reassembly" 1 0
in_ns lma bash -c 'echo 60 > /proc/sys/net/ipv6/ip6frag_time'

ctl lma flow add node 1 fid 3 priority 30 proto 17 bid 2
inject 1 "$(later 13)"
went "the next header is in every fragment" 0 1
inject 1 'frag 8 2000 14 / limit 4 / udp 1000 9 600'
went "but not behind another extension header" 1 0
ctl lma flow delete node 1 fid 3

# limit: a Destination Options header of eight bytes
eight='limit 4 / limit 4 / limit 4 / limit 4 / limit 4 / limit 4 / limit 4 / limit 4'
inject 1 'limit 4 / udp 1000 2000 32'
went "behind an extension header" 0 1
inject 1 "$eight / udp 1000 2000 32"
went "behind eight" 0 1
inject 1 "limit 4 / $eight / udp 1000 2000 32"
went "not behind nine" 1 0
inject 1 'raw 11000000000000000 60'
went "one that ends beyond the packet" 1 0
udp=03e807d000280000$(printf '0%.0s' {1..64})
inject 1 "raw 1104000000000000$(printf '0%.0s' {1..32})00000000000000000000000000000000$udp 60"
went "its length counts" 0 1
inject 1 "raw 11ff000000000000$udp 60"
went "a length beyond the packet" 1 0
inject 1 "raw 1104000000000001$(printf '0%.0s' {1..32})$udp 51"
went "an authentication header, whose length counts otherwise" 0 1
inject 1 "raw 1100000000000000$udp 43"
went "a routing header" 0 1
inject 1 "raw 03e8 17"
went "no ports where the packet ends" 1 0
inject 1 'frag 0 2000 15 / frag 0 2000 15 / udp 1000 2000 32'
went "a fragment header inside a fragment" 0 1
inject 1 "raw $udp 6"
went "TCP has its ports where UDP has them" 0 1
inject 1 "raw $udp 132"
went "SCTP, too" 0 1
inject 1 "raw $udp 58"
went "ICMPv6 has none" 1 0
