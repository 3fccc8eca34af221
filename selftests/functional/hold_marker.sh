#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: fault tolerant multihoming §3.2: "MAG1 forwards the cached data to LMA by
# Tunnel": the mark of their end comes behind the last, also where there are just as many
# as are sent in one go (PMIP_DRAIN_BUDGET in kmod/drain.c), and nothing follows them.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain

radio_off if1
pkt -q -w 100 -i 200 -l mn:if2 -s cn:eth0 "$(down)" -c 512 > "$TMP/sent"
works "MAG1 holds 512" eventually 10 holds pmag 512
lma_deregistered 30000 30000
works "they go back" ctl pmag hold release prefix $HNP to return
works "all of them" eventually 10 counted pmag returned 512
works "and are taken" eventually 10 counted lma accepted 512
# Without the marker it would wait here, for half a minute
watch -n 1 -l mn:if2 -s cn:eth0 "$(down)"
saw "and the marker came behind them" "mn:if2 in" ip.dst=$MN_SINK
is "for the next packet does not wait" "$(hold lma held)" 0
