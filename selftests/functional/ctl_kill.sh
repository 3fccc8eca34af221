#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A daemon is killed at any moment, ten times, while traffic flows: the kernel
# goes on forwarding, the next daemon takes over what is still wanted, and
# nothing else is left.
#
# Timeout: 120
# Shows: the netlink contract: objects of an earlier generation that nobody
# renews are purged; RFC 5847 §3.2: restart of an anchor
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
HEARTBEAT='interval-ms = 1000; missing-allowed = 10;'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both
census() { # what the kernels hold
	local n
	for n in lma pmag smag; do
		echo "$n $(q $n tunnel 'map([.local, .remote, .role]) | sort | tostring')" \
			"$(q $n binding 'map([.prefix, (.paths | length)]) | sort | tostring')"
	done
}
before=$(census)
# By IF2: an anchor takes no packets by a MAG that has forgotten the node
ip -6 -n mn route del default via $MAG_LLA dev if1
nsenter --net=/run/netns/cn ping -6 -n -i 0.2 -w 90 $MN > "$TMP/ping" 2>&1 &
ping=$!

RANDOM=$$
anchors=0
for ((i = 0; i < 10; i++)); do
	n=pmag
	((RANDOM % 2)) && n=lma && anchors=$((anchors + 1))
	kill -9 "${PMIPD[$n]}"
	eventually 2 ctl_gone $n
	ctl_start $n
	# at any moment: while it registers, or long after
	[ $n = lma ] || solicit if1
	nap 0.$((RANDOM % 10))
done
kill $ping
wait $ping 2> /dev/null
sent=$(grep -o 'icmp_seq=[0-9]*' "$TMP/ping" | tail -n 1)
sent=${sent#*=}
received=$(grep -c 'icmp_seq=' "$TMP/ping")
# RFC 5213 §5.6.2: an anchor that has begun anew takes nothing by a gateway before
# it has registered again, which hears of it by the next heartbeat, 5 echoes later.
within "of $sent echoes $received were answered, with $anchors anchors killed" \
	"$((sent - received))" 0 $((anchors * 5 + 2))

# A gateway that missed a restart between two of its own believes in its
# registration until it refreshes: attach anew, with all of before in the way.
c pmag detach dev acc lladdr $IF1_LL 2> /dev/null
c smag detach dev acc lladdr $IF2_LL 2> /dev/null
ended() { ! [[ $(c pmag -j session show)$(c smag -j session show) == *'"mn-id"'* ]]; }
eventually 20 ended && ok "the sessions end" || bad "$(c pmag session show; c smag session show)"
attach_both
both() { lma_has $PMAG && lma_has $SMAG; }
eventually 20 both && ok "the node is registered by both" || bad "$(c lma session show)"
is "one entry for each" "$(c lma -j session show | jq '.lma | length')" 2
as_before() { [ "$(census)" = "$before" ]; }
eventually 10 as_before && ok "the kernels hold what they held" || bad "before: $before
after: $(census)"
old() { # objects of an earlier generation than the daemon's
	local n generation
	for n in lma pmag; do
		generation=$(cat "$TMP/$n/restart-counter")
		q $n tunnel ".[] | select(.generation != $generation) | .id"
		q $n binding ".[] | select(.generation != $generation) | .prefix"
	done
}
is "of the last generations alone" "$(old)" ''
works "ping" ping_mn
