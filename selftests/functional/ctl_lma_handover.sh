#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Real daemons hand a node over from one anchor to a second, to a third and back to the first,
# while datagrams go both ways: none is lost, none comes twice, and each handover has them go
# by the anchors that it should.  In the end no anchor and no gateway has a tunnel that was not
# there before.
#
# Timeout: 180
# Shows: draft: LMA handover §4.2 (j): "the PLMA forwards the downloaded data to the NLMA through
# the tunnel between them", (k): "The data uploaded from the MN to the CN are delivered to the
# CN via the bMAG and the NLMA in that order", and §2: "provide the ongoing session continuity"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/anchors.inc"
anchors_topo
trap ctl_end EXIT
ctl_start lma lma2 lma3 pmag
attach if1

streams_start
goes_to lma2 lma
goes_to lma3 lma2
goes_to lma lma3
streams_end
arrived_once "what is for the node" down
arrived_once "what the node sends" up

# What is left, and how long that takes: min-delay-before-bce-delete-ms, and linger-ms
works "the second anchor has no tunnel any more" eventually 10 tunnels lma2 0
works "nor has the third" eventually 10 tunnels lma3 0
works "the first has one, to the gateway" eventually 10 tunnels lma 1
works "the gateway has one, to the first" eventually 10 tunnels pmag 1
works "nothing is bound at the second any more" eventually 10 bindings lma2 0
works "nor at the third" eventually 10 bindings lma3 0
is "no handover was refused, and none failed" "$(q pmag stats '.controller.mag["lma-handover"] |
	"\(.changed) \(.kept) \(.refused) \(.silence) \(.discarded)"')" "3 0 0 0 0"
works "ping by the first again" ping_mn
