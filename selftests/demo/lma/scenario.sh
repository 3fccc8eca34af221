# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # see run and play
#
# Draft LMA handover §4.2: a node's bindings go from one anchor to another, and the node
# keeps its prefix.  Once, and on to a third and back to the first.

RUNS="lma chain"
RESULT=lma
declare -A TITLE=([lma]="Draft LMA handover §4.2: from LMA1 to LMA2"
	[chain]="On and back: from LMA1 to LMA2, to LMA3, and to LMA1 again")
declare -A COURSE=([lma]="lma2" [chain]="lma2 lma3 lma1")
ANCHORS="lma1 lma2 lma3"
MAGS=bmag
# A machine whose clock counts what it does: times are those of messages and hops
MACHINE=--count

MN_ID=mn@example.org
# What the previous anchor has of the node, and what the gateway has of that, for so long
DELETE_MS=1000
LINGER_MS=1000

settings() { # RUN
	[ -n "${COURSE[$1]-}" ] || return
	LMA_CONF='seamless = false;'
	MAG_CONF='seamless = false; lma-handover = { anchors = [ "2001:db8::/64" ];'
	MAG_CONF+=" linger-ms = $LINGER_MS; };"
	NODE_CONF='multihoming = "single";'
}

# The gateway takes packets of one anchor only
only() { # ANCHOR
	ctl bmag -j session show | jq -e --arg lma "${CORE_ADDRESS[$1]}" \
		'.mag | all(.lma == $lma and ."lma-change" == null)'
}

# As where nodes come and go all the time: who asks for an address first takes 20 ms more
acquaint() {
	local pair

	for pair in "lma1 lma2" "lma1 lma3" "lma2 lma3" "bmag lma2" "bmag lma3"; do
		wait_for 10 inside "${pair% *}" ping -c 1 -W 1 "${CORE_ADDRESS[${pair#* }]}"
	done
}

goes_to() { # ANCHOR
	event ask "$1"
	ctl bmag lma-handover mn-id $MN_ID to "${CORE_ADDRESS[$1]}"
	wait_for 30 heard '"binding-moved"'
	wait_for 30 only "$1"
	pause 0.5
}

# What is counted while nothing changes
stage() { # NUMBER
	sample "from$1"
	pause 1.5
	sample "to$1"
}

steps() {
	local anchor n=0

	acquaint
	event attach "if1 bmag"
	radio_join if1 bmag
	wait_for 10 node_address if1
	start_flows
	pause 0.5
	stage 0
	for anchor in ${COURSE[$run_name]}; do
		n=$((n + 1))
		goes_to "$anchor"
		stage $n
	done
}
