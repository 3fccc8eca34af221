# SPDX-License-Identifier: GPL-2.0
#
# The story of a node that goes from the PMAG to the NMAG, in the words of RFC 5949 §4.1.
include "tell";
include "handover";

def controller($run; bold): . as {$e, $me, $peer} | (registration + {
	"binding-new": "LMA: the MN is registered, \(($e.detail // "") | sub(".*hnp="; ""))",
	"registered": "LMA -> \($me)  PBA",
	"hi-sent": "\($me) -> \($peer)  HI, \($e.detail // "")",
	"hack-sent": "\($me) -> \($peer)  HAck, \($e.detail // "")",
	"binding-deregistered":
		("LMA: the MN has no other attachment; flow X is dropped" | bold),
	# RFC 5846: after a handover the gateway before need not deregister
	"revoked": "LMA -> \($me)  BRI",
	"deregistered": (if $run != "plain" then "\($me) -> LMA  end of what it has forwarded"
		else "LMA -> \($me)  PBA(dereg)" end),
	"binding-handoff": ("LMA: IF1 is at \($peer), which gets flow X" | bold),
	"binding-revived": ("LMA: IF1 is registered again, by \($peer), which gets flow X" | bold),
	"leaving-ended": "\($me): forwards nothing to \($peer) any more, \($e.detail // "")",
	"arrival-ended": "\($me): nothing comes from \($peer) any more, \($e.detail // "")"
})[$e.event];

def kernel($run; bold): . as {$e, $me, $iface} |
	if $e.event == "link" and $e.state == "down" and $iface then
		"\($me): \($iface) is unreachable; \({predictive: "\($me) forwards flow X to NMAG",
			reactive: "\($me) holds flow X", plain: "flow X is dropped"}[$run])" | bold
	else null end;

def own(bold): .e as $e | (($e.detail // "") | split(" ")) as [$iface] | {
	"announce": "PMAG is told that \($iface // "" | ascii_upcase) is about to go to NMAG",
	"ask": "NMAG is told that \($iface // "" | ascii_upcase) is there, and was at PMAG before"
}[$e.event] // scenario(bold);

# more: words for other events of the scenario's, or null
def tell_handover($run; $color; more):
	def bold: strong($color == "yes");
	tell(names; more // (if .e.source == "demo" then own(bold)
		elif .e.source == "kernel" then kernel($run; bold)
		else controller($run; bold) end));
