#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The configuration file changes under two daemons with a session: other gateways may
# register, another pool gives prefixes, and whoever is not concerned notices nothing.
#
# Shows: pmipd(8): "The bindings of a gateway that is not among mags any more are revoked";
# RFC 5213 §5.3.1: "is not authorized to send Proxy Binding Update messages"
set -u
source "$(dirname "$0")/lib.sh"
topo
configure
start lma
start mag
serves "a node is served"

of() { # GATEWAY: its entries, without the time that they have left
	sessions lma | jq -c "[.[] | select(.\"proxy-coa\" == \"$1\") | {\"mn-id\", hnp, bid, state}]"
}
register() { # SEQ: another node, by the other gateway; the status
	send $MAG2 $LMA pbu seq="$1" flags=0x8200 lifetime=100 mn-id=mn6@example.org hnp=::/0 \
		hi=1 att=4 timestamp=0 | tee "$tmp/pba" | jq .status
}
change() { sed -i "$2" "$tmp/$1.conf"; } # NAME SED
reload() { pmipctl -s "$tmp/$1.sock" reload 2>&1; } # NAME
before=$(of $MAG)
is "another by the other gateway" "$(register 1)" 0

# ---- what cannot be ----
cp "$tmp/lma.conf" "$tmp/lma.first"
change lma 's/min-delay-before-bce-delete-ms = 100/min-delay-before-bce-delete-ms = 200/'
has "what cannot change is named" "$(reload lma)" \
	"$tmp/lma.conf:5: lma.min-delay-before-bce-delete-ms: cannot change while pmipd runs"
cp "$tmp/lma.first" "$tmp/lma.conf"
change lma 's/mags = /mags = nobody /'
has "and so is a mistake" "$(reload lma)" "$tmp/lma.conf:5: syntax error"
rm "$tmp/lma.conf"
has "and no file" "$(reload lma)" "$tmp/lma.conf:0: cannot be read"
is "nothing has changed" "$(of $MAG)" "$before"
is "nor by the other gateway" "$(of $MAG2 | jq length)" 1

# ---- other pools, and one gateway fewer ----
cp "$tmp/lma.first" "$tmp/lma.conf"
change lma "s|2001:db8:100::/40|2001:db8:900::/40|; s|, \"$MAG2\" \\]| ]|"
is "another pool, and one gateway fewer" "$(reload lma)" ""
revoked() { [ "$(of $MAG2)" = '[]' ]; }
eventually 30 revoked && ok "what that has is revoked" || bad "$(of $MAG2)"
is "it may not register" "$(register 9)" 154
is "the other's session is as it was" "$(of $MAG)" "$before"
has "and goes on" "$(attach $IF1_LL)" '"ok":true'
cp "$tmp/lma.conf" "$tmp/lma.narrow"

# ---- it may again, by a signal ----
change lma "s|mags = \\[ |&\"$MAG2\", |"
kill -HUP "${PID[lma]}"
may() { [ "$(register "$((++seq))")" = 0 ]; }
seq=20
eventually 15 may && ok "it may register again" || bad "$(cat "$tmp/pba")"
is "by a prefix of the other pool" "$(of $MAG2 | jq -r '.[0].hnp[0][0:13]')" 2001:db8:900:
is "the first one's session is as it was" "$(of $MAG)" "$before"

# ---- an access gateway's peers ----
solicits=(shi flags=0x8000 lifetime=100 mn-id=mn1@example.org)
has "a peer solicits" "$(send $MAG2 $MAG "${solicits[@]}" seq=1)" '"status":0'
change mag "s|peers = \\[ \"$MAG2\" \\]|peers = [ \"2001:db8:7::/64\" ]|"
is "it is no peer any more" "$(reload mag)" ""
silent "and is not answered" $MAG2 $MAG "${solicits[@]}" seq=2
change mag "s|name = \"acc\"; att|name = \"acc\"; stack = true; att|"
has "links cannot change" "$(reload mag)" "mag.links: cannot change while pmipd runs"
still_there lma
still_there mag
stop lma
stop mag
[ "$FAILED" = 0 ]
