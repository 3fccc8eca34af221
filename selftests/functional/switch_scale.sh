#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Processors: 2
# Shows: protection switching costs the same however many nodes are behind the
# lost link: 1, 1,000 and 10,000, each at a gateway of its own.  The time from the
# driver's call that takes the carrier away to the first packet in the MAG-MAG
# tunnel does not grow.  One event for each loss, whatever the number.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/carrier.inc"
topo_bare m1 m1000 m10000 core
trap 'carrier_untrace; finish' EXIT

LOSSES=15	# of each link, in turn: what disturbs one disturbs all
# us.  Equal links differ by up to 60 in a machine with three others on its
# processors; to look at each of 10,000 nodes takes thousands
ALLOWANCE=100

net() { printf '2001:db8:140:%x' "$1"; }
inner() { echo "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 $CN $1 / udp 1000 2000 32"; }

# A gateway with so many nodes behind its link
gateway() { # NODES
	local n=m$1 i
	ip -batch - <<-EOT
	link add core netns $n address $PMAG_LL type veth peer name $n netns core
	link add acc$1 netns $n address $MAG_LL type dummy
	EOT
	ip -n core link set "$n" up
	ip -6 -n "$n" -batch - <<-EOT
	link set lo up
	link set core up
	link set acc$1 up
	addr add $PMAG/64 dev core nodad
	neigh replace $SMAG lladdr $SMAG_LL dev core nud permanent
	EOT
	{
		echo "link add dev core type core"
		echo "link add dev acc$1 type access"
		echo "tunnel add id 1 local $PMAG remote $LMA role mag-lma"
		echo "tunnel add id 2 local $PMAG remote $SMAG role mag-mag"
		for ((i = 1; i <= $1; i++)); do
			printf 'binding add prefix 2001:db8:140:%x::/64 uplink 1 path dev acc%d lladdr %s path tunnel 2\n' \
				$i "$1" "$IF1_LL"
		done
	} | ctl_batch "$n" || die "no $1 nodes"
}

arguments=()
for n in 1 1000 10000; do
	gateway $n
	arguments+=("m$n:acc$n" "core:m$n" "$(inner "$(net 1)::1")")
done
is "so many are behind each link" "$(for n in 1 1000 10000; do
	json_value bindings "$(ctl m$n -j stats)"; done | xargs)" "1 1000 10000"

works "losses, to warm up" lose 2 20000 "${arguments[@]}"
carrier_trace || die "no tracing of the carrier"
monitor_start m10000
works "losses, one link after the other" lose $LOSSES 20000 "${arguments[@]}"
monitor_stop
carrier_redirects 'acc.*' > "$TMP/redirects"

median() { # NODES
	local us
	mapfile -t us < <(awk -v dev="acc$1" '$1 == dev { print $3 - $2 }' "$TMP/redirects" | sort -n)
	echo "  $1 behind the link: redirected after ${us[*]} us"
	is "each loss of it has a packet redirected" "${#us[@]}" $LOSSES
	median=${us[${#us[@]} / 2]}
}
median 1
one=$median
for n in 1000 10000; do
	median $n
	within "the time is not longer with $n nodes than with one" "$median" 1 \
		$((2 * one + ALLOWANCE))
done
is "one event for each loss" "$(event_count '.state == "down"')" $LOSSES

ip -n m10000 link set acc10000 carrier off
watch -w 500 -l m10000:core -s core:m10000 "$(inner "$(net 1)::1")" \
	-s core:m10000 "$(inner "$(net 4242)::1")" -s core:m10000 "$(inner "$(net 10000)::1")"
is "every node was moved" "$(count 'm10000:core out' ".* ip.dst=$SMAG ")" 3
