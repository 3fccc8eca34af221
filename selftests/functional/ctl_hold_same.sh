#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Real daemons, and both interfaces of the node at one gateway, each by a link of its own;
# in the end with a third one at another gateway, and still none waits at the anchor.
#
# Timeout: 200
# Shows: draft: fault tolerant multihoming §3.2: packets are kept and go back to the LMA
# for the node's other interface: where that is at the same gateway it gets them there,
# nothing is held or sent back, nothing is lost, and nothing goes round.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
source "$(dirname "$0")/same.inc"
IF3_LL=02:00:00:00:01:03
ctl_policy() {
	cat > "$TMP/policy.conf" <<-EOP
	nodes = ( { mn-id = "mn@example.org"; lladdrs = [ "$IF1_LL", "$IF2_LL", "$IF3_LL" ];
		hnps = [ "$HNP" ]; multihoming = "shared"; $KEEP_ORDER } );
	EOP
}
ctl_topo
trap ctl_end EXIT

same_topo
ctl_start lma pmag smag

joined if1 1
joined if2 2
is "one prefix, by both links, and then to wait" \
	"$(q pmag binding '.[].paths | map(.kind) | join(" ")')" "link link hold"

lose() { # IF TO
	local down_ns

	stream_start 1500 1000 3000
	nap 0.4
	link_off "$1"
	eventually 15 sessions 1 || bad "$(c pmag session show)"
	stream_end
	down_ns=$(link pmag "${LINK[$1]}" down-ns)
	[ "$(field last_missing_us "$all")" -le $((down_ns / 1000)) ] &&
		ok "nothing sent after the loss of ${1^^} is lost" || bad "lost after $down_ns: $all"
	in_order
	within "${2^^} took over" "$(field seen "$(lines "mn:$2")")" 100 1500
	is "nothing was held or sent back" "$(hold pmag held) $(hold pmag returned) \
$(hold lma held) $(hold lma accepted)" "0 0 0 0"
	is "and none was dropped" "$(drops lma tunnel-source-spoofed) $(drops lma returned-no-path) \
$(drops lma path-drop) $(drops pmag no-path)" "0 0 0 0"
}

lose if1 if2
link_on if1
joined if1 2
lose if2 if1

# No mark comes from a gateway that still has the node by IF2, wherever else it is
link_on if2
joined if2 2
ip link add if3 netns mn address $IF3_LL type veth peer name if3 netns air || die "no third interface"
ip -n air link set if3 master b-smag up
ip -6 -n mn -batch - <<-EOT
	link set if3 up
	neigh replace $MAG_LLA lladdr $MAG_LL dev if3 nud permanent
EOT
wait_carrier mn if3
RADIO[if3]=smag
attach if3
lose if1 if2
is "IF3 is still registered" "$(lma_has "$SMAG" && echo yes)" yes
