#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Bindings revoked by either end, between real daemons and by strangers; what is said
# is in a capture that tshark reads as the project's own codec does.
#
# Timeout: 120
# Shows: RFC 5846 §3.1: "communicate to [...] another mobility node the identity of the
# mobile node registration binding that is being terminated"
# Shows: RFC 5846 §5.1, §5.2: every field, by a second reader
set -u
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/agree.inc"
command -v tshark > /dev/null || skip "needs tshark"
topo
configure "revocation = { handover = true; bulk = ( { mag = \"$MAG\"; identity = \"mag1@example.org\"; } ); };" \
	'revocation = { identity = "mag1@example.org"; };'

: > "$tmp/tcpdump"
nsenter --net="/run/netns/${NS[core]}" tcpdump -i br0 --immediate-mode -U -w "$tmp/pcap" 'ip6 proto 135' 2> "$tmp/tcpdump" &
dump=$!
eventually 5 grep -q 'listening on' "$tmp/tcpdump" || die "tcpdump: $(cat "$tmp/tcpdump")"
start lma
start mag

ctl() { pmipctl -s "$tmp/$1.sock" "${@:2}" 2>&1; } # NAME WORDS
no_attachment() { [ "$(sessions mag)" = '[]' ]; }
gone() { eventually 5 no_session && eventually 5 no_attachment; }
of_mn1() { sessions lma | jq -r '.[] | select(."mn-id" == "mn1@example.org") | .hnp[0]'; }

# ---- a session ----
serves "a node is attached"
is "session revoke" "$(ctl lma session revoke mn-id mn1@example.org reason user)" 'revoking 1'
if gone; then ok "both ends have forgotten it"; else bad "$(sessions lma) $(sessions mag)"; fi
is "the MAG counts it" "$(stat_of mag .mag.revoked)" "$(stat_of lma .lma.revoked)"
is "nothing was refused" "$(stat_of lma '.lma.revocation."bra-refused"')" 0
has "nobody to revoke" "$(ctl lma session revoke mn-id mn1@example.org)" 'there is no such binding'
has "an anchor's affair" "$(ctl mag session revoke mn-id mn1@example.org)" 'this gateway is no LMA'
has "a reason that is none" "$(ctl lma session revoke mn-id mn1@example.org reason why)" \
	'reason is unknown'

serves "attached again"
is "by prefix, gateway and BID" "$(ctl lma session revoke mn-id mn1@example.org \
	proxy-coa $MAG bid "$(sessions lma | jq '.[0].bid')" hnp "$(of_mn1)")" 'revoking 1'
if gone; then ok "and gone"; else bad "$(sessions lma) $(sessions mag)"; fi
serves "attached again"
is "a handover that was none" "$(ctl lma session revoke mn-id mn1@example.org \
	reason handover-unknown)" 'revoking 1'
refused() { [ "$(stat_of lma '.lma.revocation."bra-refused"')" = 1 ]; }
if eventually 5 refused && has_session; then ok "132: it is still there"; else bad "$(sessions lma)"; fi

# ---- all of a gateway, by either end ----
is "peer revoke at the anchor" "$(ctl lma peer revoke $MAG)" 'revoking 1'
if gone; then ok "and gone"; else bad "$(sessions lma) $(sessions mag)"; fi
serves "attached again"
is "a realm" "$(ctl lma peer revoke $MAG realm example.org)" 'revoking 1'
if gone; then ok "and gone"; else bad "$(sessions lma) $(sessions mag)"; fi
serves "attached again"
is "peer revoke at the MAG" "$(ctl mag peer revoke $LMA)" 'revoking 1'
if gone; then ok "and gone"; else bad "$(sessions lma) $(sessions mag)"; fi
has "a stranger" "$(ctl lma peer revoke $EVIL)" 'there is no such binding'
has "no address" "$(ctl lma peer revoke mag)" 'is not an IPv6 address'

# ---- a gateway that does not answer: the other MAG's address, behind which nobody is ----
send $MAG2 $LMA pbu seq=1 flags=0x8200 lifetime=100 mn-id=mn6@example.org hnp=::/0 hi=1 att=4 \
	llid=02:00:00:00:00:06 timestamp=0 > "$tmp/pba"
has "a node of the other MAG" "$(sessions lma)" '"proxy-coa":"'$MAG2'"'
before=$(stat_of lma '.lma.revocation."bri-tx"')
is "revoked" "$(ctl lma session revoke mn-id mn6@example.org)" 'revoking 1'
has "it waits" "$(sessions lma)" '"state":"revoking"'
if eventually 8 no_session; then ok "silence ends it, too"; else bad "$(sessions lma)"; fi
is "after one repetition" $(($(stat_of lma '.lma.revocation."bri-tx"') - before)) 2

# ---- what is refused ----
answer() { jq -r '"\(.kind) \(.status)"'; }
br() { send "$1" "$2" bri seq="$3" "${@:4}" | answer; } # SRC DST SEQ WORDS
is "no binding" "$(br $MAG2 $LMA 1 flags=0x8000 trigger=1 mn-id=mn1@example.org)" 'BRA 128'
is "V without an address" "$(br $MAG2 $LMA 2 flags=0xc000 trigger=5 mn-id=mn1@example.org)" 'BRA 129'
is "V with one" "$(br $MAG2 $LMA 3 flags=0xc000 trigger=5 mn-id=mn1@example.org ipv4=192.0.2.1)" \
	'BRA 128'
is "bulk without the right" "$(br $MAG2 $LMA 4 flags=0xa000 trigger=128 mn-id=mag1@example.org)" \
	'BRA 130'
is "no identity" "$(br $MAG2 $LMA 5 flags=0x8000 trigger=1)" 'BRA 131'
is "a reserved trigger" "$(br $MAG2 $LMA 6 flags=0x8000 trigger=200 mn-id=mn1@example.org)" 'BRA 133'
is "G and one node's trigger" "$(br $MAG2 $LMA 7 flags=0xa000 trigger=1 mn-id=mn1@example.org)" \
	'BRA 134'
is "not a proxy's" "$(br $MAG2 $LMA 8 flags=0 trigger=1 mn-id=mn1@example.org)" 'BRA 134'
silent "from who is no gateway" $EVIL $LMA bri seq=9 flags=0x8000 trigger=1 mn-id=mn1@example.org
serves "attached again"
is "another's binding" "$(br $MAG2 $LMA 10 flags=0x8000 trigger=1 mn-id=mn1@example.org)" 'BRA 128'
if has_session; then ok "stays"; else bad "$(sessions lma)"; fi
still_there lma
still_there mag

kill $dump
wait $dump 2> /dev/null
read_capture "$tmp/pcap" "$tmp" || bad "$(cat "$tmp/err")"
is "all kinds of messages are in the capture" "$(kinds_missing "$tmp" PBU PBA BRI BRA)" ''
is "all triggers that were meant" \
	"$(jq -r 'select(.kind == "BRI" and .from == "'$LMA'") | .trigger' "$tmp/ours" | sort -nu |
		paste -sd' ')" '1 4 5 128 129'
if disagreement "$tmp" > "$tmp/diff"; then
	ok "tshark agrees on every field of $(wc -l < "$tmp/b") messages"
else
	bad "ours (<) and tshark's (>): $(head -n 20 "$tmp/diff")"
fi
[ "$FAILED" = 0 ]
