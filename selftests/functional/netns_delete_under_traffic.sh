#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Processors: 2
# Shows: deletion of a gateway's namespace under traffic, with all its state in
# place, leaves nothing behind: the module can be unloaded, the kernel is silent.
source "$(dirname "$0")/lib.sh"

for victim in pmag lma; do
	topo_chain
	pkt -q -l mn:if1 -s cn:eth0 "$(down)" -s mn:if1 "$(up)" -f -c 100000 -i 1000 -w 100 \
		> "$TMP/stream" &
	stream=$!
	nap 0.4
	works "$victim: deleted" ip netns del $victim
	gone() { ! ip -n core link show dev $victim; }
	works "$victim: its devices go" eventually 8 gone
	nap 0.3
	kill -0 $stream 2>/dev/null && ok "packets were still coming" || bad "traffic ended before"
	kill $stream 2>/dev/null
	wait $stream 2>/dev/null
	namespaces_del
done
unloaded() { rmmod pmip; }
works "nothing holds the module" eventually 8 unloaded
works "and it can be loaded again" module_load
