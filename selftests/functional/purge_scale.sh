#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: what a controller's restart leaves behind is purged in no longer than it took
# to come: 160,000 bindings, although they go in the order of the table, which draws
# those that are left together in a corner of it.  A kernel that checks each object that
# is freed takes longer for that, and has fewer.
source "$(dirname "$0")/lib.sh"
topo_bare lma
n=$((160000 / PMIP_SLOW)) longer=$((PMIP_SLOW > 1 ? 2 : 1))

# Not the usual addresses, which are in some of the prefixes
ctl lma tunnel add id 1 local fd00::1 remote fd00::2 role lma-mag generation 1
# Twice, for the host may stand still while either is measured
ratio=0
for ((i = 1; i <= 2; i++)); do
	read -r _ load < <(in_ns lma nlload binding $n path tunnel 1)
	is "so many are there" "$(json_value bindings "$(ctl lma -j stats)")" $n
	start=${EPOCHREALTIME/./}
	works "the older generation is purged" ctl lma purge generation 1
	us=$((${EPOCHREALTIME/./} - start))
	echo "  came in $load s, went in $us us"
	is "none is left" "$(json_value bindings "$(ctl lma -j stats)")" 0
	one=$((100 * us / 10#${load/./}))
	[ "$i" -gt 1 ] && [ "$one" -gt "$ratio" ] || ratio=$one
done
within "and that took no longer than their coming, in percent" $ratio 1 $((longer * 100))

read -r _ load < <(in_ns lma nlload binding $n path tunnel 1)
is "they can all come again" "$(json_value bindings "$(ctl lma -j stats)")" $n

# Who is not concerned goes on meanwhile: the lock of all devices is not held
ns_new other
in_ns lma pmipctl purge generation 2 &
purge=$!
meanwhile=0
while kill -0 $purge 2> "$TMP/kill"; do
	ip -n other link set lo up && meanwhile=$((meanwhile + 1))
done
is "none is left" "$(json_value bindings "$(ctl lma -j stats)")" 0
within "devices of another namespace were changed while it went on" "$meanwhile" 3 1000000
