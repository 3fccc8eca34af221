#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Processors: 2
# Shows: the module is unloaded while packets come in by every entrance, and leaves
# nothing behind; loaded again it serves again.
source "$(dirname "$0")/lib.sh"
topo_chain

for round in 1 2 3; do
	pkt -q -l mn:if1 -s cn:eth0 "$(down)" -s mn:if1 "$(up)" -f -c 100000 -i 1000 -w 100 \
		> "$TMP/stream" &
	stream=$!
	in_ns lma ping -6 -q -i 0.05 -c 30 $MN > "$TMP/ping" 2>&1 &
	nsenter --net=/run/netns/lma pmipctl monitor kernel > "$TMP/monitor" 2>&1 &
	monitor=$!
	nap 0.4
	[ "$round" = 3 ] && radio_off if1
	works "round $round: unloaded under traffic" timeout $((10 * PMIP_SLOW)) rmmod pmip
	kill -0 $stream 2>/dev/null && ok "packets were still coming" || bad "traffic ended before"
	kill $monitor $stream 2>/dev/null
	wait
	[ -e /sys/module/pmip ] && bad "still there"
	refused "no pmip device is left" . ip -n lma link show pmip0
	[ "$round" = 3 ] && radio_on if1
	module_load || die "cannot be loaded again"
	topo_devices
	topo_state
	watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
	saw "loaded again it serves" "mn:if1 in" ip.src=$CN
done
