#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Heartbeats find a MAG that has fallen silent, and the traffic takes the other;
# they find one that has restarted, and what it has forgotten is forgotten.
#
# Timeout: 90
# Shows: RFC 5847 §3.1: "If [...] MISSING_HEARTBEATS_ALLOWED [...] the peer is
# unreachable", §3.2: "the Restart Counter [...] is different"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
HEARTBEAT='interval-ms = 500; missing-allowed = 3;'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both
peer() { q lma peer ".[] | select(.remote == \"$PMAG\") | .$1"; }
alive() { [ "$(peer alive)" = "$1" ]; }
tunnel_is() { [ "$(q lma tunnel ".[] | select(.remote == \"$PMAG\") | .state")" = "$1" ]; }
eventually 5 alive true && ok "the PMAG answers" || bad "$(c lma peer show)"
counter=$(peer '"restart-counter"')

# The node's answers go by IF2, so that the PMAG is of no use to them
ip -6 -n mn route del default via $MAG_LLA dev if1
works "ping by the PMAG" ping_mn
ip -n core link set pmag down
eventually 10 alive false && ok "it is declared dead" || bad "$(c lma peer show)"
eventually 3 tunnel_is down && ok "its tunnel is down" || bad "$(c lma tunnel show)"
works "ping by the SMAG" ping_mn
ip -n core link set pmag up
eventually 10 alive true && ok "it is alive again" || bad "$(c lma peer show)"
eventually 3 tunnel_is up && ok "its tunnel is up" || bad "$(c lma tunnel show)"
works "ping by the PMAG again" ping_mn

kill -9 "${PMIPD[pmag]}"
ctl_start pmag
counted() { [ "$(peer '"restart-counter"')" = $((counter + 1)) ]; }
eventually 5 counted && ok "its restart is heard of" || bad "$(c lma peer show)"
forgotten() { ! lma_has $PMAG; }
eventually 5 forgotten && ok "what it has forgotten is forgotten" || bad "$(c lma session show)"
lma_has $SMAG && ok "the SMAG's entry stays" || bad "$(c lma session show)"
works "ping by the SMAG" ping_mn
solicit if1
back() { lma_has $PMAG; }
eventually 5 back && ok "the node is registered anew" || bad "$(c lma session show)"
