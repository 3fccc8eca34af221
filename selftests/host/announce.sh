#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# A router learns of an anchor's pools: pmipd puts routes into its kernel, a real BIRD there
# tells another one by BGP, and that has them in its kernel.  They follow the configuration,
# outlive the daemon, and come back when somebody takes them away.
#
# Shows: RFC 5213 §5.6.2: "advertise a connected route in to the Routing Infrastructure for
# [...] an aggregated prefix with a larger scope"
# Shows: pmipd(8): "They stay when it ends, however it does"; "What somebody else takes away
# is put back"; "A pool that is reloaded away is withdrawn at once"
set -u
source "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin
command -v bird > /dev/null || skip "needs bird"
topo
trap 'birds_end; finish' EXIT
POOL=2001:db8:100::/40 POOL2=2001:db8:900::/40 POOL3=2001:db8:a00::/40
KEEP=true configure 'announce = { };'

# ---- a BIRD at the anchor, and one at its router, which is where the outsider is ----
declare -A BIRD
birds_end() {
	local status=$? n
	for n in "${!BIRD[@]}"; do
		kill -KILL "${BIRD[$n]}" 2> /dev/null
		wait "${BIRD[$n]}" 2> /dev/null
	done
	return "$status"
}
bird_start() { # NAME ID ADDRESS AS PEER PEER-AS KERNEL-WORDS BGP-WORDS
	cat > "$tmp/bird-$1.conf" <<-END
	router id $2;
	protocol device { }
	protocol kernel { $7 }
	protocol bgp { local $3 as $4; neighbor $5 as $6;
		connect delay time 1; connect retry time 1; error wait time 1, 2;
		ipv6 { $8 }; }
	END
	nsenter --net="/run/netns/${NS[$1]}" setpriv --pdeathsig KILL bird -f \
		-c "$tmp/bird-$1.conf" -s "$tmp/bird-$1.ctl" > "$tmp/bird-$1.log" 2>&1 &
	BIRD[$1]=$!
}
bird_start lma 10.0.0.1 $LMA 64512 $EVIL 64513 \
	'learn; ipv6 { import where krt_source = 214; export none; };' 'import none; export all;'
bird_start evil 10.0.0.2 $EVIL 64513 $LMA 64512 \
	'ipv6 { import none; export all; };' 'import all; export none;'

at() { ip -6 -n "${NS[$1]}" route show "${@:2}"; } # NAME WORD...
here() { [ -n "$(at lma "$1" proto 214)" ]; } # POOL: at the anchor
led() { [ -n "$(at evil "$1" proto bird)" ]; } # POOL: at the router
not() { ! "$@"; }
gets() { # WHAT COMMAND...
	local what=$1
	shift
	eventually 60 "$@" && ok "$what" || bad "$what: $(at lma proto 214), $(at evil proto bird)"
}
change() { sed -i "$1" "$tmp/lma.conf"; }
reload() { is "reloaded: $1" "$(pmipctl -s "$tmp/lma.sock" reload 2>&1)" ''; }
shown() { pmipctl -j -s "$tmp/lma.sock" pool show | jq -r "$1"; }

# of an earlier daemon, and of the operator's own
ip -6 -n "${NS[lma]}" route add unreachable $POOL3 proto 214 metric 512
for ((i = 1; i <= 70; i++)); do
	echo "route add unreachable 2001:db8:$i::/48 proto 214 metric 7 table 77"
done | ip -6 -n "${NS[lma]}" -batch - || die "no routes of an earlier daemon"
ip -6 -n "${NS[lma]}" route add unreachable $POOL3 proto static metric 9
start lma
is "a route for the pool" "$(at lma $POOL proto 214)" \
	"unreachable $POOL dev lo metric 512 pref medium"
swept() {
	[ -z "$(at lma table 77 proto 214 2> /dev/null)$(at lma $POOL3 proto 214)" ]
}
eventually 30 swept && ok "those of an earlier daemon go" || bad "$(at lma table 77 | head -n 3)"
is "and the operator's is not" "$(at lma $POOL3 | grep -c static)" 1
gets "the router knows it" led $POOL
is "it is shown" "$(shown '.[0] | "\(.pool) \(.announced) \(.protocol) \(.table) \(.metric) \(.error)"')" \
	"$POOL true 214 254 512 null"

