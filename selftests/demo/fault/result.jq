# SPDX-License-Identifier: GPL-2.0
#
# One run's member of fault.json, from counters and kernel timestamps alone.
# Input: the samples (an array).  Arguments: $down, $up, $tcp (what flowstat
# and flowtcp printed), $switch (what was traced of the loss), $reached (what flowway
# found in the capture of what came to MAG1).
include "counters";

# What a gateway counted of packets that wait, and as dropped, over the loss
def hold($node; $counter): at("redirected"; $node).hold[$counter] - at("before"; $node).hold[$counter];

# The way of the packets that MAG1 could not deliver: to where they were dropped, or
# back and on by the tunnel with most packets since
def broken_path: . as $samples | address_of as $name
	| hold("mag1"; "returned") as $returned
	| if $returned > 0 then
		["lma", "mag1",
			(if hold("lma"; "accepted") >= $returned then "lma", (
				($samples | tunnels("before"; "redirected"; "lma"; "lma-mag"; "tx-packets")
					| map(select($name[.remote] != "mag1")) | first) as $t
				| if $t and $t.n >= $returned then
					$name[$t.remote],
					(if $samples | received("before"; "redirected") >= $returned
						then "mn" else empty end)
				else empty end)
			else empty end)]
	elif dropped("before"; "redirected"; "mag1") > 0 then ["lma", "mag1"]
	else [] end;

# Each packet of flow X that reached MAG1 once the link was lost: when it reached the
# node, 0 for never; and how often it was sent to MAG1
def reached: $reached / "\n" | map(select(. != "") | split(" ")
	| {came: (.[3] | tonumber), arrived: (.[2] | tonumber), times: (.[4] / "," | length / 2)}
	| select(.came > $switch.lost_us * 1000));

packets($down; $up; $tcp) + {
	redirect_us: (if $switch.redirected_us then
		$switch.redirected_us - $switch.lost_us else null end),
	path_before: (path("settled"; "before") | names),
	path_during: (broken_path | names),
	path_after: (path("redirected"; "after") | names),
	held: hold("mag1"; "held"),
	returned: hold("mag1"; "returned"),
	accepted: hold("lma"; "accepted"),
	waited: hold("lma"; "held"),
	hold_lost: ([("mag1", "lma") as $gw | ("expired", "dropped") as $c | hold($gw; $c)] | add),
	dropped: dropped("before"; "redirected"; "mag1"),
	reached: (reached | length),
	reached_lost: (reached | map(select(.arrived == 0)) | length),
	reached_again: (reached | map(select(.times > 1)) | length),
	first_lost_ms: ($down.first_lost_ns | ms_since($switch.lost_us)),
	last_lost_ms: ($down.last_lost_ns | ms_since($switch.lost_us))
}
