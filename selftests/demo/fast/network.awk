# SPDX-License-Identifier: GPL-2.0
# The network of RFC 5949 §4.1, small, with one way of flow X through it.

# What waits at a gateway
function queue(x, y, i) {
	for (i = 0; i < 5; i++)
		box(x + i * 9, y, 6, 11, "packet")
}

# route: "pmag", "forward" or "nmag"; if1: where IF1 is, "" for nowhere
function network(x, y, n, title, class, route, if1, lma, mag, mn, p, cx, q) {
	box(x, y, 262, 190, "card")
	number(x + 20, y + 20, n, class)
	text(x + 38, y + 25, title, "cardtitle")
	lma = y + 56; mag = y + 110; mn = y + 168
	p = x + 62; cx = x + 131; q = x + 200
	if (if1 == "nmag")
		radio(q, mag + 10, cx + 14, mn - 10, "IF1", 12)
	else
		radio(p, mag + 10, cx - 14, mn - 10, "IF1", -12)
	if (if1 == "")
		cross((p + cx) / 2 - 6, (mag + mn) / 2)
	if (route == "nmag")
		hop(cx + 14, lma + 10, q - 10, mag - 14, "after")
	else
		hop(cx - 14, lma + 10, p + 10, mag - 14, route == "pmag" ? "before" : "during")
	if (route == "pmag")
		hop(p + 8, mag + 10, cx - 22, mn - 14, "before")
	if (route == "forward")
		hop(p + 25, mag, q - 31, mag, "during")
	if (route == "forward" && if1 == "")
		queue(q - 20, mag + 16)
	if (if1 == "nmag")
		hop(q - 8, mag + 10, cx + 22, mn - 14, route == "forward" ? "during" : "after")
	node(cx, lma, "LMA", "gateway")
	node(p, mag, "PMAG", "gateway")
	node(q, mag, "NMAG", "gateway")
	node(cx, mn, "MN", "host")
}
