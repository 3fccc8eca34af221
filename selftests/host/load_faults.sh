#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 150
# What goes wrong under load is in the figures: answers that are lost, that come late or
# never, a daemon that stops for a while, that dies, and one that is no more there.
#
# Shows: RFC 6275 §11.8: "the mobile node SHOULD retransmit the message until a response is
# received", and "the timeout period is doubled upon each retransmission", by what is counted
set -u
source "$(dirname "$0")/lib.sh"
PATH=$build/load:$PATH
[ "$(id -u)" = 0 ] || skip "needs root"
for n in pmipd pmip-load jq nft; do
	command -v $n > /dev/null || skip "needs $n"
done
MAGS=2001:db8:2::1
loaders=()

filter() {
	in_ns mag nft 'table ip6 loss { chain answers { type filter hook prerouting priority 0; }; }'
}

# loss [RULE]: of the answers to the gateways, instead of what was lost before
loss() {
	in_ns mag nft flush chain ip6 loss answers
	[ $# = 0 ] || in_ns mag nft add rule ip6 loss answers meta l4proto 135 \
		ip6 daddr 2001:db8:2::/64 "$@"
}

# begin NAME ARGUMENT...: pmip-load, whose figures are $tmp/NAME; sets loader
begin() {
	local name=$1
	shift
	nsenter --net="/run/netns/${NS[mag]}" pmip-load -j -l $LMA -m 8 "$@" \
		> "$tmp/$name" 2> "$tmp/$name.err" &
	loader=$!
	loaders+=("$loader")
}

play() {
	begin "$@"
	wait "$loader"
}

# figure WHAT NAME JQ-EXPRESSION: which must be true
figure() {
	local got
	got=$(jq -c "$3" "$tmp/$2")
	if [ "$got" = true ]; then ok "$1"; else bad "$1: $(< "$tmp/$2")"; fi
}

cpu_ns() { cut -d ' ' -f 1 "/proc/${PID[lma]}/schedstat"; }

anchor() {
	local realm
	{
		echo 'nodes = ('
		for realm in tenth behind dies; do echo "{ mn-id = \"*@$realm.example\"; },"; done
		echo '{ mn-id = "*@load.example"; } );'
	} > "$tmp/policy.conf"
	cat > "$tmp/lma.conf" <<-END
	control = "$tmp/lma.sock"; state-dir = "$tmp/lma"; policy = "$tmp/policy.conf";
	kernel = false; log-level = "info"; heartbeat = { interval-ms = 0; };
	lma = { address = "$LMA"; pools = [ "2001:db8:1000::/36" ];
		mags = [ "2001:db8:2::/64" ]; };
	END
	nsenter --net="/run/netns/${NS[lma]}" pmipd -f "$tmp/lma.conf" 2>> "$tmp/lma.log" &
	PID[lma]=$!
	eventually 5 daemon lma version > "$tmp/version" || die "no anchor"
	answered=${EPOCHREALTIME/./}
}

topology() {
	local n
	for n in lma mag evil; do
		ip netns add "${NS[$n]}" 2> /dev/null || skip "no network namespaces here"
		ip -n "${NS[$n]}" link set lo up
	done
	ip -n "${NS[lma]}" link add core type veth peer name core netns "${NS[mag]}" ||
		skip "no veth devices here"
	ip -n "${NS[lma]}" addr add $LMA/128 dev lo
	ip -n "${NS[lma]}" addr add fe80::1/64 dev core nodad
	ip -n "${NS[mag]}" addr add fe80::2/64 dev core nodad
	for n in lma mag; do ip -n "${NS[$n]}" link set core up; done
	ip -n "${NS[lma]}" -6 route add 2001:db8:2::/64 via fe80::2 dev core
	ip -n "${NS[mag]}" -6 route add local 2001:db8:2::/64 dev lo
	ip -n "${NS[mag]}" -6 route add $LMA via fe80::1 dev core
	wait_address lma $LMA
	wait_address mag $MAGS
}

end() {
	local status=$?
	kill "${loaders[@]}" 2> /dev/null
	(exit $status)
	finish
}

trap end EXIT
trap 'exit 1' INT TERM
topology
filter || skip "no nftables here"
anchor

# ---- no answer at all, while the rest goes on ----
nsenter --net="/run/netns/${NS[evil]}" pmip-load -j -l ::1 -s ::1 -n 1 attach \
	> "$tmp/never" 2> "$tmp/never.err" &
never=$!
loaders=("$never")

# ---- what the daemon itself needs ----
before=$(cpu_ns)
play plain -s $MAGS -n 3000 -w 64 -p "${PID[lma]}" attach
is "the plain load ends well" $? 0
used=$(($(cpu_ns) - before)) rss=$(rss_kb lma)
figure "the daemon's time is all of it, of $used ns" plain \
	"(.\"cpu-us\" * .answered * 1000 / $used) | . > 0.7 and . < 1.01"
figure "its memory too, of $rss kB" plain "(.\"rss-kb\" / $rss) | . > 0.9 and . < 1.1"
figure "and nothing was sent twice" plain '.retransmitted < 10 and .lost == 0'

# ---- each tenth answer is lost: of 200, 20; of these two again, of these one ----
loss numgen inc mod 10 == 0 drop
play tenth -s $MAGS -n 200 -w 200 -d tenth.example attach
is "what was lost is sent again" $? 0
figure "all have an answer" tenth '.answered == 200 and .lost == 0'
figure "23 were sent again, or more on a slow host" tenth '.retransmitted | . >= 23 and . < 60'
figure "a tenth waited for a second, some for three, one for seven" tenth \
	'.ms | .p50 < 1000 and .p90 >= 1000 and .p90 < 3000 and .p99 >= 3000 and .p99 < 7000 and
	.max >= 7000 and .max < 20000'
is "a line a second says how it goes" \
	"$([ "$(grep -c '^attach .* waiting, .* again' "$tmp/tenth.err")" -ge 5 ] && echo yes)" yes

# ---- what leaves late because one before it is waited for ----
loss numgen inc mod 1000 == 0 drop
play behind -s $MAGS -n 100 -w 1 -d behind.example attach@1000
figure "who was kept from leaving has waited too" behind '.ms.p50 >= 500'

# ---- the daemon's own start, and a while in which it does nothing ----
# A watcher that was late itself, as on a busy host, has asked later and waited less
loss
read -rt 0.5 <> <(:) || :
age=$(((${EPOCHREALTIME/./} - answered) / 1000))
begin stopped -s $MAGS -p "${PID[lma]}" watch
read -rt 1 <> <(:) || :
kill -STOP "${PID[lma]}"
read -rt 0.5 <> <(:) || :
kill -CONT "${PID[lma]}"
read -rt 0.3 <> <(:) || :
kill "$loader"
wait "$loader"
is "each heartbeat had an answer" $? 0
unset "PID[lma]"
figure "half a second's silence is seen" stopped \
	'."own-delay-ms" as $late | [."max-ms", ."longest-silence-ms"] | min + $late >= 480'
figure "and that many waited for long" stopped '."p99-ms" + ."own-delay-ms" >= 300'
figure "the first answer is counted from the daemon's start, over $age ms ago" stopped \
	".\"first-ms\" >= $age and $age > 5000"

# ---- no daemon ----
play nobody -s $MAGS -n 1 -p $((1 << 22)) attach
is "no such process" $? 2
has "and that is said" "$(< "$tmp/nobody.err")" "process 4194304: No such process"
anchor
begin dies -s $MAGS -n 1000 -d dies.example -p "${PID[lma]}" attach@100
eventually 10 test -s "$tmp/dies.err" || bad "no line of progress"
{ kill -KILL "${PID[lma]}"; wait "${PID[lma]}"; } 2> "$tmp/killed"
died=$SECONDS
wait "$loader"
is "a daemon that dies ends the load" $? 2
is "soon" $((SECONDS - died < 10)) 1
has "which says so" "$(tail -n 1 "$tmp/dies.err")" "process ${PID[lma]} has ended"
unset "PID[lma]"

# ---- and who never had an answer ----
wait "$never"
is "a request without an answer fails the load" $? 1
figure "after five more" never '.answered == 0 and .lost == 1 and .retransmitted == 5'
figure "63 seconds" never '.seconds >= 63 and .seconds < 75'
[ "$FAILED" = 0 ]
