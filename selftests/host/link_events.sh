#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Attachment by link events alone: no solicitation, no operator.  The link of a lone
# node comes, goes and comes back, loses and finds its carrier, is renamed, removed
# and made anew; the anchor's cache follows each time.
#
# Shows: RFC 5213 §6.4: "link-layer [...] attachment" is one of the ways to notice a
# node, §6.13 its departure; pmipd.conf(5): attach-on-carrier
set -u
source "$(dirname "$0")/lib.sh"
topo
configure
sed -i 's/name = "acc"; att = "802.11";/name = "acc"; att = "802.3";\
	attach-on-carrier = { mn-id = "mn1@example.org"; lladdr = "'$IF1_LL'"; };/' "$tmp/mag.conf"
in_ns mn bash -c 'echo 0 > /proc/sys/net/ipv6/conf/if1/router_solicitations'
pmipd --check -f "$tmp/mag.conf" || die "the configuration is refused"
start lma
start mag

is "a link without carrier: no session" "$(sessions mag)" '[]'
attached() { eventually 6 has_session && eventually 6 registered && ok "$1" || bad "$1: $(sessions mag)"; }
left() { eventually 6 no_session && ok "$1" || bad "$1: $(sessions lma)"; }
ip -n "${NS[mn]}" link set if1 up
attached "carrier comes: attached"
has "as who the configuration says" "$(sessions mag)" '"mn-id":"mn1@example.org"' \
	"\"lladdr\":\"$IF1_LL\"" '"dev":"acc"' '"att":3'
hnp=$(sessions mag | jq -c '.[0].hnp')
is "nobody has solicited" "$(stat_of mag '.mag["rs-rx"]')" 0
ip -n "${NS[mn]}" link set if1 down
left "carrier goes: deregistered"
ip -n "${NS[mn]}" link set if1 up
attached "carrier is back: attached again"
ip -n "${NS[mag]}" link set acc down
left "the operator sets the link down: deregistered"
ip -n "${NS[mag]}" link set acc up
attached "and up: attached"
ip -n "${NS[mag]}" link set acc down
ip -n "${NS[mag]}" link set acc name other
ip -n "${NS[mag]}" link set other up
left "a renamed device is no access link"
ip -n "${NS[mag]}" link set other down
ip -n "${NS[mag]}" link set other name acc
ip -n "${NS[mag]}" link set acc up
attached "with its name back it is"
ip -n "${NS[mag]}" link del acc
left "the device is removed: deregistered"
ip -n "${NS[mag]}" link add acc type veth peer name if1 netns "${NS[mn]}"
ip -n "${NS[mag]}" link set acc up
ip -n "${NS[mn]}" link set if1 up
attached "a device of that name comes: attached"
is "by one session" "$(sessions mag | jq length) $(sessions lma | jq length)" "1 1"

# Quicker than anybody can answer
for ((i = 0; i < 20; i++)); do
	ip -n "${NS[mn]}" link set if1 down
	ip -n "${NS[mn]}" link set if1 up
done
attached "after twenty losses in a row it is attached"
eventually 3 false
is "by one session" "$(sessions mag | jq length) $(sessions lma | jq 'map(select(.state == "active")) | length')" \
	"1 1"
[ -n "$hnp" ] || bad "no prefix"
still_there mag
still_there lma
[ "$FAILED" = 0 ]
