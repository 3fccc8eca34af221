#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An anchor and a gateway agree about a flow in either dialect, by configuration or
# by what the gateway answers; and not with one that does not know it.
#
# Shows: RFC 6275 §9.3.1: a Binding Error with status 2 says that a type is unknown
# Shows: RFC 7864 §4.2: "Request to add/refresh the prefix(es) conveyed"
set -u
source "$(dirname "$0")/lib.sh"
topo

stats() { # KEY: of the anchor's exchanges
	stat_of lma ".lma.flow[\"$1\"]"
}
flow() { pmipctl -j -s "$tmp/lma.sock" flow show mn-id mn1@example.org | jq -c "map($1)"; }
set_now() { [ "$(flow .state)" = '["set"]' ]; }
none() { [ "$(flow .fid)" = "[]" ]; }
kept() { [[ $(sessions mag) == *'"fid":1'* ]]; }
not_kept() { ! kept; }

# case_of WHAT LMA-DIALECT MAG-MESSAGES: two daemons, and a flow to the gateway's
case_of() {
	configure "flow = { dialect = \"$2\"; fmi-ms = 200; upn-ms = 500; };" \
		"flow-messages = \"$3\";"
	sed -i 's/multihoming = "shared"/multihoming = "different"/' "$tmp/policy.conf"
	start lma
	start mag
	serves "$1: an attachment"
	send $MAG2 $LMA pbu seq=1 flags=0x8200 lifetime=100 mn-id=mn1@example.org hnp=::/0 \
		hi=1 att=3 llid=02:00:00:00:00:12 > "$tmp/pba"
	pmipctl -s "$tmp/lma.sock" flow add mn-id mn1@example.org fid 1 priority 1 bid 1 ||
		bad "$1: not added"
}
end() {
	stop mag
	stop lma
}

case_of "draft" draft both
if eventually 5 set_now; then ok "in force"; else bad "$(flow .)"; fi
is "by FMI" "$(stats fmi-tx) $(stats upn-tx)" "1 0"
if kept; then ok "kept"; else bad "$(sessions mag)"; fi
end

case_of "RFC 7864" rfc7864 both
if eventually 5 set_now; then ok "in force"; else bad "$(flow .)"; fi
is "by UPN" "$(stats fmi-tx) $(stats upn-tx)" "0 1"
pmipctl -s "$tmp/lma.sock" flow del mn-id mn1@example.org fid 1
# once the anchor has waited for what is under way: flow-linger-ms, 5 s
if eventually 15 not_kept; then ok "removed by leaving it out"; else bad "$(sessions mag)"; fi
is "by another UPN" "$(stats upn-tx)" 2
end

case_of "found out" auto upn
if eventually 5 set_now; then ok "in force"; else bad "$(flow .)"; fi
is "by UPN after a Binding Error" "$(stats fmi-tx) $(stats upn-tx) $(stats fallback)" "1 1 1"
end

case_of "unknown" rfc7864 none
if eventually 5 none; then ok "the flow is lost"; else bad "$(flow .)"; fi
is "and nothing more is said" "$(stats fmi-tx) $(stats upn-tx) $(stats fallback)" "0 1 1"
is "a lost flow is counted" "$(stat_of lma '.lma["flows-lost"]')" 1
end
