# SPDX-License-Identifier: GPL-2.0
#
# The picture of the handover with the scheme, and of the plain run.

function way(r, i) {
	return r == "plain" ? "plainly" : passed(r, i)
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

function close_events(r) {
	event(r, 0, 0, "IF1 is unreachable: PMAG forwards flow X to SMAG", "")
	event(r, at(r, "dereg_sent"), 1, "PMAG sends PBU(dereg)", "")
	event(r, at(r, "dereg"), 2, "LMA forwards flow X to SMAG", "")
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
	end = at("seamless", "dereg")
	zoom("seamless", 672, end < 0.05 ? 0.12 : 2 * end + 0.02, "The handover itself, packet by packet",
		"Every packet of flow X, by its arrival at the mobile node. While PMAG forwards to " \
		"SMAG, it takes one hop of 10 ms more.")
	panel("plain", 958, "Plain Proxy Mobile IPv6 (RFC 5213)",
		"the same loss of IF1: flow X stops until IF1 is attached at NMAG")
	print "</svg>"
}
