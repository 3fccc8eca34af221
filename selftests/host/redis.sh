#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 240
# An anchor and an access gateway have their nodes' profiles in a real Redis server.  It is
# changed, stands still, and comes back.
#
# Shows: draft: LMA handover §4.1: "the LMAA field includes the address (NLMAA) of the LMA
# currently serving the MN"
# Shows: RFC 6275 §6.1.8: "130  Insufficient resources"
set -u
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/redis.inc"
redis_topo
configure_redis "servers = [ \"[$EVIL]:$REDIS_PORT\" ];"
is "the configuration is sound" "$(pmipd --check -f "$tmp/lma.conf" 2>&1; echo $?)" 0

# ---- before there is a store ----
start lma
start mag
is "no store yet" "$(store lma up)" false
has "an attachment is kept waiting" "$(attach $IF1_LL)" '"ok":true' '"asked":true'
register() { # MN-ID: by the other gateway; its status
	send $MAG2 $LMA pbu seq=7 flags=0x8200 lifetime=100 mn-id="$1" hnp=::/0 hi=1 att=4 \
		timestamp=0
}
# where nobody looks, until all is in it: else the node would be nobody's for a moment
aside=$((REDIS_PORT + 9))
redis_start redis $aside
node $aside mn1@example.org $IF1_LL 'multihoming = "shared"; lifetime = 8;'
node $aside mn2@example.org 02:00:00:00:00:02 'hnps = [ "2001:db8:200:1::/64" ];'
rcli $aside hset 'pmip:node:*@realm.org' profile 'lifetime = 60;' > /dev/null
is "the nodes are in its file" "$(rcli $aside save)" OK
redis_kill redis
redis_start redis $REDIS_PORT
store_up
eventually 60 served mn1@example.org && ok "and served as soon as there is one" ||
	bad "$(sessions mag) $(sessions lma) $(store mag asked)"

# ---- what is there is used ----
lmaa() { rcli $REDIS_PORT hget "pmip:node:$1" lmaa; }
lmaa_is() { [ "$(lmaa "$1")" = "$2" ]; }
eventually 10 lmaa_is mn1@example.org $LMA && ok "the store knows who serves it" ||
	bad "lmaa is '$(lmaa mn1@example.org)'"
has "another node may attach" "$(attach 02:00:00:00:00:02)" '"ok":true'
eventually 20 served mn2@example.org && ok "and is served" || bad "$(sessions lma)"
has "with its own prefix" "$(sessions lma)" 2001:db8:200:1::/64
eventually 10 lmaa_is mn2@example.org $LMA || bad "lmaa is '$(lmaa mn2@example.org)'"
detach 02:00:00:00:00:02 > "$tmp/detach"
eventually 20 lmaa_is mn2@example.org '' && ok "and nobody does when it has left" ||
	bad "lmaa is '$(lmaa mn2@example.org)'"

# ---- changes are told ----
profiles_asked() { [ "$(store lma asked)" -gt "$1" ]; }
before=$(store lma asked)
node $REDIS_PORT mn1@example.org $IF1_LL 'multihoming = "shared"; lifetime = 12;'
eventually 10 profiles_asked "$before" && ok "a change is asked for" || bad "$(store lma asked)"
node $REDIS_PORT bad@example.org 02:00:00:00:00:0b 'lifetime = "long";'
attach 02:00:00:00:00:0b > "$tmp/attach"
names_mistake() { grep -q 'redis: pmip:node:bad@example.org:1: lifetime: a number' "$tmp/mag.log"; }
eventually 10 names_mistake && ok "a mistake is named" || bad "no word of the mistake"
node $REDIS_PORT pool@example.org 02:00:00:00:00:0c 'hnps = [ "2001:db8:100:5::/64" ];'
rcli $REDIS_PORT set pmip:node:text@example.org text > /dev/null
attach 02:00:00:00:00:0c > "$tmp/attach"
in_pool() { grep -q 'hnps: 2001:db8:100:5::/64 of pool@example.org lies in a pool' "$tmp/lma.log"; }
eventually 10 in_pool && ok "a prefix of a pool is nobody's own" || bad "no word of the pool"
served pool@example.org && bad "served all the same"

