# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What is not a rate of packets alone: memory, loading and dumping, switching, many
# nodes with flows, and a scan of what the flow cache has.

MANY=1048576

figure() { # JSON
	echo "{$1}" >> /run/host/figures
	say "$(tr -d '"{}' <<< "$1" | sed 's/,\([a-z]\)/  \1/g; s/:/ /g')"
}

kernel_memory() { # slab, vmalloc, per CPU and what is not free, in kB
	awk '/^(MemTotal|MemFree|Buffers|Cached|Slab|VmallocUsed|Percpu):/ { m[$1] = $2 }
		END { print m["Slab:"], m["VmallocUsed:"], m["Percpu:"],
			m["MemTotal:"] - m["MemFree:"] - m["Buffers:"] - m["Cached:"] }' /proc/meminfo
}

# Bytes of kernel memory that each binding costs, all told.  At an access gateway
# a binding has two paths, one of them to a neighbour of its own.
figure_memory() {
	local direction before after

	for direction in {lma,mag}-down{,,}; do
		devices
		addresses $direction && pmip_gateway $direction || return
		rcu_settled
		read -ra before < <(kernel_memory)
		pmip_bindings $direction $MANY || return
		rcu_settled
		read -ra after < <(kernel_memory)
		figure "$(awk -v b="${before[*]}" -v a="${after[*]}" -v d=$direction -v n=$MANY 'BEGIN {
			split(b, x); split(a, y)
			for (i = 1; i <= 4; i++) z[i] = (y[i] - x[i]) * 1024 / n
			printf "\"figure\":\"memory\",\"direction\":\"%s\",\"bindings\":%d," \
				"\"slab\":%.1f,\"vmalloc\":%.1f,\"percpu\":%.1f,\"sum\":%.1f,\"taken\":%.1f",
				d, n, z[1], z[2], z[3], z[1] + z[2] + z[3], z[4] }')"
		remove
	done
}

# A table that grew frees the smaller one after a grace period
rcu_settled() { sleep 1; }

# KIND ARGUMENT...: seconds to load MANY and to dump them
load_and_dump() {
	local kind=$1 n load dump
	shift
	nlload "${kind%%-*}" $MANY "$@" || return
	read -r _ load < /run/loaded
	nlload dump "${kind%%-*}" || return
	read -r n dump < /run/loaded
	[ "$n" -ge $MANY ] || { echo "$kind: dumped $n" >&2; return 1; }
	figure "\"figure\":\"loading\",\"what\":\"$kind\",\"number\":$MANY,\"load\":$load,\"dump\":$dump"
}

figure_loading() {
	local times=5

	while [ $((times--)) -gt 0 ]; do
		devices
		addresses lma-down && load_and_dump route-gateway dev out0 via $MAG || return
		remove
		devices
		addresses lma-down && load_and_dump route dev out0 || return
		remove
		devices
		addresses lma-down && pmip_gateway lma-down &&
			load_and_dump binding path tunnel 1 || return
		remove
	done
}

