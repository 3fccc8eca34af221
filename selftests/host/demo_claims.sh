#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the demo takes for a success: a result that shows all, and none that lacks any
# of it.
#
# Shows: draft: fault tolerant multihoming §3.2: "CN communicates with the IF2 of MN",
# with what was cached, in order; draft: seamless handover §4: nothing is lost, and
# packets go by the SMAG; draft: flow mobility §3.2: one flow is moved, the other is not;
# RFC 5949 §4.1 (i): "The new MAG starts to forward packets destined for the mobile node";
# draft: predictive multicast handover §4 (5): "multicast packets destined for the MN are
# forwarded from the p-MAG to the n-MAG over this tunnel"; draft: LMA handover §4.2 (j): "the
# PLMA forwards the downloaded data to the NLMA through the tunnel between them"
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
		waited: 20, hold_lost: 0, dropped: 0, reached: 20, reached_lost: 0,
		reached_again: 0}),
	drop: (.plain + {received: 19980, lost: 20, path_before: ["LMA", "MAG1", "MN"],
		path_during: ["LMA", "MAG1"], path_after: ["LMA", "MAG2", "MN"], held: 0,
		returned: 0, accepted: 0, waited: 0, hold_lost: 0, dropped: 21, reached: 20,
		reached_lost: 20, reached_again: 0})}' \
	"$tmp/seamless.json" > "$tmp/fault.json"

jq -n '
	def way($before; $during; $after): {sent: 3600, received: 3600, lost: 0, duplicated: 0,
		reordered: 0, longest_gap_ms: 12, strays: 0, path_before: $before,
		path_during: $during, path_after: $after, paths: ([$before, $during, $after] | unique)}
		+ ([$before, $during, $after] | map(if index("MAG1") then 20 else 10 end)
			| {delay_before_ms: .[0], delay_during_ms: .[1], delay_after_ms: .[2],
				slowest_before_ms: .[0], slowest_around_ms: (max + 1),
				gap_before_ms: 2, gap_around_ms: 4});
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

jq -n '
	def one($lost): {sent: 5400, received: (5400 - $lost), lost: $lost, duplicated: 0,
		reordered: 0};
	def run($down; $up): {sent: 10800, received: (10800 - $down - $up), lost: ($down + $up),
		duplicated: 0, reordered: 0, longest_gap_ms: 280, tcp_completed: true,
		redirect_us: null, path_before: ["LMA", "PMAG", "MN"], path_during: ["LMA"],
		path_after: ["LMA", "NMAG", "MN"], down: one($down),
		up: (one($up) + {lost_with_link: 0}), forwarded: 0, forwarded_lost: 0,
		held_previous: 0, held_next: 0, waited: 0, hold_lost: 0, attached_ms: 255.8,
		switched_ms: 267.5, registered_ms: 289.5,
		first_lost_ms: -9.1, last_lost_ms: 263.9};
	{predictive: (run(0; 247) + {path_during: ["LMA", "PMAG", "NMAG", "MN"],
		forwarded: 278, held_next: 258, waited: 25, first_lost_ms: null,
		last_lost_ms: null}), plain: run(304; 251)}
	| .reactive = (.predictive + {held_previous: 260})' > "$tmp/fast.json"

jq '
	def y($lost): {sent: 5400, received: (5400 - $lost), lost: $lost, duplicated: 0, reordered: 0,
		longest_gap_ms: 250, path_before: ["LMA", "PMAG", "MN"], path_during: ["LMA"],
		path_after: ["LMA", "NMAG", "MN"], forwarded: 0, first_lost_ms: -9.1,
		last_lost_ms: 430.5};
	(.predictive.group = (y(0) + {path_during: ["LMA", "PMAG", "NMAG", "MN"], forwarded: 290})
	| .reactive.group = (y(310) + {forwarded: 20}) | .plain.group = y(460)
	| .reactive.down = .predictive.down)' "$tmp/fast.json" > "$tmp/multicast.json"

