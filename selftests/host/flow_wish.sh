#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A node that decides itself wants flows by an interface at one gateway: two daemons
# agree about them in registrations alone, and where the anchor decides it says no.
#
# Shows: draft: flow mobility §3.2.2: "The MAG MAY also include the Flow Identification
# Mobility option in the PBU message that it sends to the LMA"
# Shows: RFC 6088 §3.1: selectors of IPv4 packets, with ranges
set -u
source "$(dirname "$0")/lib.sh"
topo
configure
policy() { # GATEWAY WHO DECIDES ABOUT mn2
	sed -i "s|policy.conf|$1-policy.conf|" "$tmp/$1.conf"
	cat > "$tmp/$1-policy.conf" <<-END
	nodes = (
		{ mn-id = "mn1@example.org"; lladdrs = [ "$IF1_LL" ]; multihoming = "different";
		  decides = "node"; },
		{ mn-id = "mn2@example.org"; lladdrs = [ "02:00:00:00:00:02" ];
		  multihoming = "different"; decides = "$2"; },
		{ mn-id = "mn3@example.org"; lladdrs = [ "02:00:00:00:00:03" ];
		  multihoming = "shared"; }
	);
	END
}
policy lma lma
policy mag node
start lma
start mag

# wish COMMAND...: at the access gateway
wish() { pmipctl -s "$tmp/mag.sock" flow "$@" 2>&1; }
# at GATEWAY NODE JQ-EXPRESSION: true of the flows that it shows
at() {
	pmipctl -j -s "$tmp/$1.sock" flow show mn-id "$2@example.org" | jq -e "$3" > /dev/null
}
shown() { pmipctl -s "$tmp/$1.sock" flow show mn-id all; }
refused() { # WHAT WORD COMMAND...
	local what=$1 word=$2 text
	shift 2
	text=$(wish "$@")
	is "$what" $? 1
	has "$what is said" "$text" "$word"
}

serves "an attachment by the first gateway"
send $MAG2 $LMA pbu seq=1 flags=0x8200 lifetime=100 mn-id=mn1@example.org hnp=::/0 hi=1 att=3 \
	llid=02:00:00:00:00:12 > "$tmp/pba"
p2=$(daemon lma session-show | jq -r '.result.lma[] | select(."proxy-coa" == "'$MAG2'").hnp[0]')
[[ $p2 == 2001:db8:100:*/64 ]] || die "no prefix by the second gateway: $p2"

# ---- to the prefix of the other interface, by the one that is here ----
is "a flow is wanted" "$(wish add mn-id mn1@example.org fid 7 priority 3 proto 17 \
	dport 5000-5100 dst "$p2")" ""
eventually 5 at mag mn1 'any(.state == "accepted" and ."in-force" == [1])' ||
	bad "not accepted: $(shown mag)"
eventually 5 at lma mn1 '.[0].state == "set" and .[0].by == "node"' ||
	bad "not in force: $(shown lma)"
has "the anchor has its fields" "$(shown lma)" "fid 7" "priority 3" "proto 17" \
	"dport 5000-5100" "$p2" "bid 1"
routed() { [ "$(sessions mag | grep -c "$p2")" = 1 ]; }
if eventually 5 routed; then ok "the gateway routes the prefix"; else bad "$(sessions mag)"; fi

# ---- IPv4 ----
is "a flow of IPv4 packets" "$(wish add mn-id mn1@example.org fid 8 priority 4 format ipv4 \
	src 192.0.2.0/24 dst 198.51.100.1-198.51.100.9 spi 1-2 tclass 184 proto 6)" ""
eventually 5 at lma mn1 'any(.fid == 8 and .state == "set" and ."in-force" == [])' ||
	bad "not there: $(shown lma)"
has "its fields are shown" "$(shown lma)" "format ipv4" "src 192.0.2.0/24" \
	"dst 198.51.100.1-198.51.100.9" "spi 1-2" "tclass 184" "proto 6"

# ---- what cannot be ----
refused "the same flow again" "another flow's" add mn-id mn1@example.org fid 7 priority 9
refused "for how long" "the anchor's to say" \
	add mn-id mn1@example.org fid 9 priority 9 lifetime 5
refused "a node that is not here" "not attached" add mn-id mn9@example.org fid 1 priority 1
attach 02:00:00:00:00:03 > "$tmp/attach"
refused "a node for which the anchor decides" "anchor decide" \
	add mn-id mn3@example.org fid 1 priority 1
for bad in "format ip" "proto 6 format ipv4" "format ipv4 src 2001:db8::1" \
	"format ipv4 flowlabel 1"; do
	# shellcheck disable=SC2086 # words
	wish add mn-id mn1@example.org fid 9 priority 9 $bad > "$tmp/said"
	is "$bad" $? 2
done

# ---- two policies that do not agree: the anchor has the last word ----
attach 02:00:00:00:00:02 > "$tmp/attach"
is "a wish" "$(wish add mn-id mn2@example.org fid 1 priority 1 proto 6)" ""
eventually 5 at mag mn2 '.[0].state == "refused"' || bad "not refused: $(shown mag)"
has "is refused, and why" "$(shown mag)" "administratively prohibited"
at lma mn2 'length == 0' || bad "the anchor has it: $(shown lma)"

# ---- and no more ----
is "it is wanted no more" "$(wish del mn-id mn1@example.org fid 7)" ""
eventually 5 at lma mn1 'length == 1 and .[0].fid == 8' || bad "still there: $(shown lma)"
eventually 5 at mag mn1 'all(.fid == 8)' || bad "still there: $(shown mag)"
forgotten() { ! sessions mag | grep -q "$p2"; }
if eventually 5 forgotten; then ok "the prefix has gone with it"; else bad "$(sessions mag)"; fi
still_there lma
still_there mag
