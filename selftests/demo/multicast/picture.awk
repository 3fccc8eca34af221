# SPDX-License-Identifier: GPL-2.0
#
# The picture of a node that goes from one gateway to another and listens to a group:
# announced, asked for where it is then, and plain.

function plain(r) {
	return r ~ /^plain/
}

function way(r, i) {
	return plain(r) && passed(r, i) == "during" ? "after" : passed(r, i)
}

function phases(r) {
	band(t0, begun(r), "tint before")
	band(begun(r), at(r, "switched"), plain(r) ? "tint missing" : "tint during")
	band(at(r, "switched"), t1, "tint after")
}

# Announced, packets go the other way from the agreement on
function begun(r) {
	return (r, "announced") in mark ? at(r, "announced") : 0
}

function place(a, b, y, n, class) {
	if (px(clip(b)) - px(clip(a)) >= 24)
		number(px((clip(a) + clip(b)) / 2), y, n, class)
}

function numbers(r, y) {
	if (plain(r))
		return
	place(t0, begun(r), y, 1, "before")
	place(0, at(r, "nmag"), y, 2, "during")
	place(at(r, "nmag"), at(r, "switched"), y, 3, "during")
	place(at(r, "switched"), t1, y, 4, "after")
}

# Of two panels one is labelled
function events(r, labels) {
	if (begun(r) < 0)
		event(r, begun(r), 2, labels ? "announced" : "", "")
	event(r, 0, 0, labels ? "IF1 leaves PMAG" : "", "")
	event(r, at(r, "nmag"), 1, labels ? "IF1 attaches at NMAG" : "", "")
	event(r, at(r, "switched"), 2, labels ? "LMA knows" : "", "")
}

# These panels are the only ones
function close_events(r) { }

function flow_panel(r, y, name, labels) {
	frame(LEFT, y, WIDTH, 120, -0.6 * end, end, 0, delay_top)
	phases(r); axis_y(delay_top / 3, name); big = " big"; plot_delay(r); big = ""
	events(r, labels); gap_label(r)
	border()
}

function lost_of(r) {
	return lost[r] ? commas(lost[r]) : "none"
}

function run_panel(run, y, title, subtitle) {
	text(LEFT, y, title, "panel")
	text(LEFT, y + 19, sprintf("Lost of X: %s, of Y: %s. %s", lost_of(run "-x"),
		lost_of(run "-y"), subtitle), "sub")
	flow_panel(run "-x", y + 32, "X, ms", 1)
	numbers(run "-x", y + 164)
	flow_panel(run "-y", y + 176, "Y, ms", 0)
	axis_x(0.1, 1000, "milliseconds since IF1 lost its link")
}

# The longest delay decides how high the panels are, the last lost packet how wide
function extents(r, i) {
	for (i = 0; i < packets[r]; i++) {
		if (arrived(r, i) && (received[r, i] - sent[r, i]) * 1000 > delay_top)
			delay_top = 60 * (int((received[r, i] - sent[r, i]) / 0.06) + 1)
		if (!arrived(r, i) && 1.25 * sent[r, i] > end && sent[r, i] < 2)
			end = 1.25 * sent[r, i]
	}
	if (1.5 * at(r, "switched") > end)
		end = 1.5 * at(r, "switched")
}

END {
	axes()
	# What passed() asks for: when the LMA sends by another way
	for (i = 1; i in runs; i++) {
		mark[runs[i], "dereg"] = mark[runs[i], "switched"]
		extents(runs[i])
	}
	header(1420, "A mobile node that listens to a group goes from one access gateway to another")
	text(LEFT, 44, "A node is nowhere for 200 ms, and its multicast goes on", "title")
	text(LEFT, 68, "X: CN \xe2\x86\x92 MN. Y: CN \xe2\x86\x92 a group that MN listens to. 1,000 " \
		"packets/s each; every packet by its arrival, and its delay.", "sub")
	network(26, 88, 1, "IF1 at PMAG", "before", "pmag", "pmag")
	network(302, 88, 2, "IF1 has left", "during", "forward", "")
	network(578, 88, 3, "IF1 at NMAG", "during", "forward", "nmag")
	network(854, 88, 4, "LMA knows: PBA", "after", "nmag", "nmag")
	run_panel("predictive", 318, "Predictive (draft \xc2\xa7" "4)",
		"PMAG has told NMAG the node and its group, and forwards both.")
	run_panel("reactive", 686, "Reactive (RFC 5949)",
		"NMAG asks PMAG for what came, and what the node listens to.")
	run_panel("plain", 1054, "Plain Proxy Mobile IPv6 (RFC 5213, RFC 6224)",
		"NMAG registers the node, and asks it what it listens to.")
	print "</svg>"
}
