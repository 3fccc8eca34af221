#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §5.6.2: reverse tunneled packets are routed on, and "these routed
# packets will have the Source Address field set to the mobile node's home address":
# a packet comes up only by a tunnel that its source's prefix is bound to.
source "$(dirname "$0")/lib.sh"
topo_chain

outer() { echo "eth $LMA_LL ${2:-$PMAG_LL} / ip6 ${1:-$PMAG} $LMA"; }

watch -n 1 -l cn:eth0 -s core:lma "$(outer) / ip6 $MN $CN_SINK / udp 1 2"
saw "from the tunnel that it is bound to" "cn:eth0 in" ip.src=$MN
watch -n 1 -l cn:eth0 -s core:lma "$(outer $SMAG $SMAG_LL) / ip6 $MN $CN_SINK / udp 1 2"
saw "from the other one of its tunnels" "cn:eth0 in" ip.src=$MN
is "nothing dropped so far" "$(drops lma tunnel-source-spoofed)" 0

watch -w 200 -l cn:eth0 -s core:lma "$(outer) / ip6 2001:db8:100:2::1 $CN_SINK / udp 1 2"
saw_none "a prefix that nobody has" "cn:eth0 in"
is "is counted" "$(drops lma tunnel-source-spoofed)" 1

ctl_batch lma <<-EOT
	tunnel add id 3 local $LMA remote $NMAG role lma-mag
	binding add prefix 2001:db8:100:3::/64 path tunnel 3
EOT
watch -w 200 -l cn:eth0 -s core:lma "$(outer) / ip6 2001:db8:100:3::1 $CN_SINK / udp 1 2"
saw_none "a prefix that is bound to another tunnel" "cn:eth0 in"
watch -w 200 -l cn:eth0 -s core:lma "$(outer $NMAG $NMAG_LL) / ip6 $MN $CN_SINK / udp 1 2"
saw_none "a tunnel that has other prefixes only" "cn:eth0 in"
watch -w 200 -l cn:eth0 -s core:lma "$(outer) / ip6 $CN $CN_SINK / udp 1 2"
saw_none "a source that is no node's at all" "cn:eth0 in"
is "each is counted" "$(drops lma tunnel-source-spoofed)" 4

watch -n 1 -l cn:eth0 -s core:lma "$(outer $NMAG $NMAG_LL) / ip6 2001:db8:100:3::1 $CN_SINK / udp 1 2"
saw "its own tunnel takes it" "cn:eth0 in" ip.src=2001:db8:100:3::1
