#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What older implementations send: some of it every gateway takes; the rest has
# the RFC's answer, except from peers that the configuration is lenient with.
#
# Shows: RFC 6275 §6.2.1: "in any order"; RFC 5213 §8.4, §8.5: reserved values
# Shows: RFC 6275 §9.2: Header Len that is not the length: a Parameter Problem
# Shows: RFC 5213 §8.9: 153, 155, 156
# Shows: RFC 5213 §6.9.1.2: what is no Proxy Binding Acknowledgement is ignored
set -u
source "$(dirname "$0")/lib.sh"
topo
OLD=$MAG2 OTHER=2001:db8::4
ip -n "${NS[evil]}" addr add $OTHER/64 dev core nodad
wait_address evil $OTHER
configure '' "bindack-ms = 500;"
sed -i "s/mags = \[/mags = [ \"$OTHER\",/" "$tmp/lma.conf"
for n in lma mag; do
	cat >> "$tmp/$n.conf" <<-END
	lenient = ( { peer = "$OLD"; accept = [ "length", "p-flag", "mn-id-padding",
		"timestamp", "prefix-length" ]; } );
	END
done

# ---- the anchor and two gateways ----
MN2=mn-id=mn2@example.org HNP=2001:db8:200:1::
hex() { printf '%s' "$1" | od -An -tx1 -v | tr -d ' \n'; }
seq=100
# pbu SRC WORD...: flags A and P
pbu() {
	local src=$1
	shift
	send "$src" $LMA pbu "seq=$seq" flags=0x8200 lifetime=100 "$@"
}

# both WHAT STRICT-WORD LENIENT-WORD WORD...: leniency is for the one and not the other
both() {
	local what=$1 strict=$2 lenient=$3
	shift 3
	seq=$((seq + 1))
	has "$what: refused" "$(pbu $OTHER "$@")" "$strict"
	has "$what: accepted of the peer that may" "$(pbu $OLD "$@")" '"status":0,' "$lenient"
	has "$what: refused to the other still" "$(pbu $OTHER "$@")" "$strict"
}

start lma
has "it says what it is lenient with" "$(cat "$tmp/lma.log")" "lenient towards $OLD/128: length" \
	"lenient towards $OLD/128: prefix-length"
has "odd alignment, technology 0, an EUI-64, no timestamp, indicator 4: of anyone" \
	"$(pbu $OTHER hnp=::/128 hi=4 att=0 append=00 append="081001$(hex mn2@example.org)" \
		append=190a0000020000fffe000002 append=00 fit)" \
	'"status":0,' '"att":0,' '"hi":4,' '"llid":"02:00:00:ff:fe:00:00:02"' "[\"$HNP/64\"]"

# The header counts whole units of 8 bytes, and the last option ends behind them.
both "a length that is no multiple of 8" '"kind":"parameter-problem","code":0,"pointer":41' \
	'"hi":3,' $MN2 hnp=::/0 att=4 cut=60 append=000017020003 fit
both "an identifier padded with NULs" '"status":153,' '"mn-id":"mn2@example.org\\x00' \
	hnp=::/0 hi=3 att=4 append="084001$(hex mn2@example.org)$(printf '%096d' 0)" \
	append=010400000000 fit
both "a timestamp in the host's byte order" '"status":156,' '"kind":"PBA"' $MN2 hnp=::/0 hi=3 \
	att=4 "timestamp=0x$(printf '%016x' $(($(date +%s) << 16)) | fold -w2 | tac | tr -d '\n')"
both "a prefix length of 128" '"status":155,' "\"hnp\":[\"$HNP/64\"]" $MN2 hnp=$HNP/128 hi=3 att=4
is "one entry came of it all" "$(sessions lma | jq -c '[.[] | [.["mn-id"], .["proxy-coa"]]]')" \
	"[[\"mn2@example.org\",\"$OLD\"]]"
still_there lma
stop lma

# ---- the gateway and two anchors, both played by mhsend ----
cat > "$tmp/policy.conf" <<-END
nodes = ( { mn-id = "mn1@example.org"; lladdrs = [ "$IF1_LL" ]; lma = "$OLD"; },
	{ mn-id = "mn2@example.org"; lladdrs = [ "02:00:00:00:00:02" ]; lma = "$OTHER"; } );
END

# acknowledge ANCHOR FLAGS: the next request that is heard
acknowledge() {
	local p
	p=$(in_ns evil mhsend -w 9000 -s "$1" $MAG raw 3b010d00000000000000000000000000 sum=no)
	[[ $p == *'"kind":"PBU"'*"$1"* || $p == *"$1"*'"kind":"PBU"'* ]] || return 1
	# shellcheck disable=SC2046 # words
	in_ns evil mhsend -w 1 -s "$1" $MAG pba status=0 flags="$2" lifetime=100 hnp=$HNP/64 \
		$(jq -r '"seq=\(.seq) hi=\(.hi) att=\(.att) llid=\(.llid) mn-id=\(.["mn-id"])"' \
			<<< "$p") > /dev/null
}

# state ANCHOR: of the session with it
state() { sessions mag | jq -r --arg a "$1" '.[] | select(.lma == $a) | .state'; }
active() { [ "$(state "$1")" = active ]; }
served() { active "$1" || { acknowledge "$1" "$2"; active "$1"; }; }
ignored() { acknowledge $OTHER 0 && [ "$(stat_of mag .mag.stray)" -gt 0 ]; }

start mag
attach 02:00:00:00:00:02 > "$tmp/attach"
eventually 20 ignored || bad "no request was heard, or its answer was not ignored"
is "an acknowledgement without the P flag is ignored" "$(state $OTHER)" registering
if eventually 20 served $OTHER 0x20; then ok "one with it is not"; else
	bad "not served: $(sessions mag)"
fi
attach $IF1_LL > "$tmp/attach"
if eventually 20 served $OLD 0; then ok "without it from the anchor that may"; else
	bad "not served: $(sessions mag)"
fi
is "and both are served" "$(state $OTHER) $(state $OLD)" "active active"
still_there mag
[ "$FAILED" = 0 ]
