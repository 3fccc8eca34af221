# SPDX-License-Identifier: GPL-2.0
#
# Which ways packets took, of the lines of flowway; names are those of addresses.

# The gateways that a packet passed, in order
def hops(names): if . == "-" then [] else split(",") end | reduce .[] as $a ([];
	names[$a] as $name | if last == $name then . else . + [$name] end);
def ways(names): . / "\n" | map(select(. != "") | split(" ")
	| {sent: (.[1] | tonumber), received: (.[2] | tonumber), entered: (.[3] | tonumber),
		hops: (.[4] | hops(names))});

def commonest: group_by(.) | max_by(length) // [null] | .[0];
def direction: {sent, received, lost, duplicated, reordered};
# Of the lines of marks
def moments: . / "\n" | map(select(. != "") | split(" ") | {(.[0]): (.[1] | tonumber)}) | add;
