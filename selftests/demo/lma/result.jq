# SPDX-License-Identifier: GPL-2.0
#
# One run's member of lma.json.  Input: the samples (an array).  Arguments: $down, $up, $tcp
# (what flowstat and flowtcp printed), $reached and $climbed (what flowway found of each
# direction's packets in the capture of the core), $marks.
include "counters";
include "ways";
include "lma/gateways";

def margin: 50000000;
def ms($from): if . then (. - $from) / 100000 | round / 10 else null end;

# Of each gateway's tunnels, what went by them between two samples
def by_tunnel($a; $b): . as $samples
	| [gateways[] as $at | ($samples | at($a; $at | ascii_downcase).tunnels) as $old
		| ($samples | at($b; $at | ascii_downcase).tunnels) as $new
		| growth($old; $new; "remote"; "tx-packets") as $tx
		| growth($old; $new; "remote"; "rx-packets") as $rx
		| $new[] | {at: $at, to: gateways[.remote], tx: $tx[.remote], rx: $rx[.remote]}];

# What a gateway has of the node, and of others
def has($sample; $gw): at($sample; $gw) | {tunnels: (.tunnels | map(gateways[.remote]) | sort),
	bindings: (.bindings | length), sessions: (.sessions | length)};

. as $samples
| ($marks | moments) as $m
| (map(.sample | select(startswith("to")) | ltrimstr("to") | tonumber) | max) as $last
| ($reached | ways(gateways)
	| map(.path = .hops + (if .received > 0 then ["MN"] else [] end))) as $to_node
| ($climbed | ways(gateways)
	| map(.path = ["MN"] + .hops + (if .received > 0 then ["CN"] else [] end))) as $from_node
| def mark($name; $i): $m["\($name)\($i)"];
def since($i): if $i == 0 then 0 else [mark("down"; $i), mark("up"; $i)] | max + margin end;
def until($i): if $i == $last then infinite else mark("asked"; $i + 1) - margin end;
def steady($i): map(select(.sent > since($i) and .sent < until($i)) | .path);
def strays: length - (group_by(.) | map(length) | max // 0);
# The first packet of a handover that is seen on its new way
def first_by($i; $way): mark("asked"; $i) as $from | (mark("asked"; $i + 1) // infinite) as $until
	| map(select(.entered > $from and .entered < $until and .path == $way) | .entered)
	| min | ms($from);
def stage($i): {
	anchor: (if $i == 0 then "LMA1" else $to_node | steady($i) | commonest | .[-3] end),
	down: ($to_node | steady($i) | commonest),
	up: ($from_node | steady($i) | commonest),
	strays: (($to_node | steady($i) | strays) + ($from_node | steady($i) | strays)),
	tunnels: ($samples | by_tunnel("from\($i)"; "to\($i)"))
};
[range(0; $last + 1) | stage(.)] as $stages
| def handover($i): mark("asked"; $i) as $asked
	| {from: $stages[$i - 1].anchor, to: $stages[$i].anchor}
	+ ([("init", "hack", "resp", "pbu", "pba", "up", "down", "left", "gone") as $name
		| {($name + "_ms"): (mark($name; $i) | ms($asked))}] | add)
	+ {first_up_ms: ($from_node | first_by($i; $stages[$i].up)),
		first_down_ms: ($to_node | first_by($i; $stages[$i].down))};
[range(1; $last + 1) | handover(.)] as $handovers
| def counted: group_by(.path) | map({path: .[0].path, packets: length}) | sort_by(-.packets);
packets($down; $up; $tcp) + {
	redirect_us: ($handovers[0].first_down_ms | if . then . * 1000 | round else null end),
	path_before: $stages[0].down,
	path_during: ($to_node | map(select(.sent > $m.asked1 and .sent < $m.down1) | .path)
		| commonest),
	path_after: $stages[-1].down,
	down: ($down | direction),
	up: ($up | direction),
	handovers: $handovers,
	stages: $stages,
	ways: {down: ($to_node | counted), up: ($from_node | counted)},
	looped: ($to_node + $from_node | map(select(.hops | length != (unique | length))) | length),
	afterwards: ([gateways[] as $name
		| {($name): ($samples | has("to\($last)"; $name | ascii_downcase))}] | add)
}
