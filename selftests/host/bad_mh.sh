#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Messages that no sound gateway sends, to both daemons: the right answer or
# silence, and a good node is served afterwards.
#
# Shows: RFC 6275 §9.2: "the node MUST discard the message [...] Otherwise, the
# node SHOULD send an ICMP Parameter Problem, Code 0, message"
# Shows: RFC 6275 §9.3.3: "Status field set to 2 (unrecognized MH Type value)"
# Shows: RFC 4443 §2.4 (e): no error for multicast or the unspecified address
# Shows: draft: seamless handover §5.2: 129 where the node is not attached
set -u
source "$(dirname "$0")/lib.sh"
topo
configure
start lma
start mag
serves "the good node is served before"

GOOD="flags=0x8200 lifetime=100 mn-id=mn6@example.org hnp=::/0 hi=1 att=4 timestamp=0"
n=0 malformed=0
problem() { echo "{\"kind\":\"parameter-problem\",\"code\":0,\"pointer\":$1,\"from\":\"$LMA\"}"; }
# shellcheck disable=SC2086 # a list
pbu() { ${SEND:-send} $MAG2 $LMA pbu seq=$((++n)) $GOOD "$@"; }

# points WHAT BYTE WORD...: a Parameter Problem that points there
points() {
	local what=$1 byte=$2
	shift 2
	is "$what" "$(pbu "$@")" "$(problem "$byte")"
	malformed=$((malformed + 1))
}

# ignored WHAT WORD...: silence, and counted as malformed
ignored() {
	local what=$1
	shift
	is "$what" "$(SEND=quiet pbu "$@")" silence
	malformed=$((malformed + 1))
}

# ---- the header ----
is "a wrong checksum: silence" "$(SEND=quiet pbu sum=no patch=4:dead)" silence
is "counted" "$(stat_of lma .io.\"mh-checksum\")" 1
for len in 0 1 5; do
	is "$len bytes: silence" "$(SEND=quiet pbu cut=$len)" silence
done
for type in 0 1 99 239 255; do
	has "type $type: Binding Error 2" \
		"$(send $MAG2 $LMA raw "$(printf '3b01%02x00' $type)000000000000000000000000")" \
		'"kind":"Binding Error"' '"status":2' '"home":"::"'
done
is "counted" "$(stat_of lma .io.\"be-tx\")" 5
points "payload proto 6" 40 patch=0:06
points "header length below its message's" 41 cut=8 fit
points "header length beyond the packet" 41 patch=1:ff
points "truncated" 41 cut=48
points "truncated after the checksum" 41 cut=6
points "truncated in the fixed part" 41 cut=10
points "bytes beyond the header length" 41 pad=8
points "a length that is no multiple of 8" 41 pad=3
points "longer than any Mobility Header" 41 pad=2600

# ---- the options ----
ignored "an option beyond the end" append=080f000000000000 fit
ignored "an option's first byte alone" append=0105000000000008 fit
ignored "prefix option of length 0" append=1600010400000000 fit
ignored "prefix option of length 17" append=161100000000000000000000000000000000000103000000 fit
ignored "a prefix length of 129" \
	append=0102000016120081200100000000000000000000000000000100 pad=6 fit
ignored "technology option of length 1" append=1801040104000000 fit
ignored "two Mobile Node Identifiers" append=0803017878010100 fit
ignored "two timestamps" append=010000001b080000000000000000010000000000 pad=4 fit
ignored "a timestamp of 7 bytes" append=1b07000000000000000104000000 pad=2 fit
is "counted" "$(stat_of lma .io.\"mh-malformed\")" "$((malformed + 0))"
is "and no entry but the good node's" "$(sessions lma | jq length)" 1

# RFC 5213 §5.3.1: what cannot be had is refused, not ignored
has "nine prefixes: 130" "$(pbu hnp=::/0 hnp=::/0 hnp=::/0 hnp=::/0 hnp=::/0 hnp=::/0 hnp=::/0 \
	append=0102000016120000"$(printf '0%.0s' {1..32})" fit)" '"kind":"PBA"' '"status":130,'
has "an unknown option is skipped" "$(pbu append=c804000000000000 pad=0 fit)" '"status":0,'
# Pad1, then a second prefix option where it may not begin
has "a misaligned option is read" \
	"$(send $MAG2 $LMA pbu seq=$((++n)) flags=0x8200 lifetime=9 hi=1 att=4 timestamp=0 \
		mn-id=mn6@example.org append=0016120000"$(printf '0%.0s' {1..32})"010100 fit)" \
	'"status":0,' '"hnp":["2001:db8:100:'
fill=$(printf '01fd%.0s' 1)$(printf '00%.0s' {1..253})
has "the longest message is read" "$(pbu append="$(printf "$fill%.0s" {1..7})" \
	append=01"$(printf '%02x' 143)""$(printf '00%.0s' {1..143})" cut=2048 patch=1:ff)" '"kind":'

