#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the anchor answers to each request that it must refuse.
#
# Shows: RFC 5213 §5.3.1: the conditions 4 to 12, each with its Status
# Shows: RFC 5213 §8.9: 153 to 162
# Shows: RFC 6275 §9.5.1: 135 with the last accepted Sequence Number
# Shows: RFC 5213 §5.5: "the local mobility anchor MUST reject the Proxy
# Binding Update" with 156 and 157, and tells its own time
set -u
source "$(dirname "$0")/lib.sh"
topo
configure 'timestamps = true; timestamp-window-ms = 60000;'
start lma
start mag

MN1='mn-id=mn1@example.org'
ALL='hnp=::/0 hi=1 att=4'
seq=100
# pbu SRC WORD...: flags A and P
pbu() {
	local src=$1
	shift
	send "$src" $LMA pbu "seq=$seq" flags=0x8200 lifetime=100 "$@"
}

# refuses STATUS WHAT SRC WORD...
# shellcheck disable=SC2086 # lists
refuses() {
	local status=$1 what=$2 answer
	shift 2
	seq=$((seq + 1))
	answer=$(pbu "$@")
	has "$what: $status" "$answer" '"kind":"PBA"' "\"status\":$status," "\"from\":\"$LMA\"" \
		"\"to\":\"$1\"" "\"seq\":$seq,"
}

# shellcheck disable=SC2086 # lists
{
refuses 154 "a MAG that is not authorised" $EVIL $MN1 $ALL timestamp=0
refuses 153 "a node that is not in the policy" $MAG2 mn-id=who@example.org $ALL timestamp=0
refuses 153 "a node of another anchor" $MAG2 mn-id=mn5@example.org $ALL timestamp=0
refuses 152 "a node without the service" $MAG2 mn-id=mn4@example.org $ALL timestamp=0
refuses 129 "a technology that the profile has not" $MAG2 mn-id=mn3@example.org $ALL timestamp=0
refuses 155 "a prefix of nobody" $MAG2 $MN1 hnp=2001:db8:f00::/64 hi=1 att=4 timestamp=0
refuses 155 "another node's prefix" $MAG2 $MN1 hnp=2001:db8:200:1::/64 hi=1 att=4 timestamp=0
refuses 160 "no Mobile Node Identifier" $MAG2 $ALL timestamp=0
refuses 158 "no Home Network Prefix" $MAG2 $MN1 hi=1 att=4 timestamp=0
refuses 161 "no Handoff Indicator" $MAG2 $MN1 hnp=::/0 att=4 timestamp=0
refuses 162 "no Access Technology Type" $MAG2 $MN1 hnp=::/0 hi=1 timestamp=0
refuses 156 "an old timestamp" $MAG2 $MN1 $ALL timestamp=-1000
refuses 156 "an early timestamp" $MAG2 $MN1 $ALL timestamp=1000
refuses 156 "a timestamp of zero" $MAG2 $MN1 $ALL timestamp=0x0
refuses 156 "a timestamp of all ones" $MAG2 $MN1 $ALL timestamp=0xffffffffffffffff

is "none of them left an entry" "$(sessions lma)" '[]'
is "each was counted" "$(stat_of lma .lma.refused)" 15
is "each with its status" "$(stat_of lma '.lma.status | [.["129"], .["152"], .["153"],
	.["154"], .["155"], .["156"], .["158"], .["160"], .["161"], .["162"]] | @csv')" \
	1,1,2,1,2,4,1,1,1,1

# 156 tells the anchor's own time (§5.5 item 8)
answer=$(pbu $MAG2 $MN1 $ALL timestamp=-1000)
told=$(jq .timestamp <<< "$answer") now=$(date +%s)
if ((now - told < 3 && told - now < 3)); then ok "156 tells the time"; else bad "156: $answer"; fi

# One that is good, and what follows it
answer=$(pbu $MAG2 $MN1 $ALL timestamp=0 llid=02:00:00:00:00:01)
has "a good one is accepted" "$answer" '"status":0,' '"hnp":["2001:db8:100' "\"seq\":$seq,"
hnp=$(jq -r '.hnp[0]' <<< "$answer")
refuses 157 "a timestamp before the last one" $MAG2 $MN1 $ALL timestamp=-30
refuses 159 "another set of prefixes than the entry's" $MAG2 $MN1 "hnp=$hnp" \
	hnp=2001:db8:f00::/64 hi=5 att=4 timestamp=0
refuses 155 "a prefix that is another session's" $MAG2 mn-id=mn6@example.org "hnp=$hnp" \
	hi=5 att=4 timestamp=0
is "the entry is as it was" "$(jq -r '.[0].hnp[0]' <<< "$(sessions lma)")" "$hnp"

# Flags of the message itself (§5.3.1 condition 3)
silent "a Binding Update that is no proxy's" $MAG2 $LMA pbu seq=1 flags=0x8000 lifetime=1 \
	$MN1 $ALL timestamp=0
silent "deregistration of a session that is none" $MAG2 $LMA pbu seq=1 flags=0x8200 lifetime=0 \
	mn-id=mn6@example.org $ALL timestamp=0
}

still_there lma
serves "the good node is served"
stop lma

# By sequence number alone (§5.5)
configure 'timestamps = false;'
start lma
# shellcheck disable=SC2086 # lists
{
seq=1000
answer=$(pbu $MAG2 $MN1 $ALL llid=02:00:00:00:00:01)
has "accepted by sequence number" "$answer" '"status":0,'
hnp=$(jq -r '.hnp[0]' <<< "$answer")
again() { send $MAG2 $LMA pbu "seq=$1" flags=0x8200 lifetime=100 $MN1 "hnp=$hnp" hi=5 att=4 \
	llid=02:00:00:00:00:01; }
has "the same number again: 135 with the last one" "$(again 1000)" '"status":135,' '"seq":1000,'
has "an older number" "$(again 900)" '"status":135,' '"seq":1000,'
has "half a circle ahead is behind" "$(again $((1000 + 32768)))" '"status":135,' '"seq":1000,'
has "the next one" "$(again 1001)" '"status":0,' '"seq":1001,'
}
still_there lma
lines=$(grep -c ' refused: ' "$tmp/lma.log")
if ((lines >= 10 && lines <= 30)); then ok "refusals are logged, $lines lines"; else
	bad "$lines lines about refusals"
fi
[ "$FAILED" = 0 ]
