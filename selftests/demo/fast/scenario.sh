# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # see run and play
#
# Fast handovers between access gateways (RFC 5949 §4.1): a node with one interface goes
# from one to another, and for 200 ms it is at neither.  Announced before, asked for
# where it is then, and as plain RFC 5213.

source "${BASH_SOURCE[0]%/*}/../handover.sh"
RESULT=fast
declare -A TITLE=([predictive]="RFC 5949, predictive: PMAG announces the node to NMAG"
	[reactive]="RFC 5949, reactive: NMAG asks PMAG for what came for the node"
	[plain]="Without it: Proxy Mobile IPv6 alone (RFC 5213)")
ANNOUNCE=''

settings() { handover_settings "$1"; } # RUN
flows_start() { start_flows; }
flows_settled() { :; }
