#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The operator adds, moves and removes flows: two daemons agree about them, and
# what cannot be is refused.
#
# Shows: draft: flow mobility §3.2.2: "the local mobility anchor constructs a Flow
# Mobility Initiate (FMI) message [...] sent to the new target mobile access gateway"
# Shows: RFC 7864 §3.2: the decision "MUST NOT be taken by both"
set -u
source "$(dirname "$0")/lib.sh"
topo
configure
cat > "$tmp/policy.conf" <<-END
	nodes = (
		{ mn-id = "mn1@example.org"; lladdrs = [ "$IF1_LL" ]; multihoming = "different"; },
		{ mn-id = "mn2@example.org"; multihoming = "shared"; decides = "node"; },
		{ mn-id = "mn3@example.org"; },
		{ mn-id = "mn4@example.org"; lladdrs = [ "02:00:00:00:00:04" ];
		  multihoming = "combined"; shared-hnps = [ "2001:db8:200:4::/64" ]; }
	);
	END
start lma
start mag

ctl() { pmipctl -s "$tmp/lma.sock" "$@" 2>&1; }
flows() { pmipctl -j -s "$tmp/lma.sock" flow show mn-id mn1@example.org; }
flow_is() { # JQ-EXPRESSION
	flows | jq -e "$1" > /dev/null
}
# refused WHAT STATUS WORD COMMAND...
refused() {
	local what=$1 status=$2 word=$3 text
	shift 3
	text=$(ctl "$@")
	is "$what" $? "$status"
	has "$what is said" "$text" "$word"
}
register() { # NODE LLID SEQ: by the other gateway
	send $MAG2 $LMA pbu seq="$3" flags=0x8200 lifetime=100 mn-id="$1" hnp=::/0 hi=1 att=3 \
		llid="$2" > "$tmp/pba"
}

serves "an attachment by the first gateway"
register mn1@example.org 02:00:00:00:00:12 1
p2=$(daemon lma session-show | jq -r '.result.lma[] | select(."proxy-coa" == "'$MAG2'").hnp[0]')
[[ $p2 == 2001:db8:100:*/64 ]] || die "no prefix by the second gateway: $p2"

# ---- to a gateway that must be told ----
add=(flow add mn-id mn1@example.org fid 1 priority 10 proto 17 dport 5000-5100 dst "$p2")
is "a flow is added" "$(ctl "${add[@]}" bid 1)" ""
eventually 5 flow_is '.[0].state == "set" and .[0]."in-force" == [1]' ||
	bad "not in force: $(flows)"
has "its fields are shown" "$(ctl flow show mn-id all)" "proto 17" "dport 5000-5100" "$p2" \
	"by operator" "in-force bid 1"
is "the gateway was told once" "$(stat_of lma '.lma.flow["fmi-tx"]')" 1
has "and keeps it" "$(sessions mag)" '"fid":1'
is "and routes the prefix" "$(sessions mag | grep -c "$p2")" 1

# ---- back to where no telling is needed, and the gateway forgets ----
is "it is moved" "$(ctl flow move mn-id mn1@example.org fid 1 bid 2)" ""
flow_is '.[0].state == "set" and .[0]."in-force" == [2]' || bad "not moved: $(flows)"
forgotten() { ! sessions mag | grep -q '"fid":1'; }
if eventually 5 forgotten; then ok "the gateway forgets"; else bad "$(sessions mag)"; fi

# ---- what cannot be ----
refused "the same flow again" 1 "another flow's" "${add[@]}" bid 1
refused "an attachment that is not there" 1 "no attachment" \
	flow move mn-id mn1@example.org fid 1 bid 9
refused "a flow that is not there" 1 "no flow" flow del mn-id mn1@example.org fid 2
refused "a node that is not there" 1 "not attached" flow del mn-id mn9@example.org fid 2
refused "no identifier" 2 "fid" flow del mn-id mn1@example.org
refused "no node" 2 "mn-id" flow move node 1 fid 1 bid 2
refused "a bad range" 2 "dport" flow add mn-id mn1@example.org fid 3 priority 3 dport 5x bid 1
refused "an empty range" 2 "range A-B that it can have" \
	flow add mn-id mn1@example.org fid 3 priority 3 dport 9-1 bid 1
refused "nowhere to go" 1 "bids is missing" flow add mn-id mn1@example.org fid 3 priority 3
register mn2@example.org 02:00:00:00:00:22 2
refused "a node that decides itself" 1 "node decide" \
	flow add mn-id mn2@example.org fid 1 priority 1 bid 1
