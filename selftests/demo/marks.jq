# SPDX-License-Identifier: GPL-2.0
#
# The moments that the picture marks, a line each: NAME CLOCK_MONOTONIC-NS.
# Input: a run's events.  Argument: $offset, CLOCK_REALTIME - CLOCK_MONOTONIC.

($offset | tonumber) as $offset
# Split, because a double does not hold the nanoseconds since 1970
| def monotonic: split(".") | (.[0] | tonumber) * 1000000000 - $offset
	+ ("0." + .[1] | tonumber) * 1000000000 | round;
[inputs] as $events
| def of($node; $event): $events[] | select(.node == $node and .event == $event);
(first($events[] | select(.source == "kernel" and .event == "link" and .state == "down"))
	| "lost \(.["monotonic-ns"])"),
(first(of("pmag"; "pbu-dereg-sent")) | "dereg_sent \(.time | monotonic)"),
(first(of("lma"; "binding-deregistered")) | "dereg \(.time | monotonic)"),
(first(of("pmag"; "deregistered")) | "dereg_acked \(.time | monotonic)"),
(first(of("smag"; "attach")) | "if2 \(.time | monotonic)"),
(first(of("nmag"; "attach")) | "nmag \(.time | monotonic)"),
(first(of("nmag"; "registered")) | "registered \(.time | monotonic)")
