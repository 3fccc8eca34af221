# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # see run and play
#
# Draft flow mobility §3.2: of two flows of one node, X by MAG1 and Y by MAG2, the
# anchor moves Y to MAG1 while both run.  A run for each of the scenarios of §3.1.

RUNS="shared different combined"
RESULT=flowmob
declare -A TITLE=([shared]="Draft flow mobility §3.2.1: all gateways have the node's prefix"
	[different]="§3.2.2: each gateway has a prefix of its own for the node, and is told by FMI"
	[combined]="§3.2.3: one prefix is shared, others are not; told by UPN (RFC 7864)")
MAGS="mag1 mag2"
# A machine whose clock counts what it does: delays are those of the ways
MACHINE=--count

# By MAG1 a packet takes 10 ms longer each way, so that its way shows
RADIO_DELAY=10ms
PORT_X=5213 PORT_Y=5215 PORT_TCP=5216
# The last one is the first of the anchor's pool
SHARED=2001:db8:200::/64 OWN1=2001:db8:201::/64 OWN2=2001:db8:100::/64

settings() { # RUN
	local dialect=draft

	case $1 in
	shared)	   NODE_CONF="hnps = [ \"$SHARED\" ];" ;;
	different) NODE_CONF="hnps = [ \"$OWN1\" ];" ;;
	combined)  NODE_CONF="hnps = [ \"$OWN1\" ]; shared-hnps = [ \"$SHARED\" ];"
		   dialect=rfc7864 ;;
	*)	   return 1 ;;
	esac
	NODE_CONF+=" multihoming = \"$1\";"
	LMA_CONF="flow = { dialect = \"$dialect\"; };"
}

bid() { # GATEWAY: the anchor's number for the attachment there
	ctl lma -j session show |
		jq ".lma[] | select(.\"proxy-coa\" == \"${CORE_ADDRESS[$1]}\") | .bid"
}

# Who sits there is not to be started only when there is something to say
operator() {
	exec 4> >(spawn lma pmipctl -s "$run/lma.sock" -batch - > "$out/operator.log" 2>&1 3>&-)
}

flow() { # add|move FID ARGUMENT...
	echo "flow $1 mn-id mn@example.org fid ${*:2}" >&4
	wait_for 30 heard "flow-set.*fid=$2"
}

# What a host with two interfaces does: by which of them it sends what
make_ways() { # PREFIX-OF-X PREFIX-OF-Y
	local n

	tc -n air qdisc add dev far-if1 root netem limit 4000 delay $RADIO_DELAY
	tc -n mn qdisc add dev if1 root netem limit 4000 delay $RADIO_DELAY
	for n in 1 2; do
		ip -n mn -6 route add default dev if$n table 10$n \
			via "$(ip -n mn -6 -j route show default dev if$n | jq -r '.[0].gateway')"
	done
	ip -n mn -6 -batch - <<-EOT
		rule add pref 200 sport $PORT_X lookup 101
		rule add pref 201 sport $PORT_Y-$PORT_TCP lookup 102
		rule add pref 300 from $1 lookup 101
		rule add pref 301 from $2 lookup 102
	EOT
}

start_both() {
	flow_open x. "$1" $PORT_X 2000
	flow_open y. "$2" $PORT_Y 2000
	wait_for 30 inside cn ping -c 1 -W 1 "$1"
	wait_for 30 inside cn ping -c 1 -W 1 "$2"
	transfer "$2" $PORT_TCP
	flows_go
	event flow
}

steps() {
	local to_x=$OWN1 to_y=$OWN2 if_y=if2 bid1 bid2

	[ "$run_name" = different ] || to_x=$SHARED
	# One address for both, as of a logical interface
	[ "$run_name" = shared ] && to_y=$SHARED if_y=if1
	event attach "if1 mag1"
	radio_join if1 mag1
	wait_for 30 node_address if1 "$to_x"
	event attach "if2 mag2"
	radio_join if2 mag2
	wait_for 30 node_address if2 "$to_y"
	make_ways $to_x $to_y
	operator
	bid1=$(bid mag1) bid2=$(bid mag2)
	event policy
	flow add 1 priority 10 dst $to_x dport $PORT_X bid "$bid1"
	flow add 2 priority 20 dst $to_y dport $PORT_Y-$PORT_TCP bid "$bid2"
	start_both "$(node_address if1 $to_x)" "$(node_address $if_y $to_y)"
	pause 3
	event move
	flow move 2 bid "$bid1"
	pause 1
	event follow
	ip -n mn -6 rule add pref 100 sport $PORT_Y-$PORT_TCP lookup 101
	event followed
	pause 3
	# RFC 7864 §3.2.2: MAG1 routes the prefix to the node, and does not advertise it
	[ "$run_name" = shared ] || ! node_address if1 $to_y ||
		fail "the node has formed an address of the moved flow's prefix at MAG1"
	exec 4>&-
}
