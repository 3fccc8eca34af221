# SPDX-License-Identifier: GPL-2.0
# The reference network of draft LMA handover, figure 1, with the ways of flow X where one of
# three anchors serves the node.

# Two ways between the same nodes, side by side
function both_hops(x1, y1, x2, y2, class, d) {
	d = x1 == x2 ? 9 : 15
	hop(x1 - d, y1 + 12, x2 - d, y2 - 14, class)
	hop(x2 + d, y2 - 12, x1 + d, y1 + 14, class)
}

# Down by LMA1, whose the prefix is, to the one that serves the node at ax
function ways_out(x, y, anchor, ax, class, cx, lma) {
	cx = x + 176; lma = y + 108
	hop(cx - 36, y + 64, x + 52, lma - 14, class)
	text(x + 62, y + 84, "down", "flowname")
	if (anchor == 2)
		hop(x + 112, lma, ax - 46, lma, class)
	if (anchor == 3) {
		line(x + 80, lma + 12, cx, lma + 27, class)
		hop(cx, lma + 27, ax - 30, lma + 14, class)
	}
	hop(ax + (anchor == 1 ? 18 : 4), lma - 12, cx + (anchor - 2) * 22 + 8, y + 66, class)
	text(x + (anchor == 1 ? 152 : ax - x - (anchor == 3 ? 12 : -24)), y + 84, "up", "flowname")
}

# anchor: 1 to 3, which serves the node
function network(x, y, n, title, class, anchor, cx, ax, i) {
	cx = x + 176; ax = x + 66 + (anchor - 1) * 110
	box(x, y, 352, 244, "card")
	number(x + 20, y + 20, n, class)
	text(x + 38, y + 25, title, "cardtitle")
	ways_out(x, y, anchor, ax, class)
	both_hops(ax + (2 - anchor) * 6, y + 108, cx - (2 - anchor) * 24, y + 164, class)
	both_hops(cx, y + 164, cx, y + 220, class)
	broad(cx, y + 52, "CN")
	for (i = 1; i <= 3; i++)
		broad(x + 66 + (i - 1) * 110, y + 108, "LMA" i)
	broad(cx, y + 164, "BMAG")
	broad(cx, y + 220, "MN")
}

# Wide enough for the ends of two ways
function broad(x, y, name) {
	printf "<rect x='%.1f' y='%.1f' width='88' height='22' rx='4' class='node%s'/>\n",
		x - 44, y - 11, name == "MN" || name == "CN" ? " host" : ""
	text(x, y + 4.5, name, "name")
}
