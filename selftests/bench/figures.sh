# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What is not a rate of packets: memory, loading and dumping, switching.

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

	for direction in lma-down mag-down; do
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
	local times=3

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
		figure "\"figure\":\"switching\",\"nodes\":$nodes,\"ns\":$(printf '%s\n' "${times[@]}" |
			sort -n | sed -n 6p)"
		remove
	done
}
