#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Daemons are killed at any moment, ten times, now and then two at once, while
# traffic flows and the node says nothing of itself: the kernel goes on forwarding,
# the next daemon takes over what is still wanted, and nothing else is left.
#
# Timeout: 120
# Shows: RFC 5213 §6.9.1.3: a gateway extends the binding of a node that it knows; the netlink contract: objects of an earlier generation that nobody
# renews are purged; RFC 5847 §3.2: "quickly discover the restart", of anchor and
# gateway, whichever follows the other
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
gateways=(lma pmag smag)
for ((i = 0; i < 10; i++)); do
	first=$((RANDOM % 3))
	victims=("${gateways[first]}")
	((i % 4)) || victims+=("${gateways[(first + 1 + RANDOM % 2) % 3]}")
	for n in "${victims[@]}"; do kill -9 "${PMIPD[$n]}"; done
	for n in "${victims[@]}"; do eventually 2 ctl_gone $n; done
	ctl_start "${victims[@]}"
	# at any moment: while it registers, or long after
	nap 0.$((RANDOM % 10))
done
both() { lma_has $PMAG && lma_has $SMAG; }
eventually 20 both && ok "the node is registered by both" || bad "$(c lma session show)"
is "one entry for each" "$(c lma -j session show | jq '.lma | length')" 2
as_before() { [ "$(census)" = "$before" ]; }
eventually 20 as_before && ok "the kernels hold what they held" || bad "before: $before
after: $(census)"
eventually 20 ctl_purged && ok "of the last generations alone" || bad "$(ctl_old)"
kill $ping
wait $ping 2> /dev/null
sent=$(grep -o 'icmp_seq=[0-9]*' "$TMP/ping" | tail -n 1)
sent=${sent#*=}
received=$(grep -c 'icmp_seq=' "$TMP/ping")
within "of $sent echoes almost all were answered ($received)" "$((sent - received))" 0 $((sent / 20 + 2))
works "ping" ping_mn
