#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: the flow of a packet that comes again is found without asking the rules, until
# the rules of its node change; other nodes' are not asked again for that, nor after a
# scan of two nodes' ports.
source "$(dirname "$0")/lib.sh"
# Each processor has its own cache
taskset -c -p 0 $$ > /dev/null
topo_chain
HNP2=2001:db8:100:2::/64 MN2=2001:db8:100:2::1
HNP3=2001:db8:100:3::/64 MN3=2001:db8:100:3::1
ctl_batch lma <<-EOT
	binding add prefix $HNP2 node 2 path tunnel 1 bid 1 path tunnel 2 bid 2
	binding add prefix $HNP3 node 3 path tunnel 1 bid 1 path tunnel 2 bid 2
	flow add node 1 fid 1 priority 10 sport 1000-1999 bid 2
	flow add node 2 fid 1 priority 10 sport 1000-1999 bid 2
	flow add node 3 fid 1 priority 10 sport 1000-1999 bid 2
EOT

last='0 0'
# asked WHAT HITS MISSES: since last time
asked() {
	local s now
	s=$(ctl lma -j stats)
	now="$(json_value flow-hits "$s") $(json_value flow-misses "$s")"
	is "$1" "$((${now% *} - ${last% *})) $((${now#* } - ${last#* }))" "$2 $3"
	last=$now
}
send() { watch -q -n "$1" -c "$1" -l core:lma -s cn:eth0 "$2"; }
one=$(down 'hl 64' 'udp 1000 2000 32')
two=${one/$MN_SINK/$MN2}

send 5 "$one"
asked "the first two packets ask the rules, the others need not" 3 2
send 1 "$(down 'hl 64' 'udp 1000 3000 32')"
asked "what no rule looks at makes no difference" 1 0
send 3 "$(down 'hl 64' 'udp 1001 2000 32')"
asked "what one looks at does" 1 2
send 3 "$two"
asked "another node" 1 2
ctl lma flow add node 1 fid 2 priority 5 sport 1001 bid 1
send 3 "$one"
send 1 "$two"
asked "rules have changed: only that node's are asked again" 2 2
before=$(tunnel lma 1 tx-packets)
send 1 "$(down 'hl 64' 'udp 1001 2000 32')"
asked "and what was found before is not true any more" 0 1
is "the packet takes its new way" "$(($(tunnel lma 1 tx-packets) - before))" 1
ctl lma flow set node 1 fid 1 bid 1
before=$(tunnel lma 1 tx-packets)
send 1 "$one"
asked "to move a flow needs no asking" 1 0
is "and moves it" "$(($(tunnel lma 1 tx-packets) - before))" 1
ctl lma flow replace node 1 fid 1 priority 10 sport 1000-1999 bid 2
before=$(tunnel lma 2 tx-packets)
send 1 "$one"
asked "nor does it where all of the flow is said again" 1 0
is "it moves" "$(($(tunnel lma 2 tx-packets) - before))" 1
ctl lma flow replace node 1 fid 1 priority 10 sport 1000-1998 bid 1
send 1 "$one"
asked "where its packets are others it does" 0 1
ctl lma flow delete node 1 fid 1
before=$(json_value packets "$(ctl lma -j flow show node 1 fid 2)")
send 1 "$one"
asked "a flow is deleted" 0 1
is "the packet is nobody's" "$(json_value packets "$(ctl lma -j flow show node 1 fid 2)")" "$before"
send 2 "$one"
asked "which is known, too" 1 1

# More ports of two nodes than the cache of a processor has places for, and that still
# where all is slow
ports=$((9000 / PMIP_SLOW))
send 1 "$one"
send 1 "$two"
last=$(s=$(ctl lma -j stats); echo "$(json_value flow-hits "$s") $(json_value flow-misses "$s")")
gone() { echo $(($(tunnel lma 1 tx-packets) + $(tunnel lma 2 tx-packets))); }
before=$(gone)
for port in 10000 20000 30000; do
	for to in "$MN_SINK" $MN3; do
		packet=$(down 'hl 64' "udp $port 1 32")
		pkt -q -f -c $ports -w 100 -s cn:eth0 "${packet/$MN_SINK/$to}" > /dev/null ||
			bad "no scan"
	done
done
s=$(ctl lma -j stats)
# A busy machine's queue may have been too short for some, which the module then never saw
came=$(($(gone) - before))
within "a scan of $((3 * ports)) ports of each of two nodes" $came $((5 * ports)) $((6 * ports))
is "each asks the rules" "$(($(json_value flow-misses "$s") - ${last#* }))" $came
last="$(json_value flow-hits "$s") $(json_value flow-misses "$s")"
send 1 "$two"
asked "what is known of another node has stayed" 1 0
send 1 "$one"
asked "and what was of one of the two" 1 0
