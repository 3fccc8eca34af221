# SPDX-License-Identifier: GPL-2.0
#
# One run's member of multicast.json.  Input: the samples (an array).  Arguments: $down,
# $up, $tcp (what flowstat and flowtcp printed), $group (the same of flow Y, in an array),
# $switch (what was traced of the loss), $reached, $climbed and $spread (what flowway found
# of each one's packets in the capture of the core), $marks.
include "counters";
include "ways";
include "handover";

# More than the streams differ by, and less than is sent after
def settled: 1000000000;

. as $samples
| ($marks | moments) as $m
| $group[0] as $y
| ($reached | to_node) as $x_ways
| ($spread | to_node) as $y_ways
| def held($node; $counter): $samples
	| at("redirected"; $node).hold[$counter] - at("before"; $node).hold[$counter];
def paths: {
	path_before: phase(0; $m.announced // $m.lost),
	path_during: phase($m.lost; $m.nmag),
	path_after: phase($m.switched + settled; infinite)
};
packets($down; $up; $tcp)
| .sent += $y.sent | .received += $y.received | .lost += $y.lost
| .duplicated += $y.duplicated | .reordered += $y.reordered
| .longest_gap_ms = ([.longest_gap_ms, $y.longest_gap_ms] | max)
| . + {
	redirect_us: (if $switch.redirected_us then
		$switch.redirected_us - $switch.lost_us else null end)
} + ($x_ways | paths) + {
	down: ($down | direction + {longest_gap_ms}),
	up: ($up | direction),
	group: (($y | direction + {longest_gap_ms}) + ($y_ways | paths) + {
		forwarded: ($y_ways | map(select(.hops[0:3] == ["LMA", "PMAG", "NMAG"])) | length),
		first_lost_ms: ($y.first_lost_ns | ms_since($switch.lost_us)),
		last_lost_ms: ($y.last_lost_ns | ms_since($switch.lost_us))
	}),
	forwarded: ($x_ways | map(select(.hops == ["LMA", "PMAG", "NMAG"])) | length),
	held_next: held("nmag"; "held"),
	hold_lost: ([("pmag", "nmag", "lma") as $gw | ("expired", "dropped") as $c
		| held($gw; $c)] | add),
	attached_ms: ($m.nmag | ms_since($switch.lost_us)),
	switched_ms: ($m.switched | ms_since($switch.lost_us)),
	registered_ms: ($m.registered | ms_since($switch.lost_us))
}
