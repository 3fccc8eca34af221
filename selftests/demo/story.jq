# SPDX-License-Identifier: GPL-2.0
#
# Tells the events of a run, one line each, in the words of draft seamless
# handover §4.1.  Input: what `pmipctl -j monitor` said in every gateway, with
# "node" added, and what the scenario itself did ("node":"demo").
# Arguments: $scheme, $color ("yes" or "").

def names: {"2001:db8::1": "LMA", "2001:db8::11": "PMAG",
	"2001:db8::12": "SMAG", "2001:db8::13": "NMAG"};
def seconds: split(".") | {s: (.[0] | tonumber), f: ("0." + .[1] | tonumber)};
def bold: if $color == "yes" then "\u001b[1m\(.)\u001b[0m" else . end;
def pad($n): . + " " * ([$n - length, 0] | max);
def stamp: . * 1000 | round / 1000 | tostring
	| if contains(".") then . else . + "." end | split(".")
	| .[0] + "." + (.[1] + "000")[0:3] | " " * ([8 - length, 0] | max) + .;

# What is not to be read off the event itself: where each interface is, how many
# registrations of the node the LMA has seen, and who has solicited whom.
def remember($e):
	if $e.event == "attach" and $e.node == "demo" then
		(($e.detail // "") | split(" ")) as [$iface, $gw]
		| .at[$gw] = ($iface | ascii_upcase)
	elif $e.event == "binding-new" then .bindings += 1
	elif $e.event == "shi-sent" then .solicited[$e.node + $e.peer] = true
	else . end;

def controller($e; $me; $peer; $iface): {
	"attach": "\($me): \($iface) is attached",
	"pbu-sent": "\($me) -> \($peer)  PBU(MN-ID)",
	"pbu-dereg-sent": "\($me) -> \($peer)  PBU(dereg)",
	"binding-new":
		(if .bindings > 1 and $scheme == "seamless" then
			"LMA: the MN has another interface registered; both share the prefix"
		elif .bindings > 1 then
			"LMA: another session of the MN, with a prefix of its own"
		else
			"LMA: the MN is registered, \(($e.detail // "") | sub(".*hnp="; ""))"
		end),
	"registered":
		(if $scheme == "seamless" and .bindings > 1 then
			"LMA -> \($me)  PBA(addresses of the MN's other MAGs)"
		else
			"LMA -> \($me)  PBA"
		end),
	"shi-sent": "\($me) -> \($peer)  SHI(MN-ID)",
	"shi-release-sent": "\($me) -> \($peer)  SHI(lifetime 0)",
	# The one of whom has been solicited is a release, and not acknowledged
	"shi-received":
		(if .solicited[$e.node + ($e.peer // "")] then null
		else "\($me) -> \($peer)  SHAck, \($e.detail // "")" end),
	"associated":
		(if .solicited[$e.node + ($e.peer // "")] then
			"\($me) <> \($peer)  bi-directional tunnel between the MAGs" | bold
		else null end),
	"shi-refused": "\($me): \($peer) says the MN is not attached there",
	"binding-deregistered":
		(if $scheme == "seamless" then
			"LMA: forwards flow X to SMAG" | bold
		else
			"LMA: the MN has no other attachment; flow X is dropped" | bold
		end),
	"deregistered": "LMA -> \($me)  PBA(dereg)",
	"binding-handoff": ("LMA: forwards flow X to \($peer)" | bold),
	"binding-revived":
		(if $scheme == "seamless" then
			"LMA: IF1 is registered again, by \($peer); flow X stays with SMAG"
		else
			"LMA: IF1 is registered again, by \($peer), which gets flow X" | bold
		end),
	"binding-refused": "LMA: refuses \($peer), \($e.detail)"
}[$e.event];

def kernel($e; $me; $iface):
	if $e.event == "link" and $e.state == "down" and $iface then
		if $scheme == "seamless" then
			"\($me): \($iface) is unreachable; \($me) forwards flow X to SMAG" | bold
		else
			"\($me): \($iface) is unreachable; flow X is dropped" | bold
		end
	else null end;

def scenario($e): (($e.detail // "") | split(" ")) as [$iface, $gw] | {
	"attach": "\($iface // "" | ascii_upcase) of the MN comes into the cell of \($gw // "" | ascii_upcase)",
	"flow": "CN <-> MN  flow X: UDP, 1,000 packets/s each way, and a TCP transfer",
	"lose": ("\($iface // "" | ascii_upcase) of the MN loses its radio link to \($gw // "" | ascii_upcase)" | bold),
	"stop": "end of the flows"
}[$e.event];

foreach inputs as $e ({at: {}, bindings: 0};
	.start //= ($e.time | seconds)
	| remember($e)
	| ($e.node | ascii_upcase) as $me
	| (names[$e.peer // ""] // "?") as $peer
	| .at[$e.node] as $iface
	| .line = (if $e.source == "demo" then scenario($e)
		elif $e.source == "kernel" then kernel($e; $me; $iface)
		else controller($e; $me; $peer; $iface // "") end)
	| .when = ($e.time | seconds | .s) - .start.s
		+ ($e.time | seconds | .f) - .start.f;
	select(.line) | "\(.when | stamp) s  \(.line)")
