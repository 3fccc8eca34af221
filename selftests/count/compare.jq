# SPDX-License-Identifier: GPL-2.0
# count.json and $expected, the file in the repository -> a table, and in the last
# line the exit status: 0 good, 1 one grew or the file is out of date, 4 taken on
# another kernel.
#
# A file that says more than a path takes would let it grow unseen: what has become less
# by more than counts differ from boot to boot must be written down.
#
# On another kernel, compiler or emulator numbers of instructions do not compare.
# Where there is no repository to take its commit from and count it here, ratios to plain forwarding do,
# roughly: a path must not have grown by more than a tenth there.

def right($n): tostring | (" " * ([$n - length, 0] | max)) + .;
def left($n): tostring | . + (" " * ([$n - length, 0] | max));
def places($n): . * pow(10; $n) | round | tostring
	| (if startswith("-") then ["-", .[1:]] else ["", .] end) as [$sign, $digits]
	| ("0" * ([$n + 1 - ($digits | length), 0] | max) // "") + $digits
	| $sign + .[:-$n] + "." + .[-$n:];

def references: ["plain", "ip6tnl-gw"];
def bed: {kernel, compiler, qemu};

$expected[0] as $was
| (bed == ($was | bed)) as $same
| (.paths | map({(.path): .instructions}) | add) as $now
| (if $same then 1 else $now.plain / $was.instructions.plain end) as $scale
| (if $same then 1 else 10 end) as $allowed
| (if $same then 1 else 10 end) as $slack
| (.paths | map(. + {expected: ($was.instructions[.path] | if . then . * $scale else null end)}
	| .change = (if .expected then (.instructions / .expected - 1) * 100 else null end))) as $rows
| ($rows | map(select(.path as $p | references | index($p) | not))) as $held
| ($held | map(select(.change == null or .change > $allowed) | .path)) as $grown
| ($held | map(select(.change != null and .change < -$slack) | .path)) as $shrunk
| ($was.instructions | keys - ($now | keys)) as $gone
| ($rows | map(select(.sent != .delivered) | .path)) as $lost
| ("instructions/packet" | left(20)) + ("here" | right(10)) + ("expected" | right(10))
	+ ("change" | right(10)),
($rows[] | (.path | left(20)) + (.instructions | places(1) | right(10))
	+ (if .expected then (.expected | places(1) | right(10)) + (.change | places(2) + " %" | right(10))
		else ("-" | right(10)) end)),
(if $lost != [] then "\($lost | join(", ")): packets were lost" else empty end),
(if $gone != [] then "\($gone | join(", ")): expected, but not counted" else empty end),
(if $shrunk != [] then "\($shrunk | join(", ")): more than \($slack) % below "
	+ "expected.json, which would let it grow: make bench-count UPDATE=1, in the same commit" else empty end),
(if $grown != [] then "\($grown | join(", ")): more than \($allowed) % above what "
	+ "selftests/count/expected.json has; if it must be so: make bench-count UPDATE=1, in the same commit"
	else empty end),
(if $same | not then
	"expected.json is of another \([("kernel", "compiler", "qemu") as $k
		| select(bed[$k] != ($was | bed[$k])) | $k] | join(", ")): held to 10 % of its ratio to plain forwarding"
	else empty end),
(if $lost != [] or $gone != [] or $grown != [] or ($same and $shrunk != []) then 1 elif $same then 0 else 4 end)
