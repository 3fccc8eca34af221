#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 240
# A node has a prefix of its own at each gateway.  Flows to one of them are moved to
# the other gateway and back, by the operator, while what else it has goes on.
#
# Shows: draft: flow mobility §3.2.2: "the flow is being moved from its default path
# (which is determined by the destination prefix) to a different one"
# Shows: RFC 7864 §3.2.2: "the MAG MUST NOT advertise them"; and either gateway takes
# what the node sends
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/ctl_flow.inc"
PROFILE='multihoming = "different";'
ctl_flow_topo
ctl_flow_other
ctl_flow_source

send_by() { # IF: what it sends from there
	ip -6 -n mn route replace default via $MAG_LLA dev "$1" src "$MN2" table 2
}
flow() { c lma -j flow show mn-id mn@example.org | jq -r "$1"; }
set_to() { [ "$(flow '.[0] | "\(.state) \(."in-force")"')" = "set [$1]" ]; }

by "its own prefix" 3 0 $MN
by "the other one" 0 3 "$MN2"

works "a flow is added" c lma flow add mn-id mn@example.org fid 1 priority 10 proto 58 \
	dst "$P2" bid "$BID1"
eventually 15 set_to "$BID1" || bad "not moved: $(flow .)"
is "the kernel has it" "$(q lma flow '.[0] | "\(.fid) \(.active) \(.bids)"')" "1 yes [$BID1]"
is "the prefix has another path" \
	"$(q lma binding "map(select(.prefix == \"$P2\"))[0].paths | map(.bid) | @csv")" \
	"$BID2,$BID1"
is "the PMAG routes it off-link" \
	"$(c pmag -j session show | jq -r '[.mag[]."off-link"[]] | @csv')" "\"$P2\""
by "it goes by the PMAG, and answers come by the SMAG" 3 0 "$MN2"
send_by if1
by "or by the PMAG" 3 0 "$MN2"
by "the other prefix as before" 3 0 $MN

works "it is moved back" c lma flow move mn-id mn@example.org fid 1 bid "$BID2"
eventually 5 set_to "$BID2" || bad "not moved: $(flow .)"
left() { [ -z "$(c pmag -j session show | jq -r '.mag[]."off-link"[]')" ]; }
eventually 15 left && ok "the PMAG forgets it" || bad "$(c pmag session show)"
is "one path again" \
	"$(q lma binding "map(select(.prefix == \"$P2\"))[0].paths | map(.bid) | @csv")" "$BID2"
send_by if2
by "it goes by the SMAG" 0 3 "$MN2"

works "what is dropped" c lma flow add mn-id mn@example.org fid 2 priority 5 proto 58 \
	dst "$P2" action drop
refused "is not answered" "100% packet loss" in_ns cn ping -6 -n -q -c 2 -i 0.2 -W 1 "$MN2"
works "but removed" c lma flow del mn-id mn@example.org fid 2
by "it is" 0 3 "$MN2"

# A node that leaves takes its flows along
radio_off if1
radio_off if2
none() { [ "$(q lma flow length) $(q lma binding length)" = "0 0" ]; }
eventually 15 none && ok "nothing is left" || bad "$(c lma flow show) $(c lma binding show)"