register mn3@example.org 02:00:00:00:00:32 3
refused "a node with one interface by policy" 1 "single" \
	flow add mn-id mn3@example.org fid 1 priority 1 bid 1
for bad in '"fid":1' '"fid":0,"priority":1' '"fid":1,"priority":1,"bids":5' \
	'"fid":1,"priority":1,"bids":[0]' '"fid":1,"priority":1,"bids":["1"]' \
	'"fid":1,"priority":1,"selector":[]' '"fid":1,"priority":1,"selector":{"port":"1"}' \
	'"fid":1,"priority":1,"selector":{"dport":1}' '"fid":1,"priority":1,"action":"hold"' \
	'"fid":1,"priority":1,"bids":[1],"lifetime":0'; do
	has "{$bad}" "$(daemon lma flow-add "\"mn-id\":\"mn1@example.org\",$bad")" '"ok":false'
done
has "flows of a gateway without any" "$(daemon mag flow-show)" '"result":[]'

# ---- a combination of prefixes ----
prefixes() { # GATEWAY: of mn4 at the anchor
	daemon lma session-show | jq -r '.result.lma[] |
		select(."mn-id" == "mn4@example.org" and ."proxy-coa" == "'"$1"'").hnp | @csv'
}
attach 02:00:00:00:00:04 > "$tmp/attach"
both() { [[ $(sessions mag) == *mn4@*'"state":"active"'* ]]; }
eventually 5 both || bad "not registered: $(sessions mag)"
register mn4@example.org 02:00:00:00:00:42 4
one=$(prefixes $MAG) two=$(prefixes $MAG2)
has "one that is shared, at the first gateway" "$one" '"2001:db8:200:4::/64"' '"2001:db8:100:'
has "and at the second" "$two" '"2001:db8:200:4::/64"' '"2001:db8:100:'
if [ "${one%%,*}" != "${two%%,*}" ]; then ok "and each its own"; else bad "$one $two"; fi
has "the gateway has both" "$(sessions mag)" "${one%%,*}" '"2001:db8:200:4::/64"'
# from the shared prefix to the other gateway's: no word to anybody
told=$(stat_of lma '.lma.flow["fmi-tx"]')
is "a flow of the shared prefix" "$(ctl flow add mn-id mn4@example.org fid 1 priority 1 \
	dst 2001:db8:200:4::/64 bid 1)" ""
is "is moved" "$(ctl flow move mn-id mn4@example.org fid 1 bid 2)" ""
is "without a word to a gateway" "$(stat_of lma '.lma.flow["fmi-tx"]')" "$told"

# ---- how loaded links are ----
refused "no level" 2 "level" load set mag $MAG
refused "a level that is none" 1 "0 to 100" load set mag $MAG level 101
refused "a gateway that is none" 1 "IPv6 address" load set mag x level 1
refused "a technology that is none" 1 "access" load set mag $MAG access wifi level 1
is "a loaded link" "$(ctl load set mag $MAG access 802.11 level 90)" ""
is "is known" "$(pmipctl -j -s "$tmp/lma.sock" load show | jq -c .)" \
	'[{"mag":"'$MAG'","att":4,"level":90,"high":true,"quality":100,"poor":false,"metered":false}]'
refused "a quality that is none" 1 "quality must be" load set mag $MAG quality 101
is "a bad link, too" "$(ctl load set mag $MAG access 802.11 quality 10)$(ctl load show |
	grep -c 'level 90.*quality 10 poor')" 1
is "and forgotten" "$(ctl load set mag $MAG access 802.11 level 0 quality 100)$(ctl load show)" ""

# ---- to a gateway that is silent ----
is "a flow to a gateway that is silent" \
	"$(ctl flow add mn-id mn1@example.org fid 4 priority 4 lifetime 60 bid 2)" ""
# unless the host has stood still and it is over
flow_is '.[0].fid == 4 and .[0].state == "waiting" and .[0]."in-force" == []' ||
	is "does not wait: it has not been lost" "$(stat_of lma '.lma["flows-lost"]')" 1
gone() { [ "$(flows | jq length)" = 1 ]; }
if eventually 12 gone; then ok "is given up"; else bad "$(flows)"; fi
is "and counted" "$(stat_of lma '.lma["flows-lost"]')" 1

is "a flow is removed" "$(ctl flow del mn-id mn1@example.org fid 1)" ""
is "and gone" "$(flows)" "[]"
still_there lma
still_there mag
