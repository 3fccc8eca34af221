# SPDX-License-Identifier: GPL-2.0
#
# What pictures of all scenarios are made of.  Input: marks and packets of one run
# after the other, which RUNS names.  Times are seconds since the mark "lost".
#
# A scenario's own part has way(run, packet): the class of its dot; phases(run) and
# events(run, labels): what a panel has behind its dots, and lines through them;
# close_events(run): the lines seen from near; and numbers(run, y): the numbers of
# networks, below the phases.

BEGIN {
	split(RUNS, runs)
	PAPER = 1140
	LEFT = 92
	delay_top = 60	# ms, of which a third is a line
	WIDTH = PAPER - LEFT - 34
}

FNR == 1 {
	files++
	run = runs[int((files + 1) / 2)]
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

# Which way a packet went: the old gateway had it before or after the loss, the LMA
# before or after the deregistration.
function passed(r, i) {
	if (arrived(r, i) && (received[r, i] < 0 ||
	    (sent[r, i] + usual[r] < 0 && received[r, i] - sent[r, i] < 1.5 * usual[r])))
		return "before"
	return sent[r, i] < at(r, "dereg") ? "during" : "after"
}

function plot_delay(r, i) {
	for (i = 0; i < packets[r]; i++) {
		if (arrived(r, i))
			dot(received[r, i], (received[r, i] - sent[r, i]) * 1000,
				"dot " way(r, i) big)
		else
			dot(sent[r, i], v0 + (v1 - v0) * 0.03, "dot missing")
	}
	dots_out()
}

function plot_number(r, i) {
	for (i = 0; i < packets[r]; i++)
		if (arrived(r, i))
			dot(received[r, i], i - first[r], "dot " way(r, i))
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
	frame(LEFT, y + 32, WIDTH, 110, from, to, 0, delay_top)
	phases(r); axis_y(delay_top / 3, "delay, ms"); plot_delay(r); events(r, 1)
	border()
	gap_label(r)
	first[r] = first_number(r)
	frame(LEFT, y + 154, WIDTH, 120, from, to, 0, number_top)
	phases(r); axis_y(2000, "packet number"); plot_number(r); events(r, 0); border()
	numbers(r, fy - 6)
	axis_x(1, 1, "seconds since IF1 lost its link")
}

# What happens until END, packet by packet
function zoom(r, y, end, title, subtitle) {
	text(LEFT, y, title, "panel")
	text(LEFT, y + 19, subtitle, "sub")
	frame(LEFT, y + 32, WIDTH, 170, -0.4 * end, end, 0, delay_top)
	phases(r); axis_y(delay_top / 3, "delay, ms"); big = " big"; plot_delay(r); big = ""
	close_events(r)
	border()
	numbers(r, fy + fh - 1)
	axis_x(end > 2 ? 1 : end > 0.3 ? 0.1 : 0.02, 1000, "milliseconds since IF1 lost its link")
}

function header(height, title) {
	printf "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'>\n",
		PAPER, height, PAPER, height
	print "<title>" title "</title>"
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

# The axes that all panels have, from what all runs have
function axes(i) {
	for (i = 1; i in runs; i++) {
		usual[runs[i]] = usual_delay(runs[i])
		extent(runs[i])
	}
	if (from < -6)
		from = -6
	if (to > 9)
		to = 9
	from = int(from); to = int(to)
	number_top = 2000 * (int((to - from) / 2) + 1)
}
