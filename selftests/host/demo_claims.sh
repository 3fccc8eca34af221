#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the demo takes for a success: a result that shows all, and none that lacks any
# of it.
#
# Shows: draft: fault tolerant multihoming §3.2: "CN communicates with the IF2 of MN",
# with what was cached, in order; draft: seamless handover §4: nothing is lost, and
# packets go by the SMAG; draft: flow mobility §3.2: one flow is moved, the other is not
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

jq -n '
	def way($before; $during; $after): {sent: 3600, received: 3600, lost: 0, duplicated: 0,
		reordered: 0, longest_gap_ms: 12, strays: 0, path_before: $before,
		path_during: $during, path_after: $after, paths: ([$before, $during, $after] | unique)}
		+ ([$before, $during, $after] | map(if index("MAG1") then 20 else 10 end)
			| {delay_before_ms: .[0], delay_during_ms: .[1], delay_after_ms: .[2]});
	def down($mag): ["LMA", $mag, "MN"];
	def up($mag): ["MN", $mag, "LMA"];
	def told($request; $answer): [{message: $request, from: "LMA", to: "MAG1", status: null,
		ahead_us: 23000}, {message: $answer, from: "MAG1", to: "LMA", status: 0, ahead_us: 11000}];
	{sent: 14400, received: 14400, lost: 0, duplicated: 0, reordered: 0, longest_gap_ms: 12,
	tcp_completed: true, redirect_us: 24000, path_before: down("MAG2"),
	path_during: down("MAG1"), path_after: down("MAG1"), flows: {
		x: {down: way(down("MAG1"); down("MAG1"); down("MAG1")),
			up: way(up("MAG1"); up("MAG1"); up("MAG1"))},
		y: {down: way(down("MAG2"); down("MAG1"); down("MAG1")),
			up: way(up("MAG2"); up("MAG2"); up("MAG1"))}}}
	| {shared: (. + {signalling: []}), different: (. + {signalling: told("FMI"; "FMA")}),
		combined: (. + {signalling: told("UPN"; "UPA")})}' > "$tmp/flowmob.json"

for scenario in seamless fault flowmob; do
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

for run in shared different combined; do
	for flow in x y; do
		spoilt flowmob "one lost" ".$run.flows.$flow.down |= (.lost = 1 | .received -= 1)" \
			"$run: flow ${flow^^}, down: 1 packets lost"
		spoilt flowmob "one twice" ".$run.flows.$flow.up.duplicated = 1" \
			"$run: flow ${flow^^}, up: 1 packets duplicated"
		spoilt flowmob "one elsewhere" ".$run.flows.$flow.up.strays = 1" \
			"$run: flow ${flow^^}, up: 1 packets took another way"
	done
	spoilt flowmob "X by both" ".$run.flows.x.down.paths += [[\"LMA\"]]" "$run: flow X, down: its ways"
	spoilt flowmob "X slower" ".$run.flows.x.up.delay_after_ms += 2" "$run: flow X, up: it took 20 ms"
	spoilt flowmob "Y not moved" ".$run.flows.y.down.path_after = [\"LMA\", \"MAG2\", \"MN\"]" \
		"$run: flow Y, down: its path after"
	spoilt flowmob "Y sent elsewhere too soon" ".$run.flows.y.up.path_during = [\"MN\", \"MAG1\", \"LMA\"]" \
		"$run: flow Y, up: its path during"
	spoilt flowmob "TCP broken" ".$run.tcp_completed = false" "$run: the TCP"
	spoilt flowmob "moved never" ".$run.redirect_us = null" "$run: flow Y was not moved"
done
spoilt flowmob "told for nothing" '.shared.signalling = .different.signalling' "needs no signalling"
spoilt flowmob "not asked" '.different.signalling |= .[1:]' "no FMI to MAG1"
spoilt flowmob "told too late" '.different.signalling[1].ahead_us = -1' "no FMA of MAG1"
spoilt flowmob "refused" '.combined.signalling[1].status = 128' "no UPA of MAG1"
spoilt flowmob "in another form" '.combined.signalling += .different.signalling' "other messages"

has "a scenario that there is not" "$(SCENARIO=nowhere "$demo/run" 2>&1; echo "status $?")" \
	"no scenario nowhere" fault flowmob seamless "status 1"
[ "$FAILED" = 0 ]
