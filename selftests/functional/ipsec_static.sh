#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gateways that require IPsec of each other, with keys of a file: all that they say is in
# ESP, and what is not is dropped and counted.
#
# Shows: RFC 5213 §4: "IPsec Encapsulating Security Payload (ESP) [RFC4303] in transport
# mode with mandatory integrity protection SHOULD be used for protecting the signaling
# messages."
# Shows: draft: flow mobility §8: its SPD-S and SAD, for each type of message
# Shows: RFC 5213 §4: the mobile node's "tunneled data traffic", where it is to be protected
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/ipsec.inc"
MORE_CONF='require-ipsec = true;' CAPTURE=no
ctl_topo
trap ctl_end EXIT
ipsec_capture

key() { printf '%064x' "$((0x5213 + $1))"; }
(umask 077 && here > "$TMP/keys" <<-EOT)
$PMAG $LMA 0x1001 $(key 1)
$LMA $PMAG 0x1002 $(key 2)
$SMAG $LMA 0x1003 $(key 3)
$LMA $SMAG 0x1004 $(key 4) $(key 5)
$PMAG $SMAG 0x1005 $(key 6)
$SMAG $PMAG 0x1006 $(key 7)
EOT
# lines WORD...: all gateways, as ip-xfrm(8) has them
lines() {
	local n addr
	for n in lma pmag smag; do
		addr=${n^^}
		in_ns $n pmipctl ipsec lines local "${!addr}" keys "$TMP/keys" "$@" > "$TMP/$n.lines" ||
			die "no lines"
		works "the lines ($*) are taken by the $n" ip -n $n -batch "$TMP/$n.lines"
	done
}
lines
ctl_start lma pmag smag

ipsec_attach
is "each of a type has its policy" "$(ip -n lma xfrm policy list dir in src $PMAG |
	grep -cE 'proto (135|mobility-header) type (5|6|242|243) ')" 4


# RFC 5213 §4: "the use of IPsec for protecting a mobile node's data traffic is optional."
clear=$(ipsec_seen 'ip6 proto 41')
if [ "$clear" -gt 0 ]; then ok "the tunnel is in the clear"; else bad "no tunnel is seen"; fi
lines delete
lines all data
protected=$(ipsec_seen 'ip6 proto 50')
works "the node is reached by a tunnel under ESP" ping_mn
within "whose packets are seen" "$(ipsec_seen 'ip6 proto 50')" $((protected + 6)) 1000
is "and none is in the clear" "$(ipsec_seen 'ip6 proto 41')" "$clear"
