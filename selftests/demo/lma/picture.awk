# SPDX-License-Identifier: GPL-2.0
#
# The picture of a node that goes from one anchor to another, and back by a third.  A colour
# is the anchor by which a packet went to or from the gateway.  Times are seconds since the
# first handover was asked for.

BEGIN {
	delay_top = 30
	split("2 3 1", next_anchor, " ")
	class_of[1] = "before"; class_of[2] = "after"; class_of[3] = "during"
}

# What flowway found; n and run are picture.awk's
files % 2 == 0 {
	by[run, n] = $5 ~ /::2(,|$)/ ? class_of[2] : $5 ~ /::3(,|$)/ ? class_of[3] : \
		$5 ~ /::1(,|$)/ ? class_of[1] : "missing"
}

function way(r, i) {
	return by[r, i]
}

# Panels here are other ones
function phases(r) { }
function events(r, labels) { }
function close_events(r) { }

# One handover after the other
function turns(r, labels, i) {
	for (i = 1; (r, "asked" i) in mark; i++)
		event(r, at(r, "asked" i), 0, labels ? "to LMA" next_anchor[i] : "", "")
}

# The number of the network that was in force, in the middle of that time
function numbers(r, y, i, a, b, serves) {
	for (i = 0; !i || (r, "down" i) in mark; i++) {
		a = i ? at(r, "down" i) : t0
		b = (r, "asked" i + 1) in mark ? at(r, "asked" i + 1) : t1
		serves = i ? next_anchor[i] : 1
		number(px((a + b) / 2), y, serves, class_of[serves])
	}
}

# To the node, and below it from the node
function strips(run, y, a, b, height, near, r) {
	big = near ? " big" : ""
	r = run "-down"
	frame(LEFT, y, WIDTH, height, a, b, 0, delay_top)
	axis_y(10, "to MN, ms"); plot_delay(r); gap_label(r)
	if (!near) {
		turns(r, 1)
		numbers(r, fy + fh - 14)
	}
	border()
	r = run "-up"
	frame(LEFT, y + height + 14, WIDTH, height * 0.75, a, b, 0, delay_top)
	axis_y(10, "from MN, ms"); plot_delay(r); gap_label(r)
	if (!near)
		turns(r, 0)
	border()
	big = ""
}

# The whole of a run
function whole(run, y, height) {
	strips(run, y, -2, int(sent[run "-down", packets[run "-down"] - 1] + 0.9), height, 0)
	axis_x(1, 1, "seconds since the first handover was asked for")
}

# Of both directions
function lost_of(run, n) {
	n = lost[run "-down"] + lost[run "-up"]
	return sprintf("%s of %s packets lost", n ? commas(n) : "none",
		commas(packets[run "-down"] + packets[run "-up"]))
}

# The last first: what a label says is above the lines of those before
function messages(r) {
	event(r, at(r, "down1"), 7, "LMA1 sends to LMA2", "")
	event(r, at(r, "up1"), 6, "BMAG sends to LMA2", "")
	event(r, at(r, "pba1"), 5, "LMA2: PBA", "")
	event(r, at(r, "pbu1"), 4, "BMAG: PBU to LMA2", "")
	event(r, at(r, "resp1"), 3, "LMA1: LMA_HO_Resp", "")
	event(r, at(r, "hack1"), 2, "LMA2: LMA_HAck", "")
	event(r, at(r, "init1"), 1, "LMA1: LMA_HO_Init to LMA2", "")
	event(r, at(r, "asked1"), 0, "BMAG: LMA_HO_Req to LMA1", "")
}

# The first handover, message by message
function course(run, y, a, b) {
	frame(LEFT, y, WIDTH, 140, a, b, 0, 1)
	messages(run "-down")
	border()
	strips(run, y + 152, a, b, 84, 1)
	axis_x(0.02, 1000, "milliseconds since the handover was asked for")
}

END {
	axes()
	header(1316, "A mobile node goes from one local mobility anchor to another")
	text(LEFT, 44, "A node goes from one anchor to another, and its packets with it", "title")
	text(LEFT, 68, "Flow X: CN \xe2\x86\x94 MN, 1,000 packets/s each way, to a prefix of " \
		"LMA1's. Every packet by its arrival, and its delay; a hop takes 10 ms.", "sub")
	network(26, 88, 1, "LMA1 serves the node", class_of[1], 1)
	network(394, 88, 2, "LMA2 does", class_of[2], 2)
	network(762, 88, 3, "LMA3 does", class_of[3], 3)
	text(LEFT, 370, "One handover (draft LMA handover \xc2\xa7" "4.2)", "panel")
	text(LEFT, 389, lost_of("lma") ": LMA1 gives the node's bindings to LMA2, and forwards",
		"sub")
	whole("lma", 402, 84)
	text(LEFT, 634, "The same, message by message", "panel")
	text(LEFT, 653, "Nothing changes for packets until BMAG has registered the node at LMA2, " \
		"which then tells LMA1.", "sub")
	course("lma", 666, -0.02, 0.16)
	text(LEFT, 1054, "On to LMA3, and back", "panel")
	text(LEFT, 1073, lost_of("chain") ": no packet passes more than two anchors but " \
		"those on their way, and none a loop", "sub")
	whole("chain", 1086, 84)
	print "</svg>"
}
