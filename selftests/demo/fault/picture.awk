# SPDX-License-Identifier: GPL-2.0
#
# The picture of packets that wait, and of the same loss where they do not.

function way(r, i) {
	return passed(r, i) == "during" && r == "drop" ? "after" : passed(r, i)
}

function phases(r) {
	band(t0, 0, "tint before")
	band(0, settled[r], r == "hold" ? "tint during" : "tint missing")
	band(settled[r], t1, "tint after")
}

# The number of a network below its phase, where that is wide enough
function place(a, b, y, n, class) {
	if (px(clip(b)) - px(clip(a)) >= 24)
		number(px((clip(a) + clip(b)) / 2), y, n, class)
}

function numbers(r, y) {
	if (r != "hold")
		return
	place(t0, 0, y, 1, "before")
	place(0, at(r, "dereg_acked"), y, 2, "during")
	place(at(r, "dereg_acked"), settled[r], y, 3, "during")
	place(settled[r], t1, y, 4, "after")
}

function events(r, labels) {
	event(r, 0, 0, labels ? "IF1 breaks" : "", "")
}

function close_events(r) {
	event(r, 0, 0, "IF1 is unreachable: MAG1 " (r == "hold" ? "holds" : "drops") " flow X", "")
	event(r, at(r, "dereg_sent"), 1, "MAG1 sends PBU(dereg)", "")
	event(r, at(r, "dereg"), 2, r == "hold" ? "LMA lets newer packets wait" : \
		"LMA forwards flow X to MAG2", "")
	if (r == "hold")
		event(r, at(r, "dereg_acked"), 3, "MAG1 sends back what waited", "")
	gap_label(r)
}

# When the last packet that MAG1 held, or might have, arrived or was lost; and the
# longest that one took
function settle(r, i, t) {
	for (i = 0; i < packets[r]; i++) {
		t = arrived(r, i) ? received[r, i] : sent[r, i]
		if (passed(r, i) == "during" && t > settled[r])
			settled[r] = t
		if (arrived(r, i) && (received[r, i] - sent[r, i]) * 1000 > delay_top)
			delay_top = 60 * (int((received[r, i] - sent[r, i]) / 0.06) + 1)
	}
	if (settled[r] < at(r, "dereg"))
		settled[r] = at(r, "dereg")
}

function lost_of(r) {
	return sprintf("%s of %s packets lost", lost[r] ? commas(lost[r]) : "none", commas(packets[r]))
}

END {
	axes()
	settle("hold"); settle("drop")
	header(1632, "An interface of a multihomed mobile node breaks, with packets held and without")
	text(LEFT, 44, "An interface breaks, and what could not be delivered comes back", "title")
	text(LEFT, 68, "Flow X: CN \xe2\x86\x92 MN, 1,000 packets/s, to the address of IF1. " \
		"No gateway is known that MAG1 could redirect it to.", "sub")
	network(26, 88, 1, "IF1 at MAG1, IF2 at MAG2", "before", "mag1")
	network(302, 88, 2, "IF1 breaks: MAG1 holds", "during", "held")
	network(578, 88, 3, "PBA: back, and to MAG2", "during", "back")
	network(854, 88, 4, "LMA sends to MAG2", "after", "mag2")
	end = settled["hold"] > settled["drop"] ? settled["hold"] : settled["drop"]
	end = end < 0.08 ? 0.12 : 1.5 * end
	panel("hold", 318, "With holding",
		lost_of("hold") ": MAG1 holds them until it has deregistered, the LMA sends them on to MAG2")
	zoom("hold", 672, end, "With holding, packet by packet",
		"Every packet of flow X, by its arrival at the mobile node. Newer ones wait at the LMA: none overtakes.")
	panel("drop", 958, "Without holding", lost_of("drop") ": what reaches MAG1 is dropped")
	zoom("drop", 1312, end, "Without holding, packet by packet",
		"The same loss of IF1. A lost packet is drawn at the time at which it was sent.")
	print "</svg>"
}
