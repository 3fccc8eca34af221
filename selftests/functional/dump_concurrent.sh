#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: dumps survive concurrent change: while 10,000 bindings are made and removed
# without end, each one that stays is in each dump exactly once.
source "$(dirname "$0")/lib.sh"
topo_bare lma

ctl lma tunnel add id 1 local $LMA remote $PMAG role lma-mag
out=$(in_ns lma nlchurn 2000 10000 6 2>&1) && ok "$out" || bad "$out"
within "there were dumps" "$(field dumps "$out")" 2 1000000
within "there was change" "$(field rounds "$out")" 1 1000000
bindings=$(json_value bindings "$(ctl lma -j stats)")
within "what was left when it was stopped" "$bindings" 2000 12000
is "is what a dump shows" "$(ctl lma binding show | grep -c '^binding')" "$bindings"
is "the tunnel counts its users" "$(tunnel lma 1 users)" "$bindings"
