# SPDX-License-Identifier: GPL-2.0
# The network of draft fault tolerant multihoming §3.2, small, with one way of
# flow X through it.

# What waits at a gateway
function queue(x, y, i) {
	for (i = 0; i < 5; i++)
		box(x + i * 9, y, 6, 11, "packet")
}

# route: "mag1", "held", "back" or "mag2"; IF1 is lost but in the first
function network(x, y, n, title, class, route, lma, mag, mn, m1, cx, m2) {
	box(x, y, 262, 190, "card")
	number(x + 20, y + 20, n, class)
	text(x + 38, y + 25, title, "cardtitle")
	lma = y + 56; mag = y + 110; mn = y + 168
	m1 = x + 62; cx = x + 131; m2 = x + 200
	radio(m1, mag + 10, cx - 14, mn - 10, "IF1", -12)
	radio(m2, mag + 10, cx + 14, mn - 10, "IF2", 12)
	if (route != "mag1")
		cross((m1 + cx) / 2 - 6, (mag + mn) / 2)
	if (route == "mag1") {
		hop(cx - 14, lma + 10, m1 + 10, mag - 14, "before")
		hop(m1 + 8, mag + 10, cx - 22, mn - 14, "before")
	} else if (route == "held") {
		hop(cx - 14, lma + 10, m1 + 10, mag - 14, "during")
		queue(x + 12, mag + 16)
	} else if (route == "back") {
		hop(m1 + 6, mag - 10, cx - 20, lma + 14, "during")
	}
	if (route == "back" || route == "mag2") {
		class = route == "back" ? "during" : "after"
		hop(cx + 14, lma + 10, m2 - 10, mag - 14, class)
		hop(m2 - 8, mag + 10, cx + 22, mn - 14, class)
	}
	node(cx, lma, "LMA", "gateway")
	node(m1, mag, "MAG1", "gateway")
	node(m2, mag, "MAG2", "gateway")
	node(cx, mn, "MN", "host")
}
