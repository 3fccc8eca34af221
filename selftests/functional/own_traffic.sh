#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: a gateway's own packets take the node's bindings too: ping from the LMA
# and from the MAG to a mobile node works, and back.
source "$(dirname "$0")/lib.sh"
topo_chain

ping_from() { in_ns "$1" ping -6 -n -c 2 -i 0.2 -W 3 ${3:+-I "$3"} "$2"; }

works "ping from the correspondent node to the mobile node" ping_from cn $MN
works "ping from the LMA to the mobile node" ping_from lma $MN $LMA
works "ping from the LMA with no source chosen" ping_from lma $MN
works "ping from the PMAG to the mobile node" ping_from pmag $MN $PMAG
works "ping from the mobile node to the LMA" ping_from mn $LMA_CN
works "ping from the mobile node to the correspondent node" ping_from mn $CN
works "ping from the mobile node to its default router" ping_from mn $MAG_LLA if1
works "TCP from the LMA to the mobile node" xfer lma mn $MN 5001 2
works "TCP from the mobile node to the LMA" xfer mn lma $LMA_CN 5002 2

radio_off if1
works "ping from the LMA by the SMAG" ping_from lma $MN $LMA
works "ping from the PMAG, whose link is lost" ping_from pmag $MN $PMAG
