# SPDX-License-Identifier: GPL-2.0
#
# What the three runs must have shown, or a line about it.  Input: fast.json.
def claim(ok; $text): if ok then empty else $text end;

.predictive as $p | .reactive as $r | .plain as $n | [
	# RFC 5949 §4.1 (i): "The new MAG starts to forward packets": all that were sent
	claim($p.down.lost == 0 and $p.down.received == $p.down.sent;
		"predictive: \($p.down.lost) packets to the node lost"),
	claim($p.down.duplicated == 0 and $p.up.duplicated == 0;
		"predictive: \($p.down.duplicated + $p.up.duplicated) packets duplicated"),
	claim($p.down.reordered == 0;
		"predictive: \($p.down.reordered) packets to the node out of order"),
	claim($p.up.lost_with_link == 0;
		"predictive: \($p.up.lost_with_link) packets lost that the node sent with a link"),
	claim($p.tcp_completed; "predictive: the TCP transfer is not complete"),
	claim($p.forwarded > 0 and $p.forwarded_lost == 0;
		"predictive: \($p.forwarded) forwarded, \($p.forwarded_lost) of them lost"),
	claim($p.held_next > 0; "predictive: nothing waited at NMAG"),
	claim($p.waited > 0; "predictive: no newer packet waited"),
	claim($p.hold_lost == 0; "predictive: \($p.hold_lost) lost while they waited"),
	claim($p.path_during == ["LMA", "PMAG", "NMAG", "MN"];
		"predictive: path during is \($p.path_during)"),
	# §4.1, reactive (e): "packets destined for the mobile node are forwarded"
	claim($r.down.lost * 10 < $n.down.lost;
		"reactive: \($r.down.lost) packets to the node lost, plain: \($n.down.lost)"),
	claim($r.down.duplicated == 0; "reactive: \($r.down.duplicated) packets duplicated"),
	claim($r.down.reordered == 0;
		"reactive: \($r.down.reordered) packets to the node out of order"),
	claim($r.forwarded > 0 and $r.forwarded_lost == 0;
		"reactive: \($r.forwarded) forwarded, \($r.forwarded_lost) of them lost"),
	claim($r.held_previous > 0; "reactive: nothing waited at PMAG"),
	claim($r.hold_lost == 0; "reactive: \($r.hold_lost) lost while they waited"),
	claim($r.path_during == ["LMA", "PMAG", "NMAG", "MN"];
		"reactive: path during is \($r.path_during)"),
	claim($n.down.duplicated == 0; "plain: \($n.down.duplicated) packets duplicated"),
	claim($n.down.lost > 0; "plain: nothing lost, so nothing is compared"),
	claim($n.forwarded == 0 and $n.held_previous == 0 and $n.held_next == 0;
		"plain: packets were held or forwarded"),
	claim($n.path_during == ["LMA"]; "plain: path during is \($n.path_during)"),
	# What was on its way when the link was lost had one hop behind it at most
	({reactive: $r, plain: $n} | to_entries[] | .key as $run | .value | select(.down.lost > 0) |
		claim(.first_lost_ms > -15; "\($run): lost \(.first_lost_ms) ms before the link"),
		# The NMAG takes nothing before the answer, and what comes may be faster
		claim(.last_lost_ms <= .registered_ms;
			"\($run): lost \(.last_lost_ms) ms after the link, NMAG had it at \(.registered_ms)")),
	({predictive: $p, reactive: $r, plain: $n} | to_entries[] | .key as $run | .value |
		claim(.sent > 3000; "\($run): the flow hardly ran"),
		claim(.attached_ms >= 200; "\($run): IF1 was back after \(.attached_ms) ms"),
		claim(.path_before == ["LMA", "PMAG", "MN"]; "\($run): path before is \(.path_before)"),
		claim(.path_after == ["LMA", "NMAG", "MN"]; "\($run): path after is \(.path_after)"))
] | .[]
