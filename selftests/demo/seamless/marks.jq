# SPDX-License-Identifier: GPL-2.0
#
# The moments that the picture marks, a line each: NAME CLOCK_MONOTONIC-NS.
# Input: a run's events.  Arguments: $offset, CLOCK_REALTIME - CLOCK_MONOTONIC,
# and $switch, what was traced of the loss.

($offset | tonumber) as $offset
# Split, because a double does not hold the nanoseconds since 1970
| def monotonic: split(".") | (.[0] | tonumber) * 1000000000 - $offset
	+ ("0." + .[1] | tonumber) * 1000000000 | round;
[inputs] as $events
| def of($node; $event): $events[] | select(.node == $node and .event == $event);
"lost \($switch.lost_us * 1000)",
(first(of("pmag"; "pbu-dereg-sent")) | "dereg_sent \(.time | monotonic)"),
(first(of("lma"; "binding-deregistered")) | "dereg \(.time | monotonic)"),
(first(of("pmag"; "deregistered")) | "dereg_acked \(.time | monotonic)"),
(first(of("smag"; "attach")) | "if2 \(.time | monotonic)"),
(first(of("nmag"; "attach")) | "nmag \(.time | monotonic)"),
(first(of("nmag"; "registered")) | "registered \(.time | monotonic)")
