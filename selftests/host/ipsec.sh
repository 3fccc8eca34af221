#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gateways that have to protect their messages, and do not: nothing of theirs is taken, and
# nothing is sent to them.  This host's kernel need not have ESP.
#
# Shows: RFC 5213 §4: "The signaling messages, Proxy Binding Update, and Proxy Binding
# Acknowledgement, [...] MUST be protected using end-to-end security association(s) offering
# integrity and data origin authentication."
set -u
source "$(dirname "$0")/lib.sh"
topo
ip -n "${NS[lma]}" xfrm policy > "$tmp/xfrm" 2>&1 || skip "no xfrm: $(cat "$tmp/xfrm")"
configure
for n in lma mag; do
	cat >> "$tmp/$n.conf" <<-END
	require-ipsec = true;
	gateways = ( { peer = "2001:db8::/64"; require-ipsec = true; },
		{ peer = "$MAG2"; require-ipsec = false; } );
	END
done
ours() { ip -n "${NS[$1]}" xfrm policy | grep -c 'action block'; }
refused() { stat_of lma '.io["mh-unprotected"]'; }
counted() { [ "$(refused)" = "$1" ]; }
start lma
is "an anchor has the last word on what leaves" "$(ours lma)" 2

ALL='hnp=::/0 hi=1 att=4 timestamp=0 mn-id=mn1@example.org'
# shellcheck disable=SC2086 # a list
{
silent "a request in the clear" $MAG $LMA pbu seq=1 flags=0x8200 lifetime=9 $ALL
silent "one that is broken" $MAG $LMA raw 3b000500000000000000000000000000
silent "of an unknown type" $EVIL $LMA raw 3b016300000000000000000000000000
silent "a heartbeat" $EVIL $LMA heartbeat seq=7
if eventually 5 counted 4; then ok "all are counted"; else bad "counted: $(refused)"; fi
is "by their senders" "$(daemon lma peer-show | jq -c --arg m $MAG '.result[] |
	select(.remote == $m) | [.["require-ipsec"], .unprotected]')" '[true,2]'
has "and the log says so" "$(cat "$tmp/lma.log")" "$MAG: 1 messages dropped that no IPsec"
is "nobody is registered" "$(sessions lma)" '[]'
has "another gateway need not" "$(send $MAG2 $LMA pbu seq=1 flags=0x8200 lifetime=9 $ALL)" \
	'"status":0,'
}

start mag
attach $IF1_LL > "$tmp/attach"
unsent() { [ "$(stat_of mag '.io["mh-tx-failed"]')" -gt "${1:-0}" ]; }
if eventually 10 unsent; then ok "a request does not leave in the clear"; else
	bad "it left: $(stat_of mag .io)"
fi
has "and the log says why" "$(cat "$tmp/mag.log")" "PBU to $LMA: it would leave without IPsec"

# Whoever removes all policies
back() { [ "$(ours mag)" = 2 ]; }
ip -n "${NS[mag]}" xfrm policy flush
if eventually 5 back; then ok "policies that are removed come back"; else
	bad "there are $(ip -n "${NS[mag]}" xfrm policy)"
fi
failures=$(stat_of mag '.io["mh-tx-failed"]')
if eventually 20 unsent "$failures"; then ok "and still none leaves"; else
	bad "it left: $(stat_of mag .io)"
fi
is "nor has one come" "$(refused)" 4

still_there lma
stop mag
stop lma
is "they end with the daemon" "$(ours lma) $(ours mag)" "0 0"

# One that is killed leaves them, and one of which nothing is demanded takes them away
start lma
kill -KILL "${PID[lma]}"
wait "${PID[lma]}" 2> /dev/null
unset "PID[lma]"
is "a killed one leaves them" "$(ours lma)" 2
sed -i 's/^require-ipsec.*/gateways = ();/; /^gateways = ( {/,$d' "$tmp/lma.conf"
start lma
is "the next one takes them away" "$(ours lma)" 0
stop lma
[ "$FAILED" = 0 ]
