# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # see run and play
#
# Draft predictive multicast handover §4: a node with one interface listens to a group and
# goes from one access gateway to another, and for 200 ms it is at neither.  Announced
# before, asked for where it is then, and as plain RFC 5213 and RFC 6224.

source "${BASH_SOURCE[0]%/*}/../handover.sh"
RESULT=multicast
declare -A TITLE=([predictive]="Draft predictive multicast handover: PMAG announces the node and its group"
	[reactive]="RFC 5949, reactive: NMAG asks PMAG for what came, and what the node listens to"
	[plain]="Without it: RFC 5213, and a node that is asked what it listens to (RFC 6224)")
ANNOUNCE=now
GROUP=ff1e::5213
PORT_GROUP=5217

settings() { # RUN
	local times='query-interval-ms = 20000; response-ms = 200; unsolicited-ms = 200;'

	handover_settings "$1" || return
	LMA_CONF+=" multicast = { upstream = \"cn0\"; $times };"
	MAG_CONF+=" multicast = { $times };"
	# Two flows and TCP, for as long as the node is nowhere
	MORE_CONF='hold = { node-packets = 4000; };'
}

flows_start() {
	listen
	start_flows
}

flows_settled() { wait_for 10 sent_to nmag; }

# It listens by an ordinary socket, for which its own kernel speaks MLD.
listen() {
	spawn mn chrt -f 10 flow -g -l $GROUP -r "$CN_ADDRESS" -m if1 -p "$PORT_GROUP" \
		-o "$out/group.mn.flow" 3>&- &
	ends+=($!)
	spawn cn chrt -f 10 flow -g -l "$CN_ADDRESS" -r $GROUP -m eth0 -p "$PORT_GROUP" \
		-o "$out/group.cn.flow" 3>&- &
	ends+=($!)
	event listen $GROUP
	wait_for 10 sent_to pmag
	wait_for 10 test -e "$out/group.cn.flow"
}

sent_to() { # GATEWAY: the anchor sends the group's packets there
	local tunnel

	tunnel=$(ctl lma -j tunnel show |
		jq -e ".[] | select(.remote == \"${CORE_ADDRESS[$1]}\") | .id") &&
		ctl lma -j listener show | jq -e "any(.path.tunnel == $tunnel)"
}
