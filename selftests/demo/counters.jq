# SPDX-License-Identifier: GPL-2.0
#
# Paths from counters.  Input: the samples of a run (an array).

# Fewer are not the flow but solicitations and the like
def enough: 20;

def at($sample; $node): map(select(.sample == $sample and .node == $node)) | first;
def mags: map(.node) | unique - ["lma", "mn"] | .[];
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
	| first(mags as $mag
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

# What became of both ways' packets; the arguments are what flowstat and flowtcp printed
def packets($down; $up; $tcp): {
	sent: ($down.sent + $up.sent),
	received: ($down.received + $up.received),
	lost: ($down.lost + $up.lost),
	duplicated: ($down.duplicated + $up.duplicated),
	reordered: ($down.reordered + $up.reordered),
	longest_gap_ms: ([$down.longest_gap_ms, $up.longest_gap_ms] | max),
	tcp_completed: $tcp.completed
};

# When a packet was sent, of those of flowstat that are null where none is
def ms_since($lost_us): if . > 0 then (. / 1000 - $lost_us) / 100 | round / 10 else null end;
