# SPDX-License-Identifier: GPL-2.0
#
# The table that is shown at the end.  Input: multicast.json.
include "table";

def becomes: "\(.lost), \(.duplicated), \(.reordered)";

["", "predictive", "reactive", "plain RFC 5213, 6224"],
packet_rows,
row("X to the node: lost, twice, late"; .down | becomes),
row("Y to the group: lost, twice, late"; .group | becomes),
row("X stopped for, ms"; .down.longest_gap_ms),
row("Y stopped for, ms"; .group.longest_gap_ms),
row("X forwarded by PMAG to NMAG"; .forwarded),
row("Y forwarded by PMAG to NMAG"; .group.forwarded),
row("held by NMAG"; .held_next),
row("X before"; .path_before | way),
row("X while IF1 is nowhere"; .path_during | way),
row("X afterwards"; .path_after | way),
row("Y before"; .group.path_before | way),
row("Y while IF1 is nowhere"; .group.path_during | way),
row("Y afterwards"; .group.path_after | way) | @tsv
