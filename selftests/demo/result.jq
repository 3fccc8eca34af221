# SPDX-License-Identifier: GPL-2.0
#
# One run's member of demo.json, from counters and kernel timestamps alone.
# Input: the samples (an array).  Arguments: $down, $up, $tcp (what flowstat
# and flowtcp printed), $switch (what was traced of the loss).

# Fewer are not the flow but solicitations and the like
def enough: 20;

def at($sample; $node): map(select(.sample == $sample and .node == $node)) | first;
def address_of: map(select(.node != "mn") | .node as $node
	| .tunnels[]? | {(.local): $node}) | add;

# Growth of a counter of the rows that have the same key in both samples
def growth($old; $new; $key; $counter):
	reduce $new[]? as $row ({}; ($row[$key] | tostring) as $k
		| .[$k] = ([$row[$counter]
			- (first($old[]? | select(.[$key] == $row[$key]) | .[$counter]) // 0),
			0] | max));

def tunnels($a; $b; $node; $role; $counter): . as $samples
	| ($samples | at($a; $node).tunnels) as $old
	| ($samples | at($b; $node).tunnels) as $new
	| growth($old; $new; "remote"; $counter) as $n
	| [$new[]? | select(.role == $role) | {remote, n: $n[.remote]}] | sort_by(-.n);

def counted($a; $b; $node): . as $samples
	| growth($samples | at($a; $node).bindings; $samples | at($b; $node).bindings;
		"prefix"; "down-packets") | add // 0;

def dropped($a; $b; $node): . as $samples
	| (($samples | at($b; $node).drops | add) - ($samples | at($a; $node).drops | add));

def received($a; $b): . as $samples
	| growth($samples | at($a; "mn").links; $samples | at($b; "mn").links;
		"dev"; "rx") | add // 0;

# The way of the packets that a MAG redirected, if one did
def redirected_path($a; $b): . as $samples | address_of as $name
	| first(("pmag", "smag", "nmag") as $mag
		| ($samples | tunnels($a; $b; $mag; "mag-mag"; "redirected") | first) as $t
		| select($t and $t.n > 0)
		| $name[$t.remote] as $next
		# The LMA has dropped its tunnel, and counter, by the time of $b
		| [($samples | tunnels($a; $b; $mag; "mag-lma"; "rx-packets")[]
				| select(.n >= $t.n) | $name[.remote]),
			$mag,
			(if $samples | tunnels($a; $b; $next; "mag-mag"; "rx-packets")
				| any($name[.remote] == $mag and .n > 0) then $next else empty end),
			(if $samples | received($a; $b) >= enough then "mn" else empty end)])
	// null;

# The way of most packets between two samples
def path($a; $b): . as $samples | address_of as $name
	| ($samples | tunnels($a; $b; "lma"; "lma-mag"; "tx-packets") | first) as $t
	| if $t and $t.n >= enough then
		$name[$t.remote] as $mag
		| ["lma",
			(if $samples | counted($a; $b; $mag) >= enough then $mag else empty end),
			(if $samples | received($a; $b) >= enough then "mn" else empty end)]
	elif $samples | dropped($a; $b; "lma") >= enough then ["lma"]
	else [] end;

def names: if . then map(ascii_upcase) else . end;

redirected_path("before"; "redirected") as $during
| {
	sent: ($down.sent + $up.sent),
	received: ($down.received + $up.received),
	lost: ($down.lost + $up.lost),
	duplicated: ($down.duplicated + $up.duplicated),
	reordered: ($down.reordered + $up.reordered),
	longest_gap_ms: ([$down.longest_gap_ms, $up.longest_gap_ms] | max),
	tcp_completed: $tcp.completed,
	redirect_us: (if $switch.redirected_us and $during then
		$switch.redirected_us - $switch.lost_us else null end),
	path_before: (path("settled"; "before") | names),
	path_during: (($during // path("redirected"; "after")) | names),
	path_after: ((if $during then path("redirected"; "after")
		else path("attached"; "end") end) | names)
}
