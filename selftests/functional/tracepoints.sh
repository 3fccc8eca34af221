#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: tracepoints on redirect and on drops tell which packet, whose, and why.
source "$(dirname "$0")/lib.sh"
topo_chain
trace=/sys/kernel/tracing
[ -d $trace/events/pmip ] || { bad "no events of the module in $trace"; exit 1; }

echo > $trace/trace
echo 1 > $trace/events/pmip/enable
watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
is "a packet on its first path leaves no trace" "$(grep -c 'pmip_' $trace/trace)" 0
radio_off if1
watch -n 1 -l mn:if2 -s cn:eth0 "$(down)"
watch -w 150 -l pmag:core -s mn:if1 "$(up)" -s core:pmag \
	"eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG tc 3 / ip6 $CN $MN_SINK / udp 1 2"
echo 0 > $trace/events/pmip/enable
is "a redirected packet: one" "$(grep -c 'pmip_redirect:' $trace/trace)" 1
is "with prefix and tunnel" \
	"$(grep 'pmip_redirect:' $trace/trace | grep -c 'prefix=2001:db8:100:1:: tunnel=2')" 1
is "a dropped packet: one" "$(grep -c 'pmip_drop:' $trace/trace)" 1
is "with its reason" "$(grep 'pmip_drop:' $trace/trace | grep -c 'reason=ecn')" 1
echo > $trace/trace
