# SPDX-License-Identifier: GPL-2.0
#
# Tells the events of a run, one line each.  Input: what `pmipctl -j monitor` said in
# every gateway, with "node" added, and what the scenario itself did ("node":"demo").

def seconds: split(".") | {s: (.[0] | tonumber), f: ("0." + .[1] | tonumber)};
def stamp: . * 1000 | round / 1000 | tostring
	| if contains(".") then . else . + "." end | split(".")
	| .[0] + "." + (.[1] + "000")[0:3] | " " * ([8 - length, 0] | max) + .;

# What is not to be read off the event itself: where each interface is, how many
# registrations of the node the LMA has seen, whether a flow has been moved, and who
# has solicited whom.
def remember($e):
	if $e.event == "attach" and $e.node == "demo" then
		(($e.detail // "") | split(" ")) as [$iface, $gw]
		| .at[$gw] = ($iface | ascii_upcase)
	elif $e.event == "binding-new" then .bindings += 1
	elif $e.event == "move" then .moving = true
	elif $e.event == "shi-sent" then .solicited[$e.node + $e.peer] = true
	else . end;

# tell(names; line): names are those of addresses; line makes words of {e, me, peer,
# iface} and what is remembered, or null
def tell(names; line):
	foreach inputs as $e ({at: {}, bindings: 0};
		.start //= ($e.time | seconds)
		| remember($e)
		| .e = $e
		| .me = ($e.node | ascii_upcase)
		| .peer = (names[$e.peer // ""] // "?")
		| .iface = .at[$e.node]
		| .line = line
		| .when = ($e.time | seconds | .s) - .start.s
			+ ($e.time | seconds | .f) - .start.f;
		select(.line) | "\(.when | stamp) s  \(.line)");

# What tell() has for its line: said in the same words in every scenario
def registration: . as {$e, $me, $peer} | (.iface // "") as $iface | {
	"attach": "\($me): \($iface) is attached",
	"pbu-sent": "\($me) -> \($peer)  PBU(MN-ID)",
	"pbu-dereg-sent": "\($me) -> \($peer)  PBU(dereg)",
	"binding-refused": "LMA: refuses \($peer), \($e.detail)"
};

def strong($yes): if $yes then "\u001b[1m\(.)\u001b[0m" else . end;

def scenario(bold): .e as $e | (($e.detail // "") | split(" ")) as [$iface, $gw] | {
	"attach": "\($iface // "" | ascii_upcase) of the MN comes into the cell of \($gw // "" | ascii_upcase)",
	"flow": "CN <-> MN  flow X: UDP, 1,000 packets/s each way, and a TCP transfer",
	"lose": ("\($iface // "" | ascii_upcase) of the MN loses its radio link to \($gw // "" | ascii_upcase)" | bold),
	"stop": "end of the flows"
}[$e.event];