jq -n '
	def down: if . == "LMA1" then ["LMA1", "BMAG", "MN"] else ["LMA1", ., "BMAG", "MN"] end;
	def tunnels: (down - ["MN"]) as $down | ["BMAG", .] as $up
		| [range(0; $down | length - 1) | $down[.:. + 2]] as $pairs
		| [$pairs[], ($pairs[] | reverse)] | map([., (. as $p | $pairs | index([$p])), . == $up])
		| map({at: .[0][0], to: .[0][1], tx: (if .[1] or .[2] then 1650 else 0 end),
			rx: (if .[1] and ($up != (.[0] | reverse)) then 0 else 1640 end)});
	def stage: {anchor: ., down: down, up: ["MN", "BMAG", ., "CN"], strays: 0, tunnels: tunnels};
	def handover: {from: .[0], to: .[1], init_ms: 10.1, hack_ms: 20.2, resp_ms: 30.3, pbu_ms: 40.4,
		pba_ms: 50.5, up_ms: 60.8, down_ms: 60.9, left_ms: 60.9, gone_ms: 1061.9,
		first_up_ms: 61.5, first_down_ms: 61.6};
	def run: [.[:-1], .[1:]] as $turns
		| {sent: 20000, received: 20000, lost: 0, duplicated: 0, reordered: 0, longest_gap_ms: 11,
		tcp_completed: true, redirect_us: 61600, path_before: ("LMA1" | down),
		path_during: ("LMA1" | down), path_after: (last | down), down: {reordered: 0},
		up: {reordered: 0}, handovers: ($turns | transpose | map(handover)),
		stages: map(stage), looped: 0};
	def has($tunnels): ($tunnels | if . == [] then 0 else 1 end)
		| {tunnels: $tunnels, bindings: ., sessions: .};
	{lma: (["LMA1", "LMA2"] | run | .afterwards = {LMA1: has(["LMA2"]),
		LMA2: has(["BMAG", "LMA1"]), LMA3: has([]), BMAG: has(["LMA2"])}),
	chain: (["LMA1", "LMA2", "LMA3", "LMA1"] | run | .afterwards = {LMA1: has(["BMAG"]),
		LMA2: has([]), LMA3: has([]), BMAG: has(["LMA1"])})}' > "$tmp/lma.json"

for scenario in seamless fault flowmob fast multicast lma; do
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
spoilt fault "one of those at MAG1" '.hold.reached_lost = 1' "1 of 20 that reached MAG1"
spoilt fault "one back to MAG1" '.hold.reached_again = 1' "1 were sent to MAG1 again"
spoilt fault "none at MAG1" '.hold.reached = 0' "nothing reached MAG1"
spoilt fault "one not held" '.hold.reached = 21' "21 reached MAG1, 20 were held"
spoilt fault "some not taken" '.hold.accepted = 20' "21 sent back, 20 taken"
spoilt fault "nobody waited" '.hold.waited = 0' "no newer packet"
spoilt fault "too old" '.hold.hold_lost = 1' "1 lost while they waited"
spoilt fault "redirected" '.hold.redirect_us = 5' "redirected"
spoilt fault "the way of those that came back" '.hold.path_during = ["LMA", "MAG1"]' "hold: path during"
spoilt fault "no comparison" '.drop |= (.lost = 0)' "drop: nothing lost"
spoilt fault "held in the other run" '.drop.held = 1' "drop: packets were held"
spoilt fault "lost elsewhere" '.drop.dropped = 3' "drop: 20 lost, 3 dropped"
spoilt fault "lost before MAG1" '.drop.reached_lost = 3' "drop: 20 lost, 3 after"

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
	spoilt flowmob "X slower for a moment" ".$run.flows.x.down.slowest_around_ms += 5" \
		"$run: flow X, down: the slowest took 20 ms, near the moves 26"
	spoilt flowmob "X still for a moment" ".$run.flows.x.up.gap_around_ms = 8" \
		"$run: flow X, up: nothing came for 2 ms, near the moves for 8"
	spoilt flowmob "X not measured" ".$run.flows.x.up.gap_around_ms = null" \
		"$run: flow X, up: nothing came for 2 ms"
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

for spoil in 'down |= (.lost = 1 | .received -= 1)=1 packets to the node lost' \
	'up.duplicated = 1=1 packets duplicated' 'down.reordered = 2=2 packets to the node out of order' \
	'up.lost_with_link = 3=3 packets lost that the node sent' 'tcp_completed = false=the TCP' \
	'forwarded_lost = 1=278 forwarded, 1 of them lost' 'held_next = 0=nothing waited at NMAG' \
	'waited = 0=no newer packet waited' 'hold_lost = 1=1 lost while' \
	'path_during = ["LMA", "PMAG"]=path during' 'sent = 5=hardly ran' \
	'attached_ms = 20=back after 20 ms'; do
	spoilt fast "${spoil%=*}" ".predictive.${spoil%=*}" "predictive: " "${spoil##*=}"
done
spoilt fast "no comparison" '.plain.down.lost = 0' "plain: nothing lost"
spoilt fast "no gain" '.reactive.down.lost = 31' "reactive: 31 packets to the node lost, plain: 304"
for spoil in 'down.reordered = 2=2 packets to the node out of order' \
	'forwarded_lost = 1=278 forwarded, 1 of them lost' 'held_previous = 0=nothing waited at PMAG' \
	'hold_lost = 1=1 lost while' 'path_during = ["LMA", "PMAG"]=path during'; do
	spoilt fast "reactive, ${spoil%=*}" ".reactive.${spoil%=*}" "reactive: " "${spoil##*=}"
done
spoilt fast "held in the plain run" '.plain.held_next = 1' "plain: packets were held"
for run in reactive plain; do
	spoilt fast "lost before" ".$run |= (.down.lost = 20 | .first_lost_ms = -40)" \
		"$run: lost -40 ms before the link"
	spoilt fast "lost at the NMAG" ".$run |= (.down.lost = 20 | .last_lost_ms = 300)" \
		"$run: lost 300 ms after"
	spoilt fast "one twice" ".$run.down.duplicated = 1" "$run: 1 packets duplicated"
	spoilt fast "not there" ".$run.path_after = [\"LMA\"]" "$run: path after"
