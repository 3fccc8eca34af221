#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Another gateway asks all the time whether one is there that starts with many bindings in
# its kernel, until the last of them has been purged since nobody renews them: an anchor,
# whose bindings have two ways each.  No answer waits for more than a part of that.
#
# Timeout: 240
# Shows: RFC 5847 §3.1: who asks by heartbeats whether a gateway is there is answered,
# whatever it has to do; linux/pmip.h: "With LIMIT no more flows and bindings than that are
# looked at: -EAGAIN says that there may be more"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/heartbeat.inc"
MANY=$((50000 / PMIP_SLOW)) TRIES=3

# What gateways without heartbeats have is purged after this lifetime
heartbeat_topo 'max-lifetime = 4;'
none_left() { [ "$(bindings)" = 0 ]; }

load $MANY
begin=$(now_us)
works "all at once" ctl lma purge generation 2
whole=$(($(now_us) - begin))
silences=()
for ((i = 0; i < TRIES; i++)); do
	load $MANY
	start
	all_up # the start has a test of its own: ctl_start_heartbeat
	watch
	works "they are purged" eventually 90 none_left
	watched
	silences+=("$silence")
	stop
done
echo "  $MANY bindings go at once in $whole us; longest silence ${silences[*]} us"
# A debug kernel has so few of them that another delay is as long as that
[ "$PMIP_SLOW" -gt 1 ] ||
	within "nobody had to wait for half of that" "$(least "${silences[@]}")" 1 $((whole / 2))
