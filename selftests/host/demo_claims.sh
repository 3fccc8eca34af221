#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the demo takes for a success: a result that shows all, and none that lacks any
# of it.
#
# Shows: draft: fault tolerant multihoming §3.2: "CN communicates with the IF2 of MN",
# with what was cached, in order; draft: seamless handover §4: nothing is lost, and
# packets go by the SMAG
set -u
source "$(dirname "$0")/lib.sh"
trap 'rm -rf "$tmp"' EXIT
demo=$top/selftests/demo

check() { # SCENARIO FILE
	"$demo/check" "$1" "$2" 2>&1
	echo "status $?"
}

# spoilt SCENARIO WHAT JQ WORDS...: refused, with the words
spoilt() {
	local scenario=$1 what=$2 out

	jq "$3" "$tmp/$scenario.json" > "$tmp/bad.json" || die "$3"
	out=$(check "$scenario" "$tmp/bad.json")
	has "$scenario: $what" "$out" "status 1" "${@:4}"
}

jq -n '
	def packets: {sent: 20000, received: 20000, lost: 0, duplicated: 0, reordered: 0,
		longest_gap_ms: 20, tcp_completed: true};
	{seamless: (packets + {redirect_us: 900, path_before: ["LMA", "PMAG", "MN"],
		path_during: ["LMA", "PMAG", "SMAG", "MN"], path_after: ["LMA", "SMAG", "MN"]}),
	plain: (packets + {received: 17000, lost: 3000, redirect_us: null,
		path_before: ["LMA", "PMAG", "MN"], path_during: ["LMA"],
		path_after: ["LMA", "NMAG", "MN"]})}' > "$tmp/seamless.json"
jq '{hold: (.seamless + {redirect_us: null, path_before: ["LMA", "MAG1", "MN"],
		path_during: ["LMA", "MAG1", "LMA", "MAG2", "MN"],
		path_after: ["LMA", "MAG2", "MN"], held: 20, returned: 21, accepted: 21,
		waited: 20, hold_lost: 0, dropped: 0}),
	drop: (.plain + {received: 19980, lost: 20, path_before: ["LMA", "MAG1", "MN"],
		path_during: ["LMA", "MAG1"], path_after: ["LMA", "MAG2", "MN"], held: 0,
		returned: 0, accepted: 0, waited: 0, hold_lost: 0, dropped: 21})}' \
	"$tmp/seamless.json" > "$tmp/fault.json"

for scenario in seamless fault; do
	has "$scenario: all is shown" "$(check $scenario "$tmp/$scenario.json")" "status 0"
done
has "no result" "$(check fault "$tmp/none.json")" "status 4"
echo '{"hold": 1' > "$tmp/broken.json"
has "half a result" "$(check fault "$tmp/broken.json")" "status 1"
echo '{}' > "$tmp/empty.json"
has "an empty one" "$(check fault "$tmp/empty.json")" "status 1"

for run in seamless hold; do
	[ $run = hold ] && scenario=fault || scenario=seamless
	spoilt $scenario "one lost" ".$run |= (.lost = 1 | .received -= 1)" "$run: 1 packets lost"
	spoilt $scenario "one twice" ".$run.duplicated = 1" "$run: 1 packets duplicated"
	spoilt $scenario "TCP broken" ".$run.tcp_completed = false" "$run: the TCP"
	spoilt $scenario "another way" ".$run.path_after = [\"LMA\"]" "$run: path after"
	spoilt $scenario "no flow" ".$run |= (.sent = 5 | .received = 5)" "$run: the flow"
done
spoilt seamless "no redirection" '.seamless.redirect_us = null' "nothing was redirected"
spoilt seamless "no comparison" '.plain |= (.lost = 0)' "plain: nothing lost"
spoilt fault "out of order" '.hold.reordered = 1' "1 packets out of order"
spoilt fault "nothing held" '.hold.held = 0' "nothing was held"
spoilt fault "some not taken" '.hold.accepted = 20' "21 sent back, 20 taken"
spoilt fault "nobody waited" '.hold.waited = 0' "no newer packet"
spoilt fault "too old" '.hold.hold_lost = 1' "1 lost while they waited"
spoilt fault "redirected" '.hold.redirect_us = 5' "redirected"
spoilt fault "the way of those that came back" '.hold.path_during = ["LMA", "MAG1"]' "hold: path during"
spoilt fault "no comparison" '.drop |= (.lost = 0)' "drop: nothing lost"
spoilt fault "held in the other run" '.drop.held = 1' "drop: packets were held"
spoilt fault "lost elsewhere" '.drop.dropped = 3' "drop: 20 lost, 3 dropped"

has "a scenario that there is not" "$(SCENARIO=nowhere "$demo/run" 2>&1; echo "status $?")" \
	"no scenario nowhere" fault seamless "status 1"
[ "$FAILED" = 0 ]
