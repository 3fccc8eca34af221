# SPDX-License-Identifier: GPL-2.0
#
# The table that is shown at the end.  Input: lma.json.
include "table";

def each(f): .handovers | map(f | tostring) | join(", ");
def ways($i): .stages[$i] | if . then .down | way else "-" end;
# What a gateway has sent to another, while one anchor after the other served the node
def by_stage($at; $to): .stages | map(.tunnels
	| map(select(.at == $at and .to == $to) | .tx) | add // 0 | tostring) | join(", ");
def pair: "\(.bindings), \(.tunnels | if . == [] then "none" else join(" ") end)";

["", "one handover", "on and back"],
packet_rows,
row("from, to"; .handovers | map("\(.from) \(.to)") | join(", ")),
row("LMA_HO_Req to LMA_HO_Init, ms"; each(.init_ms)),
row("to LMA_HAck, ms"; each(.hack_ms)),
row("to LMA_HO_Resp, ms"; each(.resp_ms)),
row("to PBU, ms"; each(.pbu_ms)),
row("to PBA, ms"; each(.pba_ms)),
row("first packet up, the new way, ms"; each(.first_up_ms)),
row("first packet down, ms"; each(.first_down_ms)),
row("previous anchor lets go, ms"; each(.gone_ms)),
(range(0; 4) as $i | row("flow X \(["at first", "then", "then", "at last"][$i])"; ways($i))),
row("what the MN sends afterwards"; .stages[-1].up | way),
((["LMA1", "BMAG"], ["LMA1", "LMA2"], ["LMA2", "BMAG"], ["LMA1", "LMA3"], ["LMA3", "BMAG"])
	as [$at, $to] | row("in 1.5 s \($at) to \($to)"; by_stage($at; $to))),
(("LMA1", "LMA2", "LMA3", "BMAG") as $gw
	| row("bindings, tunnels left at \($gw)"; .afterwards[$gw] | pair)) | @tsv
