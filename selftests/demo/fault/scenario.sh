# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # see run and play
#
# Draft fault tolerant multihoming §3.2: one of two interfaces breaks, and no other
# gateway is known that packets could be redirected to.  What reaches MAG1 after that
# waits and goes back by way of the LMA, or for comparison is dropped.

RUNS="hold drop"
RESULT=fault
declare -A TITLE=([hold]="With holding: draft fault tolerant multihoming, order kept"
	[drop]="Without it: what reaches MAG1 is dropped")
MAGS="mag1 mag2"
TAPS=mag1
# A machine whose clock counts what it does, not what the host is busy with.  It has
# one processor: with two, packets of one flow overtake each other in the kernel's own
# queues.
MACHINE=--count

settings() { # RUN
	NODE_CONF='multihoming = "shared";'
	LMA_CONF='seamless = false;' MAG_CONF='seamless = false;'
	case $1 in
	hold)	MAG_CONF+=' hold = true;'
		NODE_CONF+=' keep-order = true;'
		;;
	drop)	;;
	*)	return 1 ;;
	esac
}

waiting() { # GATEWAY: packets
	ctl "$1" -j stats | jq .kernel.hold.packets
}

drained() {
	[ "$(waiting mag1) $(waiting lma)" = "0 0" ]
}

# IF2 is attached before the flow begins, which then leaves the node by IF2 all
# along: nothing but the loss of IF1 can change its order.
steps() {
	event attach "if1 mag1"
	radio_join if1 mag1
	wait_for 10 node_address if1
	event attach "if2 mag2"
	radio_join if2 mag2
	wait_for 10 node_address if2
	start_flows
	pause 0.5
	sample settled
	pause 1.5
	sample before
	carrier_trace || fail "the kernel does not trace netif_carrier_off()"
	event lose "if1 mag1"
	radio_lose if1 mag1
	wait_for 10 heard '"node":"mag1".*"deregistered"'
	wait_for 10 drained
	pause 0.5
	sample redirected
	switched radio0
	pause 1.5
	sample after
}
