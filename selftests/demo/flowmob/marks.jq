# SPDX-License-Identifier: GPL-2.0
#
# The run's moments, CLOCK_MONOTONIC in ns.  Input: its events.  Argument: $offset,
# CLOCK_REALTIME - CLOCK_MONOTONIC.

($offset | tonumber) as $offset
# Split, because a double does not hold the nanoseconds since 1970
| def monotonic: split(".") | (.[0] | tonumber) * 1000000000 - $offset
	+ ("0." + .[1] | tonumber) * 1000000000 | round;
[inputs] as $events
| def of($node; $event): $events[] | select(.node == $node and .event == $event);
(first(of("demo"; "move")) | .time | monotonic) as $move
| {
	move: $move,
	set: first(of("lma"; "flow-set") | .time | monotonic | select(. > $move)),
	follow: (first(of("demo"; "follow")) | .time | monotonic),
	followed: (first(of("demo"; "followed")) | .time | monotonic)
}
