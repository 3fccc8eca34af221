# SPDX-License-Identifier: GPL-2.0
# Lines of fields with tabs between them -> columns: the first to the left, others, which
# are figures, to the right.
BEGIN { FS = "\t" }
{
	for (i = 1; i <= NF; i++) {
		cell[NR, i] = $i
		if (length($i) > width[i])
			width[i] = length($i)
	}
	fields[NR] = NF
}
END {
	for (n = 1; n <= NR; n++) {
		printf "%-*s", width[1], cell[n, 1]
		for (i = 2; i <= fields[n]; i++)
			printf "  %*s", width[i], cell[n, i]
		print ""
	}
}