# ---- what is no profile is not read, and who is served stays so ----
refuses() { # WHAT NAME WORDS: and names it; NAME reads what it has from here on
	local what=$1
	said() { tail -n "+$3" "$tmp/$1.log" | grep -qF "$2"; }
	eventually 20 said "$2" "$3" "$lines" && ok "$what" || bad "$what: no word of '$3'"
}
put() { # MN-ID: the profile is what is on standard input
	lines=$(($(log_lines lma) + 1))
	rcli $REDIS_PORT -x hset "pmip:node:$1" profile > /dev/null
}
mn1=pmip:node:mn1@example.org
put mn1@example.org < <(head -c 100000 /dev/zero | tr '\0' '#')
refuses "an endless text" lma "$mn1: profile: no text of up to 65536 bytes"
put mn1@example.org < <(printf 'lifetime = 12;\0lifetime = 4;')
refuses "a text with an end in its midst" lma "$mn1: profile: no text of up to 65536 bytes"
put mn1@example.org < <(printf '@include "/etc/passwd"\n')
refuses "a file of this host" lma "$mn1:1: @include: not here"
put mn1@example.org < <(head -c 60000 /dev/zero | tr '\0' '{')
refuses "brackets without an end" lma "$mn1:1: syntax: "
lines=$(($(log_lines lma) + 1))
rcli $REDIS_PORT hset $mn1 profile "lladdrs = [ \"$IF1_LL\" ]; multihoming = \"shared\"; lifetime = 8;" \
	lmaa nowhere > /dev/null
refuses "an anchor without an address" lma "$mn1: lmaa: \"nowhere\" is no IPv6 address"
rcli $REDIS_PORT hset $mn1 lmaa $LMA > /dev/null
served mn1@example.org && ok "the node is served all the while" || bad "$(sessions lma)"
rcli $REDIS_PORT set pmip:lladdr:02:00:00:00:00:0d '' > /dev/null
attach 02:00:00:00:00:0d > "$tmp/attach"
lines=1
refuses "an address that leads nowhere" mag 'pmip:lladdr:02:00:00:00:00:0d: no identifier'
store_up true "there, whatever is in it"

# ---- it stands still: who is served goes on being so ----
seq_of() { sessions lma | jq '.[] | select(."mn-id" == "mn1@example.org") | .seq'; }
refreshed() { [ "$(seq_of)" != "$1" ] && served mn1@example.org; }
prefix=$(sessions lma | jq -c '.[] | select(."mn-id" == "mn1@example.org") | .hnp')
# in the store, and nobody here has asked for it yet
node $REDIS_PORT mn3@example.org 02:00:00:00:00:03 ''
redis_signal redis STOP
store_up false gone
for i in 1 2; do
	seq=$(seq_of)
	eventually 30 refreshed "$seq" && ok "refresh $i without the store" || bad "$(sessions lma)"
done
node_of() { sessions lma | jq -c ".[] | select(.\"mn-id\" == \"$1\") | .hnp"; }
is "its prefix is the same" "$(node_of mn1@example.org)" "$prefix"
has "who is not known gets a clear status" "$(register mn9@example.org)" '"status":130,'
has "and waits at the access gateway" "$(attach 02:00:00:00:00:03)" '"asked":true'
is "heartbeats and clients are answered" "$(daemon lma version | jq .ok)" true
redis_signal redis CONT
store_up
eventually 60 served mn3@example.org && ok "it is served when the store is back" ||
	bad "$(sessions mag)"

# ---- a realm speaks for its nodes, and each has its anchor ----
has "a node of the realm" "$(register user@realm.org)" '"status":0,'
eventually 10 lmaa_is user@realm.org $LMA && ok "is known to be here" ||
	bad "$(lmaa user@realm.org)"
rcli $REDIS_PORT hset pmip:node:far@realm.org lmaa 2001:db8::77 > /dev/null
has "one that another anchor serves is not ours" "$(register far@realm.org)" '"status":153,'
still_there lma
still_there mag
stop lma
stop mag
[ "$FAILED" = 0 ]
