#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Processors: 2
# Shows: packets and bytes are counted for each tunnel and each binding, each way.
source "$(dirname "$0")/lib.sh"
topo_chain

size=$((40 + 8 + 32))
watch -q -n 10 -c 10 -l mn:if1 -s cn:eth0 "$(down)"
is "ten down, at the LMA" "$(tunnel lma 1 tx-packets) $(tunnel lma 1 tx-bytes) \
$(binding lma down-packets) $(binding lma down-bytes)" "10 $((size * 10)) 10 $((size * 10))"
is "ten down, at the PMAG" "$(tunnel pmag 1 rx-packets) $(tunnel pmag 1 rx-bytes) \
$(binding pmag down-packets) $(binding pmag down-bytes)" "10 $((size * 10)) 10 $((size * 10))"
watch -q -n 3 -c 3 -l cn:eth0 -s mn:if1 "$(up)"
is "three up, at the PMAG" "$(tunnel pmag 1 tx-packets) $(tunnel pmag 1 tx-bytes) \
$(binding pmag up-packets) $(binding pmag up-bytes)" "3 $((size * 3)) 3 $((size * 3))"
is "three up, at the LMA" "$(tunnel lma 1 rx-packets) $(tunnel lma 1 rx-bytes) \
$(binding lma up-packets) $(binding lma up-bytes)" "3 $((size * 3)) 3 $((size * 3))"
is "none by the other MAG" "$(tunnel lma 2 tx-packets) $(tunnel lma 2 rx-packets) \
$(binding smag down-packets)" "0 0 0"

radio_off if1
watch -q -n 5 -c 5 -l mn:if2 -s cn:eth0 "$(down)"
is "five redirected" "$(tunnel pmag 2 tx-packets) $(tunnel pmag 2 redirected) \
$(tunnel smag 2 rx-packets) $(binding smag down-packets)" "5 5 5 5"
is "the binding counts both ways together" "$(binding pmag down-packets)" 15
ctl lma binding set prefix $HNP path tunnel 2
is "a binding that changes keeps its counters" "$(binding lma down-packets)" 15
