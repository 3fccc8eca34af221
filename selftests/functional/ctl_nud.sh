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
# Three solicitations in vain (RFC 4861 §7.3.3) are sooner over than by default
in_ns pmag bash -c 'echo 500 > /proc/sys/net/ipv6/neigh/acc/retrans_time_ms'
ctl_start lma pmag smag
attach_both
ip -6 -n mn route del default via $MAG_LLA dev if1
nap 2.5
lma_has $PMAG && ok "a node that answers stays" || bad "$(c lma session show)"
works "ping by the PMAG" ping_mn

ip -n air link set if1 nomaster
is "no carrier is lost" "$(has_carrier pmag acc && has_carrier mn if1 && echo none)" none
nsenter --net=/run/netns/cn ping -6 -n -i 0.1 -w 60 $MN > "$TMP/ping" 2>&1 &
ping=$!
departed() { ! lma_has $PMAG; }
eventually 20 departed && ok "its departure is found out" || bad "$(c lma session show)"
lma_has $SMAG && ok "the SMAG's entry stays" || bad "$(c lma session show)"
answered() { grep -c icmp_seq= "$TMP/ping"; }
before=$(answered)
goes_on() { [ "$(answered)" -ge $((before + 5)) ]; }
eventually 8 goes_on && ok "the traffic has been redirected" || bad "ping: $(tail -n 3 "$TMP/ping")"
kill $ping
wait $ping 2> /dev/null
works "ping by the SMAG" ping_mn

# Put there by the operator, it has solicited nothing: its address is guessed
ip -n air link set if1 master b-pmag
c pmag attach dev acc lladdr $IF1_LL > "$TMP/out" 2>&1 || bad "attach: $(cat "$TMP/out")"
eventually 15 lma_has $PMAG && ok "attached by the operator" || bad "$(c pmag session show)"
answers() {
	ip -6 -n pmag neigh show dev acc | grep -q "^fe80::ff:fe00:101 lladdr $IF1_LL.* REACHABLE"
}
eventually 20 answers && ok "it answers at the address that is guessed" ||
	bad "$(ip -6 -n pmag neigh show dev acc)"
lma_has $PMAG && ok "and stays" || bad "$(c lma session show)"
ip -n air link set if1 nomaster
eventually 20 departed && ok "its departure is found out" || bad "$(c lma session show)"
