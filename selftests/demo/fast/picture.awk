# SPDX-License-Identifier: GPL-2.0
#
# The picture of a node that goes from one gateway to another, announced, asked for
# where it is then, and plain.

function way(r, i) {
	return r == "plain" && passed(r, i) == "during" ? "after" : passed(r, i)
}

function phases(r) {
	band(t0, 0, "tint before")
	band(0, at(r, "switched"), r == "plain" ? "tint missing" : "tint during")
	band(at(r, "switched"), t1, "tint after")
}

# The number of a network below its phase, where that is wide enough
function place(a, b, y, n, class) {
	if (px(clip(b)) - px(clip(a)) >= 24)
		number(px((clip(a) + clip(b)) / 2), y, n, class)
}

function numbers(r, y) {
	if (r == "plain")
		return
	place(t0, 0, y, 1, "before")
	place(0, at(r, "nmag"), y, 2, "during")
	place(at(r, "nmag"), at(r, "switched"), y, 3, "during")
	place(at(r, "switched"), t1, y, 4, "after")
}

function events(r, labels) {
	event(r, 0, 0, labels ? "IF1 leaves PMAG" : "", "")
}

function close_events(r) {
	event(r, 0, 0, r == "predictive" ? "IF1 has left: PMAG forwards flow X to NMAG" : \
		r == "reactive" ? "IF1 has left: PMAG holds flow X" : "IF1 has left", "")
	event(r, at(r, "nmag"), 1, "IF1 attaches at NMAG", "")
	event(r, at(r, "switched"), 2, "LMA forwards flow X to NMAG", "")
	gap_label(r)
}

# The longest delay decides how high the panels are
function heights(r, i) {
	for (i = 0; i < packets[r]; i++)
		if (arrived(r, i) && (received[r, i] - sent[r, i]) * 1000 > delay_top)
			delay_top = 60 * (int((received[r, i] - sent[r, i]) / 0.06) + 1)
}

function lost_of(r) {
	return sprintf("%s of %s packets lost", lost[r] ? commas(lost[r]) : "none", commas(packets[r]))
}

END {
	axes()
	# What passed() asks for: when the LMA sends by another way
	for (i = 1; i in runs; i++) {
		mark[runs[i], "dereg"] = mark[runs[i], "switched"]
		heights(runs[i])
		if (1.5 * at(runs[i], "switched") > end)
			end = 1.5 * at(runs[i], "switched")
	}
	header(2272, "A mobile node goes from one access gateway to another: fast handovers, " \
		"and plain Proxy Mobile IPv6")
	text(LEFT, 44, "A node is nowhere for 200 ms: what is sent to it waits where it will be", "title")
	text(LEFT, 68, "Flow X: CN \xe2\x86\x92 MN, 1,000 packets/s, to the address of IF1, " \
		"the node's only interface.", "sub")
	network(26, 88, 1, "IF1 at PMAG", "before", "pmag", "pmag")
	network(302, 88, 2, "IF1 has left", "during", "forward", "")
	network(578, 88, 3, "IF1 at NMAG", "during", "forward", "nmag")
	network(854, 88, 4, "LMA knows: PBA", "after", "nmag", "nmag")
	panel("predictive", 318, "Predictive (RFC 5949)",
		lost_of("predictive") ": PMAG has announced the node, " \
		"and NMAG holds what PMAG forwards until it comes")
	zoom("predictive", 672, end, "Predictive, packet by packet",
		"Every packet of flow X, by its arrival at the mobile node. " \
		"Newer ones wait at the LMA: none overtakes.")
	panel("reactive", 958, "Reactive (RFC 5949)", lost_of("reactive") \
		": PMAG holds what comes, and forwards it when NMAG asks")
	zoom("reactive", 1312, end, "Reactive, packet by packet",
		"The same gap. A lost packet is drawn at the time at which it was sent.")
	panel("plain", 1598, "Plain Proxy Mobile IPv6 (RFC 5213)",
		lost_of("plain") ": flow X stops until IF1 is attached at NMAG")
	zoom("plain", 1952, end, "Plain, packet by packet",
		"The same gap. A lost packet is drawn at the time at which it was sent.")
	print "</svg>"
}
