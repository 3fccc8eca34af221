# SPDX-License-Identifier: GPL-2.0
#
# One run's member of fast.json.  Input: the samples (an array).  Arguments: $down, $up,
# $tcp (what flowstat and flowtcp printed), $switch (what was traced of the loss),
# $reached and $climbed (what flowway found of each direction's packets in the capture of
# the core), $marks.
include "counters";
include "ways";
include "handover";

($marks | moments) as $m
| ($reached | to_node) as $to_node
| ($climbed | ways) as $from_node
| def held($node; $counter):
	at("redirected"; $node).hold[$counter] - at("before"; $node).hold[$counter];
packets($down; $up; $tcp) + {
	redirect_us: (if $switch.redirected_us then
		$switch.redirected_us - $switch.lost_us else null end),
	path_before: ($to_node | phase(0; $m.announced // $m.lost)),
	path_during: ($to_node | phase($m.lost; $m.switched)),
	path_after: ($to_node | phase($m.switched; infinite)),
	down: ($down | direction),
	up: (($up | direction) + {
		# A link: until the PMAG's radio is lost, and since the NMAG has seen it there
		lost_with_link: ($from_node
			| map(select(.received == 0 and (.sent < $m.lost or .sent > $m.nmag))) | length)
	}),
	forwarded: ($to_node | map(select(.hops == ["LMA", "PMAG", "NMAG"])) | length),
	forwarded_lost: ($to_node
		| map(select(.hops == ["LMA", "PMAG", "NMAG"] and .received == 0)) | length),
	held_previous: held("pmag"; "held"),
	held_next: held("nmag"; "held"),
	waited: held("lma"; "held"),
	hold_lost: ([("pmag", "nmag", "lma") as $gw | ("expired", "dropped") as $c
		| held($gw; $c)] | add),
	attached_ms: ($m.nmag | ms_since($switch.lost_us)),
	switched_ms: ($m.switched | ms_since($switch.lost_us)),
	registered_ms: ($m.registered | ms_since($switch.lost_us)),
	first_lost_ms: ($down.first_lost_ns | ms_since($switch.lost_us)),
	last_lost_ms: ($down.last_lost_ns | ms_since($switch.lost_us))
}
