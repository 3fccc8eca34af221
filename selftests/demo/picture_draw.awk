# SPDX-License-Identifier: GPL-2.0
# Elements of an SVG picture, and plots of packets over time.

function text(x, y, s, class) {
	printf "<text x='%.1f' y='%.1f' class='%s'>%s</text>\n", x, y, class, s
}

function line(x1, y1, x2, y2, class) {
	printf "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='%s'/>\n",
		x1, y1, x2, y2, class
}

function box(x, y, w, h, class) {
	printf "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' class='%s'/>\n",
		x, y, w, h, class
}

# The frame that the functions below draw in: place on the paper, and range
function frame(x, y, w, h, from, to, low, high) {
	fx = x; fy = y; fw = w; fh = h
	t0 = from; t1 = to; v0 = low; v1 = high
}

function px(t) {
	return fx + (t - t0) / (t1 - t0) * fw
}

function py(v) {
	return fy + fh - (v - v0) / (v1 - v0) * fh
}

function clip(t) {
	return t < t0 ? t0 : t > t1 ? t1 : t
}

function band(from, to, class) {
	if (from < t1 && to > t0)
		box(px(clip(from)), fy, px(clip(to)) - px(clip(from)), fh, class)
}

function axis_y(step, title, v) {
	for (v = v0; v <= v1 + step / 1000; v += step) {
		line(fx, py(v), fx + fw, py(v), "grid")
		text(fx - 7, py(v) + 4, commas(v), "tick end")
	}
	printf "<text transform='translate(%.1f %.1f) rotate(-90)' class='axis'>%s</text>\n",
		fx - 62, fy + fh / 2, title
}

function axis_x(step, unit, title, i, t) {
	for (i = int(t0 / step); (t = i * step) <= t1 + step / 1000; i++) {
		line(px(t), fy + fh, px(t), fy + fh + 5, "rule")
		text(px(t), fy + fh + 19, (i > 0 ? "+" : i < 0 ? "\xe2\x88\x92" : "") \
			(i < 0 ? -t : t) * unit, "tick middle")
	}
	text(fx + fw / 2, fy + fh + 38, title, "axis")
}

function border() {
	box(fx, fy, fw, fh, "border")
}

function commas(n, s) {
	s = sprintf("%d", n)
	return length(s) > 3 ? substr(s, 1, length(s) - 3) "," substr(s, length(s) - 2) : s
}

# Dots that fall on the same half pixel are drawn once.
function dot(t, v, class, x, y, key) {
	if (t < t0 || t > t1)
		return
	x = int(px(t) * 2 + 0.5) / 2
	y = int((v > v1 ? fy : py(v)) * 2 + 0.5) / 2
	key = class " " x " " y
	if (key in dotted)
		return
	dotted[key] = 1
	dots[class] = dots[class] sprintf("M%g %gh0", x, y)
	if (++n_dots[class] % 8 == 0)
		dots[class] = dots[class] "\n"
}

function dots_out(class) {
	for (class in dots)
		printf "<path class='%s' d='%s'/>\n", class, dots[class]
	split("", dots)
	split("", dotted)
	split("", n_dots)
}

# Small networks: nodes, hops of a flow, radio links

function node(x, y, name, class) {
	printf "<rect x='%.1f' y='%.1f' width='50' height='20' rx='4' class='node %s'/>\n",
		x - 25, y - 10, class
	text(x, y + 4.5, name, "name")
}

function number(x, y, n, class) {
	printf "<circle cx='%.1f' cy='%.1f' r='10' class='number %s'/>\n", x, y, class
	text(x, y + 4.5, n, "digit")
}

function hop(x1, y1, x2, y2, class) {
	printf "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='%s' marker-end='url(#%s)'/>\n",
		x1, y1, x2, y2, class, class
}

# The radio link of an interface, with its name beside it
function radio(x1, y1, x2, y2, name, dx, class) {
	line(x1, y1, x2, y2, "air")
	text((x1 + x2) / 2 + dx, (y1 + y2) / 2 + 4, name, "iface " (dx < 0 ? "end" : ""))
}

function cross(x, y) {
	line(x - 7, y - 7, x + 7, y + 7, "cross")
	line(x - 7, y + 7, x + 7, y - 7, "cross")
}
