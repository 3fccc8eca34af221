# SPDX-License-Identifier: GPL-2.0
#
# The table that is shown at the end.  Input: demo.json.
include "table";

["", "with the scheme", "plain RFC 5213"],
packet_rows,
row("carrier loss to redirection, us";
	if .redirect_us == null then "-" else .redirect_us end),
row("flow X before"; .path_before | way),
row("flow X after IF1 is lost"; .path_during | way),
row("flow X afterwards"; .path_after | way) | @tsv