# ---- who is answered ----
for src in :: ff02::1 ::1; do
	silent "from $src" $src $LMA raw 3b016300000000000000000000000000
	# shellcheck disable=SC2086 # a list
	silent "a request from $src" $src $LMA pbu seq=1 $GOOD
	silent "a broken one from $src" $src $LMA raw 06010500000000000000000000000000
done
before=$(stat_of lma .io.\"mh-tx\")
for dst in ff02::1 ff02::1%core; do
	silent "to $dst" $MAG2 "${dst%%%*}" raw 3b016300000000000000000000000000
done
is "nothing has left but two answers to heartbeats" "$(stat_of lma .io.\"mh-tx\")" $((before + 2))

in_ns evil mhsend -w 600 -a 1000 -r 500 -s $EVIL $LMA raw 3b016300000000000000000000000000 \
	> "$tmp/flood"
answers=$(grep -c 'Binding Error' "$tmp/flood")
if ((answers >= 1 && answers <= 150)); then
	ok "500 of an unknown type at once: $answers answers"
else
	bad "500 of an unknown type at once: $answers answers"
fi

# ---- replies to nobody ----
MN1=mn-id=mn1@example.org
before=$(stat_of mag .mag.stray)
silent "a PBA that nobody waits for" $LMA $MAG pba seq=7 status=0 flags=0x20 lifetime=9 $MN1 \
	hnp=2001:db8:bad::/64 hi=1 att=4
silent "a PBA of a stranger" $EVIL $MAG pba seq=7 status=0 flags=0x20 lifetime=9 $MN1 \
	hnp=2001:db8:bad::/64 hi=1 att=4
silent "a PBA for nobody" $LMA $MAG pba seq=7 status=0 flags=0x20 lifetime=9 \
	mn-id=who@example.org hnp=2001:db8:bad::/64 hi=1 att=4
silent "an SHAck that nobody waits for" $MAG2 $MAG shack seq=7 status=0 lifetime=9 $MN1
is "the four are counted" "$(($(stat_of mag .mag.stray) - before))" 4
has "the session is as it was" "$(sessions mag)" '"state":"active"' '"peers":[]' '"hnp":["2001:db8:100:'
for kind in 'pba status=0' shack; do
	# shellcheck disable=SC2086 # a list
	silent "to the anchor: ${kind% *}" $MAG2 $LMA $kind seq=7 lifetime=9 $MN1
done
silent "a PBU to a MAG" $LMA $MAG pbu seq=7 flags=0x8200 lifetime=9 $MN1 hnp=::/0 hi=1 att=4
silent "a Binding Error out of the blue" $MAG2 $MAG be status=2
silent "a heartbeat answer to nobody" $MAG2 $MAG heartbeat seq=9 flags=1 restart=5
has "SHI for an unknown node: 129" \
	"$(send $MAG2 $MAG shi seq=77 flags=0x8000 lifetime=9 mn-id=who@example.org)" \
	'"kind":"SHAck"' '"seq":77' '"status":129' '"lifetime":0'
has "SHI for a node that is not attached: 129" \
	"$(send $MAG2 $MAG shi seq=78 flags=0x8000 lifetime=9 mn-id=mn2@example.org)" '"status":129'
has "SHI for nobody: 128" "$(send $MAG2 $MAG shi seq=79 flags=0x8000 lifetime=9)" '"status":128'
silent "SHI that wants no answer" $MAG2 $MAG shi seq=80 flags=0 lifetime=9 mn-id=who@example.org
silent "SHI of a stranger" $EVIL $MAG shi seq=81 flags=0x8000 lifetime=9 $MN1
is "no association came of it" "$(sessions mag | jq -c '.[0].peers')" '[]'

# ---- bytes at random ----
RANDOM=4711
lines=$(($(log_lines lma) + $(log_lines mag)))
# shellcheck disable=SC2086 # a list
for ((i = 0; i < 150; i++)); do
	patch=$(printf 'patch=%d:%02x%02x' $((RANDOM % 78)) $((RANDOM % 256)) $((RANDOM % 256)))
	in_ns evil mhsend -w 0 -s $MAG2 $LMA pbu seq=$((++n)) $GOOD "$patch" > /dev/null
	in_ns evil mhsend -w 0 -s $MAG2 $MAG shi seq=$n flags=0x8000 lifetime=9 \
		mn-id=wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww@w \
		"$patch" > /dev/null
done
lines=$(($(log_lines lma) + $(log_lines mag) - lines))
if [ "$lines" -lt 200 ]; then ok "300 random ones: $lines log lines"; else
	bad "300 random ones: $lines log lines"
fi

still_there lma
still_there mag
detach $IF1_LL > /dev/null
gone() { [[ $(sessions lma) != *'"'$MAG'"'*active* ]]; }
eventually 4 gone || bad "the good node cannot leave"
serves "the good node is served after"
[ "$FAILED" = 0 ]
