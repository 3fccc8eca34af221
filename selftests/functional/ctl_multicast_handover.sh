#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A node's own kernel listens to a group for an ordinary socket and is handed over from one
# gateway to another, between which it is nowhere for 200 ms: the group's packets go on to the
# next gateway, wait there and are delivered, each once and in order, and then come from the
# anchor.  That ends what is forwarded of the group, and nothing else.
#
# Timeout: 240
# Shows: draft: predictive multicast handover §4 (5): "multicast packets destined for the MN
# are forwarded from the p-MAG to the n-MAG over this tunnel"; RFC 7411 §4.2.3: "Until the MN
# reattaches, the NMAG uses its Loopback interface for downstream and MUST NOT forward traffic
# to the potential link of the MN"; draft: predictive multicast handover §4 (11): "Multicast
# packet forwarding is completed between p-MAG and n-MAG"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
source "$(dirname "$0")/handover.inc"
TIMES='query-interval-ms = 20000; response-ms = 500; unsolicited-ms = 200;'
MAG_CONF="probe-ms = 0; seamless = false; hold = true; bindack-ms = 1000;
	handover = { hi-ms = 1000; expect-ms = 60000; forward-ms = 60000; };
	multicast = { $TIMES };"
# Who does not revoke does not tell the previous gateway that it is over, either
LMA_CONF="timestamp-window-ms = 600000; multicast = { upstream = \"cn\"; $TIMES };"
# Between namespaces each processor has a queue of its own, which no network has
on_cpu 0
handover_topo
listener='' sender=''
wait_ms() { echo "$1" > /sys/module/pmip/parameters/seam_wait_ms; }
wait_ms 10000
end() {
	wait_ms 500
	[ -z "$sender" ] || kill "$sender"
	[ -z "$listener" ] || kill "$listener"
	ctl_end
}
trap end EXIT
ctl_start lma pmag smag
GROUP=ff1e::1

# Where a gateway sends the group: kinds of paths, and by which tunnel it comes
routes() { # GATEWAY
	q "$1" listener '[.[] | "\(.upstream)>\(.path.kind)"] | sort | join(" ")'
}
tunnel_to() { q "$1" tunnel ".[] | select(.remote == \"$2\") | .id"; } # GATEWAY REMOTE
leads() { [ "$(routes "$1")" = "$2" ]; } # GATEWAY ROUTES
led() { eventually 10 leads "$2" "$3" && ok "$1" || bad "$1: $(q "$2" listener .)"; }
# Packets that a gateway has got by a tunnel for who comes
came_by() { q "$1" listener ".[] | select(.upstream == $2 and .path.kind == \"home\") | .packets"; } # GATEWAY TUNNEL

attach if1
rm -f "$TMP/mn.flow"
nsenter --net=/run/netns/mn flow -l $GROUP -r $CN -m if1 -i 2000 -w 300 -o "$TMP/mn.flow" &
listener=$!
eventually 5 test -e "$TMP/mn.flow" || die "the node does not listen"
up=$(tunnel_to pmag $LMA)
led "at the previous gateway by its link" pmag "$up>link"

# ---- predictive ----
nsenter --net=/run/netns/cn flow -l $CN -r $GROUP -m eth0 -n 15000 -i 4000 -w 1 -o "$TMP/cn.flow" &
sender=$!
nap 0.3
works "announced" c pmag handover mn-id mn@example.org to $SMAG now
become "forwarded as soon as it is agreed" pmag "tunnel hold"
led "the group as well" pmag "$up>tunnel"
over=$(tunnel_to smag $PMAG)
led "and waits where the node's packets do" smag "$over>home"
radio_off if1
nap 0.2
works "packets wait at the next gateway" eventually 5 some_held smag
radio_on if1 smag
attach if1
works "the anchor has it there" eventually 10 alone $SMAG $PMAG
led "the group is taken from the anchor as well" smag \
	"$(printf '%s>home\n' "$over" "$(tunnel_to smag $LMA)" | sort | paste -sd ' ')"
led "the previous gateway forwards no more of it" pmag ""
before=$(came_by smag "$over")
within "packets of it were forwarded" "$before" 20 15000
is "but the node's own packets" "$(kinds pmag)" "tunnel hold"
nap 0.3
kill $sender
wait $sender
sender=''
nap 0.3
is "then no more" "$(came_by smag "$over")" "$before"
within "and the anchor's have come" "$(came_by smag "$(tunnel_to smag $LMA)")" 20 15000
kill $listener
wait $listener || bad "flow ended with status $?"
listener=''
stat=$(flowstat "$TMP/cn.flow" "$TMP/mn.flow")
echo "  $stat"
is "none is lost, comes twice or is late" "$(json_value lost "$stat") \
$(json_value duplicated "$stat") $(json_value reordered "$stat")" "0 0 0"
within "the gap was there (ms)" "$(json_value longest_gap_ms "$stat" | cut -d . -f 1)" 200 60000
is "all that was held was delivered" "$(hold smag packets) $(hold smag expired) $(hold smag dropped)" "0 0 0"
is "no wrong message, no refusal of the kernel" \
	"$(for n in lma pmag smag; do
		c $n -j stats | jq -r '[.controller.io["netlink-errors"],
			.controller.io["mld-tx-failed"]] | join(" ")'
	done | paste -sd ' ')" "0 0 0 0 0 0"
