#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The policy file changes under two daemons with a session: it goes on, others are let in or
# not by what the file says now, and a mistake changes nothing and is named.
#
# Shows: pmipd(8): "A policy file that has changed is read again a second later, and on SIGHUP
# and by pmipctl reload at once."
set -u
source "$(dirname "$0")/lib.sh"
topo
configure
start lma
start mag
serves "a node is served"
before=$(sessions lma | jq -c '[.[] | {"mn-id", hnp, bid}]')

policy() { pmipctl -j -s "$tmp/$1.sock" policy show | jq -r ".[0].$2"; }
is "six profiles" "$(policy lma profiles)" 6
is "of a file" "$(policy lma store)" file

knows() { # NAME NUMBER
	[ "$(policy "$1" profiles)" = "$2" ]
}
same_session() {
	is "$1" "$(sessions lma | jq -c '[.[] | {"mn-id", hnp, bid}]')" "$before"
}

# ---- one more node, by an editor that writes another file in its place ----
attach 02:00:00:00:00:07 > "$tmp/attach"
has "a node of nobody's" "$(cat "$tmp/attach")" '"ok":false'
sed 's/^nodes = (/&\n{ mn-id = "mn7@example.org"; lladdrs = [ "02:00:00:00:00:07" ]; },/' \
	"$tmp/policy.conf" > "$tmp/policy.new"
cp "$tmp/policy.conf" "$tmp/policy.first"
mv "$tmp/policy.new" "$tmp/policy.conf"
for n in lma mag; do
	eventually 20 knows $n 7 && ok "$n has read it again" || bad "$n: $(policy $n profiles)"
	still_there $n
done
same_session "the session is as it was"
has "the new node may attach" "$(attach 02:00:00:00:00:07)" '"ok":true'
served() { [[ $(sessions lma) == *"$1"*'"state":"active"'* ]]; }
eventually 5 served mn7@example.org && ok "and is served" || bad "not served: $(sessions lma)"
before=$(sessions lma | jq -c '[.[] | {"mn-id", hnp, bid}]')

# ---- a mistake, written in place ----
# shellcheck disable=SC2053 # a pattern is meant
refused() { [[ $(policy "$1" error) == $2 ]]; }
echo 'nodes = ( { mn-id = "mn1@example.org"; lifetime = "long"; } );' > "$tmp/policy.conf"
for n in lma mag; do
	eventually 20 refused $n "$tmp/policy.conf:1: lifetime: *" && ok "$n names the mistake" ||
		bad "$n: $(policy $n error)"
	has "and logs it" "$(cat "$tmp/$n.log")" "$tmp/policy.conf:1: lifetime: "
	is "$n goes on with what was read before" "$(policy $n profiles)" 7
done
same_session "the sessions are as they were"
# prefixes that hold the gateway's own address, which the file alone cannot tell
echo 'nodes = ( { mn-id = "mn1@example.org"; hnps = [ "2001:db8::/64" ]; } );' > "$tmp/policy.conf"
eventually 20 refused lma '*own address*' && ok "its own address is no node's" ||
	bad "$(policy lma error)"
is "and nothing has changed" "$(policy lma profiles)" 7

# ---- no file for a while ----
rm "$tmp/policy.conf"
kill -HUP "${PID[lma]}"
eventually 20 refused lma '*cannot be read: No such file*' && ok "no file: nothing changes" ||
	bad "$(policy lma error)"
is "no node is forgotten" "$(policy lma profiles)" 7

# ---- and back, with SIGHUP ----
cp "$tmp/policy.first" "$tmp/policy.conf"
kill -HUP "${PID[lma]}" "${PID[mag]}"
for n in lma mag; do
	eventually 20 knows $n 6 && ok "$n has read it on SIGHUP" || bad "$n: $(policy $n profiles)"
	is "$n complains no more" "$(policy $n error)" null
done
same_session "not even the node that is not in it any more has lost its session"
detach 02:00:00:00:00:07 > "$tmp/detach"
left() { [[ $(sessions lma)$(sessions mag) != *mn7@* ]]; }
eventually 10 left && ok "when it leaves, it leaves nothing" ||
	bad "$(sessions lma) $(sessions mag)"
has "and it is not let in again" "$(attach 02:00:00:00:00:07)" '"ok":false'

# ---- many changes at once ----
for ((i = 0; i < 50; i++)); do
	kill -HUP "${PID[lma]}" "${PID[mag]}"
	touch "$tmp/policy.conf"
done
eventually 20 knows lma 6 && ok "however often it is asked to" || bad "$(policy lma profiles)"
still_there lma
still_there mag
stop lma
stop mag
[ "$FAILED" = 0 ]
