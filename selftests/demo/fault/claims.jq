# SPDX-License-Identifier: GPL-2.0
#
# What the two runs must have shown, or a line about it.  Input: fault.json.
def claim(ok; $text): if ok then empty else $text end;

.hold as $h | .drop as $d | [
	claim($h.sent > 3000; "hold: the flow hardly ran"),
	# "the cached data are sent to MAG2": all that reached MAG1
	claim($h.lost == 0 and $h.received == $h.sent; "hold: \($h.lost) packets lost"),
	# The same, packet by packet: from its arrival at MAG1 to that at the node
	claim($h.reached > 0; "hold: nothing reached MAG1 after the loss"),
	claim($h.reached_lost == 0;
		"hold: \($h.reached_lost) of \($h.reached) that reached MAG1 never arrived"),
	claim($h.reached_again == 0; "hold: \($h.reached_again) were sent to MAG1 again"),
	claim($h.duplicated == 0; "hold: \($h.duplicated) packets duplicated"),
	claim($h.reordered == 0; "hold: \($h.reordered) packets out of order"),
	claim($h.tcp_completed; "hold: the TCP transfer is not complete"),
	claim($h.held > 0; "hold: nothing was held"),
	claim($h.reached <= $h.held; "hold: \($h.reached) reached MAG1, \($h.held) were held"),
	claim($h.returned >= $h.held and $h.accepted == $h.returned;
		"hold: \($h.held) held, \($h.returned) sent back, \($h.accepted) taken"),
	claim($h.waited > 0; "hold: no newer packet waited"),
	claim($h.hold_lost == 0 and $h.dropped == 0;
		"hold: \($h.hold_lost) lost while they waited, \($h.dropped) dropped"),
	claim($d.held == 0 and $d.returned == 0 and $d.accepted == 0; "drop: packets were held"),
	claim($d.lost > 0; "drop: nothing lost, so nothing is compared"),
	# Nothing but what MAG1 could not deliver
	claim($d.lost <= $d.dropped; "drop: \($d.lost) lost, \($d.dropped) dropped by MAG1"),
	claim($d.lost <= $d.reached_lost;
		"drop: \($d.lost) lost, \($d.reached_lost) after they had reached MAG1"),
	claim($d.duplicated == 0; "drop: \($d.duplicated) packets duplicated"),
	claim($h.redirect_us == null and $d.redirect_us == null; "packets were redirected"),
	claim($h.path_during == ["LMA", "MAG1", "LMA", "MAG2", "MN"];
		"hold: path during is \($h.path_during)"),
	claim($d.path_during == ["LMA", "MAG1"]; "drop: path during is \($d.path_during)"),
	({hold: $h, drop: $d} | to_entries[] | .key as $run | .value |
		claim(.path_before == ["LMA", "MAG1", "MN"]; "\($run): path before is \(.path_before)"),
		claim(.path_after == ["LMA", "MAG2", "MN"]; "\($run): path after is \(.path_after)"))
] | .[]
