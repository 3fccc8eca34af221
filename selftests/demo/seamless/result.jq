# SPDX-License-Identifier: GPL-2.0
#
# One run's member of demo.json, from counters and kernel timestamps alone.
# Input: the samples (an array).  Arguments: $down, $up, $tcp (what flowstat
# and flowtcp printed), $switch (what was traced of the loss).
include "counters";

redirected_path("before"; "redirected") as $during
| packets($down; $up; $tcp) + {
	redirect_us: (if $switch.redirected_us and $during then
		$switch.redirected_us - $switch.lost_us else null end),
	path_before: (path("settled"; "before") | names),
	path_during: (($during // path("redirected"; "after")) | names),
	path_after: ((if $during then path("redirected"; "after")
		else path("attached"; "end") end) | names)
}
