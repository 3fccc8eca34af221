# SPDX-License-Identifier: GPL-2.0
#
# The table that is shown at the end.  Input: fast.json.
include "table";

["", "predictive", "reactive", "plain RFC 5213"],
packet_rows,
row("to the node: lost"; .down.lost),
row("out of order"; .down.reordered),
row("from the node, with a link: lost"; .up.lost_with_link),
row("forwarded by PMAG to NMAG"; .forwarded),
row("held by PMAG"; .held_previous),
row("held by NMAG"; .held_next),
row("newer ones that waited at the LMA"; .waited),
row("flow X before"; .path_before | way),
row("flow X while IF1 is nowhere"; .path_during | way),
row("flow X afterwards"; .path_after | way) | @tsv
