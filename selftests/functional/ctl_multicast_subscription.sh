#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A node's own kernel listens to a group for an ordinary socket and turns up at another gateway,
# without a word of the one that it has left: its anchor asks that one.  Then back, and this time
# its deregistration says it.  All that the node itself sends is lost from the first change on, so
# that no gateway hears what it listens to; it gets the group's packets all the same.
#
# Timeout: 180
# Shows: RFC 7161 §5.2.2: "Prior to acknowledging the received PBU message, the LMA queries the
# pMAG about if there is any active multicast subscription for the MN", and the nMAG is "to join
# the content identified by (S,G) on behalf of the MN"; §5.1.1: "If later on the MN attaches to
# an nMAG, this information is sent (using the same TLV option) to the nMAG as part of the PBA"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
# However long the host stands still, the Response is not given up; the PBA may go without it
SUBSCRIPTION='subscription = { query-ms = 2000; query-retries = 10; };'
TIMES="query-interval-ms = 600000; response-ms = 500; unsolicited-ms = 200; $SUBSCRIPTION"
MAG_CONF="probe-ms = 0; seamless = false; bindack-ms = 2000; multicast = { $TIMES };"
LMA_CONF="timestamp-window-ms = 600000;
	revocation = { handover = true; delay-ms = 2000; max-delay-ms = 4000; };
	multicast = { upstream = \"cn\"; ${TIMES/retries = 10;/retries = 10; pba-timer-ms = 900;} };"
ctl_topo
sed -i 's/multihoming = "shared"/multihoming = "single"/' "$TMP/policy.conf"
# The gateway that does not know that the node has left waits for who asks for it
sed -i 's/probe-ms = 0;/probe-ms = 0; hold = true; handover = { wait-ms = 60000; };/' "$TMP/pmag.conf"
# And the anchor keeps what it was told until the node is back, however slow the machine
sed -i 's/bce-delete-ms = 500/bce-delete-ms = 60000/' "$TMP/lma.conf"
listener=''
end() {
	[ -z "$listener" ] || kill "$listener"
	ctl_end
}
trap end EXIT
ctl_start lma pmag smag
GROUP=ff1e::1

listening() { # GATEWAY
	c "$1" -j multicast show | jq -r '.mag[] | "\(.group) \(.mode)"'
}
has() { [ "$(listening "$1")" = "$2" ]; } # GATEWAY WHAT
of() { c "$1" -j stats | jq -r ".controller.$2"; } # GATEWAY COUNTER
send_group() {
	in_ns cn flow -l $CN -r $GROUP -m eth0 -n "$1" -i 2000 -w 1 -o "$TMP/cn.flow"
}

attach if1
rm -f "$TMP/mn.flow"
nsenter --net=/run/netns/mn flow -l $GROUP -r $CN -m if1 -i 2000 -w 300 -o "$TMP/mn.flow" &
listener=$!
eventually 5 test -e "$TMP/mn.flow" || die "the node does not listen"
works "it has said so where it is" eventually 10 has pmag "$GROUP exclude"

# ---- asked for ----
in_ns mn tc qdisc add dev if1 root netem loss 100% || skip "no netem"
said=$(of pmag mag.mld.reports)
radio_off if1
works "its gateway waits for it" lma_has $PMAG
radio_on if1 smag
works "it is at the next one" c smag attach dev acc lladdr $IF1_LL
works "which knows what it listens to" eventually 30 has smag "$GROUP exclude"
works "and its anchor has it there" lma_has $SMAG
within "the one before was asked" "$(of pmag 'mag.subscription["query-rx"]')" 1 10
is "the node has said nothing" "$(of smag mag.mld.reports)" 0
send_group 100
works "nothing is left of it where it was" eventually 30 has pmag ""

# ---- told ----
asked=$(of lma 'lma.subscription["query-tx"]')
radio_off if1
works "it has left, and its gateway knows" eventually 30 has smag ""
is "which has said what it listened to" "$(of smag mag.subscription.told)" 1
radio_on if1 pmag
works "it is back" c pmag attach dev acc lladdr $IF1_LL
works "where it is known what it listens to" eventually 30 has pmag "$GROUP exclude"
is "nobody was asked" "$(of lma 'lma.subscription["query-tx"]')" "$asked"
is "the node has said nothing" "$(of pmag mag.mld.reports)" "$said"
send_group 100
nap 0.3
kill $listener
wait $listener || bad "flow ended with status $?"
listener=''
is "each packet once, at either gateway" \
	"$(awk '$1 == "R" { n++; k[$2] = 1 } END { print n + 0, length(k) }' "$TMP/mn.flow")" "200 100"
is "no wrong message, no refusal of the kernel" \
	"$(for n in lma pmag smag; do
		c $n -j stats | jq -r '[.controller.io["netlink-errors"],
			.controller.io["mld-tx-failed"], .controller.io["mh-malformed"]] | join(" ")'
	done | paste -sd ' ')" "0 0 0 0 0 0 0 0 0"
