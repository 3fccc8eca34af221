#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A node that decides itself says at its gateways by which of them a flow is to come: the
# anchor's kernel moves the flow there, and nothing else.  What the anchor cannot take is
# refused by itself, and the operator has no say; a wish ends with its session.
#
# Timeout: 240
# Shows: draft: flow mobility §3.2.2: "The MAG MAY also include the Flow Identification
# Mobility option in the PBU [...] a request from MAG to LMA to consider the flow policy
# rules", and "full flow information MUST be included in the PBA"
# Shows: RFC 7864 §3.2: "the decision [...] MUST be taken either by the MN or the LMA";
# RFC 6089 §4.2: a status for "the particular flow in the option"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/ctl_flow.inc"
PROFILE='multihoming = "different"; decides = "node";'
ctl_flow_topo
ctl_flow_other
ctl_flow_source

flow() { # GATEWAY FID JQ: what its daemon says of a flow
	c "$1" -j flow show mn-id mn@example.org | jq -r ".[] | select(.fid == $2) | $3"
}
wish() { [ "$(flow "$1" "$2" 'select(.state != "kept").state')" = "$3" ]; } # GATEWAY FID STATE
in_force() { [ "$(flow lma 1 '"\(.state) \(."in-force")"')" = "set [$1]" ]; } # BID
want() { # GATEWAY FID PRIORITY MORE...: at a gateway, as the node
	local at=$1 fid=$2 priority=$3
	shift 3
	c "$at" flow add mn-id mn@example.org fid "$fid" priority "$priority" proto 58 "$@"
}

by "the other prefix by its own gateway" 0 3 "$MN2"
refused "the operator does not decide" "." want lma 5 50 dst "$P2" bid "$BID1"

# By IF1: to a prefix that its gateway lacks, which the anchor asks it to route first
works "the node wants a flow by IF1" want pmag 1 10 dst "$P2"
eventually 15 wish pmag 1 accepted && ok "it is accepted" || bad "$(c pmag flow show mn-id all)"
eventually 15 in_force "$BID1" || bad "not moved: $(flow lma 1 .)"
is "the kernel has it" "$(q lma flow '.[0] | "\(.fid) \(.active) \(.bids)"')" "1 yes [$BID1]"
is "with the anchor's BID" \
	"$(flow pmag 1 'select(.state != "kept")."in-force" | tostring')" "[$BID1]"
is "the PMAG routes the prefix off-link" \
	"$(c pmag -j session show | jq -r '[.mag[]."off-link"[]] | @csv')" "\"$P2\""
by "the flow goes by the PMAG" 3 0 "$MN2"
by "the PMAG's own prefix as before" 3 0 $MN

# One that the anchor has no attachment for is refused by itself
works "a flow by what is not there" want pmag 2 20 bid 77
eventually 15 wish pmag 2 refused && ok "is refused" || bad "$(c pmag flow show mn-id all)"
is "for its own reason" "$(flow pmag 2 .why)" "BID not found"
is "the other one is not concerned" "$(flow pmag 1 'select(.state != "kept").state')" accepted
by "and goes on" 3 0 "$MN2"

works "now by IF2" want smag 1 10 dst "$P2"
eventually 15 in_force "$BID2" && ok "it has come back" || bad "$(flow lma 1 .)"
by "by the SMAG" 0 3 "$MN2"

works "the node wants it no more" c smag flow del mn-id mn@example.org fid 1
gone() { [ "$(q lma flow length)" = 0 ]; }
eventually 15 gone && ok "the kernel has none" || bad "$(c lma flow show)"
works "nor by IF1" c pmag flow del mn-id mn@example.org fid 1
forgotten() { [ -z "$(flow pmag 1 'select(.state != "kept").state')" ]; }
eventually 15 forgotten && ok "whose gateway forgets it" || bad "$(c pmag flow show mn-id all)"
by "the prefix's own way" 0 3 "$MN2"

# What was wanted at a gateway ends with the session there
works "once more by IF1" want pmag 3 30 dst "$P2"
is_at() { [ "$(q lma flow '.[0] | "\(.fid) \(.bids)"')" = "3 [$BID1]" ]; }
eventually 15 is_at || bad "not moved: $(c lma flow show)"
radio_off if1
eventually 15 gone && ok "with IF1 it has gone" || bad "$(c lma flow show)"
by "the SMAG has it all" 0 3 "$MN2"
