# SPDX-License-Identifier: GPL-2.0
# The network of draft seamless handover §4, figure 1, small, with one way of
# flow X through it.

# route: "pmag", "redirect" or "smag"; if1: where IF1 is, "" for lost
function network(x, y, n, title, class, route, if1, lma, mag, mn, px1, sx, nx) {
	box(x, y, 262, 190, "card")
	number(x + 20, y + 20, n, class)
	text(x + 38, y + 25, title, "cardtitle")
	lma = y + 52; mag = y + 106; mn = y + 168
	px1 = x + 48; sx = x + 131; nx = x + 214
	if (if1 != "nmag")
		radio(px1, mag + 10, sx - 20, mn - 10, "IF1", -12)
	else
		radio(nx, mag + 10, sx + 20, mn - 10, "IF1", 12)
	radio(sx, mag + 10, sx, mn - 10, "IF2", 9)
	if (if1 == "")
		cross((px1 + sx) / 2 - 10, (mag + mn) / 2)
	if (route == "smag") {
		hop(sx, lma + 10, sx, mag - 15, "after")
		hop(sx, mag + 10, sx, mn - 15, "after")
	} else {
		hop(sx - 10, lma + 10, px1 + 16, mag - 15, route == "pmag" ? "before" : "during")
		if (route == "pmag") {
			hop(px1 + 2, mag + 10, sx - 26, mn - 14, "before")
		} else {
			hop(px1 + 25, mag, sx - 30, mag, "during")
			hop(sx, mag + 10, sx, mn - 15, "during")
		}
	}
	node(sx, lma, "LMA", "gateway")
	node(px1, mag, "PMAG", "gateway")
	node(sx, mag, "SMAG", "gateway")
	node(nx, mag, "NMAG", "gateway")
	node(sx, mn, "MN", "host")
}
