# SPDX-License-Identifier: GPL-2.0
#
# What the three runs must have shown, or a line about it.  Input: multicast.json.
def claim(ok; $text): if ok then empty else $text end;

.predictive as $p | .reactive as $r | .plain as $n | [
	# Draft predictive multicast handover §4 (5), (9): forwarded, and delivered
	($p | {X: .down, Y: .group} | to_entries[] | .key as $flow | .value |
		claim(.lost == 0 and .received == .sent; "predictive: \(.lost) packets of \($flow) lost"),
		claim(.duplicated == 0; "predictive: \(.duplicated) packets of \($flow) duplicated"),
		claim(.reordered == 0; "predictive: \(.reordered) packets of \($flow) out of order")),
	claim($p.tcp_completed; "predictive: the TCP transfer is not complete"),
	claim($p.forwarded > 0; "predictive: nothing of X was forwarded"),
	claim($p.group.forwarded > 0; "predictive: nothing of Y was forwarded"),
	claim($p.held_next > 0; "predictive: nothing waited at NMAG"),
	claim($p.hold_lost == 0; "predictive: \($p.hold_lost) lost while they waited"),
	($p | {X: .path_during, Y: .group.path_during} | to_entries[] |
		claim(.value == ["LMA", "PMAG", "NMAG", "MN"];
			"predictive: path of \(.key) during is \(.value)")),
	claim($r.down.lost == 0; "reactive: \($r.down.lost) packets of X lost"),
	claim($r.group.lost <= $n.group.lost;
		"reactive: \($r.group.lost) packets of Y lost, plain: \($n.group.lost)"),
	claim($n.down.lost > 0 and $n.group.lost > 0; "plain: nothing lost, so nothing is compared"),
	claim($n.forwarded == 0 and $n.group.forwarded == 0 and $n.held_next == 0;
		"plain: packets were held or forwarded"),
	({reactive: $r, plain: $n} | to_entries[] | .key as $run | .value |
		claim(.down.duplicated == 0 and .group.duplicated == 0;
			"\($run): \(.down.duplicated + .group.duplicated) packets duplicated"),
		# One hop, and what waits for the radio
		claim(.group.first_lost_ms > -15;
			"\($run): Y lost \(.group.first_lost_ms) ms before the link")),
	({predictive: $p, reactive: $r, plain: $n} | to_entries[] | .key as $run | .value |
		claim(.down.sent > 1500 and .group.sent > 1500; "\($run): the flows hardly ran"),
		claim(.attached_ms >= 200; "\($run): IF1 was back after \(.attached_ms) ms"),
		({X: ., Y: .group} | to_entries[] | .key as $flow | .value |
			claim(.path_before == ["LMA", "PMAG", "MN"];
				"\($run): path of \($flow) before is \(.path_before)"),
			claim(.path_after == ["LMA", "NMAG", "MN"];
				"\($run): path of \($flow) after is \(.path_after)")))
] | .[]
