#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An anchor with two addresses, of which the system would choose the other: what it
# answers comes from the one that was written to.
#
# Shows: RFC 4443 §2.2 (a): "If the message is a response to a message sent to one of
# the node's unicast addresses, the Source Address of the reply MUST be that same address"
# Shows: RFC 6275 §9.2: the Parameter Problem; §9.3.3: the Binding Error
set -u
source "$(dirname "$0")/lib.sh"
topo
configure
OTHER=2001:db8::b
ip -n "${NS[lma]}" addr add $OTHER/64 dev core nodad
wait_address lma $OTHER
# RFC 6724 §5, rule 3: a deprecated address is not chosen
ip -n "${NS[lma]}" addr change $LMA/64 dev core preferred_lft 0
start lma
has "the system would take the other" "$(ip -6 -n "${NS[lma]}" route get $MAG2)" "src $OTHER "

for src in $MAG2 $EVIL; do
	has "a broken message of $src" "$(send $src $LMA raw 3b000500000000000000000000000000)" \
		'"kind":"parameter-problem"' "\"from\":\"$LMA\""
	has "an unknown type of $src" "$(send $src $LMA raw 3b016300000000000000000000000000)" \
		'"kind":"Binding Error"' "\"from\":\"$LMA\""
done
has "a heartbeat" "$(send $MAG2 $LMA heartbeat seq=7)" '"kind":"Heartbeat"' "\"from\":\"$LMA\""
has "a request" "$(send $EVIL $LMA pbu seq=1 flags=0x8200 lifetime=1 mn-id=mn1@example.org \
	hnp=::/0 hi=1 att=4 timestamp=0)" '"status":154,' "\"from\":\"$LMA\""
still_there lma
[ "$FAILED" = 0 ]
