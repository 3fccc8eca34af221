# SPDX-License-Identifier: GPL-2.0
#
# METHOD PREFIXES FLOWS PPS a line -> SVG: rate against number of nodes.
BEGIN {
	FS = "\t"
	left = 70; top = 70; width = 620; height = 380; room = 150
	split("drop plain ip6tnl ip6tnl-gw seg6 flowtable rule pmip", order, " ")
	split("#999999 #4477aa #66ccee #228833 #ccbb44 #aa3377 #bb7711 #cc2222", colours, " ")
	text["drop"] = "dropped at ingress"
	text["plain"] = "plain forwarding"
	text["ip6tnl"] = "ip6tnl"
	text["ip6tnl-gw"] = "ip6tnl by a gateway"
	text["seg6"] = "seg6"
	text["flowtable"] = "flowtable, no tunnel"
	text["rule"] = "a rule for each node"
	text["pmip"] = "pmip"
}

$3 == 0 {
	pps[$1, $2] = $4
	if (!($2 in sizes)) {
		sizes[$2]
		size[++n] = $2
	}
	if ($4 > most)
		most = $4
	known[$1]
}

function x(prefixes) { return left + width * log(prefixes / 1024) / log(1024) }
function y(rate) { return top + height * (1 - rate / (limit * 1000000)) }
function label(prefixes) {
	return prefixes >= 1000000 ? int(prefixes / 1000000) " M" : int(prefixes / 1000) " k"
}

function axes(   i) {
	printf "<text x='%d' y='32' class='title'>Packets per second on one core, LMA downlink</text>\n", left
	printf "<text x='%d' y='52' class='axis'>million/s; random destinations over all nodes</text>\n", left
	for (i = 0; i <= limit; i++) {
		printf "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' class='grid'/>\n",
			left, left + width, y(i * 1000000), y(i * 1000000)
		printf "<text x='%d' y='%.1f' class='axis end'>%d</text>\n",
			left - 8, y(i * 1000000) + 4, i
	}
	for (i = 1; i <= n; i++)
		printf "<text x='%.1f' y='%d' class='axis middle'>%s</text>\n",
			x(size[i]), top + height + 22, label(size[i])
	printf "<text x='%.1f' y='%d' class='axis middle'>mobile nodes, one prefix each</text>\n",
		left + width / 2, top + height + 44
}

# Names stand at the right end, moved apart where lines meet
function names(   i, j, m, t, at, who, last) {
	for (i = 1; i in order; i++)
		if (order[i] in known && ((order[i], size[n]) in pps)) {
			who[++m] = i
			at[m] = y(pps[order[i], size[n]])
		}
	for (i = 2; i <= m; i++)
		for (j = i; j > 1 && at[j] < at[j - 1]; j--) {
			t = at[j]; at[j] = at[j - 1]; at[j - 1] = t
			t = who[j]; who[j] = who[j - 1]; who[j - 1] = t
		}
	last = top + height + 16
	for (i = m; i >= 1; i--) {
		if (at[i] > last - 16)
			at[i] = last - 16
		last = at[i]
		printf "<text x='%d' y='%.1f' class='name' fill='%s'>%s</text>\n",
			x(size[n]) + 12, at[i] + 4, colours[who[i]], text[order[who[i]]]
	}
}

function lines(   i, j, m, points) {
	for (i = 1; i in order; i++) {
		m = order[i]
		if (!(m in known))
			continue
		points = ""
		for (j = 1; j <= n; j++)
			if ((m, size[j]) in pps) {
				points = points sprintf("%.1f,%.1f ", x(size[j]), y(pps[m, size[j]]))
				printf "<circle cx='%.1f' cy='%.1f' r='%s' fill='%s'/>\n",
					x(size[j]), y(pps[m, size[j]]), m == "pmip" ? 5 : 3.5, colours[i]
			}
		printf "<polyline points='%s' stroke='%s' stroke-width='%s'/>\n",
			points, colours[i], m == "pmip" ? 3.5 : 1.8
	}
}

END {
	limit = int(most / 1000000) + 1
	printf "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'>\n",
		left + width + room, top + height + 60
	print "<style>.title{font-size:18px;font-weight:bold}.axis{font-size:13px;fill:#555}"
	print ".name{font-size:13px}.end{text-anchor:end}.middle{text-anchor:middle}"
	print ".grid{stroke:#ddd}polyline{fill:none}</style>"
	print "<rect width='100%' height='100%' fill='white'/>"
	if (n) {
		axes()
		lines()
		names()
	}
	print "</svg>"
}
