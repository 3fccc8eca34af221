# SPDX-License-Identifier: GPL-2.0
#
# The lines of the run, in the words of draft fault tolerant multihoming §3.2.
# Arguments: $run, $color ("yes" or "").
include "tell";

def names: {"2001:db8::1": "LMA", "2001:db8::11": "MAG1", "2001:db8::12": "MAG2"};
def bold: strong($color == "yes");

def controller: . as {$e, $me} | (registration + {
	"binding-new":
		(if .bindings > 1 then
			"LMA: IF2 is the same node's by its MN-ID; both share the prefix"
		else
			"LMA: the MN is registered, \(($e.detail // "") | sub(".*hnp="; ""))"
		end),
	"registered": "LMA -> \($me)  PBA",
	"binding-deregistered": ((if $run == "hold" then
			"LMA: IF2 is available; flow X waits here for what MAG1 sends back"
		else "LMA: IF2 is available; forwards flow X to MAG2" end) | bold),
	"deregistered": (if $run == "hold" then
			"LMA -> \($me)  PBA(dereg); \($me) sends back to LMA what it holds" | bold
		else "LMA -> \($me)  PBA(dereg)" end)
})[$e.event];

def kernel: . as {$e, $me, $iface} |
	if $e.event == "link" and $e.state == "down" and $iface then
		"\($me): \($iface) is unreachable; \($me) \(if $run == "hold"
			then "holds" else "drops" end) flow X" | bold
	else null end;

tell(names; if .e.source == "demo" then scenario(bold)
	elif .e.source == "kernel" then kernel
	else controller end)
