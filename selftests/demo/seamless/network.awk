# SPDX-License-Identifier: GPL-2.0
# The network of draft seamless handover §4, figure 1, small, with one way of
# flow X through it.

function node(x, y, name, class) {
	printf "<rect x='%.1f' y='%.1f' width='50' height='20' rx='4' class='node %s'/>\n",
		x - 25, y - 10, class
	text(x, y + 4.5, name, "name")
}

function number(x, y, n, class) {
	printf "<circle cx='%.1f' cy='%.1f' r='10' class='number %s'/>\n", x, y, class
	text(x, y + 4.5, n, "digit")
}

function hop(x1, y1, x2, y2, class) {
	printf "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='%s' marker-end='url(#%s)'/>\n",
		x1, y1, x2, y2, class, class
}

# The radio link of an interface, with its name beside it
function radio(x1, y1, x2, y2, name, dx, class) {
	line(x1, y1, x2, y2, "air")
	text((x1 + x2) / 2 + dx, (y1 + y2) / 2 + 4, name, "iface " (dx < 0 ? "end" : ""))
}

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
	if (if1 == "") {
		line((px1 + sx) / 2 - 17, (mag + mn) / 2 - 7, (px1 + sx) / 2 - 3, (mag + mn) / 2 + 7, "cross")
		line((px1 + sx) / 2 - 17, (mag + mn) / 2 + 7, (px1 + sx) / 2 - 3, (mag + mn) / 2 - 7, "cross")
	}
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
