#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: RFC 6224 §4.2: "It will then send an aggregated Report via the upstream tunnel to
# the LMA"; §5: queries and reports have an outer header between LMAA and Proxy-CoA, and a
# link-local source inside.  RFC 3810 §5.1.15: "Multicast Address Specific and Multicast
# Address and Source Specific Queries are sent with an IP destination address equal to the
# multicast address of interest."  They reach a raw socket as they came, and nothing else
# that comes out of a tunnel does.
source "$(dirname "$0")/lib.sh"
[ -x /usr/bin/python3 ] || skip "needs python3"
topo_chain

G=ff0e::1234
cat > "$TMP/raw.py" <<-'EOT'
	import socket, sys
	s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_IPV6)
	print('ready', flush=True)
	while True:
	    data, peer = s.recvfrom(65535)
	    print(peer[0], data.hex(), flush=True)
EOT
sockets=()
for n in lma pmag; do
	in_ns $n /usr/bin/python3 "$TMP/raw.py" > "$TMP/$n" &
	sockets+=($!)
done
for n in lma pmag; do
	ready() { grep -q ready "$TMP/$n"; }
	eventually 10 ready || die "no raw socket"
done

got() { grep -vc ready "$TMP/$1" || :; }	# NETNS: how many the socket has got
has() { [ "$(got "$1")" -ge "$2" ]; }
total() { ctl "$1" -j stats | jq '[.kernel.drops[]] | add'; }	# NETNS: packets dropped
# Router Alert (RFC 2711), then MLD: as a query or a report has it
ra=3a00050200000100
query=82000000271000000000000000000000000000000000000002400000
report=8f00000000000001040000000000000000000000000000000000000000001234
to_mag() { echo "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 $1 $2 hl 1 / raw $ra$3 0"; }
to_lma() { echo "eth $LMA_LL $PMAG_LL / ip6 $PMAG $LMA / ip6 $1 $2 hl 1 / raw $ra$3 0"; }
hex() { # ADDRESS
	/usr/bin/python3 -c 'import socket, sys
print(socket.inet_pton(socket.AF_INET6, sys.argv[1]).hex())' "$1"
}

declare -A wanted=([lma]=0 [pmag]=0)
arrives() { # WHAT NETNS PACKET SOURCE DESTINATION MESSAGE
	local before rx line
	before=$(total "$2") rx=$(tunnel "$2" 1 rx-packets)
	watch -w 100 -l core:"$2" -s core:"$2" "$3"
	wanted[$2]=$((wanted[$2] + 1))
	eventually 5 has "$2" ${wanted[$2]}
	is "$1: one copy" "$(got "$2")" ${wanted[$2]}
	line=$(tail -n 1 "$TMP/$2")
	is "$1: as it came" "${line:0:8} ${line##* }" \
		"2001:db8 60000000$(printf %04x $(((${#ra} + ${#6}) / 2)))0001$(hex "$4")$(hex "$5")$ra$6"
	is "$1: no drop, no error, counted" "$(($(total "$2") - before)) $(count "core:$2 in" \
		'.* icmp.type') $(($(tunnel "$2" 1 rx-packets) - rx))" "0 0 1"
}
arrives "a General Query" pmag "$(to_mag fe80::1 ff02::1 $query)" fe80::1 ff02::1 $query
arrives "a Report" lma "$(to_lma fe80::2 ff02::16 $report)" fe80::2 ff02::16 $report
arrives "a query about a group" pmag "$(to_mag fe80::1 $G $query)" fe80::1 $G $query
arrives "a query to a link-local address" pmag "$(to_mag fe80::1 fe80::2 $query)" fe80::1 fe80::2 $query
arrives "a report to a link-local address" lma "$(to_lma fe80::2 fe80::1 $report)" fe80::2 fe80::1 $report

# What else there is does not come to the socket
ctl lma listener add group $G tunnel 1
ctl pmag listener add group $G upstream 1 dev acc lladdr $IF1_LL
watch -n 5 -c 5 -l mn:if1 -s cn:eth0 "$(down)"
is "five packets to the node" "$(count 'mn:if1 in' ".* ip.dst=$MN_SINK ")" 5
watch -n 5 -c 5 -l cn:eth0 -s mn:if1 "$(up)"
is "five of the node" "$(count 'cn:eth0 in' ".* ip.src=$MN ")" 5
watch -n 5 -c 5 -l mn:if1 -s cn:eth0 "eth 33:33:00:00:12:34 / ip6 $CN $G / udp 1 2"
is "five to the group" "$(count 'mn:if1 in' ".* ip.dst=$G ")" 5
watch -w 100 -l mn:if1 -s core:pmag "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 $CN ff0e::77 / udp 1 2"
is "one to a group that nobody wants: dropped" "$(drops pmag no-listener)" 1
is "no copy of any of these" "$(got lma) $(got pmag)" "${wanted[lma]} ${wanted[pmag]}"

# By the slow entrance, and without a socket
ctl pmag link delete dev core
arrives "a query where no link is the module's" pmag "$(to_mag fe80::1 ff02::1 $query)" fe80::1 ff02::1 $query
kill "${sockets[@]}"
wait "${sockets[@]}" 2>/dev/null
before=$(total pmag)
watch -w 100 -l core:pmag -s core:pmag "$(to_mag fe80::1 ff02::1 $query)"
is "nobody to hear it: no drop and no error" "$(($(total pmag) - before)) $(count 'core:pmag in' '.* icmp.type')" \
	"0 0"
ctl pmag link add dev core type core
watch -w 100 -l core:pmag -s core:pmag "$(to_mag fe80::1 ff02::1 $query)"
is "nor by the link" "$(($(total pmag) - before)) $(count 'core:pmag in' '.* icmp.type')" "0 0"
