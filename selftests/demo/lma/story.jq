# SPDX-License-Identifier: GPL-2.0
#
# The lines of the run, in the words of draft LMA handover §4.2.
# Arguments: $run, $color ("yes" or "").
include "tell";
include "lma/gateways";

def bold: strong($color == "yes");

def begins: . as {$e, $me, $peer} | {
	"binding-new": "\($me): the MN is registered, \(($e.detail // "") | sub(".*hnp="; ""))",
	"registered": "\($peer) -> \($me)  PBA",
	"lma-handover-asked": "\($me) -> \($peer)  LMA_HO_Req[MN-ID, its prefix]",
	"lma-handover-begun": "\($me) -> \($peer)  LMA_HO_Init[MN-ID, its bindings]",
	"lma-handover-handed": "\($me) -> \($peer)  LMA_HAck; flow X goes by \($peer) yet",
	"lma-handover-prepared": "\($me) -> BMAG  LMA_HO_Resp[\($peer)]"
}[$e.event];

# The packets change their way
def turns: . as {$e, $me, $peer} | {
	"binding-taken-over": "\($me) -> BMAG  PBA",
	"anchor-changed": ("\($me): what the MN sends goes to \($peer)" | bold),
	"lma-handover-came": (if $me == "LMA1" then
		"LMA1: the MN is back; what is for it goes to BMAG" | bold
		else "\($me) -> LMA1  LMA_HO_Init: \($me) serves the MN" end),
	"lma-handover-left": (if $me == "LMA1" then
		"LMA1: what is for the MN goes to \($peer)" | bold
		else "\($me): \($peer) serves the MN" end),
	"lma-handover-onward": ("\($me): what is for the MN goes to \($peer)" | bold),
	"binding-moved": "\($me): lets go what it had of the MN"
}[$e.event];

def fails: . as {$e, $me, $peer} | (if $e.event | IN("lma-handover-failed", "lma-handover-void",
	"lma-handover-lost", "lma-handover-silent", "lma-handover-refused", "anchor-kept") then
	"\($me): \($e.event), \($peer) \($e.detail // "")" | bold else null end);

def own: .e as $e | (if $e.event == "ask" then
	"the operator has the MN go to \($e.detail // "" | ascii_upcase)" | bold
	else scenario(bold) end);

tell(gateways; if .e.source == "demo" then own
	else registration[.e.event] // begins // turns // fails end)
