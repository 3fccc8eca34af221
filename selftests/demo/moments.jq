# SPDX-License-Identifier: GPL-2.0
#
# Times of events.

# moment($events; $offset; $node; $event; $name): a line with the time of the first,
# if there is one; $offset is CLOCK_REALTIME - CLOCK_MONOTONIC, ns.  Times are split,
# because a double does not hold the nanoseconds since 1970.
def moment($events; $offset; $node; $event; $name):
	first($events[] | select(.node == $node and .event == $event))
	| .time | split(".") | (.[0] | tonumber) * 1000000000 - ($offset | tonumber)
	+ ("0." + .[1] | tonumber) * 1000000000 | round
	| "\($name) \(.)";