done

for flow in X=down Y=group; do
	name=${flow%=*} of=${flow#*=}
	spoilt multicast "$name lost" ".predictive.$of |= (.lost = 1 | .received -= 1)" \
		"predictive: 1 packets of $name lost"
	spoilt multicast "$name twice" ".predictive.$of.duplicated = 1" \
		"predictive: 1 packets of $name duplicated"
	spoilt multicast "$name late" ".predictive.$of.reordered = 3" \
		"predictive: 3 packets of $name out of order"
	spoilt multicast "$name did not run" ".reactive.$of.sent = 5" "reactive: the flows hardly ran"
done
for spoil in 'forwarded = 0=nothing of X was forwarded' 'group.forwarded = 0=nothing of Y was' \
	'held_next = 0=nothing waited at NMAG' 'hold_lost = 1=1 lost while' \
	'group.path_during = ["LMA"]=path of Y during' 'path_after = ["LMA"]=path of X after' \
	'tcp_completed = false=the TCP' 'attached_ms = 20=back after 20 ms'; do
	spoilt multicast "${spoil%=*}" ".predictive.${spoil%=*}" "predictive: " "${spoil##*=}"
done
spoilt multicast "no gain" '.reactive.group.lost = 500' "reactive: 500 packets of Y lost, plain: 460"
spoilt multicast "X lost, reactive" '.reactive.down.lost = 1' "reactive: 1 packets of X lost"
spoilt multicast "no comparison" '.plain.group.lost = 0' "plain: nothing lost"
spoilt multicast "forwarded in the plain run" '.plain.group.forwarded = 1' "plain: packets were held"
spoilt multicast "twice" '.plain.group.duplicated = 2' "plain: 2 packets duplicated"
spoilt multicast "lost before" '.reactive.group.first_lost_ms = -40' "reactive: Y lost -40 ms before"

for spoil in 'lost = 1=1 packets lost' 'received -= 1=0 packets lost' \
	'duplicated = 1=1 packets duplicated' 'up.reordered = 2=2 packets of the node out of order' \
	'tcp_completed = false=the TCP' 'sent = 5=hardly ran' 'looped = 1=1 packets passed' \
	'redirect_us = null=never went the new way' 'path_before = ["LMA1"]=path before is' \
	'path_during = ["LMA1", "LMA2", "BMAG", "MN"]=path during is' \
	'path_after = ["LMA1"]=path after is' 'handovers |= .[1:]=it went' \
	'handovers[0].resp_ms = null=from LMA1 to LMA2: a message is missing' \
	'handovers[0].pbu_ms = 15=from LMA1 to LMA2: not in order' \
	'handovers[0].gone_ms = 60.85=LMA2: the previous anchor let go before' \
	'handovers[0].down_ms = 45=LMA2: packets turned before' \
	'handovers[0].first_up_ms = 42=LMA2: sent by the new anchor at 42 ms' \
	'handovers[0].first_down_ms = 32=LMA2: came by the new anchor at 32 ms' \
	'stages[1].down = ["LMA1"]=with LMA2, to the node' \
	'stages[1].up = ["MN", "BMAG", "LMA1", "CN"]=with LMA2, from the node' \
	'stages[1].strays = 1=with LMA2, 1 packets took another way' \
	'stages[1].tunnels[0].tx = 3=with LMA2, LMA1 has counted nothing to LMA2' \
	'stages[0].tunnels |= .[:1]=with LMA1, BMAG has counted nothing' \
	'stages[1].tunnels += [{at: "LMA1", to: "BMAG", tx: 900}]=LMA1 has sent 900 to BMAG' \
	'afterwards.LMA3.tunnels = ["LMA2"]=LMA3 has tunnels to ["LMA2"]' \
	'afterwards.LMA3.bindings = 1=LMA3 has 1 bindings' \
	'afterwards.LMA3.sessions = 1=LMA3 has 1 sessions'; do
	spoilt lma "${spoil%=*}" ".chain.${spoil%=*}" "chain: " "${spoil##*=}"
done
spoilt lma "one lost, once" '.lma |= (.lost = 1 | .received -= 1)' "lma: 1 packets lost"
spoilt lma "one more tunnel, once" '.lma.afterwards.BMAG.tunnels += ["LMA1"]' "lma: BMAG has tunnels"
spoilt lma "out of order" '.lma.down.reordered = 1' "lma: 1 packets to the node out of order"
spoilt lma "not taken back" '.chain.stages |= .[:3]' "chain: the node was never served by LMA1"
spoilt lma "something left between" '.chain.afterwards.LMA2.tunnels = ["LMA3"]' \
	'chain: LMA2 has tunnels to ["LMA3"]'

has "a scenario that there is not" "$(SCENARIO=nowhere "$demo/run" 2>&1; echo "status $?")" \
	"no scenario nowhere" fast fault flowmob lma multicast seamless "status 1"
[ "$FAILED" = 0 ]
