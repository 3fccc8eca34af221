#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: netlink requests with missing, wrong-length, out-of-range and contradictory
# attributes are refused with an answer that names what is wrong, and leave nothing.
source "$(dirname "$0")/lib.sh"
topo_bare lma

ip -n lma link add d0 type dummy || ip -n lma link add d0 type veth peer name d1
index=$(ip -n lma -o link show dev d0 | cut -d: -f1)
out=$(in_ns lma nlabuse "$index" 2>&1) && ok "$out" || bad "$out"
is "nothing is left of it" "$(ctl lma -j stats |
	jq -c '.kernel | [.tunnels, .links, .bindings, .flows, .listeners, .hold.queues]')" "[0,0,0,0,0,0]"
works "and the device can go" timeout $((8 * PMIP_SLOW)) ip -n lma link del d0
