#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An anchor tells access gateways of flows: what they route, advertise, let pass and
# answer.  The anchor's own part, the flow itself, is set by hand.
#
# Timeout: 90
# Shows: RFC 7864 §3.2.2: "these prefixes are not anchored by the target MAG, and
# therefore the MAG MUST NOT advertise them on the MAG-MN link", and "MAG1 routing
# state: pref2::/64 p2p-iface-with-MN1"; draft: flow mobility §4: FMI and FMA; RFC 5213
# §5.6.2: what a node sends of such a prefix is accepted from either attachment
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
# The anchor's daemon has asked for nothing of this, and its answers are no part of it
CAPTURE=no
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both

MOVED=2001:db8:100:9::/64 ADDR=2001:db8:100:9::99
id() { q lma tunnel "map(select(.remote == \"$1\")) | .[0].id"; } # REMOTE
# The prefix of the SMAG's; one flow of it goes to the PMAG.  Beyond the daemon's purge
ctl_batch lma <<-EOT || ctl_die "no state in the LMA"
	binding add prefix $MOVED node 77 path tunnel $(id $SMAG) bid 2 path tunnel $(id $PMAG) bid 1 generation 1000
	flow add node 77 fid 1 priority 1 dport 2000 bid 1 generation 1000
EOT

to_moved() { echo "eth $LMA_CN_LL / ip6 $CN $ADDR / udp 1000 ${1:-2000} 32"; }
from_moved() { echo "eth $MAG_LL $1 / ip6 $ADDR $CN_SINK / udp 2000 1000 32"; } # LLADDR
# Whoever asks is the anchor; what its daemon says to the answer is another matter
say() { in_ns lma mhsend -s $LMA "$@" mn-id=mn@example.org > "$TMP/answer"; }
answer() { jq -r "select(.kind == \"$1\") | .status" "$TMP/answer"; }

watch -w 300 -l cn:eth0 -s mn:if1 "$(from_moved $IF1_LL)"
saw_none "before: what it sends of another prefix is spoofed" "cn:eth0 in"
is "counted" "$(drops pmag access-source-spoofed)" 1

say $PMAG fmi seq=1 lifetime=600 flow=1:1 ts=2 dport=2000 off-link=$MOVED
is "the PMAG accepts" "$(answer FMA)" 0
is "and has it routed" "$(show pmag binding prefix $MOVED '.[0].paths[0] | [.kind, .lladdr] | @csv')" \
	"\"link\",\"$IF1_LL\""
is "the session says so" "$(c pmag -j session show | jq -c '.mag[0] | [."off-link", .hnp, .flows[0].fid]')" \
	"[[\"$MOVED\"],[\"$HNP\"],1]"
watch -n 1 -l mn:if1 -l mn:if2 -s cn:eth0 "$(to_moved)"
saw "a packet of the flow comes by IF1" "mn:if1 in" ip.dst=$ADDR
watch -n 1 -l cn:eth0 -s mn:if1 "$(from_moved $IF1_LL)"
saw "and one goes back by IF1" "cn:eth0 in" ip.src=$ADDR

# RFC 6088 §3.1: a flow of IPv4 packets, which nobody carries here: kept and shown as it came
say $PMAG fmi seq=2 lifetime=600 flow=2:2 ts=1 dport=2000
is "a flow of IPv4 packets is accepted" "$(answer FMA)" 0
is "and shown" "$(c pmag -j session show | jq -c '.mag[0].flows | map(.fid)')" "[1,2]"
watch -n 1 -l mn:if1 -l mn:if2 -s cn:eth0 "$(to_moved)"
saw "and takes nothing from one of IPv6 packets" "mn:if1 in" ip.dst=$ADDR

say $SMAG upn seq=1 flags=0x8000 reason=8 off-link=$MOVED
is "the SMAG accepts the other dialect" "$(answer UPA)" 0
watch -n 1 -l mn:if1 -l mn:if2 -s cn:eth0 "$(to_moved 2001)"
saw "other packets come by IF2" "mn:if2 in" ip.dst=$ADDR
watch -n 1 -l cn:eth0 -s mn:if2 "$(from_moved $IF2_LL)"
saw "and go back by IF2" "cn:eth0 in" ip.src=$ADDR
is "the anchor takes them from both" "$(drops lma tunnel-source-spoofed)" 0

# Advertisements that answer solicitations
nsenter --net=/run/netns/mn tcpdump -i if1 -n -v -l --immediate-mode 'icmp6 and ip6[40] == 134' \
	> "$TMP/ra" 2> "$TMP/tcpdump" &
dump=$!
eventually 10 grep -q 'listening on' "$TMP/tcpdump" || bad "tcpdump: $(< "$TMP/tcpdump")"
advertised() { grep -q "${HNP%/64}" "$TMP/ra"; }
nap 1
solicit if1
eventually 10 advertised && ok "its own prefix is advertised" || bad "no advertisement"
grep -q "${MOVED%/64}" "$TMP/ra" && bad "the other as well: $(< "$TMP/ra")" || ok "the other is not"
kill $dump

# Whom nobody has asked
in_ns smag mhsend -w 300 -s $NMAG $PMAG fmi seq=9 lifetime=0 flow=1:1 mn-id=mn@example.org > "$TMP/answer"
is "a stranger gets no answer" "$(jq -r .kind "$TMP/answer" 2> /dev/null || cat "$TMP/answer")" silence
in_ns smag mhsend -w 300 -s $SMAG $PMAG fmi seq=9 lifetime=0 flow=1:1 mn-id=mn@example.org > "$TMP/answer"
is "nor does another gateway" "$(jq -r .kind "$TMP/answer" 2> /dev/null || cat "$TMP/answer")" silence
is "both are counted" "$(c pmag -j stats | jq '.controller.mag.stray')" 2
in_ns lma mhsend -s $LMA $PMAG fmi seq=2 lifetime=600 flow=1:1 ts=2 mn-id=nobody@example.org > "$TMP/answer"
is "a node that is not here" "$(answer FMA)" 129

say $PMAG fmi seq=3 lifetime=0 flow=1:1
is "the flow is removed" "$(answer FMA)" 0
is "and what was routed for it" "$(q pmag binding "map(select(.prefix == \"$MOVED\")) | length")" 0
is "the one of IPv4 packets stays" "$(c pmag -j session show | jq -c '.mag[0].flows | map(.fid)')" "[2]"
say $PMAG fmi seq=4 lifetime=0 flow=2:2
is "until it is removed, too" "$(answer FMA) $(c pmag -j session show | jq -c '.mag[0].flows')" "0 []"
say $SMAG upn seq=2 flags=0x8000 reason=8
is "as with the other dialect" "$(answer UPA) $(q smag binding "map(select(.prefix == \"$MOVED\")) | length")" "0 0"
watch -w 300 -l cn:eth0 -s mn:if1 "$(from_moved $IF1_LL)"
saw_none "after: it is spoofed again" "cn:eth0 in"
