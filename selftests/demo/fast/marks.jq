# SPDX-License-Identifier: GPL-2.0
#
# The moments that the picture marks, a line each: NAME CLOCK_MONOTONIC-NS.
# Input: a run's events.  Arguments: $offset, CLOCK_REALTIME - CLOCK_MONOTONIC,
# and $switch, what was traced of the loss.
include "moments";

[inputs] as $events
| def of($node; $event; $name): moment($events; $offset; $node; $event; $name);
"lost \($switch.lost_us * 1000)",
of("demo"; "announce"; "announced"),
of("nmag"; "attach"; "nmag"),
of("lma"; "binding-handoff"; "switched"),
of("lma"; "binding-revived"; "switched"),
of("nmag"; "registered"; "registered"),
of("nmag"; "arrival-ended"; "ended")
