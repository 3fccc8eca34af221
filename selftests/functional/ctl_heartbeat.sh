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
eventually 15 alive true && ok "the PMAG answers" || bad "$(c lma peer show)"
counter=$(peer '"restart-counter"')

# The node's answers go by IF2, so that the PMAG is of no use to them
ip -6 -n mn route del default via $MAG_LLA dev if1
works "ping by the PMAG" ping_mn
ip -n core link set pmag down
eventually 20 alive false && ok "it is declared dead" || bad "$(c lma peer show)"
eventually 15 tunnel_is down && ok "its tunnel is down" || bad "$(c lma tunnel show)"
works "ping by the SMAG" ping_mn
ip -n core link set pmag up
eventually 20 alive true && ok "it is alive again" || bad "$(c lma peer show)"
eventually 15 tunnel_is up && ok "its tunnel is up" || bad "$(c lma tunnel show)"
works "ping by the PMAG again" ping_mn

# The node leaves in between, or the next daemon would find it where it was
kill -9 "${PMIPD[pmag]}"
radio_off if1
ctl_start pmag
counted() { [ "$(peer '"restart-counter"')" = $((counter + 1)) ]; }
eventually 15 counted && ok "its restart is heard of" || bad "$(c lma peer show)"
forgotten() { ! lma_has $PMAG; }
eventually 15 forgotten && ok "what it has forgotten is forgotten" || bad "$(c lma session show)"
lma_has $SMAG && ok "the SMAG's entry stays" || bad "$(c lma session show)"
works "ping by the SMAG" ping_mn
radio_on if1
attach if1
eventually 15 lma_has $PMAG && ok "the node is registered anew" || bad "$(c lma session show)"
