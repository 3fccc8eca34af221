#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: TCP at full segment size goes through the tunnel in the large packets that
# the sender's stack made: segmentation offload is kept at encapsulation, at
# decapsulation and from gateway to gateway; where a device cannot, the segments
# that leave are right.
source "$(dirname "$0")/lib.sh"
topo_chain
command -v ethtool > /dev/null || skip "needs ethtool"

# Room for full-sized packets inside
for n in lma pmag smag; do ip -n $n link set core mtu 1600; done
ip -n core -batch - <<-EOT
	link set lma mtu 1600
	link set pmag mtu 1600
	link set smag mtu 1600
	link set br0 mtu 1600
EOT

# A slow sender's are smaller, and more of them; a segment carries 1428 bytes
least=5000 most=400
[ "$PMIP_SLOW" = 1 ] || least=2000 most=4000

transfer() { # WHAT LISTENER...: 8 MB to the node, watching
	local what=$1 out
	shift
	pkt -n 400 -w 3000 "${@/#/-l}" > "$TMP/seen" &
	nap 0.3
	if out=$(xfer cn mn $MN 5001 ${MEGABYTES:-8} 2>&1); then ok "$what: $out"; else bad "$what: $out"; fi
	wait $!
	seen=$(< "$TMP/seen")
}
large() { grep -E "^$1 " <<< "$seen" | grep -vc ' gso=0 '; }

transfer "downwards" lma:core pmag:acc
within "large packets enter the tunnel" "$(large 'lma:core out')" 20 $most
within "and leave it" "$(large 'pmag:acc out')" 20 $most
is "full-sized segments" "$(lines 'lma:core out' | grep -o ' gso=[1-9][0-9]*' | sort | uniq -c |
	sort -n | tail -n 1 | tr -dc '0-9= ' | cut -d= -f2)" 1428
within "bytes for each packet at encapsulation" \
	$(($(tunnel lma 1 tx-bytes) / $(tunnel lma 1 tx-packets))) $least 70000
is "nothing dropped as too big" "$(drops lma too-big) $(drops pmag too-big)" "0 0"

radio_off if1
transfer "from gateway to gateway" pmag:core smag:acc
within "large packets enter the second tunnel" "$(large 'pmag:core out')" 20 $most
within "and leave it" "$(large 'smag:acc out')" 20 $most
radio_on if1

out=$(xfer mn cn $CN 5002 8 2>&1) && ok "upwards: $out" || bad "upwards: $out"
within "bytes for each packet at encapsulation" \
	$(($(tunnel pmag 1 tx-bytes) / ($(tunnel pmag 1 tx-packets) + 1))) 1000 70000

# The core's device can neither segment nor sum
in_ns lma ethtool -K core tso off gso off tx off > "$TMP/ethtool" 2>&1
MEGABYTES=1
transfer "segmented in software" pmag:core
is "each packet is one segment" "$(large 'pmag:core in')" 0
within "of the right length" "$(count 'pmag:core in' '.* in.plen=1460 .* tcp.len=1428 ')" 50 1000
is "with the right checksum" "$(count 'pmag:core in' '.* tcp.sum=bad')" 0
