# SPDX-License-Identifier: GPL-2.0
#
# The picture of the demo.  Input: marks and packets of the run with the scheme,
# then of the plain one.  Times in it are seconds since IF1's link was lost.

BEGIN {
	PAPER = 1140
	LEFT = 92
	WIDTH = PAPER - LEFT - 34
}

FNR == 1 {
	files++
	run = files <= 2 ? "seamless" : "plain"
}

files % 2 == 1 {
	mark[run, $1] = $2
	next
}

{
	n = packets[run]++
	sent[run, n] = ($2 - mark[run, "lost"]) / 1e9
	if ($3)
		received[run, n] = ($3 - mark[run, "lost"]) / 1e9
	else
		lost[run]++
}

function at(r, name) {
	return (r, name) in mark ? (mark[r, name] - mark[r, "lost"]) / 1e9 : 1e9
}

function arrived(r, i) {
	return (r, i) in received
}

# Median delay before the loss: as long as packets take to the PMAG and the node
function usual_delay(r, i, k, n, d, v, j) {
	for (i = 0; i < packets[r]; i++)
		if (arrived(r, i) && sent[r, i] < -0.5 && sent[r, i] > -1.5) {
			v = received[r, i] - sent[r, i]
			for (j = n++; j > 0 && d[j - 1] > v; j--)
				d[j] = d[j - 1]
			d[j] = v
		}
	return n ? d[int(n / 2)] : 0.02
}

# Which way a packet went: the PMAG had it before or after the loss, the LMA
# before or after the deregistration.
function way(r, i) {
	if (received[r, i] < 0 ||
	    (sent[r, i] + usual[r] < 0 && received[r, i] - sent[r, i] < 1.5 * usual[r]))
		return "before"
	return sent[r, i] < at(r, "dereg") ? "during" : "after"
}

function plot_delay(r, i) {
	for (i = 0; i < packets[r]; i++) {
		if (arrived(r, i))
			dot(received[r, i], (received[r, i] - sent[r, i]) * 1000,
				(r == "plain" ? "dot plainly" : "dot " way(r, i)) big)
		else
			dot(sent[r, i], v0 + (v1 - v0) * 0.03, "dot missing")
	}
	dots_out()
}

function plot_number(r, i) {
	for (i = 0; i < packets[r]; i++)
		if (arrived(r, i))
			dot(received[r, i], i - first[r],
				r == "plain" ? "dot plainly" : "dot " way(r, i))
	dots_out()
}

# Where each label of an event goes: right of its line, one below the other
function event(r, t, row, label, class) {
	if (t < t0 || t > t1)
		return
	line(px(t), fy, px(t), fy + fh, "event " class)
	if (px(t) > fx + fw * 0.8)
		text(px(t) - 6, fy + 15 + row * 16, label, "label end " class)
	else
		text(px(t) + 6, fy + 15 + row * 16, label, "label " class)
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
function numbers(y, end, attached) {
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

function first_number(r, i) {
	for (i = 0; i < packets[r] && sent[r, i] < from; i++)
		;
	return i
}

function gap_label(r, i, a, b, k) {
	for (i = 0; i < packets[r]; i++)
		if (!arrived(r, i)) {
			if (!k++)
				a = sent[r, i]
			b = sent[r, i]
		}
	if (k)
		text(px((clip(a) + clip(b)) / 2), fy + fh / 2,
			commas(k) " packets lost", "loss")
}

function panel(r, y, title, subtitle) {
	text(LEFT, y, title, "panel")
	text(LEFT, y + 19, subtitle, "sub")
	frame(LEFT, y + 32, WIDTH, 110, from, to, 0, 60)
	phases(r); axis_y(20, "delay, ms"); plot_delay(r); events(r, 1)
	border()
	if (r == "plain")
		gap_label(r)
	first[r] = first_number(r)
	frame(LEFT, y + 154, WIDTH, 120, from, to, 0, number_top)
	phases(r); axis_y(2000, "packet number"); plot_number(r); events(r, 0); border()
	if (r == "seamless")
		numbers(fy - 6)
	axis_x(1, 1, "seconds since IF1 lost its link")
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
	numbers(fy + fh - 1)
	axis_x(end > 0.3 ? 0.1 : 0.02, 1000, "milliseconds since IF1 lost its link")
}

function header(height) {
	printf "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'>\n",
		PAPER, height, PAPER, height
	print "<title>Seamless handover of a multi-access mobile node, and plain Proxy Mobile IPv6</title>"
	print "<defs>"
	arrow("before"); arrow("during"); arrow("after")
	print "</defs>"
	while ((getline style < STYLE) > 0)
		print style
	box(0, 0, PAPER, height, "paper")
}

function arrow(class) {
	printf "<marker id='%s' class='%s' viewBox='0 0 10 10' refX='7' refY='5' markerWidth='4' markerHeight='4' orient='auto'><path d='M0 0L10 5L0 10z'/></marker>\n",
		class, class
}

function extent(r, i) {
	for (i = 0; i < packets[r]; i++) {
		if (sent[r, i] < from)
			from = sent[r, i]
		if (sent[r, i] > to)
			to = sent[r, i]
	}
}

END {
	usual["seamless"] = usual_delay("seamless")
	usual["plain"] = usual_delay("plain")
	extent("seamless"); extent("plain")
	if (from < -6)
		from = -6
	if (to > 9)
		to = 9
	from = int(from); to = int(to)
	number_top = 2000 * (int((to - from) / 2) + 1)
	header(1296)
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
