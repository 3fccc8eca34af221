# SPDX-License-Identifier: GPL-2.0
#
# A node that goes from the PMAG to the NMAG: what scenarios of that have in common.
include "ways";

def names: {"2001:db8::1": "LMA", "2001:db8::11": "PMAG", "2001:db8::12": "NMAG"};

def ways: ways(names);
# CN's packets come to the LMA, whether it sends them on or not
def to_node: ways | map(.path = (if .hops == [] then ["LMA"] else .hops end)
	+ (if .received > 0 then ["MN"] else [] end));

# The commonest path of those that were sent between two moments.  Apart from each of
# them: what was on its way then belongs to neither phase.
def phase($from; $to): 50000000 as $margin
	| map(select(.sent > $from + $margin and .sent < $to - $margin) | .path) | commonest;
