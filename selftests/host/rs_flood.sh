#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 10,000 router solicitations, each from another address, and then 10,000 from
# one: another node's session and its refresh go on, memory and log stay small.
#
# Shows: RFC 4861 §6.2.6: "a router SHOULD rate-limit the rate at which it
# responds" and RFC 5213 §6.9.1.1: only nodes that are authorised are attached
set -u
source "$(dirname "$0")/lib.sh"
topo
configure '' 'lifetime = 8; rs-per-second = 3;'
start lma
start mag
in_ns mn ip link set if1 up
serves "the good node is served before"
session=$(sessions mag | jq -c '.[0] | [."mn-id", .dev, .hnp]')
seq=$(sessions lma | jq '.[0].seq')
rss=$(rss_kb mag) lines=$(log_lines mag) rx=$(stat_of mag '.io["nd-rx"]')

in_ns mn mhsend -f if1 10000 300 &
flood=$!
for ((i = 0; i < 12; i++)); do
	# It answers all the while, and the session does not waver
	read -rt 0.5 <> <(:) || :
	[ "$(sessions mag | jq -c '.[0] | [."mn-id", .dev, .hnp]')" = "$session" ] ||
		bad "the session has changed: $(sessions mag)"
	[ "$(sessions mag | jq -r '.[0].state')" = active ] || bad "the session is not active"
done
wait $flood || bad "the flood did not leave"
rx=$(($(stat_of mag '.io["nd-rx"]') - rx))
# What it has no time for waits in a socket, which holds so many
if [ $rx -ge $((9000 / ${PMIP_SLOW:-1})) ]; then ok "$rx solicitations were heard"; else bad "only $rx were heard"; fi
is "nobody else has a session" "$(sessions mag | jq length)" 1
is "and the anchor knows of nobody" "$(sessions lma | jq length)" 1
refreshed() { [ "$(sessions lma | jq '.[0].seq')" != "$seq" ]; }
if eventually 8 refreshed; then ok "the session was refreshed"; else bad "no refresh"; fi
has "the anchor's entry is alive" "$(sessions lma)" '"state":"active"'

lines=$(($(log_lines mag) - lines))
grown_less mag "$rss" 1024
if [ $lines -lt $((60 * ${PMIP_SLOW:-1})) ]; then ok "$lines log lines"; else bad "$lines log lines"; fi

# The node itself may solicit too often
ra=$(stat_of mag .mag.\"ra-tx\")
in_ns mn mhsend -f if1 40 10000 $IF1_LL
ra=$(($(stat_of mag .mag.\"ra-tx\") - ra))
if [ $ra -le 20 ]; then ok "40 of the node itself: $ra advertisements"; else
	bad "40 of the node itself: $ra advertisements"
fi

still_there mag
detach $IF1_LL > /dev/null
eventually 4 no_session || bad "the good node cannot leave"
serves "the good node is served after"
[ "$FAILED" = 0 ]
