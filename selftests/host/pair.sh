#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 240
# Two anchors that are one to everybody else, beside a real Redis server: the active one is
# killed, its host goes away, the store does, and the other one goes on with all sessions.
#
# Shows: RFC 5847 §3.2: "The counter MUST NOT be incremented if the recovery happens
# without losing state"
# Shows: RFC 6275 §6.1.8: "135 Sequence number out of window"
set -u
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/redis.inc"
NS+=([lma2]=pmip-h-lma2-$$)
redis_topo
INTERVAL=1000
NODES=20

# ---- two hosts, neither of which has the anchor's address ----
declare -A OTHER=([lma]=lma2 [lma2]=lma) HOST=([lma]=2001:db8::a1 [lma2]=2001:db8::a2)
join() { # NAME: its devices, and its own address
	ip -n "${NS[$1]}" addr add "${HOST[$1]}/64" dev core nodad
	ip -n "${NS[$1]}" link set core up
	wait_address "$1" "${HOST[$1]}"
	# the anchor's address has a device of its own, beside that by which the store is reached
	ip -n "${NS[$1]}" link add front type veth peer name "f-$1" netns "${NS[core]}"
	ip -n "${NS[core]}" link set "f-$1" master br0 up
	ip -n "${NS[$1]}" link set front up
}
plug() { # NAME: into the bridge
	ip -n "${NS[$1]}" link add core mtu 9000 type veth peer name "$1" mtu 9000 netns "${NS[core]}"
	ip -n "${NS[core]}" link set "$1" master br0 up
	join "$1"
}
ip -6 -n "${NS[lma]}" addr del $LMA/64 dev core
join lma
plug lma2
configure_redis "servers = [ \"[$EVIL]:$REDIS_PORT\" ];"
words="timestamps = false; announce = { }; pair = { name = \"test\"; device = \"front\"; interval-ms = $INTERVAL; };"
sed -i -e "s|keep-sessions = false|keep-sessions = true|" -e "s|lma = {|& $words|" "$tmp/lma.conf"
sed "s|$tmp/lma|$tmp/lma2|g" "$tmp/lma.conf" > "$tmp/lma2.conf"
for n in lma lma2; do
	is "$n: the configuration is sound" "$(pmipd --check -f "$tmp/$n.conf" 2>&1; echo $?)" 0
done

# the clock of one of them began long before the other's
start() { # NAME
	local clock=()

	[ "$1" = lma2 ] && unshare --time true 2> /dev/null && clock=(unshare --time --monotonic 100000)
	nsenter --net="/run/netns/${NS[$1]}" "${clock[@]}" pmipd -f "$tmp/$1.conf" 2>> "$tmp/$1.log" &
	PID[$1]=$!
	eventually 10 daemon "$1" version > "$tmp/version" || die "$1 does not answer"
}
# lifetimes NAME: all are what was granted, but for the time that this test takes
lifetimes() { daemon "$1" session-show | jq '.result.lma | map(.lifetime > 3000 and .lifetime <= 3600) | all'; }

pair() { pmipctl -j -s "$tmp/$1.sock" pair show 2> /dev/null | jq -r ".[0].$2"; } # NAME FIELD
state_is() { [ "$(pair "$1" state)" = "$2" ]; }
any_active() { state_is lma active || state_is lma2 active; }
active() { if state_is lma active; then echo lma; else echo lma2; fi; }
# what the active one knows is in the store, and the other one has it
in_step() {
	local a
	any_active || return 1
	a=$(active)
	[ "$(pair "$a" whole) $(pair "$a" behind)" = "true 0" ] && state_is "${OTHER[$a]}" standby &&
		[ "$(pair "${OTHER[$a]}" whole)" = true ] &&
		[ "$(pair "${OTHER[$a]}" sure)" = true ] && [ "$(pair "${OTHER[$a]}" behind)" = 0 ] &&
		[ "$(pair "${OTHER[$a]}" epoch)" = "$(pair "$a" epoch)" ] &&
		[ "$(pair "$a" ready)" = true ]
}
wait_step() { # WHAT
	eventually 30 in_step && ok "$1" || bad "$1: $(pair lma state) $(pair lma2 state)" \
		"$(pmipctl -s "$tmp/lma.sock" pair show) $(pmipctl -s "$tmp/lma2.sock" pair show)"
}
murder() { # NAME
	kill -9 "${PID[$1]}"
	wait "${PID[$1]}" 2> /dev/null
	unset "PID[$1]"
}

