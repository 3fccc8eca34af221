# SPDX-License-Identifier: GPL-2.0
#
# The picture of the handover with the scheme, and of the plain run.

# Which way a packet went: the PMAG had it before or after the loss, the LMA
# before or after the deregistration.
function way(r, i) {
	if (r == "plain")
		return "plainly"
	if (received[r, i] < 0 ||
	    (sent[r, i] + usual[r] < 0 && received[r, i] - sent[r, i] < 1.5 * usual[r]))
		return "before"
	return sent[r, i] < at(r, "dereg") ? "during" : "after"
}

function phases(r) {
	if (r == "seamless") {
		band(t0, 0, "tint before")
		band(0, at(r, "dereg"), "tint during")
		band(at(r, "dereg"), t1, "tint after")
	} else {
		band(0, at(r, "registered"), "tint missing")
	}
}

# The number of a network below its phase, in the middle of what is seen of it
function numbers(r, y, end, attached) {
	if (r != "seamless")
		return
	end = clip(at("seamless", "dereg"))
	attached = clip(at("seamless", "nmag"))
	number(px(t0 / 2), y, 1, "before")
	number(px(end / 2), y, 2, "during")
	number(px((end + attached) / 2), y, 3, "after")
	if (attached < t1)
		number(px((attached + t1) / 2), y, 4, "after")
}

function events(r, labels) {
	event(r, 0, 0, labels ? "IF1 loses its link" : "", "")
	event(r, at(r, "nmag"), 0, labels ? "IF1 attaches at NMAG" : "", "")
	if (r == "seamless")
		event(r, at(r, "if2"), 0, labels ? "IF2 attaches at SMAG" : "", "")
}

function zoom(y, end) {
	end = at("seamless", "dereg") < 0.05 ? 0.12 : 2 * at("seamless", "dereg") + 0.02
	text(LEFT, y, "The handover itself, packet by packet", "panel")
	text(LEFT, y + 19, "Every packet of flow X, by its arrival at the mobile node. While PMAG forwards to " \
		"SMAG, it takes one hop of 10 ms more.", "sub")
	frame(LEFT, y + 32, WIDTH, 170, -0.4 * end, end, 0, 60)
	phases("seamless"); axis_y(20, "delay, ms"); big = " big"; plot_delay("seamless"); big = ""
	event("seamless", 0, 0, "IF1 is unreachable: PMAG forwards flow X to SMAG", "")
	event("seamless", at("seamless", "dereg_sent"), 1, "PMAG sends PBU(dereg)", "")
	event("seamless", at("seamless", "dereg"), 2, "LMA forwards flow X to SMAG", "")
	border()
	numbers("seamless", fy + fh - 1)
	axis_x(end > 0.3 ? 0.1 : 0.02, 1000, "milliseconds since IF1 lost its link")
}

END {
	axes()
	header(1296, "Seamless handover of a multi-access mobile node, and plain Proxy Mobile IPv6")
	text(LEFT, 44, "A mobile node loses an interface, and its traffic goes on", "title")
	text(LEFT, 68, "Flow X: CN \xe2\x86\x92 MN, 1,000 packets/s, to the address of IF1. " \
		"IF1 and IF2 share one home network prefix.", "sub")
	network(26, 88, 1, "IF1 at PMAG, IF2 at SMAG", "before", "pmag", "pmag")
	network(302, 88, 2, "IF1 is lost: PMAG to SMAG", "during", "redirect", "")
	network(578, 88, 3, "PMAG has deregistered", "after", "smag", "")
	network(854, 88, 4, "IF1 attaches at NMAG", "after", "smag", "nmag")
	panel("seamless", 318, "With the scheme",
		sprintf("%s of %s packets lost: PMAG redirects in the kernel, the LMA follows",
			lost["seamless"] ? commas(lost["seamless"]) : "none",
			commas(packets["seamless"])))
	zoom(672)
	panel("plain", 958, "Plain Proxy Mobile IPv6 (RFC 5213)",
		"the same loss of IF1: flow X stops until IF1 is attached at NMAG")
	print "</svg>"
}
