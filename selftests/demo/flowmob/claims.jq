# SPDX-License-Identifier: GPL-2.0
#
# What the three runs must have shown, or a line about it.  Input: flowmob.json.

def claim(ok; $text): if ok then empty else $text end;
def same($a; $b): $a != null and $b != null and ($a - $b | fabs) < 1;
# By MAG1 it is 10 ms more: half of that would tell of a move
def near($a; $b): $a != null and $b != null and $b - $a < 5;
def down($mag): ["LMA", $mag, "MN"];
def up($mag): ["MN", $mag, "LMA"];
def whole:
	claim(.sent > 300; "hardly ran"),
	claim(.lost == 0 and .received == .sent; "\(.lost) packets lost"),
	claim(.duplicated == 0; "\(.duplicated) packets duplicated"),
	claim(.strays == 0; "\(.strays) packets took another way than the rest");

# The flow that is not moved: the same way all the time, as fast as before
def unmoved($way):
	whole,
	claim(.paths == [$way]; "its ways are \(.paths)"),
	claim(.reordered == 0; "\(.reordered) packets out of order"),
	claim(same(.delay_before_ms; .delay_during_ms) and same(.delay_before_ms; .delay_after_ms);
		"it took \(.delay_before_ms) ms, then \(.delay_during_ms) and \(.delay_after_ms)"),
	claim(near(.slowest_before_ms; .slowest_around_ms);
		"the slowest took \(.slowest_before_ms) ms, near the moves \(.slowest_around_ms)"),
	claim(near(.gap_before_ms; .gap_around_ms);
		"nothing came for \(.gap_before_ms) ms, near the moves for \(.gap_around_ms)");

def moved($before; $during; $after):
	whole,
	claim(.path_before == $before; "its path before is \(.path_before)"),
	claim(.path_during == $during; "its path during the move is \(.path_during)"),
	claim(.path_after == $after; "its path after is \(.path_after)"),
	claim(.paths == ([$before, $after] | unique); "its ways are \(.paths)"),
	# By MAG1 it is 10 ms more: the measure is one
	claim((.delay_after_ms // 0) - (.delay_before_ms // 0) > 5;
		"by MAG1 it takes \(.delay_after_ms) ms, by MAG2 \(.delay_before_ms)");

# A request to MAG1 and its acceptance, both before the first packet went there
def told($request; $answer):
	[.signalling[] | select(.message == $request and .to == "MAG1" and .ahead_us > 0)] as $ask
	| [.signalling[] | select(.message == $answer and .from == "MAG1" and .status == 0
		and .ahead_us > 0)] as $say
	| claim($ask | length > 0; "no \($request) to MAG1 before flow Y goes there"),
	claim($say | length > 0; "no \($answer) of MAG1 before flow Y goes there"),
	claim(.signalling | all(.message == $request or .message == $answer);
		"other messages as well: \(.signalling | map(.message))");

def run:
	(.flows | (.x | (.down | unmoved(down("MAG1")) | "flow X, down: " + .),
			(.up | unmoved(up("MAG1")) | "flow X, up: " + .)),
		(.y | (.down | moved(down("MAG2"); down("MAG1"); down("MAG1")) | "flow Y, down: " + .),
			(.up | moved(up("MAG2"); up("MAG2"); up("MAG1")) | "flow Y, up: " + .))),
	claim(.tcp_completed; "the TCP transfer is not complete"),
	claim(.redirect_us != null and .redirect_us > 0; "flow Y was not moved");

(.shared | run, claim(.signalling == []; "§3.2.1 needs no signalling, but: \(.signalling)")
	| "shared: " + .),
(.different | run, told("FMI"; "FMA") | "different: " + .),
(.combined | run, told("UPN"; "UPA") | "combined: " + .)
