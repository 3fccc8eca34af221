# SPDX-License-Identifier: GPL-2.0
#
# One direction of a flow: what became of its packets, and which way they took before
# the anchor moved flow Y, between that and the node's own move, and after it.
# Input: lines of flowway.  Arguments: $direction, $marks (marks.jq), $stat (flowstat).

def names: {"2001:db8::1": "LMA", "2001:db8::11": "MAG1", "2001:db8::12": "MAG2"};
# Apart from each moment: what was on its way then belongs to neither phase
def margin: 50000000;

def hops: if . == "-" then [] else split(",") end
	| [range(0; length; 2) as $i | .[$i:$i + 2]]
	| reduce .[] as [$from, $to] ([]; (if last == $from then . else . + [$from] end) + [$to])
	| map(names[.] // .);
def path: . as {$hops, $arrived}
	| if $direction == "up" then ["MN"] + $hops
	else $hops + (if $arrived then ["MN"] else [] end) end;
def median: sort | if length > 0 then .[length / 2 | floor] * 1000 | round / 1000 else null end;
def ms: if . then . / 1000 | round / 1000 else null end;
def commonest: group_by(.) | max_by(length) // [null] | .[0];

$marks[0] as $m
| [inputs | split(" ") | {sent: (.[1] | tonumber), received: (.[2] | tonumber),
	entered: (.[3] | tonumber), hops: (.[4] | hops)} | .arrived = .received > 0
	| .path = path] as $all
| def phase($from; $to): $all | map(select(.sent > $from + margin and .sent < $to - margin));
phase(0; $m.move) as $before
| phase($m.set; $m.follow) as $during
| phase($m.followed; infinite) as $after
# With all that is near the moves
| ($all | map(select(.sent > $m.move - margin and .sent < $m.followed + margin))) as $around
| def slowest: map(select(.arrived) | .received - .sent) | max // null | ms;
def gap: map(select(.arrived) | .received) | sort
	| [.[1:], .[:-1]] | transpose | map(.[0] - .[1]) | max // null | ms;
def delay: map(select(.arrived) | (.received - .sent) / 1000000) | median;
($before | map(.path) | commonest) as $first
| (($first // []) - ["MN"]) as $first_hops
| ($stat[0] | {sent, received, lost, duplicated, reordered, longest_gap_ms}) + {
	delay_before_ms: ($before | delay),
	delay_during_ms: ($during | delay),
	delay_after_ms: ($after | delay),
	slowest_before_ms: ($before | slowest),
	slowest_around_ms: ($around | slowest),
	gap_before_ms: ($before | gap),
	gap_around_ms: ($around | gap),
	path_before: $first,
	path_during: ($during | map(.path) | commonest),
	path_after: ($after | map(.path) | commonest),
	# In no phase may a packet take another way than the others of it
	strays: ([$before, $during, $after] | map(map(.path) | (length - (group_by(.)
		| map(length) | max // 0))) | add),
	paths: ($all | map(.path) | unique),
	# When the first packet was seen on another way than before
	left: (first($all[] | select(.hops != [] and .hops != $first_hops) | .entered) // null)
}
