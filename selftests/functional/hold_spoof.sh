#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §5.6.2: the anchor takes a packet out of a tunnel if its source is
# bound to the tunnel; what an access gateway returns to it is the one exception:
# by the tunnel that was named for this binding, for the time that was said.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain

spoofed=0
spoof() { # WHAT LAYERS
	watch -w 150 -l mn:if1 -l mn:if2 -l cn:eth0 -l core:pmag -s core:lma "$2"
	spoofed=$((spoofed + 1))
	is "$1: goes nowhere, counted" "$(count mn:if[12]) $(count cn:eth0) $(count 'core:pmag out') \
$(drops lma tunnel-source-spoofed) $(hold lma accepted)" "0 0 0 $spoofed 0"
}
from() { echo "eth $LMA_LL $1 / ip6 $2 $LMA / ip6 ${3:-$CN} ${4:-$MN_SINK} / udp 1 2"; }

spoof "before anything is said" "$(returned)"
ctl lma binding set prefix $HNP return tunnel 1 time 30000
ctl_batch lma <<-EOT
	tunnel add id 3 local $LMA remote $NMAG role lma-mag
	binding add prefix 2001:db8:100:2::/64 path tunnel 2
EOT
spoof "by another tunnel of the binding" "$(from $SMAG_LL $SMAG)"
spoof "by a tunnel of none" "$(from $NMAG_LL $NMAG)"
spoof "to another binding" "$(from $PMAG_LL $PMAG $CN 2001:db8:100:2::1)"
spoof "to a prefix that nobody has" "$(from $PMAG_LL $PMAG $CN 2001:db8:100:3::1)"
spoof "to the correspondent" "$(from $PMAG_LL $PMAG $CN_SINK $CN)"
spoof "from a link-local address" "$(from $PMAG_LL $PMAG fe80::1)"
spoof "from many" "$(from $PMAG_LL $PMAG ff02::1)"
spoof "from nobody" "$(from $PMAG_LL $PMAG ::)"
spoof "a marker by another tunnel" \
	"eth $LMA_LL $SMAG_LL / ip6 $SMAG $LMA / ip6 $SMAG ${HNP%/64} / raw '' 59"
ctl lma binding set prefix $HNP return none
spoof "after it has been taken back" "$(returned)"
is "the binding has forgotten" "$(show lma binding prefix $HNP '.[0].return')" null

ctl lma binding set prefix $HNP return tunnel 1 time 300
nap 0.5
spoof "after its time" "$(returned)"
works "the queue goes with it" eventually 5 counted lma queues 0

ctl lma binding set prefix $HNP return tunnel 1 time 30000
ctl lma binding set prefix $HNP path tunnel 2
ctl lma tunnel del id 1
ctl lma tunnel add id 1 local $LMA remote $PMAG role lma-mag
spoof "after its tunnel has gone and another come" "$(returned)"

refused "by a tunnel that is none" 'no such tunnel' \
	ctl lma binding set prefix $HNP return tunnel 77 time 1000
refused "without a time" 'needs tunnel and time' \
	ctl lma binding set prefix $HNP return tunnel 1
refused "at an access gateway" 'anchor' \
	ctl pmag binding set prefix $HNP return tunnel 1 time 1000
ctl lma tunnel add id 4 local $LMA remote 2001:db8:0:1::5 role mag-mag
refused "by a tunnel to no access gateway of the anchor's" 'access gateway' \
	ctl lma binding set prefix $HNP return tunnel 4 time 1000