# ---- without a store nobody is active ----
start lma
start lma2
is "neither is, without a store" "$(pair lma state) $(pair lma2 state)" "waiting waiting"
has "and says so" "$(daemon lma session-show)" "not the active one"
is "nor has the address" "$(ip -6 -n "${NS[lma]}" addr show to $LMA; ip -6 -n "${NS[lma2]}" addr show to $LMA)" ""
# where nobody looks, until all is in its file: else the nodes would be nobody's for a moment
aside=$((REDIS_PORT + 9))
redis_start redis $aside
rcli $aside hset 'pmip:node:*@example.org' profile 'lifetime = 3600;' > /dev/null
is "what nodes may do is in its file" "$(rcli $aside save)" OK
redis_kill redis
redis_start redis $REDIS_PORT
wait_step "one is with a store, and the other one stands by"

# ---- sessions ----
pbu() { # NUMBER SEQ HI: what the anchor answers
	in_ns evil mhsend -w 5000 -s $MAG2 $LMA pbu seq="$2" flags=0x8200 lifetime=900 mn-id="mn$1@example.org" \
		hnp="${4:-::/0}" hi="$3" att=4 llid=02:00:00:00:01:"$(printf %02x "$1")"
}
registered_all() { # SEQ HI
	local i n=0
	for ((i = 1; i <= NODES; i++)); do
		[[ $(pbu $i "$1" "$2") == *'"status":0,'* ]] && n=$((n + 1))
	done
	echo $n
}
# there NAME: all that must go on
there() {
	daemon "$1" session-show |
		jq -c '.result.lma | map({"mn-id", hnp, bid, seq, state, "proxy-coa"}) | sort'
}
# heard by whoever asks the anchor
counter() { in_ns evil mhsend -w 5000 -s $MAG2 $LMA heartbeat seq=1 | jq -c '{from, restart}'; }
is "nodes are registered" "$(registered_all 101 1)" $NODES
wait_step "and the other one knows"

# takes_over NAME SEQ: it goes on where the other one has ended
takes_over() {
	local ms=$((($(date +%s%N) - killed) / 1000000))
	ok "$1 has taken over ($ms ms; the interval is $INTERVAL)"
	is "with all sessions" "$(there "$1")" "$before"
	is "none for longer or shorter than before" "$(lifetimes "$1")" true
	is "what it was told last was the last" \
		"$(pbu 3 $(($2 - 1)) 5 | jq .status)" 135
	is "and what comes next is taken" "$(registered_all "$2" 5)" $NODES
	is "gateways hear of nothing" "$(counter)" "$heard"
	is "each has the prefix that it had" "$(there "$1" | jq -c 'map([."mn-id", .hnp])')" \
		"$(jq -c 'map([."mn-id", .hnp])' <<< "$before")"
	has "the pool is announced from there" "$(routes "$1")" "2001:db8:100::/40"
	has "its device has the address" "$(ip -6 -n "${NS[$1]}" addr show dev front)" "$LMA/128"
}
remember() { # the active one, and what it knows
	was=$(active) before=$(there "$was") heard=$(counter)
	killed=$(date +%s%N)
}
routes() { ip -6 -n "${NS[$1]}" route show proto 214; } # NAME
no_route() { [ -z "$(routes "$1")" ]; }
no_address() { [ -z "$(ip -6 -n "${NS[$1]}" addr show to $LMA)" ]; } # NAME

