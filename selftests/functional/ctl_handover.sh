#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Real daemons hand the node's interface over from one gateway to another, between which it
# is nowhere for 200 ms: of a stream to it nothing is lost, and nothing comes twice; what the
# node sends goes by the previous gateway until the anchor knows.  And one that does not go
# has its link again.
#
# Timeout: 180
# Shows: RFC 5949 §4.1 (j): "the new MAG forwards them to the previous MAG", (l): "From this
# time on, the packets to/from the mobile node go through the new MAG", and of what waits
# there: "to buffer packets for the mobile nodes accommodated by them"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
source "$(dirname "$0")/handover.inc"
MAG_CONF='probe-ms = 0; seamless = false; bindack-ms = 300;
	handover = { hi-ms = 500; expect-ms = 60000; forward-ms = 60000; };'
LMA_CONF='timestamp-window-ms = 600000;'
handover_topo
trap ctl_end EXIT
ctl_start lma pmag smag

handover() { c "$1" handover mn-id mn@example.org "${@:2}"; } # GATEWAY WORDS
uplink() { # GATEWAY: by which other gateway what the node sends goes
	local id
	id=$(q "$1" binding '.[0].uplink')
	q "$1" tunnel ".[] | select(.id == $id) | .remote"
}
attach if1
become "at the previous gateway by its link" pmag link

# ---- predictive ----
stream_start 15000 4000 3000
works "announced" handover pmag to $SMAG
become "the next gateway waits for it" smag hold
become "the previous one is ready to" pmag "link hold"
is "what it sends would go by the previous one" "$(uplink smag)" $PMAG
radio_off if1
become "forwarded as soon as it has left" pmag "tunnel hold"
is "nothing was deregistered" "$(alone $PMAG $SMAG && echo yes)" yes
nap 0.2
works "packets wait at the next gateway" eventually 5 some_held smag
radio_on if1 smag
attach if1
become "delivered, as what both send is" smag "link tunnel hold"
works "the anchor has it there" eventually 10 alone $SMAG $PMAG
is "and so goes what it sends" "$(uplink smag)" $LMA
stream_enough
lost_before "nothing sent after the loss of the link is lost" pmag
# what its anchor sends to the next gateway may pass what the previous one sends on
is "nothing comes twice ($(field late "$one") late)" "$(field twice "$one") $(field twice "$two")" "0 0"
is "all that was held was delivered" "$(hold smag packets) $(hold smag expired) $(hold smag dropped)" "0 0 0"
works "ping by the next gateway" ping_mn

# ---- it does not go ----
works "announced" handover smag to $PMAG
become "the other gateway waits for it" pmag hold
radio_off if1
become "forwarded" smag "tunnel hold"
radio_on if1 smag
attach if1
become "it is back, and has its link" smag "link"
become "the other gateway has let go of it" pmag ""
works "ping" ping_mn
