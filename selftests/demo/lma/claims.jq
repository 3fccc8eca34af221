# SPDX-License-Identifier: GPL-2.0
#
# What the two runs must have shown, or a line about it.  Input: lma.json.
def claim(ok; $text): if ok then empty else $text end;

# Draft LMA handover §4.2 (j), (k): which way packets go where an anchor serves the node
def down: if . == "LMA1" then ["LMA1", "BMAG", "MN"] else ["LMA1", ., "BMAG", "MN"] end;
def up: ["MN", "BMAG", ., "CN"];
# More than solicitations and the like
def enough: 200;

# The counters of tunnels say the same: $way is of gateways
def counted($way; $tunnels): range(0; $way | length - 1) | $way[.] as $at | $way[. + 1] as $to
	| claim($tunnels | any(.at == $at and .to == $to and .tx >= enough);
		"\($at) has counted nothing to \($to)"),
	claim($tunnels | any(.at == $to and .to == $at and .rx >= enough);
		"\($to) has counted nothing of \($at)");
def between($way): $way - ["MN", "CN"];
def pairs($way): [range(0; $way | length - 1) | $way[.:. + 2]];
def elsewhere($ways; $tunnels): ($ways | map(pairs(.)) | add) as $pairs
	| $tunnels[] | . as $t | select($pairs | index([[$t.at, $t.to]]) | not)
	| claim($t.tx < enough; "\($t.at) has sent \($t.tx) to \($t.to)");

def stage($anchor): if . == null then "the node was never served by \($anchor)" else
	claim(.down == ($anchor | down); "with \($anchor), to the node: \(.down)"),
	claim(.up == ($anchor | up); "with \($anchor), from the node: \(.up)"),
	claim(.strays == 0; "with \($anchor), \(.strays) packets took another way"),
	(.tunnels as $t | [between($anchor | down), between($anchor | up)] as $ways
		| ($ways[] | counted(.; $t)), elsewhere($ways; $t) | "with \($anchor), " + .)
	end;

# §4.2 (b) to (i), one after the other; nothing goes the new way before it may
def handover: . as $h | "from \(.from) to \(.to)" as $name
	| [.init_ms, .hack_ms, .resp_ms, .pbu_ms, .pba_ms, .up_ms, .gone_ms] as $course
	| claim($course | all(. != null); "\($name): a message is missing: \($course)"),
	claim($course == ($course | sort); "\($name): not in order: \($course)"),
	claim(.down_ms != null and .down_ms >= .pba_ms; "\($name): packets turned before the PBA"),
	claim(.gone_ms > .down_ms and .gone_ms >= .left_ms;
		"\($name): the previous anchor let go before it was over"),
	claim(.first_up_ms != null and .first_up_ms >= .pba_ms;
		"\($name): sent by the new anchor at \(.first_up_ms) ms"),
	# Back at LMA1 they turn with the PBU itself
	claim(.first_down_ms != null and .first_down_ms >= .pbu_ms;
		"\($name): came by the new anchor at \(.first_down_ms) ms");

# A binding and tunnels: for neighbours on the node's ways, and nothing anywhere else
def left($expected): .afterwards as $a | ("LMA1", "LMA2", "LMA3", "BMAG") as $gw
	| ($expected[$gw] // []) as $tunnels | claim($a[$gw].tunnels == $tunnels;
		"\($gw) has tunnels to \($a[$gw].tunnels)"),
	claim($a[$gw].bindings == if $tunnels == [] then 0 else 1 end;
		"\($gw) has \($a[$gw].bindings) bindings"),
	claim($tunnels != [] or $a[$gw].sessions == 0; "\($gw) has \($a[$gw].sessions) sessions");

def run($anchors):
	claim(.sent > 3000; "the flow hardly ran"),
	claim(.lost == 0 and .received == .sent; "\(.lost) packets lost"),
	claim(.duplicated == 0; "\(.duplicated) packets duplicated"),
	claim(.tcp_completed; "the TCP transfer is not complete"),
	claim(.up.reordered == 0; "\(.up.reordered) packets of the node out of order"),
	claim(.looped == 0; "\(.looped) packets passed a gateway twice"),
	claim(.redirect_us != null; "flow X never went the new way"),
	claim(.path_before == ("LMA1" | down); "path before is \(.path_before)"),
	# Until the new anchor serves the node all goes on as before
	claim(.path_during == ("LMA1" | down); "path during is \(.path_during)"),
	claim(.path_after == ($anchors[-1] | down); "path after is \(.path_after)"),
	claim(.handovers | map([.from, .to]) == pairs($anchors);
		"it went \(.handovers | map(.to))"),
	(.handovers[] | handover),
	(range(0; $anchors | length) as $i | .stages[$i] | stage($anchors[$i]));

(.lma | run(["LMA1", "LMA2"]),
	# What is sent later takes no less: nothing overtakes
	claim(.down.reordered == 0; "\(.down.reordered) packets to the node out of order"),
	left({LMA1: ["LMA2"], LMA2: ["BMAG", "LMA1"], BMAG: ["LMA2"]}) | "lma: " + .),
(.chain | run(["LMA1", "LMA2", "LMA3", "LMA1"]), left({LMA1: ["BMAG"], BMAG: ["LMA1"]})
	| "chain: " + .)
