#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 5000 registrations of one gateway at once, and as many messages of no known type: what is
# beyond the limits is not heard, and the node of another gateway is served meanwhile.
#
# Shows: SECURITY.md: "What one gateway sends too much takes nothing from another"
# Shows: RFC 4443 §2.4 (f): "an IPv6 node MUST limit the rate of ICMPv6 error messages it
# originates"
set -u
source "$(dirname "$0")/lib.sh"
topo
configure
echo 'limits = { pbu = { peer = 20; total = 2000; }; unknown = { peer = 20; }; };' >> "$tmp/lma.conf"
start lma
start mag
serves "the good node is served before"
rss=$(rss_kb lma) lines=$(log_lines lma)

flood() { in_ns evil mhsend -w 0 -r 5000 -s "$@" > "$tmp/flood" 2>&1; }
flood $MAG2 $LMA pbu seq=1 flags=0x8200 lifetime=9 mn-id=mn6@example.org hi=1 att=4 timestamp=0 &
flood=$!
detach $IF1_LL > "$tmp/detach"
if eventually 10 no_session; then ok "the good node can leave"; else bad "it cannot leave"; fi
serves "and is served again"
wait $flood
limited=$(stat_of lma '.io["mh-limited"]') heard=$(stat_of lma '.lma["pbu-rx"]')
if [ "$limited" -gt 1000 ]; then ok "$limited were dropped"; else bad "only $limited dropped"; fi
if [ "$heard" -lt 2000 ]; then ok "$heard were heard"; else bad "$heard were heard"; fi

flood $MAG2 $LMA raw 3b016300000000000000000000000000
errors=$(stat_of lma '.io["be-tx"]')
if [ "$errors" -lt 1000 ]; then ok "$errors errors were sent"; else bad "$errors errors"; fi
more=$(($(stat_of lma '.io["mh-limited"]') - limited))
if [ $more -gt 1000 ]; then ok "$more of no known type were dropped"; else bad "only $more"; fi
lines=$(($(log_lines lma) - lines))
has "the log says who" "$(< "$tmp/lma.log")" "PBU from $MAG2: more in a second than limits has"
if [ $lines -lt $((200 * ${PMIP_SLOW:-1})) ]; then ok "in $lines lines"; else bad "in $lines lines"; fi
grown_less lma "$rss" 1024
still_there lma
detach $IF1_LL > "$tmp/detach"
if eventually 10 no_session; then ok "the good node can leave at last"; else bad "it cannot"; fi
[ "$FAILED" = 0 ]
