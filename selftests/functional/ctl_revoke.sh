#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Bindings that the anchor or a gateway revokes are gone from both kernels; the anchor
# keeps the way to the node's other attachment, and it can attach again.
#
# Timeout: 90
# Shows: RFC 5846 §9.1: the gateway ends the session on the access link; §6.2.2: the
# anchor "MUST delete [...] the mobile node(s) binding(s) and all associated resources"
# Shows: RFC 5846 §9.2: all that a gateway has registered, in one message
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
LMA_CONF='revocation = { bulk = ( { mag = "2001:db8:0:1::/64"; identity = "mag@example.org"; } ); };'
MAG_CONF='revocation = { identity = "mag@example.org"; };'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag

bindings() { [ "$(q "$1" binding length)" = "$2" ]; } # NETNS NUMBER
tunnels() { [ "$(q lma binding '[.[].paths[].kind] | @csv')" = "$1" ]; } # CSV
has_none() { # WHAT NETNS
	eventually 5 bindings "$2" 0 && ok "$1" || bad "$1: $(q "$2" binding .)"
}

attach_both
is "the anchor has both" "$(q lma binding '[.[].paths[].kind] | @csv')" '"tunnel","tunnel"'
is "one is revoked" "$(c lma session revoke mn-id mn@example.org proxy-coa $PMAG)" 'revoking 1'
has_none "its gateway's kernel has no binding" pmag
eventually 5 tunnels '"tunnel"' && ok "the anchor's has the other tunnel alone" ||
	bad "$(q lma binding .)"
is "nor a tunnel" "$(q pmag tunnel length)" 0

attach if1
eventually 5 tunnels '"tunnel","tunnel"' && ok "attached again" || bad "$(q lma binding .)"
is "a gateway's are revoked" "$(c lma peer revoke $SMAG)" 'revoking 1'
has_none "that gateway's kernel has no binding" smag
works "ping by the first" ping_mn

is "a gateway revokes its own" "$(c pmag peer revoke $LMA)" 'revoking 1'
has_none "its kernel has no binding" pmag
eventually 5 bindings lma 0 && ok "nor has the anchor's, after the wait" || bad "$(q lma binding .)"
attach if1
works "and the node comes back" ping_mn
