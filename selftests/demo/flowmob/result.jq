# SPDX-License-Identifier: GPL-2.0
#
# One run's member of flowmob.json.  Input: the Mobility Header messages in its
# capture (an array).  Arguments: $offset, CLOCK_REALTIME - CLOCK_MONOTONIC; $marks;
# $xd, $xu, $yd, $yu (what ways.jq made of each direction), $tcp.

def names: {"2001:db8::1": "LMA", "2001:db8::11": "MAG1", "2001:db8::12": "MAG2"};
def told: ["FMI", "FMA", "UPN", "UPA"];

. as $messages
| ($offset | tonumber) as $offset
| [$xd[0], $xu[0], $yd[0], $yu[0]] as $all
| $yd[0] as $y
| def total(f): $all | map(f) | add;
{
	sent: total(.sent),
	received: total(.received),
	lost: total(.lost),
	duplicated: total(.duplicated),
	reordered: total(.reordered),
	longest_gap_ms: ($all | map(.longest_gap_ms) | max),
	tcp_completed: $tcp[0].completed,
	redirect_us: (if $y.left then ($y.left - $marks[0].move) / 1000 | round else null end),
	path_before: $y.path_before,
	path_during: $y.path_during,
	path_after: $y.path_after,
	signalling: ($messages | map(select(.kind | IN(told[]))
		| {message: .kind, from: names[.from], to: names[.to], status,
			ahead_us: (if $y.left then ($y.left - (.time - $offset)) / 1000 | round
				else null end)})),
	flows: {
		x: {down: $xd[0], up: $xu[0]},
		y: {down: $y, up: $yu[0]}
	}
} | del(.flows[][].left)
