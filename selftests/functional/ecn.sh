#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 6040 §4.1: "In normal mode, an encapsulator […] MUST construct the outer
# encapsulating IP header by copying the two-bit ECN field of the incoming IP header";
# §4.2, figure 4: what the packet inside becomes at the end of the tunnel, for each
# of the sixteen combinations.
source "$(dirname "$0")/lib.sh"
topo_chain

name=(Not-ECT 'ECT(1)' 'ECT(0)' CE)	# by their code points
args=()
for inner in 0 1 2 3; do
	args+=(-s cn:eth0 "$(down "tc $((0x28 | inner))" "udp 1000 $((2000 + inner)) 16")")
done
watch -n 4 -w 1000 -l lma:core "${args[@]}"
for inner in 0 1 2 3; do
	line=$(lines 'lma:core out' ".* udp.dport=$((2000 + inner)) ")
	is "entering: ${name[inner]} is copied" "$(field ip.tc "$line") $(field in.tc "$line")" \
		"$((0x28 | inner)) $((0x28 | inner))"
done

# Figure 4: rows are what was inside, columns what was outside, by code point
becomes=("0 0 0 drop" "1 1 1 3" "2 1 2 3" "3 3 3 3")
args=()
for inner in 0 1 2 3; do
	for outer in 0 1 2 3; do
		args+=(-s core:pmag "eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG tc $outer /
			ip6 $CN $MN_SINK tc $((0x28 | inner)) / udp 1000 $((3000 + inner * 4 + outer)) 16")
	done
done
watch -n 15 -w 1000 -l mn:if1 "${args[@]}"
for inner in 0 1 2 3; do
	read -ra row <<< "${becomes[inner]}"
	for outer in 0 1 2 3; do
		line=$(lines 'mn:if1 in' ".* udp.dport=$((3000 + inner * 4 + outer)) ")
		want=${row[outer]}
		[ "$want" = drop ] && want='' || want=$((0x28 | want))
		is "leaving: ${name[inner]} inside, ${name[outer]} outside" "$(field ip.tc "$line")" "$want"
	done
done
is "the one dropped is counted" "$(drops pmag ecn)" 1