# ---- the process dies ----
remember
murder "$was"
eventually 30 state_is "${OTHER[$was]}" active || die "$(pair "${OTHER[$was]}" state)"
takes_over "${OTHER[$was]}" 102
eventually 30 no_address "$was" && ok "where it died the address has gone" ||
	bad "$(ip -6 -n "${NS[$was]}" addr)"
eventually 10 no_route "$was" && ok "and the pool is not announced there" || bad "$(routes "$was")"
start "$was"
wait_step "it is back, and stands by"

# ---- the whole host goes away: then its processes can reach nobody ----
remember
gone=$was
ip netns del "${NS[$gone]}"
for n in "$gone" "f-$gone"; do ip -n "${NS[core]}" link del "$n" 2> /dev/null; done
eventually 60 state_is "${OTHER[$gone]}" active || die "$(pair "${OTHER[$gone]}" state)"
takes_over "${OTHER[$gone]}" 103
murder "$gone"
ip netns add "${NS[$gone]}" && ip -n "${NS[$gone]}" link set lo up
plug "$gone"
start "$gone"
wait_step "another host is in its place, and stands by"

# ---- one that dies and is there again loses nothing, whichever goes on ----
remember
murder "$was"
start "$was"
eventually 30 any_active || die "nobody is active"
is "a daemon that is restarted loses nothing" "$(there "$(active)")" "$before"
is "nor do gateways hear of it" "$(counter)" "$heard"
wait_step "and the pair is in step"

# ---- one that stands still does not know that it is active no more ----
remember
kill -STOP "${PID[$was]}"
eventually 60 state_is "${OTHER[$was]}" active || die "$(pair "${OTHER[$was]}" state)"
kill -CONT "${PID[$was]}"
wait_step "it hears of it"
has "and stands down" "$(< "$tmp/$was.log")" "another one is active: standing down"
is "as the same process" "$(pair "$was" state)" standby
no_address "$was" && ok "without the address" || bad "$(ip -6 -n "${NS[$was]}" addr)"
no_route "$was" && ok "or the routes" || bad "$(routes "$was")"
is "the other one has all sessions" "$(there "${OTHER[$was]}")" "$before"

# ---- one is asked to let the other one be the active one ----
yield() { pmipctl -s "$tmp/$1.sock" pair yield 2>&1; }
remember
has "a standby has nothing to give away" "$(yield "${OTHER[$was]}")" "not the active one"
has "the active one knows who stands by" "$(pair "$was" standby)" "$(pair "${OTHER[$was]}" id)"
is "the active one is asked" "$(yield "$was")" ''
eventually 30 state_is "${OTHER[$was]}" active || die "$(pair "${OTHER[$was]}" state)"
is "the other one has all sessions" "$(there "${OTHER[$was]}")" "$before"
is "and gateways hear of nothing" "$(counter)" "$heard"
wait_step "the one that was asked stands by"
is "as the same process" "$(kill -0 "${PID[$was]}"; echo $?)" 0
no_address "$was" && ok "without the address" || bad "$(ip -6 -n "${NS[$was]}" addr)"
murder "$was"
alone() { [ -z "$(pair "$1" standby)" ]; } # NAME
eventually 30 alone "${OTHER[$was]}" || bad "$(pair "${OTHER[$was]}" standby) is said to stand by"
has "where nobody stands by it is refused" "$(yield "${OTHER[$was]}")" "no other one stands by"
start "$was"
wait_step "somebody does again"

# ---- the address goes, or its device ----
with_address() { [ -n "$(ip -6 -n "${NS[$1]}" addr show dev front to $LMA)" ]; } # NAME
remember
ip -6 -n "${NS[$was]}" addr del $LMA/128 dev front
eventually 10 with_address "$was" && ok "what somebody deletes is put back" ||
	bad "$(ip -6 -n "${NS[$was]}" addr)"
ip -n "${NS[$was]}" link set front down
ip -n "${NS[$was]}" link set front up
eventually 10 with_address "$was" && ok "as is what a device has lost that was down" ||
	bad "$(ip -6 -n "${NS[$was]}" addr)"
