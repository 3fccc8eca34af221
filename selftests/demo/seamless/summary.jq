# SPDX-License-Identifier: GPL-2.0
#
# The table that is shown at the end.  Input: demo.json.

def way: if . == null or . == [] then "none" else join(" -> ") end;
def row($name; f): [$name, (.seamless | f | tostring), (.plain | f | tostring)];
["", "with the scheme", "plain RFC 5213"],
row("packets sent, both ways"; .sent),
row("received"; .received),
row("lost"; .lost),
row("duplicated"; .duplicated),
row("reordered"; .reordered),
row("longest gap, ms"; .longest_gap_ms),
row("TCP transfer completed"; if .tcp_completed then "yes" else "no" end),
row("carrier loss to redirection, us";
	if .redirect_us == null then "-" else .redirect_us end),
row("flow X before"; .path_before | way),
row("flow X after IF1 is lost"; .path_during | way),
row("flow X afterwards"; .path_after | way) | @tsv
