#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The daemon of a gateway that holds packets is killed between the node's departure and
# the anchor's word about it: before the deregistration, after it, and while the node
# comes back.  The next daemon finds in its kernel what waits, asks the anchor, and sends
# it back, or on to the node; and with heartbeats, by which the anchor hears of it first.
#
# Timeout: 150
# Shows: draft: fault tolerant multihoming §3.2 (2) to (7): "MAG1 begins to cache the data
# for MN", "MAG1 sends the DeReg PBU", "MAG1 sends the cached data to LMA" across a restart
# of MAG1's controller; the netlink contract: the kernel outlives the daemon
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
MAG_CONF='probe-ms = 0; seamless = false; hold = true;'
LMA_CONF='return-ms = 5000; timestamp-window-ms = 600000;'
# However slow the machine
MORE_CONF='hold = { age-ms = 30000; };'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag

restart() { # the PMAG's daemon, at once
	kill -9 "${PMIPD[pmag]}"
	eventually 2 ctl_gone pmag
	ctl_start pmag
}
paths() { q pmag binding ".[] | select(.prefix == \"$HNP\") | .paths | map(.kind) | @csv"; }
only_held() { [ "$(paths)" = '"hold"' ]; }
no_session() { [ "$(c pmag -j session show | jq '.mag | length')" = 0 ]; }

# lose WHEN: the anchor sleeps meanwhile, and has not heard of the departure
lose() {
	local before

	before=$(hold pmag returned)
	kill -STOP "${PMIPD[lma]}"
	radio_off if1
	send 5
	is "$1: held" "$(hold pmag packets)" 5
	if [ "$1" = later ]; then
		eventually 5 only_held || bad "$(c pmag binding show)"
	fi
	restart
	is "still held by the kernel" "$(hold pmag packets)" 5
	listen 5 if2
	kill -CONT "${PMIPD[lma]}"
	works "it goes back" eventually 20 holds pmag 0
	wait "$LISTENER"
	is "and arrives by IF2" "$(grep -c "ip.dst=$MN_SINK" "$TMP/back")" 5
	is "none was lost" "$(($(hold pmag returned) - before)) $(hold pmag expired) \
$(hold pmag dropped) $(drops lma tunnel-source-spoofed)" "5 0 0 0"
	eventually 15 no_session && ok "the session ends" || bad "$(c pmag session show)"
	is "and the binding" "$(q pmag binding length)" 0
	radio_on if1
}

lma_left() { ! lma_has "$1"; } # ADDRESS
# The older attachment has the traffic: that of IF1
both() {
	attach if1
	radio_off if2
	eventually 15 lma_left $SMAG || bad "$(c lma session show)"
	radio_on if2
	attach if2
	eventually 15 lma_has $PMAG || bad "$(c lma session show)"
}

both
lose at-once
both
lose later

# The node is back before the anchor answers
both
kill -STOP "${PMIPD[lma]}"
radio_off if1
send 5
eventually 5 only_held || bad "$(c pmag binding show)"
restart
listen 5 if1
radio_on if1
registering() { [ "$(c pmag -j session show | jq -r '.mag[0].state')" = registering ]; }
for ((i = 0; i < 3; i++)); do
	solicit if1
	eventually 2 registering && break
done
wait "$LISTENER"
is "a node that is back gets it" "$(grep -c "ip.dst=$MN_SINK" "$TMP/back") $(hold pmag packets)" \
	"5 0"
kill -CONT "${PMIPD[lma]}"
eventually 15 mag_has pmag && ok "and is served" || bad "$(c pmag session show)"
is "as one session" "$(c pmag -j session show | jq '.mag | length')" 1

# With heartbeats the anchor hears of the restart, too
ctl_stop pmag smag lma
HEARTBEAT='interval-ms = 1000; missing-allowed = 30;'
for n in lma pmag smag; do ctl_conf $n > "$TMP/$n.conf"; done
ctl_start lma pmag smag
both
counter() { q lma peer ".[] | select(.remote == \"$PMAG\") | .\"restart-counter\""; }
known() { [ "$(counter)" = "$(< "$TMP/pmag/restart-counter")" ]; }
eventually 15 known || bad "$(c lma peer show)"
lose later
eventually 15 known && ok "the restart is heard of" || bad "$(c lma peer show)"
