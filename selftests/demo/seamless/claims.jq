# SPDX-License-Identifier: GPL-2.0
#
# What the two runs must have shown, or a line about it.  Input: demo.json.
def claim(ok; $text): if ok then empty else $text end;

.seamless as $s | .plain as $p | [
	claim($s.sent > 10000; "seamless: the flow hardly ran"),
	claim($s.lost == 0 and $s.received == $s.sent;
		"seamless: \($s.lost) packets lost"),
	claim($s.duplicated == 0; "seamless: \($s.duplicated) packets duplicated"),
	claim($s.tcp_completed; "seamless: the TCP transfer is not complete"),
	claim($s.redirect_us != null; "seamless: nothing was redirected"),
	# The next packet is 1 ms away; the rest is for a busy machine
	claim($s.redirect_us > 0 and $s.redirect_us < 50000;
		"seamless: redirected after \($s.redirect_us) us"),
	claim($s.path_before == ["LMA", "PMAG", "MN"];
		"seamless: path before is \($s.path_before)"),
	claim($s.path_during == ["LMA", "PMAG", "SMAG", "MN"];
		"seamless: path during is \($s.path_during)"),
	claim($s.path_after == ["LMA", "SMAG", "MN"];
		"seamless: path after is \($s.path_after)"),
	claim($p.lost > 0; "plain: nothing lost, so nothing is compared"),
	claim($p.duplicated == 0; "plain: \($p.duplicated) packets duplicated"),
	claim($p.path_before == ["LMA", "PMAG", "MN"];
		"plain: path before is \($p.path_before)"),
	claim($p.path_after == ["LMA", "NMAG", "MN"];
		"plain: path after is \($p.path_after)")
] | .[]
