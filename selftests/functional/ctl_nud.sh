#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The node goes without a word, and no carrier is lost: probing finds out, the
# traffic takes the SMAG, and the LMA hears of it.
#
# Timeout: 90
# Shows: RFC 5213 §6.13: "detecting the mobile node's departure", by RFC 4861 §7.3
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
MAG_CONF='probe-ms = 1000;'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both
ip -6 -n mn route del default via $MAG_LLA dev if1
nap 3
lma_has $PMAG && ok "a node that answers stays" || bad "$(c lma session show)"
works "ping by the PMAG" ping_mn

ip -n air link set if1 nomaster
is "no carrier is lost" "$(has_carrier pmag acc && has_carrier mn if1 && echo none)" none
in_ns cn ping -6 -n -i 0.1 -c 100 $MN > "$TMP/ping" 2>&1 &
ping=$!
departed() { ! lma_has $PMAG; }
eventually 12 departed && ok "its departure is found out" || bad "$(c lma session show)"
lma_has $SMAG && ok "the SMAG's entry stays" || bad "$(c lma session show)"
wait $ping
last=$(grep -o 'icmp_seq=[0-9]*' "$TMP/ping" | tail -n 1)
is "the traffic has been redirected" "$last" icmp_seq=100
works "ping by the SMAG" ping_mn

# Put there by the operator, it has solicited nothing: its address is guessed
ip -n air link set if1 master b-pmag
c pmag attach dev acc lladdr $IF1_LL > "$TMP/out" 2>&1 || bad "attach: $(cat "$TMP/out")"
eventually 8 lma_has $PMAG && ok "attached by the operator" || bad "$(c pmag session show)"
answers() {
	ip -6 -n pmag neigh show dev acc | grep -q "^fe80::ff:fe00:101 lladdr $IF1_LL.* REACHABLE"
}
eventually 12 answers && ok "it answers at the address that is guessed" ||
	bad "$(ip -6 -n pmag neigh show dev acc)"
lma_has $PMAG && ok "and stays" || bad "$(c lma session show)"
ip -n air link set if1 nomaster
eventually 12 departed && ok "its departure is found out" || bad "$(c lma session show)"
