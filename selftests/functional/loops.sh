#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §4.1.2 and §4.1.3: a tunnel to itself, a tunnel whose end lies in
# a prefix that is sent into tunnels, are refused with a message that says why; a
# loop that only routing makes ends soon.
source "$(dirname "$0")/lib.sh"
topo_chain

refused "a tunnel to itself" 'tself' \
	ctl lma tunnel add id 9 local $LMA remote $LMA role lma-mag
refused "a tunnel to an address inside a bound prefix" 'prefix' \
	ctl lma tunnel add id 9 local $LMA remote 2001:db8:100:1::5 role lma-mag
refused "a tunnel from an address inside a bound prefix" 'prefix' \
	ctl lma tunnel add id 9 local 2001:db8:100:1::5 remote $NMAG role lma-mag
refused "a prefix that holds the other gateway" 'gateway' \
	ctl lma binding add prefix $PMAG/128 path tunnel 2
refused "a prefix that holds this gateway" 'gateway' \
	ctl lma binding add prefix 2001:db8:0:1::/64 path tunnel 1
refused "the pmip device as a link" 'link' ctl lma link add dev pmip0 type core
refused "a second pmip device" 'pmip' ip -n lma link add pmip1 type pmip

# The route to the PMAG leads into the pmip device
ip -n lma route add $PMAG/128 dev pmip0
watch -w 300 -l lma:core -s cn:eth0 "$(down)"
saw_none "a tunnel routed into itself sends nothing" "lma:core out"
is "which is counted" "$(drops lma no-route)" 1
ip -n lma route del $PMAG/128 dev pmip0
watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "with the route gone it sends again" "mn:if1 in" ip.src=$CN

# The PMAG thinks that the way to the node is back to the LMA
ctl pmag binding set prefix $HNP path tunnel 1
watch -w 400 -l lma:core -l pmag:core -s cn:eth0 "$(down 'hl 255')"
within "between gateways a loop ends soon" "$(count 'lma:core out')" 1 2
within "at either" "$(count 'pmag:core out')" 0 2

# Each MAG thinks that the other has the node
ctl pmag binding set prefix $HNP path tunnel 2
ctl smag binding set prefix $HNP path tunnel 2
watch -w 400 -l smag:core -l pmag:core -s cn:eth0 "$(down 'hl 255')"
within "between access gateways as well" \
	"$(($(count 'pmag:core out') + $(count 'smag:core out')))" 1 2
