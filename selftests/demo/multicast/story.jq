# SPDX-License-Identifier: GPL-2.0
#
# The lines of the run, in the words of draft predictive multicast handover §4.
# Arguments: $run, $color ("yes" or "").
include "handover_story";

tell_handover($run; $color; .e as $e | (if $e.source != "demo" then null else {
	"listen": "the MN listens to \($e.detail // "") by an ordinary socket; CN sends flow Y there: 1,000 packets/s",
	"flow": "CN <-> MN  flow X: UDP, 1,000 packets/s each way, and a TCP transfer"
}[$e.event] end))
