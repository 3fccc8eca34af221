#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §7.1 and §3.3: a tunnel packet that comes in fragments is put
# together and decapsulated; a packet inside that is itself a fragment is passed on
# as it is.
source "$(dirname "$0")/lib.sh"
topo_chain

outer="eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG"
inner="ip6 $CN $MN_SINK / udp 1000 2000 600"

watch -n 1 -w 1000 -l mn:if1 -s core:pmag "$outer / frag 0 320 7 / $inner" \
	-s core:pmag "$outer / frag 320 2000 7 / $inner"
saw "two fragments of the tunnel packet" "mn:if1 in" ip.src=$CN ip.plen=608 udp.len=608 udp.sum=ok
watch -n 1 -w 1000 -l mn:if1 -s core:pmag "$outer / frag 320 2000 8 / $inner" \
	-s core:pmag "$outer / frag 0 320 8 / $inner"
saw "the last one first" "mn:if1 in" ip.src=$CN ip.plen=608 udp.sum=ok
up="eth $LMA_LL $PMAG_LL / ip6 $PMAG $LMA"
watch -n 1 -w 1000 -l cn:eth0 -s core:lma "$up / frag 0 64 9 / ip6 $MN $CN_SINK / udp 1 2 100" \
	-s core:lma "$up / frag 64 2000 9 / ip6 $MN $CN_SINK / udp 1 2 100"
saw "at the LMA" "cn:eth0 in" ip.src=$MN udp.len=108 udp.sum=ok
watch -w 300 -l cn:eth0 \
	-s core:lma "$up / frag 0 64 10 / ip6 2001:db8:100:2::1 $CN_SINK / udp 1 2 100" \
	-s core:lma "$up / frag 64 2000 10 / ip6 2001:db8:100:2::1 $CN_SINK / udp 1 2 100"
saw_none "a spoofed source in fragments" "cn:eth0 in"
is "is counted" "$(drops lma tunnel-source-spoofed)" 1

fragment() { down 'hl 64' "frag $1 $2 11 / udp 1000 2000 600"; }
watch -n 2 -w 1000 -l mn:if1 -s cn:eth0 "$(fragment 0 320)" -s cn:eth0 "$(fragment 320 2000)"
is "fragments inside pass as they are" "$(count 'mn:if1 in' '.* ip.offset=')" 2
