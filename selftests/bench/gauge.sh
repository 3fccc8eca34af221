# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# How fast the machine is just now: a virtual machine's neighbours take a third of
# it for minutes.  A generator whose packets are dropped at ingress, in a namespace
# of its own, runs before and after each case; where it was slow, the case is
# measured again.

fastest=0 slowest=0

gauge_setup() {
	ip netns add gauge
	ip -n gauge -batch - <<-EOT
		link add in0 address $IN_LL type dummy
		link set in0 up
	EOT
	NS=gauge method_drop
	NS=gauge generator 1024
	NS=gauge generate 300000 > /dev/null
	# The best of some, or a slow beginning would pass for what the machine can do
	for _ in {1..20}; do gauge first; done
}

gauge() { # first|last
	local us

	[ "$1" = first ] && slowest=0
	us=$(NS=gauge generate 300000)
	[ "$us" -gt "$slowest" ] && slowest=$us
	[ "$fastest" != 0 ] && [ "$fastest" -le "$us" ] || fastest=$us
}

# Within a tenth of the best that has been seen?
steady() { [ $((slowest * 9)) -le $((fastest * 10)) ]; }
slower() { echo $((100 - 100 * fastest / slowest)); }