# From the loss of a link until all nodes behind it are redirected: the one store
# moves them, so that no packet leaves by the lost link once it is done.  Packets
# to all of them show that.
figure_switching() {
	local nodes before after lost redirected times

	for nodes in 1 131072; do
		devices
		addresses mag-down && generator $nodes && turn mag-down && method_pmip mag-down $nodes || return
		times=()
		while [ ${#times[@]} -lt 11 ]; do
			generate 1000 > /dev/null
			read -r before after < <("$PMIP_BUILD/tools/carrier" dut out0 off)
			lost=$(sent_by out0) redirected=$(sent_by out1)
			generate $((nodes * 8)) > /dev/null
			[ "$(sent_by out0)" = "$lost" ] &&
				[ $(($(sent_by out1) - redirected)) = $((nodes * 8)) ] || {
				echo "switching: not all were redirected" >&2
				return 1
			}
			times+=($((after - before)))
			"$PMIP_BUILD/tools/carrier" dut out0 on > /dev/null
		done
		figure "\"figure\":\"switching\",\"nodes\":$nodes,$(printf '%s\n' "${times[@]}" | sort -n |
			awk '{ t[NR] = $1 } END {
				printf "\"ns\":%d,\"least\":%d,\"most\":%d", t[6], t[1], t[NR] }')"
		remove
	done
}

# 8 flows on each of 131,072 nodes: they load, none of the packets to all of them is
# lost, and each is counted by the flow that has it, the last of its node's.
figure_flows() {
	local nodes=131072 each=8 sent=4000000 before after load left counted

	devices
	addresses lma-down && generator $nodes && pmip_gateway lma-down &&
		pmip_bindings lma-down $nodes || return
	rcu_settled
	read -ra before < <(kernel_memory)
	nlload flow $((nodes * each)) each $each || return
	read -r _ load < /run/loaded
	rcu_settled
	read -ra after < <(kernel_memory)
	left=$(sent_by out0)
	generate $sent > /dev/null
	left=$(($(sent_by out0) - left))
	counted=$(dut pmipctl flow show | awk -v last=$each '
		$1 == "flow" { fid = $5 }
		$1 == "packets" && $2 { nodes++; packets += $2; wrong += fid != last }
		END { print nodes, packets, wrong + 0 }')
	figure "$(awk -v b="${before[*]}" -v a="${after[*]}" -v n=$nodes -v e=$each \
		-v l="$load" -v s=$sent -v d=$left 'BEGIN {
		split(b, x); split(a, y)
		for (i = 1; i <= 3; i++) sum += (y[i] - x[i]) * 1024 / n / e
		printf "\"figure\":\"flows\",\"nodes\":%d,\"each\":%d,\"load\":%.3f," \
			"\"bytes\":%.1f,\"sent\":%d,\"delivered\":%d", n, e, l, sum, s, d }')"
	remove
	[ "$left" = $sent ] && [ "$counted" = "$nodes $sent 0" ] && return
	echo "flows: $left of $sent delivered; nodes, packets, of wrong flows: $counted" >&2
	return 1
}

flow_hits() { dut pmipctl -j stats | sed -n 's/.*"flow-hits": *\([0-9]*\).*/\1/p'; }

# In turn without a scan and with one, into without, with and hits of the caller
scan_turns() { # PACKETS
	local was

	without=() with=() hits=0
	gauge first
	while [ ${#with[@]} -lt 5 ]; do
		without+=("$(generate "$1")")
		echo 1 > /sys/module/turn/parameters/scan
		was=$(flow_hits)
		with+=("$(generate "$1")")
		hits=$((hits + $(flow_hits) - was))
		echo 0 > /sys/module/turn/parameters/scan
	done
	gauge last
	kept=$(($(middle "${without[@]}") * 1000 / $(middle "${with[@]}")))
}

middle() { printf '%s\n' "$@" | sort -n | sed -n 3p; } # of five

# Every other packet is for one of 16 nodes aside, of one 5-tuple each; then of ones
# that were never seen, 10 M in all.  What others still get done in the same time, in
# thousandths (again where the machine was slow meanwhile), how many of their packets
# are still found in the cache, and how much memory has grown.
figure_scan() {
	local nodes=1024 aside=16 count=4000000 without with hits kept before after attempt

	devices
	addresses lma-down && generator $nodes && pmip_gateway lma-down &&
		pmip_bindings lma-down $((nodes + aside)) &&
		nlload flow $(((nodes + aside) * 8)) each 8 by tuple &&
		dut insmod "$TURN" dev=in0 aside=$aside nodes=$nodes || return
	generate 200000 > /dev/null
	read -ra before < <(kernel_memory)
	for attempt in 1 2 3 4; do
		scan_turns $count
		{ [ $kept -ge 800 ] || steady; } && break
		echo "scan: attempt $attempt: the machine was $(slower) % slower" >&2
	done
	read -ra after < <(kernel_memory)
	remove
	figure "$(awk -v k=$kept -v h=$hits -v c=$((count / 2 * 5)) \
		-v m=$(((after[3] - before[3]) * 1024)) 'BEGIN {
		printf "\"figure\":\"scan\",\"tuples\":%d,\"others\":%.3f," \
			"\"found\":%.4f,\"grown\":%d", c, k / 1000, h / c, m }')"
	[ $hits -ge $((count / 2 * 5 / 100 * 98)) ] && [ $((after[3] - before[3])) -lt 1024 ] &&
		[ $kept -ge 800 ] && return
	echo "scan: $hits of $((count / 2 * 5)) found, $((after[3] - before[3])) kB more;" \
		"others keep $kept of 1000" >&2
	return 1
}
