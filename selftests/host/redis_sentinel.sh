#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 240
# A Redis primary with a replica and a Sentinel: the primary is killed while it is asked.
# The sessions go on, and what was asked is answered by the next primary.
#
# Shows: draft: LMA handover §4.1: "A MN's policy profile is stored in a local or a remote
# policy store."
set -u
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/redis.inc"
redis_topo
replica=$((REDIS_PORT + 1)) sentinel=$((REDIS_PORT + 2))
configure_redis "master = \"nodes\";
	sentinels = [ \"[$EVIL]:$((sentinel + 1))\", \"[$EVIL]:$sentinel\" ];"

redis_start primary $REDIS_PORT
node $REDIS_PORT mn1@example.org $IF1_LL 'multihoming = "shared"; lifetime = 8;'
for i in 2 3; do
	node $REDIS_PORT "mn$i@example.org" "02:00:00:00:00:0$i" ''
done
redis_start replica $replica --replicaof $EVIL $REDIS_PORT
synced() { [ "$(rcli $REDIS_PORT wait 1 1000)" = 1 ] && [ "$(rcli $replica dbsize)" = 6 ]; }
eventually 60 synced || die "the replica does not follow"
mkdir "$tmp/sentinel"
cat > "$tmp/sentinel/conf" <<-END
	port $sentinel
	bind $EVIL
	protected-mode no
	dir $tmp/sentinel
	sentinel monitor nodes $EVIL $REDIS_PORT 1
	sentinel down-after-milliseconds nodes $((3000 * ${PMIP_SLOW:-1}))
	sentinel failover-timeout nodes $((10000 * ${PMIP_SLOW:-1}))
END
as redis-sentinel "$tmp/sentinel/conf" > "$tmp/sentinel.log" 2>&1 &
REDIS[sentinel]=$!
knows_replica() {
	[[ $(rcli $sentinel sentinel replicas nodes 2> /dev/null) == *$replica* ]]
}
eventually 60 knows_replica || die "the sentinel does not know the replica"

start lma
start mag
store_up
is "of two sentinels one is enough" "$(store lma port)" $REDIS_PORT
serves "a node is served"
lmaa() { rcli "$1" hget "pmip:node:$2" lmaa; }
lmaa_is() { [ "$(lmaa "$1" "$2")" = "$3" ]; }
eventually 20 lmaa_is $replica mn1@example.org $LMA && ok "and the replica knows by whom" ||
	bad "$(lmaa $replica mn1@example.org)"
prefix=$(sessions lma | jq -c '.[0].hnp')

# ---- the primary dies with a question that it has not answered ----
# where the next one is there before anybody has looked, the log knows
losses() { grep -c "policy store: $EVIL: " "$tmp/$1.log"; }
more_losses() { [ "$(losses "$1")" -gt "${LOST[$1]}" ]; }
declare -A LOST=([lma]=$(losses lma) [mag]=$(losses mag))
redis_signal primary STOP
has "an attachment is asked about" "$(attach 02:00:00:00:00:02)" '"asked":true'
redis_kill primary
for n in lma mag; do
	eventually 30 more_losses $n && ok "$n: the store is gone" ||
		bad "$n: $(pmipctl -j -s "$tmp/$n.sock" policy show)"
done
seq_of() { sessions lma | jq '.[] | select(."mn-id" == "mn1@example.org") | .seq'; }
refreshed() { [ "$(seq_of)" != "$1" ] && served mn1@example.org; }
seq=$(seq_of)
on_replica() { [ "$(store "$1" port)" = $replica ] && store_is "$1" true; }
for n in lma mag; do
	eventually 60 on_replica $n && ok "$n has found the next primary" ||
		bad "$n: $(pmipctl -j -s "$tmp/$n.sock" policy show)"
done
eventually 60 served mn2@example.org && ok "what was asked is answered there" ||
	bad "$(sessions mag)"
eventually 30 refreshed "$seq" && ok "the first one has been refreshed" || bad "$(sessions lma)"
is "and has the same prefix" \
	"$(sessions lma | jq -c '.[] | select(."mn-id" == "mn1@example.org") | .hnp')" "$prefix"
eventually 30 lmaa_is $replica mn2@example.org $LMA && ok "it can be written" ||
	bad "$(lmaa $replica mn2@example.org)"

# ---- the old primary comes back, as a replica of the other ----
redis_start primary $REDIS_PORT
is_replica() { [ "$(rcli $REDIS_PORT role | head -n 1)" = slave ]; }
eventually 90 is_replica && ok "the old one follows the new one" || bad "$(rcli $REDIS_PORT role)"
for n in lma mag; do
	eventually 30 on_replica $n && ok "$n stays where it is" ||
		bad "$n: $(pmipctl -j -s "$tmp/$n.sock" policy show)"
done
has "a node attaches" "$(attach 02:00:00:00:00:03)" '"ok":true'
eventually 30 served mn3@example.org && ok "and is served" || bad "$(sessions lma)"

# ---- no sentinel: the primary is there, and is used ----
redis_kill sentinel
detach 02:00:00:00:00:03 > "$tmp/detach"
eventually 30 lmaa_is $replica mn3@example.org '' && ok "without a sentinel, too" ||
	bad "$(lmaa $replica mn3@example.org)"
store_up true "still there"
for n in lma mag; do
	still_there $n
	stop $n
done
[ "$FAILED" = 0 ]
