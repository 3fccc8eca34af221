# SPDX-License-Identifier: GPL-2.0
#
# The lines of the run, in the words of draft flow mobility §3.2.
# Arguments: $run, $color ("yes" or "").
include "tell";

def names: {"2001:db8::1": "LMA", "2001:db8::11": "MAG1", "2001:db8::12": "MAG2"};
def bold: if $color == "yes" then "\u001b[1m\(.)\u001b[0m" else . end;
def flow_name: if . // "" | startswith("fid=1") then "X" else "Y" end;

def controller: . as {$e, $me, $peer} | {
	"attach": "\($me): \(.iface // "") is attached",
	"binding-new":
		"LMA: the MN is registered by \($peer), \(($e.detail // "") | sub(".*hnp="; ""))",
	"fmi-sent": "\($me) -> \($peer)  FMI[MN-ID, flow Y, add]",
	"fmi-received": "\($me) -> \($peer)  FMA, \($e.detail // "")",
	"upn-sent": "\($me) -> \($peer)  UPN[MN-ID, flow Y, its prefix off-link]",
	"upn-received": "\($me) -> \($peer)  UPA, \($e.detail // "")",
	"flow-set":
		(if .moving then
			"LMA: flow \($e.detail | flow_name) goes to MAG1 from now on" | bold
		else
			"LMA: flow \($e.detail | flow_name) goes by MAG\(if $e.detail | flow_name == "X" then 1 else 2 end)"
		end),
	"flow-lost": ("LMA: \($peer) does not take flow \($e.detail | flow_name): \($e.detail)" | bold)
}[$e.event];

def scenario: .e as $e | (($e.detail // "") | split(" ")) as [$iface, $gw] | {
	"attach": "\($iface // "" | ascii_upcase) of the MN comes into the cell of \($gw // "" | ascii_upcase)",
	"policy": "the operator says which way each flow goes",
	"flow": "CN <-> MN  flows X and Y: UDP, 500 packets/s each way; Y has a TCP transfer, too",
	"move": ("the operator moves flow Y to MAG1" | bold),
	"follow": "the MN, which gets flow Y by IF1 now, sends it by IF1, too",
	"stop": "end of the flows"
}[$e.event];

tell(names; if .e.source == "demo" then scenario else controller end)
