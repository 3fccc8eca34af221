# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # see run and play
#
# The handover of draft seamless handover §4, with the scheme and as plain RFC 5213.

RUNS="seamless plain"
# This one is the demo where no other is asked for
RESULT=demo
declare -A TITLE=([seamless]="With the scheme: draft seamless handover for multi-access mobile nodes"
	[plain]="Without it: Proxy Mobile IPv6 alone (RFC 5213)")
MAGS="pmag smag nmag"

settings() { # RUN
	local seamless=false multihoming=single

	# A way out over IF2 is the better one where it is one
	METRIC=2048
	case $1 in
	seamless) seamless=true multihoming=shared METRIC=512 ;;
	plain)	  ;;
	*)	  return 1 ;;
	esac
	LMA_CONF="seamless = $seamless;"
	MAG_CONF="seamless = $seamless;"
	NODE_CONF="multihoming = \"$multihoming\";"
}

steps() {
	event attach "if1 pmag"
	radio_join if1 pmag
	wait_for 10 node_address if1
	start_flows
	pause 1
	event attach "if2 smag"
	radio_join if2 smag
	wait_for 10 node_address if2
	pause 0.5
	sample settled
	pause 1.5
	sample before
	carrier_trace || fail "the kernel does not trace netif_carrier_off()"
	event lose "if1 pmag"
	radio_lose if1 pmag
	wait_for 10 heard binding-deregistered
	pause 0.5
	sample redirected
	switched radio0
	pause 1.5
	sample after
	event attach "if1 nmag"
	radio_join if1 nmag
	wait_for 10 heard '"node":"lma".*binding-(new|handoff|revived)'
	pause 1
	sample attached
	pause 1
	sample end
}
