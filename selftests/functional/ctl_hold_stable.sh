#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gateways that are seamless and hold as well: one policy for both.
#
# Timeout: 90
# Shows: draft: seamless handover §4.3: where another gateway of the node is known,
# packets are redirected to it, and none is held; draft: fault tolerant multihoming §3.2
# where that gateway is dead: they wait.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
MAG_CONF='probe-ms = 0; hold = true;'
LMA_CONF='timestamp-window-ms = 600000;'
MORE_CONF='hold = { age-ms = 30000; };'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both
is "a tunnel is better than to wait" "$(q pmag binding '.[0].paths | map(.kind) | @csv')" \
	'"link","tunnel","hold"'

kill -STOP "${PMIPD[pmag]}"
radio_off if1
watch -n 3 -l mn:if2 -s cn:eth0 "$(down)" -c 3
is "redirected" "$(count 'mn:if2 in')" 3
is "nothing is held" "$(hold pmag held) $(hold pmag packets)" "0 0"
kill -CONT "${PMIPD[pmag]}"
deregistered() { ! lma_has $PMAG && lma_has $SMAG; }
eventually 15 deregistered && ok "the LMA knows" || bad "$(c lma session show)"
watch -n 3 -l mn:if2 -s cn:eth0 "$(down)" -c 3
is "and sends by the SMAG" "$(count 'mn:if2 in')" 3
is "nothing was held, and nothing came back" "$(hold pmag held) $(hold lma accepted)" "0 0"

radio_on if1
attach if1
eventually 20 associated pmag || ctl_die "no association at the PMAG"
# the younger one: make it the only one that packets could be redirected from
kill -STOP "${PMIPD[smag]}" "${PMIPD[lma]}"
ctl smag tunnel set id "$(q smag tunnel "map(select(.remote == \"$PMAG\")) | .[0].id")" state down
radio_off if2
send 3
is "where the other gateway is dead they wait" "$(hold smag packets)" 3
listen 3 if1
kill -CONT "${PMIPD[smag]}" "${PMIPD[lma]}"
wait $LISTENER
is "and arrive by way of the LMA" "$(grep -c "ip.dst=$MN_SINK" "$TMP/back") $(hold smag returned) \
$(hold lma accepted)" "3 3 3"
