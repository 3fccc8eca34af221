# SPDX-License-Identifier: GPL-2.0
#
# The table that is shown at the end.  Input: fault.json.
include "table";

["", "with holding", "without"],
packet_rows,
row("flow X at MAG1 after the loss"; .reached),
row("of those, never arrived"; .reached_lost),
row("held by MAG1"; .held),
row("sent back by MAG1"; .returned),
row("taken by the LMA"; .accepted),
row("newer ones that waited at the LMA"; .waited),
row("dropped by MAG1"; .dropped),
row("flow X before"; .path_before | way),
row("flow X after IF1 is lost"; .path_during | way),
row("flow X afterwards"; .path_after | way) | @tsv
