#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Processors: 2
# Timeout: 240
# Shows: a processor that goes takes no packet with it, neither what it had put aside nor
# what it held, and no count; nothing waits for it while it is away, and it serves again
# once it is back.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
processor=/sys/devices/system/cpu/cpu1/online
[ -w $processor ] || skip "needs a second processor that can go"
hold_chain
trap 'status=$?; online 1; (exit $status); finish' EXIT

online() { echo "$1" > $processor; }

# On it again: who was on a processor that goes is moved to another for good
back_on() { # PID...
	local p
	online 1
	for p in "$@"; do taskset -apc 1 "$p" > /dev/null 2>&1; done
}

# ---- nothing is lost, both ways, beside transfers whose segments come in together ----

segments() { # FROM TO ADDRESS PORT
	touch "$TMP/$4"
	while [ -e "$TMP/go" ]; do
		xfer "$@" 1 > "$TMP/xfer-$4" 2>&1 || { mv "$TMP/xfer-$4" "$TMP/failed-$4"; break; }
		echo >> "$TMP/$4"
	done
}

in_ns cn ethtool -K eth0 tso off > "$TMP/ethtool" 2>&1
in_ns mn ethtool -K if1 tso off >> "$TMP/ethtool" 2>&1
# By SENDER, towards LISTENER
comes_and_goes() { # WAY LISTENER SENDER LAYERS
	local way=$1 stream to from round
	on_cpu 1
	touch "$TMP/go"
	pkt -q -l "$2" -s "$3" "$4" -c 100000 -i $((500 * PMIP_SLOW)) -w $((400 * PMIP_SLOW)) \
		> "$TMP/$way" &
	stream=$!
	segments cn mn $MN 5001 &
	to=$!
	segments mn cn $CN 5002 &
	from=$!
	on_cpu 0
	for round in 1 2 3; do
		nap $PMIP_SLOW
		online 0 || bad "$way, round $round: it does not go"
		nap 0.$((round * 3))
		back_on $stream $to $from
	done
	rm "$TMP/go"
	wait $to $from
	stream_stop $stream
	seen=$(< "$TMP/$way")
	within "$way: packets while it went and came" "$(field sent "$(lines all)")" 1000 100000
	is "$way: none is lost or doubled" \
		"$(field missing "$(lines all)") $(field twice "$(lines "$2")")" "0 0"
}

comes_and_goes down mn:if1 cn:eth0 "$(down)"
comes_and_goes up cn:eth0 mn:if1 "$(up)"
for port in 5001 5002; do
	within "transfers meanwhile ($port)" "$(wc -l < "$TMP/$port")" 1 100000
	[ -e "$TMP/failed-$port" ] && bad "one broke off: $(< "$TMP/failed-$port")"
done

# ---- what it counted is counted ----

counts() {
	echo "$(tunnel lma 1 tx-packets) $(tunnel pmag 1 rx-packets) $(binding lma down-packets)"
}

before=$(tunnel lma 1 tx-packets)
on_cpu 1
watch -q -n 100 -c 100 -l mn:if1 -s cn:eth0 "$(down)"
on_cpu 0
with=$(counts)
is "a hundred" "$(($(tunnel lma 1 tx-packets) - before))" 100
online 0
is "no count goes with it" "$(counts)" "$with"

# ---- what it held goes by another ----

online 1
# However slow the machine
ctl pmag hold set node-packets 8000 node-bytes 33554432
on_cpu 1
stream_start 30000 1000 3000
on_cpu 0
nap 0.4
radio_off if1
works "held by it" eventually 5 some_held
online 0
radio_on if1
works "nothing waits once the link is back" eventually 5 holds pmag 0
stream_enough
is "nothing twice" "$(field twice "$one")" 0
is "none was dropped" "$(hold pmag expired) $(hold pmag dropped)" "0 0"
is "none that was held is left" "$(hold pmag forwarded)" "$(hold pmag held)"

# ---- while it is away, what packets come by can go, and the module itself ----

serves() { # CPU
	works "processor $1 serves" eventually 5 in_ns cn taskset -c "$1" ping -6 -q -c 1 -W 2 $MN
}

online 1
on_cpu 1
pkt -q -l mn:if1 -s cn:eth0 "$(down)" -s mn:if1 "$(up)" -f -c 100000 -i $((500 * PMIP_SLOW)) \
	-w 100 > "$TMP/stream" &
stream=$!
on_cpu 0
nap 0.4
online 0
works "a link goes and comes" timeout $((10 * PMIP_SLOW)) nsenter --net=/run/netns/lma \
	pmipctl -batch - <<-EOT
	link del dev core
	link add dev core type core
EOT
works "the module goes" timeout $((10 * PMIP_SLOW)) rmmod pmip
module_load || die "it cannot be loaded again"
topo_devices
topo_state
serves 0
back_on $stream
serves 1
online 0
works "a gateway goes" timeout $((10 * PMIP_SLOW)) ip netns del pmag
kill -0 $stream && ok "packets were still coming" || bad "traffic ended before"
kill $stream
# Its status is that of the signal
wait $stream || :
