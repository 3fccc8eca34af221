#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two daemons in namespaces of their own register a mobile node over real
# sockets, without the kernel module.
#
# Shows: RFC 5213 §6.9.1.1: "the mobile access gateway MUST send a Proxy
# Binding Update message to the mobile node's local mobility anchor"
# Shows: RFC 6275 §9.2: "the node MUST discard the message and issue a Binding
# Error message [...] with the Status field set to 2"
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${PMIP_BUILD:-$top/build}
pmipd=$build/ctl/pmipd
lma=pmip-x-lma-$$ mag=pmip-x-mag-$$ mn=pmip-x-mn-$$
tmp=
pids=()

skip() { echo "# skip: $*"; exit 4; }
fail() {
	echo "# fail: $*"
	sed 's/^/# lma: /' "$tmp/lma.log"
	sed 's/^/# mag: /' "$tmp/mag.log"
	exit 1
}

cleanup() {
	local p n
	for p in "${pids[@]}"; do
		kill "$p" 2>/dev/null && wait "$p" 2>/dev/null
	done
	for n in "$lma" "$mag" "$mn"; do
		ip netns del "$n" 2>/dev/null
	done
	[ -z "$tmp" ] || rm -rf "$tmp"
}
trap cleanup EXIT

# ask SOCKET REQUEST: the daemon's answer
ask() {
	printf '%s\n' "$2" | timeout 3 socat -t2 - "UNIX-CONNECT:$1"
}

# wait_for PATTERN SOCKET REQUEST: until the answer has it, at most 8 s
wait_for() {
	local i answer=
	for ((i = 0; i < 40; i++)); do
		answer=$(ask "$2" "$3" 2>/dev/null)
		[[ $answer == *$1* ]] && return 0
		sleep 0.2
	done
	echo "# last answer: $answer"
	return 1
}

[ "$(id -u)" = 0 ] || skip "needs root"
[ -x "$pmipd" ] || skip "$pmipd is not built"
command -v socat >/dev/null || skip "needs socat"
ip netns add "$lma" 2>/dev/null || skip "no network namespaces here"
ip netns add "$mag" || skip "no network namespaces here"
ip netns add "$mn" || skip "no network namespaces here"
tmp=$(mktemp -d)
: >"$tmp/lma.log"
: >"$tmp/mag.log"

ip -n "$lma" link add name core type veth peer name core netns "$mag" ||
	skip "no veth devices here"
ip -n "$mag" link add name acc type veth peer name if1 netns "$mn"
ip -n "$mn" link set if1 address 02:00:00:00:00:01
ip -n "$lma" addr add 2001:db8::1/64 dev core nodad
ip -n "$mag" addr add 2001:db8::2/64 dev core nodad
for n in "$lma" "$mag" "$mn"; do
	ip -n "$n" link set lo up
done
ip -n "$lma" link set core up
ip -n "$mag" link set core up
ip -n "$mag" link set acc up

cat >"$tmp/policy.conf" <<-END
	nodes = ( { mn-id = "mn1@example.org"; lladdrs = [ "02:00:00:00:00:01" ];
		    multihoming = "shared"; } );
END
cat >"$tmp/lma.conf" <<-END
	control = "$tmp/lma.sock"; state-dir = "$tmp/lma"; policy = "$tmp/policy.conf";
	kernel = false; log-level = "debug"; ports = ( { name = "core"; } );
	lma = { address = "2001:db8::1"; pools = [ "2001:db8:100::/40" ];
		mags = [ "2001:db8::2" ]; min-delay-before-bce-delete-ms = 100; };
END
cat >"$tmp/mag.conf" <<-END
	control = "$tmp/mag.sock"; state-dir = "$tmp/mag"; policy = "$tmp/policy.conf";
	kernel = false; log-level = "debug"; ports = ( { name = "core"; } );
	mag = { address = "2001:db8::2"; lma = "2001:db8::1"; probe-ms = 0;
		links = ( { name = "acc"; att = "802.11"; } ); };
END
for role in lma mag; do
	"$pmipd" --check -f "$tmp/$role.conf" || fail "--check refuses $role.conf"
done
ip netns exec "$lma" "$pmipd" -f "$tmp/lma.conf" 2>"$tmp/lma.log" &
pids+=($!)
ip netns exec "$mag" "$pmipd" -f "$tmp/mag.conf" 2>"$tmp/mag.log" &
pids+=($!)
wait_for '"ok":true' "$tmp/lma.sock" '{"cmd":"version"}' || fail "the LMA does not answer"
wait_for '"ok":true' "$tmp/mag.sock" '{"cmd":"version"}' || fail "the MAG does not answer"

# The node's own kernel solicits a router as soon as its interface is up.
ip -n "$mn" link set if1 up
wait_for '"hnp":["2001:db8:100:' "$tmp/mag.sock" '{"cmd":"session-show"}' ||
	fail "the MAG has no session"
wait_for '"proxy-coa":"2001:db8::2"' "$tmp/lma.sock" '{"cmd":"session-show"}' ||
	fail "the LMA has no binding cache entry"
echo "# registered: $(ask "$tmp/mag.sock" '{"cmd":"session-show"}')"

# The advertisement came from the fixed address, and the node took the prefix.
for ((i = 0; i < 40; i++)); do
	ip -n "$mn" -6 route show default | grep -q fe80::200:5eff:fe00:5213 && break
	sleep 0.2
done
((i < 40)) || fail "the node has no default route by fe80::200:5eff:fe00:5213"
ip -n "$mn" -6 addr show dev if1 scope global | grep -q '2001:db8:100:' ||
	fail "the node has no address of its home network prefix"
ip -n "$mn" -6 neigh show fe80::200:5eff:fe00:5213 | grep -q 00:00:5e:00:52:13 ||
	fail "the gateway's link-layer address is not that of RFC 6543"

ask "$tmp/mag.sock" '{"cmd":"detach","dev":"acc","lladdr":"02:00:00:00:00:01"}' |
	grep -q '"ok":true' || fail "detach is refused"
wait_for '"lma":[]' "$tmp/lma.sock" '{"cmd":"session-show"}' ||
	fail "the binding cache entry outlives its deregistration"

# It comes back, and then loses its carrier: the MAG deregisters by itself.
ip -n "$mn" link set if1 down
ip -n "$mn" link set if1 up
wait_for '"proxy-coa":"2001:db8::2"' "$tmp/lma.sock" '{"cmd":"session-show"}' ||
	fail "the node cannot come back"
ip -n "$mn" link set if1 down
wait_for '"lma":[]' "$tmp/lma.sock" '{"cmd":"session-show"}' ||
	fail "the binding cache entry outlives the carrier"

# An unknown type; the sender's kernel writes the checksum into MH sockets' data.
printf '\x3b\x01\x63\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00' |
	ip netns exec "$mag" socat -u - 'IP6-SENDTO:[2001:db8::1]:135,bind=[2001:db8::2]' ||
	fail "socat cannot send a Mobility Header"
wait_for '"be-tx":1' "$tmp/lma.sock" '{"cmd":"stats"}' || fail "no Binding Error was sent"

kill "${pids[0]}"
wait "${pids[0]}" || fail "the LMA does not stop cleanly"
[ ! -e "$tmp/lma.sock" ] || fail "the control socket outlives the daemon"
[ "$(cat "$tmp/lma/restart-counter")" = 1 ] || fail "the restart counter is not 1"
exit 0
