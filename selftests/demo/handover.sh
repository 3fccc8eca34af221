# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # see run and play
#
# What the scenarios share in which a node with one interface goes from one access gateway to
# another: announced before, asked for where it is then, and as plain RFC 5213.  A scenario
# says what it streams (flows_start), until when it goes on with that at the next gateway
# (flows_settled), and how it announces the node (ANNOUNCE).

RUNS="predictive reactive plain"
MAGS="pmag nmag"
# A machine whose clock counts what it does, as that of the scenario "fault"
MACHINE=--count

MN_ID=mn@example.org
# How long the node is nowhere
GAP=0.2

handover_settings() { # RUN
	LMA_CONF='seamless = false;' MAG_CONF='seamless = false;'
	NODE_CONF='multihoming = "single";'
	case $1 in
	predictive | reactive)
		MAG_CONF+=' hold = true; handover = { hi-ms = 500; expect-ms = 5000; forward-ms = 5000; };'
		LMA_CONF+=' revocation = { handover = true; };'
		NODE_CONF+=' keep-order = true;'
		;;
	plain)	;;
	*)	return 1 ;;
	esac
}

steps() {
	event attach "if1 pmag"
	radio_join if1 pmag
	wait_for 10 node_address if1
	flows_start
	pause 0.5
	sample settled
	pause 1.5
	sample before
	carrier_trace || fail "the kernel does not trace netif_carrier_off()"
	if [ "$run_name" = predictive ]; then
		event announce "if1 nmag"
		# shellcheck disable=SC2086 # a word or none
		ctl pmag handover mn-id $MN_ID to "${CORE_ADDRESS[nmag]}" $ANNOUNCE
		wait_for 10 heard '"node":"pmag".*"hack-received"'
	fi
	event lose "if1 pmag"
	radio_lose if1 pmag
	pause $GAP
	event attach "if1 nmag"
	if [ "$run_name" = reactive ]; then
		associate if1 nmag pmag
	else
		radio_join if1 nmag
	fi
	wait_for 10 heard '"node":"nmag".*"attach"'
	wait_for 10 heard '"node":"nmag".*"registered"'
	flows_settled
	pause 1
	sample redirected
	switched radio0
	pause 1.5
	sample after
}
