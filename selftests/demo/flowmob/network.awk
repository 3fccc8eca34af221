# SPDX-License-Identifier: GPL-2.0
# The network of draft flow mobility §3.2, figure 1, small, with the ways of two flows.

# One way of a flow by a gateway: down, up, or both
function flow_way(x, y, gateway, down, up, dx, lma, mag, mn, gx, lx, class) {
	lma = y + 56; mag = y + 112; mn = y + 172
	gx = x + dx + (gateway == "MAG1" ? 90 : 262)
	lx = x + dx + (gateway == "MAG1" ? 146 : 206)
	class = gateway == "MAG1" ? "before" : "after"
	if (down) {
		hop(lx, lma + 12, gx, mag - 14, class)
		hop(gx, mag + 12, lx, mn - 14, class)
	}
	if (up) {
		hop(lx, mn - 12, gx, mag + 14, class)
		hop(gx, mag - 12, lx, lma + 14, class)
	}
}

# Where flow Y goes down and up; flow X is always by MAG1
function network(x, y, n, title, class, down, up, lma, mag, mn) {
	lma = y + 56; mag = y + 112; mn = y + 172
	box(x, y, 352, 196, "card")
	number(x + 20, y + 20, n, class)
	text(x + 38, y + 25, title, "cardtitle")
	text(x + 62, (mag + mn) / 2 + 4, "IF1", "iface")
	text(x + 278, (mag + mn) / 2 + 4, "IF2", "iface")
	flow_way(x, y, "MAG1", 1, 1, -12)
	text(x + 88, lma + 30, "X", "flowname")
	if (down == up) {
		flow_way(x, y, down, 1, 1, down == "MAG1" ? 20 : 12)
	} else {
		flow_way(x, y, down, 1, 0, 20)
		flow_way(x, y, up, 0, 1, 12)
		text(x + 280, lma + 30, "Y up", "flowname")
	}
	text(x + (down == "MAG1" ? 172 : 268), lma + 30, down == up ? "Y" : "Y down", "flowname")
	broad(x + 176, lma, "LMA")
	broad(x + 90, mag, "MAG1")
	broad(x + 262, mag, "MAG2")
	broad(x + 176, mn, "MN")
}

# Wide enough for the ends of two ways
function broad(x, y, name) {
	printf "<rect x='%.1f' y='%.1f' width='88' height='22' rx='4' class='node%s'/>\n",
		x - 44, y - 11, name == "MN" ? " host" : ""
	text(x, y + 4.5, name, "name")
}