is "where it is as before" "$(counter)" "$heard"
ip -n "${NS[$was]}" link set front down
eventually 30 state_is "${OTHER[$was]}" active || die "$(pair "${OTHER[$was]}" state)"
is "without a device the other one has all sessions" "$(there "${OTHER[$was]}")" "$before"
is "and gateways hear of nothing" "$(counter)" "$heard"
unable() { [[ $(yield "$1") == *"cannot be the anchor"* ]]; } # NAME
eventually 30 unable "${OTHER[$was]}" && ok "the one without a device stands by, and cannot be it" ||
	bad "$(yield "${OTHER[$was]}")"
ip -n "${NS[$was]}" link set front up
willing() { [ -z "$(yield "$1")" ]; } # NAME
eventually 30 willing "${OTHER[$was]}" && ok "with a device it can" || bad "$(yield "${OTHER[$was]}")"
eventually 30 state_is "$was" active || die "$(pair "$was" state)"
wait_step "and does"

# ---- the daemon is stopped: the other one need not wait for the lease to end ----
remember
stop "$was"
is "the lease is the other one's" "$(rcli $REDIS_PORT get pmip:pair:test:lease)" \
	"$(pair "${OTHER[$was]}" id)"
no_address "$was" && ok "and the address gone" || bad "$(ip -6 -n "${NS[$was]}" addr)"
eventually 30 state_is "${OTHER[$was]}" active || die "$(pair "${OTHER[$was]}" state)"
is "the other one has all sessions" "$(there "${OTHER[$was]}")" "$before"
is "and gateways hear of nothing" "$(counter)" "$heard"
start "$was"
wait_step "the pair is whole again"

# ---- the store goes away: the active one goes on, and nobody takes over ----
is "it is asked for what nodes may do" "$(registered_all 104 5)" $NODES
remember
redis_kill redis
is "without a store what comes is taken" "$(registered_all 105 5)" $NODES
sleep $((3 * INTERVAL / 1000))
is "the roles are as before" "$(pair "$was" state) $(pair "${OTHER[$was]}" state)" "active standby"
has "the active one knows that it is alone" "$(pair "$was" store)" false
# it comes back, and has lost everything of the pair; and once more while it is there
redis_start redis $REDIS_PORT
wait_step "all is in the new store"
rcli $REDIS_PORT del pmip:pair:test > /dev/null
renewed() { [ "$(rcli $REDIS_PORT hexists pmip:pair:test holder)" = 1 ]; }
eventually 10 renewed || bad "nobody renews the lease"
is "what it says is written anew" "$(registered_all 106 5)" $NODES
wait_step "all is there again"
remember
murder "$was"
eventually 30 state_is "${OTHER[$was]}" active || die "$(pair "${OTHER[$was]}" state)"
takes_over "${OTHER[$was]}" 107
start "$was"
wait_step "and the pair is one again"

# ---- what is not copied is not told as if it were ----
told() { [ "$(counter)" != "$heard" ]; }
remember
kill -STOP "${PID[$was]}"	# else it writes all anew
rcli $REDIS_PORT hset pmip:pair:test whole 0 > /dev/null
murder "$was"
eventually 30 state_is "${OTHER[$was]}" active || die "$(pair "${OTHER[$was]}" state)"
is "the sessions go on" "$(there "${OTHER[$was]}")" "$before"
told && ok "but gateways hear that some may be lost" || bad "$(counter)"

# ---- nor is what this host knew once, where the store does not know that it was the last ----
start "$was"
wait_step "the pair is one once more"
remember
other=${OTHER[$was]}
murder "$other"
murder "$was"
is "the store has lost all of the pair" "$(rcli $REDIS_PORT eval "for _, k in
	ipairs(redis.call('KEYS', 'pmip:pair:*')) do redis.call('DEL', k) end return 'gone'" 0)" gone
start "$was"
eventually 30 state_is "$was" active || die "$(pair "$was" state)"
is "a file of before is not taken for the latest" "$(there "$was")" "[]"
told && ok "and gateways hear of it" || bad "$(counter)"
