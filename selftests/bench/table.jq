# SPDX-License-Identifier: GPL-2.0
# The table on the console: rates, and ratios to the peers with what is to be
# reached (a figure of the project's plan, not of this run).

def right($n): tostring | (" " * ([$n - length, 0] | max)) + .;
def left($n): tostring | . + (" " * ([$n - length, 0] | max));
def short: if . >= 1000000 then "\(. / 1000000 | floor) M" elif . >= 1000 then "\(. / 1000 | floor) k"
	else tostring end;
def places($n): . * pow(10; $n) | round | tostring
	| (if length <= $n then "0" * ($n + 1 - length) + . else . end)
	| .[:-$n] + "." + .[-$n:];
def rate: if . < 10000 then tostring else (. / 1000000 | places(3)) + " M" end;
def verdict($reached): if $reached then "" else ", no" end;
def median: sort | .[length / 2 | floor];
# of seconds: the median, and half the spread
def seconds: "\(median | places(2)) s ± \((max - min) / median * 50 | places(1)) %";

def cell($n): map(select(.prefixes == $n)) | if length == 0 then "-" else
	.[0] | (.pps | rate) + " ±" + (.spread * 50 | places(1) | right(4)) + " %"
	+ (if .method == "drop" or .sent == .delivered then " " else "!" end) end
	| right(20);

def rows($sizes; f; $name):
	map(select(f)) | if length == 0 then empty else
	. as $rows | ($name | left(22)) + ([$sizes[] as $n | $rows | cell($n)] | add) end;

def case($m; $d; $n; $f): map(select(.method == $m and .direction == $d and
	.prefixes == $n and .flows == $f)) | .[0];
# What is to be reached, and whether it is: "~" where the spread of the two would change that
def verdict($r; $spread; $wanted): if $wanted == null then "" else
	" (\($wanted)" + (if $r >= $wanted then "" else ", no" end)
	+ (if (($r - $wanted) | fabs) < $r * $spread / 2 then " ~)" else ")" end) end;

def ratio($sizes; over; under; $wanted; $name):
	. as $all | [$sizes | to_entries[] | .key as $i | .value as $n |
		($all | over) as $f | ($all | under) as $g |
		($all | case($f[0]; $f[1]; $n; $f[2])) as $a |
		($all | case($g[0]; $g[1]; ($g[3] // $n); $g[2])) as $b |
		if $a and $b then ($a.pps / $b.pps) as $r |
			($r | places(2)) + verdict($r; $a.spread + $b.spread; $wanted[$i])
		else "-" end | right(20)] as $cells |
	if ($cells | all(. == ("-" | right(20)))) then empty else ($name | left(22)) + ($cells | add) end;

([.[].prefixes] | unique) as $sizes
| ([1024, 131072, 1048576] | map(. as $n | select($sizes | index($n)))) as $sizes
| def wanted($a): [1024, 131072, 1048576] | to_entries
	| map(.key as $k | .value as $n | select($sizes | index($n)) | $a[$k]);
(if length > 0 then
	"", ("packets/s, prefixes:" | left(22)) + ([$sizes[] | short | right(20)] | add),
	(["drop", "plain", "ip6tnl", "ip6tnl-gw", "seg6", "flowtable", "rule"][] as $m |
		rows($sizes; .method == $m and .direction == "lma-down"; $m)),
	(["lma-down", "lma-up", "mag-down", "mag-up", "redirect"][] as $d |
		([.[].flows] | unique[]) as $f |
		rows($sizes; .method == "pmip" and .direction == $d and .flows == $f;
			"pmip \($d)" + (if $f > 0 then " \($f) flows" else "" end))),
	"", "ratios (to reach; ~: the spread is more than what is missing or to spare)",
	(["ip6tnl-gw", "plain", "flowtable", "seg6", "ip6tnl", "rule"] as $peers |
		{"ip6tnl-gw": [3, 5, 5], plain: [2, 4.5, 4.5], flowtable: [1.15]} as $wish |
		$peers[] as $p | ratio($sizes; ["pmip", "lma-down", 0]; [$p, "lma-down", 0];
			wanted($wish[$p] // []); "pmip / \($p)")),
	ratio($sizes; ["pmip", "lma-down", 0]; ["pmip", "lma-down", 0, 1024];
		wanted([null, 0.5, 0.45]); "pmip / itself at 1 k"),
	(["lma-up", "mag-down", "mag-up", "redirect"][] as $d |
		ratio($sizes; ["pmip", $d, 0]; ["pmip", "lma-down", 0];
			wanted(if $d == "redirect" then [] else [0.8, 0.8, 0.8] end);
			"\($d) / lma-down")),
	(["lma-down", "mag-down", "redirect"][] as $d | (8, 64) as $f |
		ratio($sizes; ["pmip", $d, $f]; ["pmip", $d, 0];
			wanted(if $f == 64 then [0.85, 0.85, 0.85] else [] end);
			"\($d) \($f) flows / 0")),
	(map(select(.method != "drop" and .sent != .delivered)) | .[] |
		"! \(.method) \(.direction) \(.prefixes): delivered \(.delivered) of \(.sent)")
else empty end),
($figures[0] |
	(map(select(.figure == "memory")) | if length > 0 then "", (group_by(.direction)[] |
		(sort_by(.sum) | .[length / 2 | floor]) as $m |
		"memory, \($m.direction): \($m.sum) bytes a binding, \(map(.sum) | min) to \(map(.sum) | max) (slab \($m.slab), vmalloc \($m.vmalloc), per CPU \($m.percpu)); to reach: 200\(verdict($m.sum <= 200))")
		else empty end),
	(map(select(.figure == "loading")) | if length > 0 then
		(reduce .[] as $r ({}; .[$r.what].load += [$r.load] | .[$r.what].dump += [$r.dump])) as $t | ($t | map_values(map_values(median))) as $m |
		"", ($t | to_entries[] | "\(.key): 1 M loaded in \(.value.load | seconds), dumped in \(.value.dump | seconds)"),
		"loading: \($m.route.load / $m.binding.load | places(2)) times as fast as routes, dumping: \($m.route.dump / $m.binding.dump | places(2)) times; to reach: 2\(verdict($m.route.load >= 2 * $m.binding.load and $m.route.dump >= 2 * $m.binding.dump))"
		else empty end),
	(map(select(.figure == "flows")) | if length > 0 then
		"", (.[] | "flows: \(.each) on each of \(.nodes) nodes loaded in \(.load | places(2)) s, \(.bytes) bytes each, \(.delivered) of \(.sent) packets delivered")
		else empty end),
	(map(select(.figure == "scan")) | if length > 0 then
		"", (.[] | "scan: of \(.tuples) 5-tuples: others keep \(.others) of their rate; to reach: 0.8; \(.found * 100 | places(1)) % of their packets found in the cache, \(.grown) bytes of memory more")
		else empty end),
	(map(select(.figure == "switching")) | if length > 0 then
		"", (.[] | "switching: \(.ns) ns (\(.least) to \(.most)) from the loss of the link until \(.nodes) nodes are redirected"),
		(sort_by(.nodes) | select(length > 1) | (last.ns / first.ns) as $r |
			"switching: \($r | places(2)) times the time of one node; to reach: 2\(verdict($r <= 2))")
		else empty end))
