#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A capture of what real daemons say in attachment, handover, refusal and
# heartbeats: tshark reads in it what the project's own codec reads.
#
# Timeout: 120
# Shows: RFC 5213 §8, RFC 4283, RFC 5847 §3.3, RFC 6275 §6.1.9, RFC 6705 §11: by a
# second reader, every field that it knows
set -u
source "$(dirname "$0")/lib.sh"
command -v tshark > /dev/null || skip "needs tshark"
topo
configure
sed -i 's/interval-ms = 0/interval-ms = 200/' "$tmp/lma.conf" "$tmp/mag.conf"
sed -e "s/$MAG\"; lma/$MAG2\"; lma/; s|/mag|/mag2|g; s/\"$MAG2\" \];/\"$MAG\" ];/" \
	-e 's/name = "acc"/name = "lo"/' "$tmp/mag.conf" > "$tmp/mag2.conf"
# The other MAG is where the outsider is, with an access link of its own
sed -i 's/name = "lo"/name = "acc2"/' "$tmp/mag2.conf"
ip -n "${NS[evil]}" link add acc2 type veth peer name far netns "${NS[evil]}"
ip -n "${NS[evil]}" link set acc2 up
ip -n "${NS[evil]}" link set far up
NS[mag2]=${NS[evil]}

: > "$tmp/tcpdump"
nsenter --net="/run/netns/${NS[core]}" tcpdump -i br0 --immediate-mode -U -w "$tmp/pcap" 'ip6 proto 135' 2> "$tmp/tcpdump" &
dump=$!
eventually 5 grep -q 'listening on' "$tmp/tcpdump" || die "tcpdump: $(cat "$tmp/tcpdump")"
start lma
start mag
start mag2
serves "attached at the MAG"
daemon mag2 attach '"dev":"acc2","lladdr":"02:00:00:00:00:02","mn-id":"mn1@example.org"' \
	> "$tmp/attach"
both() { [ "$(sessions lma | jq length)" = 2 ]; }
eventually 5 both || bad "not attached at both: $(cat "$tmp/attach") $(sessions lma)"
associated() { [[ $(daemon mag2 session-show) == *associated* ]]; }
eventually 5 associated || bad "not associated: $(daemon mag2 session-show)"
detach $IF1_LL > "$tmp/detach"
eventually 3 false
send $EVIL $LMA raw 3b016300000000000000000000000000 > "$tmp/be"
send $EVIL $LMA pbu seq=4711 flags=0x8200 lifetime=5 mn-id=who@example.org hnp=2001:db8:f00::/64 \
	hi=3 att=8 llid=02:00:00:00:00:09 lla=fe80::1 timestamp=0 > "$tmp/refused"
kill $dump
wait $dump 2> /dev/null

mhsend -p "$tmp/pcap" > "$tmp/ours" || bad "mhsend cannot read the capture"
for kind in PBU PBA Heartbeat SHI SHAck 'Binding Error'; do
	grep -q "\"kind\":\"$kind\"" "$tmp/ours" || bad "no $kind in the capture"
done
# Each MH type has its own names for the same fields: empty but one
fields='frame.number mip6.mhtype
	mip6.bu.seqnr mip6.ba.seqnr mip6.hb.seqnr mip6.bu.lifetime mip6.ba.lifetime
	mip6.ba.status mip6.be.status mip6.be.haddr mip6.bu.a_flag mip6.bu.p_flag mip6.ba.p_flag
	mip6.hb.u_flag mip6.hb.r_flag mip6.mnid.identifier mip6.nemo.mnp.mnp mip6.nemo.mnp.pfl
	mip6.hi mip6.att mip6.mnlli.lli mip6.timestamp_tmp mip6.mag_ipv6.address'
# shellcheck disable=SC2046 # a list
TZ=UTC tshark -r "$tmp/pcap" -T json $(printf -- '-e %s ' $fields) 2> "$tmp/err" |
	jq -c '.[]._source.layers | map_values(join(","))' > "$tmp/theirs"
# What tshark has a name for, of ours in its words; SHI and SHAck it does not know
jq -c 'def flag($bit): if .flags / $bit % 2 >= 1 then "1" else "0" end;
	def text: if . == null then null else tostring end;
	select(.type) | {"frame.number": (.frame | text), "mip6.mhtype": (.type | text)}
	+ if .type == 5 then {"mip6.bu.seqnr": (.seq | text), "mip6.bu.lifetime": (.lifetime | text),
		"mip6.bu.a_flag": flag(32768), "mip6.bu.p_flag": flag(512)}
	elif .type == 6 then {"mip6.ba.seqnr": (.seq | text), "mip6.ba.lifetime": (.lifetime | text),
		"mip6.ba.status": (.status | text), "mip6.ba.p_flag": flag(32)}
	elif .type == 7 then {"mip6.be.status": (.status | text), "mip6.be.haddr": .home}
	elif .type == 13 then {"mip6.hb.seqnr": (.seq | text), "mip6.hb.u_flag": flag(2),
		"mip6.hb.r_flag": flag(1)}
	else {} end
	+ if .type > 6 then {} else {
		"mip6.mnid.identifier": ."mn-id",
		"mip6.nemo.mnp.mnp": (.hnp | map(split("/")[0]) | join(",")),
		"mip6.nemo.mnp.pfl": (.hnp | map(split("/")[1]) | join(",")),
		"mip6.hi": (.hi | text), "mip6.att": (.att | text),
		"mip6.mnlli.lli": (.llid // "" | gsub(":"; "")),
		"mip6.mag_ipv6.address": (.mag // [] | join(",")),
		"mip6.timestamp_tmp": (.timestamp | strftime("%b %d, %Y %H:%M:%S")
			| sub("^(?<month>...) 0"; "\(.month)  ")),
	} end | map_values(select(. != null and . != ""))' "$tmp/ours" > "$tmp/expected"
# Its seconds have a fraction of another base than ours: whole ones are compared
sed -i -E 's/("mip6.timestamp_tmp":"[^".]*)\.[0-9]* UTC"/\1"/' "$tmp/theirs"
jq -cS . "$tmp/expected" > "$tmp/a"
jq -cS . "$tmp/theirs" | grep -v '"mip6.mhtype":"99"' > "$tmp/b"
if diff "$tmp/a" "$tmp/b" > "$tmp/diff"; then
	ok "tshark agrees on every field of $(wc -l < "$tmp/b") messages"
else
	bad "ours (<) and tshark's (>): $(head -n 20 "$tmp/diff")"
fi
[ "$FAILED" = 0 ]