# ---- other pools ----
change "s|\"$POOL\"|\"$POOL\", \"$POOL2\"|"
reload "one more"
gets "the router knows both" led $POOL2
led $POOL && ok "the first one as well" || bad "$(at evil)"
change "s|\"$POOL\", \"$POOL2\"|\"$POOL2\"|"
reload "without the first"
gets "that is withdrawn" not led $POOL
led $POOL2 && ok "the other one is not" || bad "$(at evil)"

# ---- the daemon is killed, and ended, and replaced: nobody hears of it ----
watch() { # NAME: what becomes of routes there, from here on
	nsenter --net="/run/netns/${NS[$1]}" setpriv --pdeathsig KILL \
		ip -6 monitor route > "$tmp/mon-$1" 2>&1 &
	BIRD[mon-$1]=$!
	mark "$1" 2001:db8:ffff:1::/64
}
mark() { # NAME PREFIX: all that was before is in the file
	marked() {
		ip -6 -n "${NS[$1]}" route replace unreachable "$2"
		grep -qF "$2" "$tmp/mon-$1"
	}
	eventually 30 marked "$@" || die "nobody watches routes of $1"
}
watch lma
watch evil
kill -KILL "${PID[lma]}"
wait "${PID[lma]}" 2> /dev/null
start lma
stop lma
here $POOL2 && ok "it stays when the daemon has ended" || bad "$(at lma)"
start lma
for n in lma evil; do
	mark $n 2001:db8:ffff:2::/64
	is "$n has heard of no change" "$(grep -F 2001:db8:900: "$tmp/mon-$n")" ''
done

# ---- somebody takes it away ----
ip -6 -n "${NS[lma]}" route del unreachable $POOL2 proto 214
gets "it is put back" here $POOL2
gets "and known again" led $POOL2
ip -6 -n "${NS[lma]}" route replace unreachable $POOL2 proto static metric 512
refused() { [ "$(shown '.[0].error')" = \
	"route $POOL2 table 254 metric 512: somebody else has a route of that metric" ]; }
gets "another's is left alone, and named" refused
is "it is not announced" "$(shown '.[0].announced')" false
has "nodes are served all the while" "$(send $MAG2 $LMA pbu seq=1 flags=0x8200 lifetime=100 \
	mn-id=mn6@example.org hnp=::/0 hi=1 att=4 timestamp=0)" '"status":0,'
ip -6 -n "${NS[lma]}" route del unreachable $POOL2 proto static
gets "it is there again once there is room" here $POOL2
here_and_sound() { [ "$(shown '.[0] | "\(.announced) \(.error)"')" = "true null" ]; }
gets "which is said" here_and_sound

# ---- another number, and none ----
pmipctl -j -s "$tmp/lma.sock" monitor controller > "$tmp/events" 2> /dev/null &
BIRD[events]=$!
heard() { pmipctl -s "$tmp/lma.sock" reload > /dev/null; grep -q '"conf-reloaded"' "$tmp/events"; }
eventually 10 heard || die "no events: $(cat "$tmp/events")"
change 's|announce = { }|announce = { protocol = 5; metric = 9; }|'
reload "another number"
is "it has another number" "$(at lma proto 5)" "unreachable $POOL2 dev lo metric 9 pref medium"
is "and not the old one" "$(at lma proto 214)" ''
change 's|announce = { protocol = 5; metric = 9; };||'
reload "none"
is "no route" "$(at lma proto 5)" ''
gets "and nobody is led here" not led $POOL2
events() { jq -r .event "$tmp/events" 2> /dev/null | grep -E 'announce|withdrawn' | xargs; }
told() { [ "$(events)" = "$1" ]; }
eventually 10 told "announced withdrawn" && ok "which the monitor tells" || bad "$(events)"
is "that is shown" "$(shown '.[0] | keys | join(" ")')" "announced pool"
still_there lma
stop lma

# ---- without the right to ----
change 's|lma = {|lma = { announce = { };|'
setpriv --bounding-set -net_admin --inh-caps -net_admin nsenter --net="/run/netns/${NS[lma]}" \
	pmipd -f "$tmp/lma.conf" 2>> "$tmp/lma.log" &
PID[lma]=$!
eventually 5 daemon lma version > "$tmp/version" || die "lma does not answer"
is "what cannot be is said" "$(shown '.[0] | "\(.announced) \(.error)"')" \
	"false route $POOL2 table 254 metric 512: Operation not permitted"
has "by the log as well" "$(tail -n 20 "$tmp/lma.log")" \
	"announce: route $POOL2 table 254 metric 512: Operation not permitted; tried again"
stop lma
[ "$FAILED" = 0 ]
