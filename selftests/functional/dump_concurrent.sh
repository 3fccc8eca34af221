#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Processors: 2
# Shows: dumps survive concurrent change: while 10,000 bindings are made and removed
# without end, each one that stays is in each dump exactly once.  netlink(7):
# NLM_F_DUMP_INTR, "dump was inconsistent due to sequence change": such a dump says so.
source "$(dirname "$0")/lib.sh"
topo_bare lma

ctl lma tunnel add id 1 local $LMA remote $PMAG role lma-mag
out=$(in_ns lma nlchurn 2000 10000 $((6 * PMIP_SLOW)) 2>&1) && ok "$out" || bad "$out"
within "there were dumps" "$(field dumps "$out")" 2 1000000
within "there was change" "$(field rounds "$out")" 1 1000000
within "dumps that met a change say so" "$(field flagged "$out")" 1 1000000
out=$(in_ns lma nlchurn 0 0 1 2>&1)
is "without change none does" "$(field flagged "$out")" 0
bindings=$(json_value bindings "$(ctl lma -j stats)")
within "what was left when it was stopped" "$bindings" 2000 12000
is "is what a dump shows" "$(ctl lma binding show | grep -c '^binding')" "$bindings"
is "and it warns of nothing" "$(ctl lma binding show 2>&1 > /dev/null)" ""
is "the tunnel counts its users" "$(tunnel lma 1 users)" "$bindings"
