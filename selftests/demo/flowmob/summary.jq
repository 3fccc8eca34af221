# SPDX-License-Identifier: GPL-2.0
#
# The table that is shown at the end.  Input: flowmob.json.
include "table";

def ms: if . == null then "-" else . * 10 | round / 10 | tostring + " ms" end;

["", "shared prefix", "different prefixes", "combination"],
row("packets sent, both ways"; .sent),
row("lost, of X and of Y";
	.flows | [.x, .y] | map(.down.lost + .up.lost | tostring) | join(", ")),
row("duplicated";
	.flows | [.x, .y] | map(.down.duplicated + .up.duplicated | tostring) | join(", ")),
row("reordered"; .reordered),
row("TCP transfer in Y completed"; if .tcp_completed then "yes" else "no" end),
row("signalling before Y is moved";
	.signalling | if . == [] then "none needed" else map(.message) | join(", ") end),
row("command to first packet, us"; .redirect_us),
row("flow Y before"; .flows.y.down | "\(.path_before | way), \(.delay_before_ms | ms)"),
row("flow Y, anchor has moved it"; .path_during | way),
row("  and what the node sends"; .flows.y.up.path_during | way),
row("flow Y after"; .flows.y.down | "\(.path_after | way), \(.delay_after_ms | ms)"),
row("flow X before"; .flows.x.down | "\(.path_before | way), \(.delay_before_ms | ms)"),
row("flow X after"; .flows.x.down | "\(.path_after | way), \(.delay_after_ms | ms)") | @tsv
