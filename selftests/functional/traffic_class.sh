#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §6.4: the tunnel's traffic class is taken from the packet inside,
# or, where so configured, is the tunnel's own; the packet inside keeps its own.
source "$(dirname "$0")/lib.sh"
topo_chain

watch -n 2 -l lma:core -l mn:if1 -s cn:eth0 "$(down 'tc 0xb8')"
saw "the class is copied" "lma:core out" ip.tc=184 in.tc=184
saw "and kept" "mn:if1 in" ip.tc=184
watch -n 2 -l pmag:core -l cn:eth0 -s mn:if1 "$(up 'tc 0x48')"
saw "upwards as well" "pmag:core out" ip.tc=72 in.tc=72
saw "and kept" "cn:eth0 in" ip.tc=72

ctl lma tunnel set id 1 dscp zero
watch -n 2 -l lma:core -l mn:if1 -s cn:eth0 "$(down 'tc 0xb9')"
saw "dscp zero: the class stays inside, ECN does not" "lma:core out" ip.tc=1 in.tc=185
saw "and is kept there" "mn:if1 in" ip.tc=185
ctl lma tunnel set id 1 dscp copy
watch -n 1 -l lma:core -s cn:eth0 "$(down 'tc 0xb8')"
saw "dscp copy: copied again" "lma:core out" ip.tc=184

watch -n 1 -l mn:if1 -s core:pmag \
	"eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG tc 0xe0 / ip6 $CN $MN_SINK tc 0x20 / udp 1 2"
saw "the class of the outer header ends with it" "mn:if1 in" ip.tc=32
