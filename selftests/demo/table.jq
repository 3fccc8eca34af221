# SPDX-License-Identifier: GPL-2.0
#
# Rows of the table that is shown at the end: a column for each run.

def way: if . == null or . == [] then "none" else join(" -> ") end;
def row($name; f): [$name] + [.[] | f | tostring];
def packet_rows:
	row("packets sent, both ways"; .sent),
	row("received"; .received),
	row("lost"; .lost),
	row("duplicated"; .duplicated),
	row("reordered"; .reordered),
	row("longest gap, ms"; .longest_gap_ms),
	row("TCP transfer completed"; if .tcp_completed then "yes" else "no" end);
