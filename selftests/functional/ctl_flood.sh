#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Bad input to daemons that have a kernel to look after: solicitations of made-up
# nodes on the link that the traffic takes, broken and unauthorised messages to the
# anchor and the gateway; the good node's packets do not notice.
#
# Timeout: 120
# Shows: RFC 4861 §6.2.6, RFC 6275 §9.2, RFC 5213 §5.3.1: what is refused, or
# ignored, costs nobody else anything
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
CAPTURE=no
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both

printf '%s show\n' session stats > "$TMP/all"
state() { # what must not change: who is where, and what the kernels hold
	local n
	for n in lma pmag smag; do
		c $n -j -batch "$TMP/all" | jq -cs '[(((.[0].lma // []) + (.[0].mag // []))[] |
			[."mn-id", ."proxy-coa", .dev, .hnp, .peers]),
			(.[1].kernel | [.tunnels, .links, .paths, .bindings])]'
	done
}
rss() { awk '/^VmRSS/ { print $2 }' "/proc/${PMIPD[$1]}/status"; }
fds() { ls "/proc/${PMIPD[$1]}/fd" | wc -l; }
declare -A rss fds lines
before=$(state)
for n in lma pmag; do
	rss[$n]=$(rss $n) fds[$n]=$(fds $n) lines[$n]=$(wc -l < "$TMP/$n.log")
done

in_ns cn ping -6 -n -q -i 0.02 -c 100 -W 3 $MN > "$TMP/ping" 2>&1 &
ping=$!
# Nobody's answers go to the address in whose name they come.
from() { in_ns smag mhsend -w 0 -r 100 -s $NMAG "$@" > "$TMP/sent" 2>&1 || bad "mhsend: $(cat "$TMP/sent")"; }
in_ns mn mhsend -f if1 1000 300 &
flood=$!
good="flags=0x8200 lifetime=100 hi=1 att=4 timestamp=0 hnp=::/0"
# shellcheck disable=SC2086 # a list
{
	from $LMA raw 3b016300000000000000000000000000
	from $LMA pbu seq=1 $good mn-id=who@example.org
	from $LMA pbu seq=1 $good mn-id=mn@example.org append=16ff fit
	from $LMA pbu seq=1 $good mn-id=mn@example.org sum=no patch=4:dead
	from $PMAG shi seq=1 flags=0x8000 lifetime=9 mn-id=who@example.org
	from $PMAG pba seq=1 status=0 flags=0x20 lifetime=9 mn-id=mn@example.org hnp=2001:db8:bad::/64 hi=1 att=4
	from $PMAG shack seq=1 status=0 lifetime=9 mn-id=mn@example.org
}
wait $flood || bad "the flood did not leave"
wait $ping
[[ $(< "$TMP/ping") == *" 100 received"* && $(< "$TMP/ping") != *duplicates* ]] &&
	ok "of 100 echoes all are answered, once" || bad "ping: $(cat "$TMP/ping")"

is "sessions and forwarding state are as they were" "$(state)" "$before"
for n in lma pmag; do
	ctl_gone $n && bad "$n has died"
	within "$n: memory in kB" "$(rss $n)" 1 $((rss[$n] + 1024))
	is "$n: descriptors" "$(fds $n)" "${fds[$n]}"
	within "$n: log lines for all of it" "$(($(wc -l < "$TMP/$n.log") - lines[$n]))" 1 150
	is "$n: netlink errors" "$(c $n -j stats | jq '.controller.io["netlink-errors"]')" 0
done
within "the PMAG heard the flood" "$(c pmag -j stats | jq '.controller.io["nd-rx"]')" 900 2000
