# SPDX-License-Identifier: GPL-2.0
#
# The lines of the run, in the words of draft seamless handover §4.1.
# Arguments: $run, $color ("yes" or "").
include "tell";

def names: {"2001:db8::1": "LMA", "2001:db8::11": "PMAG",
	"2001:db8::12": "SMAG", "2001:db8::13": "NMAG"};
def bold: strong($color == "yes");

def controller: . as {$e, $me, $peer} | (registration + {
	"binding-new":
		(if .bindings > 1 and $run == "seamless" then
			"LMA: the MN has another interface registered; both share the prefix"
		elif .bindings > 1 then
			"LMA: another session of the MN, with a prefix of its own"
		else
			"LMA: the MN is registered, \(($e.detail // "") | sub(".*hnp="; ""))"
		end),
	"registered":
		(if $run == "seamless" and .bindings > 1 then
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
		(if $run == "seamless" then
			"LMA: forwards flow X to SMAG" | bold
		else
			"LMA: the MN has no other attachment; flow X is dropped" | bold
		end),
	"deregistered": "LMA -> \($me)  PBA(dereg)",
	"binding-handoff": ("LMA: forwards flow X to \($peer)" | bold),
	"binding-revived":
		(if $run == "seamless" then
			"LMA: IF1 is registered again, by \($peer); flow X stays with SMAG"
		else
			"LMA: IF1 is registered again, by \($peer), which gets flow X" | bold
		end)
})[$e.event];

def kernel: . as {$e, $me, $iface} |
	if $e.event == "link" and $e.state == "down" and $iface then
		if $run == "seamless" then
			"\($me): \($iface) is unreachable; \($me) forwards flow X to SMAG" | bold
		else
			"\($me): \($iface) is unreachable; flow X is dropped" | bold
		end
	else null end;

tell(names; if .e.source == "demo" then scenario(bold)
	elif .e.source == "kernel" then kernel
	else controller end)
