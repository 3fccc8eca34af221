# SPDX-License-Identifier: GPL-2.0
#
# The moments of the handovers, a line each: NAME CLOCK_MONOTONIC-NS; of the first one
# NAME is askedN, initN ... with N 1, of the next with 2.  Those of the picture, whose zero
# is "lost", begin when the first is asked for.
# Input: a run's events.  Arguments: $offset, CLOCK_REALTIME - CLOCK_MONOTONIC, and $switch,
# null: no link is lost.
include "moments";

# Each from the operator's word to the next: from whom, to whom, and what happened
def handovers: reduce .[] as $e ([]; if $e.node == "demo" and $e.event == "ask" then
	. + [{n: (length + 1), from: (last.to // "lma1"), to: $e.detail, events: []}]
	elif length > 0 then last.events += [$e] else . end);

def marks: . as $h | def of($node; $event; $name):
	moment($h.events; $offset; $node; $event; $name + ($h.n | tostring));
	of("bmag"; "lma-handover-asked"; "asked"),
	of($h.from; "lma-handover-begun"; "init"),
	of($h.to; "lma-handover-handed"; "hack"),
	of($h.from; "lma-handover-prepared"; "resp"),
	of("bmag"; "pbu-sent"; "pbu"),
	of($h.to; "binding-taken-over"; "pba"),
	of("bmag"; "anchor-changed"; "up"),
	# What is for the node comes to the anchor whose the prefix is
	of("lma1"; "lma-handover-left", "lma-handover-onward", "lma-handover-came"; "down"),
	of($h.from; "lma-handover-left"; "left"),
	of($h.from; "binding-moved"; "gone");

[inputs] | handovers
| (first | moment(.events; $offset; "bmag"; "lma-handover-asked"; "lost")), (.[] | marks)
