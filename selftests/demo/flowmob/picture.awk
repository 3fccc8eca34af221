# SPDX-License-Identifier: GPL-2.0
#
# The picture of two flows, of which one is moved.  A colour is a way: by MAG1, or by
# MAG2.  Times are seconds since the first packet of flow Y came to MAG1.

BEGIN {
	delay_top = 30
}

# What flowway found; n and run are picture.awk's
files % 2 == 0 {
	gateway[run, n] = $5 ~ /::11/ ? "before" : $5 ~ /::12/ ? "after" : "missing"
}

function way(r, i) {
	return gateway[r, i]
}

# Panels here are other ones
function phases(r) { }
function events(r, labels) { }
function close_events(r) { }

function numbers(r, y) {
	number(px(t0 / 2), y, 1, "after")
	number(px(clip(at(r, "follow")) / 2), y, 2, "during")
	if (at(r, "followed") < t1)
		number(px((at(r, "followed") + t1) / 2), y, 3, "before")
}

# What the node sends, as a line: where each packet of it was first seen in a tunnel
function lane(r, v, i) {
	for (i = 0; i < packets[r]; i++)
		if (arrived(r, i))
			dot(sent[r, i], v, "dot " way(r, i))
	dots_out()
}

function told(run, r) {
	if (run == "different") {
		event(r, at(r, "FMI"), 1, "FMI", "")
		event(r, at(r, "FMA"), 2, "FMA", "")
	} else if (run == "combined") {
		event(r, at(r, "UPN"), 1, "UPN", "")
		event(r, at(r, "UPA"), 2, "UPA", "")
	}
}

function strip(run, x, y, w, a, b, near) {
	big = near ? " big" : ""
	frame(x, y, w, 74, a, b, 0, delay_top)
	axis_y(10, near ? "" : "Y, ms"); plot_delay(run "-y-down")
	event(run "-y-down", at(run "-y-down", "move"), 0, near ? "command" : "", "")
	if (near)
		told(run, run "-y-down")
	else
		event(run "-y-down", at(run "-y-down", "follow"), 0, "the node follows", "")
	event(run "-y-down", 0, near ? 3 : 0, near ? "flow Y comes by MAG1" : "", "")
	border()
	if (!near)
		numbers(run "-y-down", fy + fh + 11)
	frame(x, y + 98, w, 60, a, b, 0, delay_top)
	axis_y(10, near ? "" : "X, ms"); plot_delay(run "-x-down"); border()
	big = ""
}

function lanes(run, x, y, w, a, b) {
	frame(x, y, w, 30, a, b, 0, 3)
	lane(run "-y-up", 2)
	lane(run "-x-up", 1)
	text(x - 7, y + 14, "sends Y", "tick end")
	text(x - 7, y + 26, "sends X", "tick end")
	border()
}

# Lost of a flow, both ways
function missing(run, f, n) {
	n = lost[run "-" f "-down"] + lost[run "-" f "-up"]
	return n ? commas(n) : "none"
}

function scenario_panel(run, y, title, subtitle, left, near) {
	left = WIDTH * 0.6
	near = LEFT + left + 50
	text(LEFT, y, title, "panel")
	text(LEFT, y + 19, subtitle sprintf(" Lost of X: %s, of Y: %s.", missing(run, "x"),
		missing(run, "y")), "sub")
	strip(run, LEFT, y + 32, left, from, to, 0)
	lanes(run, LEFT, y + 196, left, from, to)
	axis_x(1, 1, "seconds since flow Y came by MAG1")
	strip(run, near, y + 32, WIDTH - left - 50, -0.04, 0.04, 1)
	axis_x(0.02, 1000, "milliseconds")
}

END {
	axes()
	header(1230, "Two flows of a mobile node, one of which is moved")
	text(LEFT, 44, "Of two flows of a mobile node, one is moved", "title")
	text(LEFT, 68, "X and Y: CN \xe2\x86\x94 MN, UDP, 500 packets/s each way. Blue by MAG1, green by MAG2; " \
		"MAG1's radio takes 10 ms more. Delays are those to the mobile node.", "sub")
	network(26, 88, 1, "X by MAG1, Y by MAG2", "after", "MAG2", "MAG2")
	network(394, 88, 2, "the LMA has moved Y", "during", "MAG1", "MAG2")
	network(762, 88, 3, "the node has, too", "before", "MAG1", "MAG1")
	scenario_panel("shared", 322, "One prefix by both gateways (draft \xc2\xa7" "3.2.1)",
		"No signalling: MAG1 has the prefix already.")
	scenario_panel("different", 622, "A prefix by each gateway (\xc2\xa7" "3.2.2)",
		"MAG1 is told of flow Y first: FMI, FMA.")
	scenario_panel("combined", 922, "A shared prefix and others (\xc2\xa7" "3.2.3)",
		"X is to the shared one, Y to that of MAG2: UPN, UPA of RFC 7864.")
	print "</svg>"
}
