#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §4: "The data traffic [...] MAY also be protected": where a policy
# of the operator's wants ESP on what comes from the MAG, packets of the tunnel in
# the clear are dropped and counted, like any other.
source "$(dirname "$0")/lib.sh"
topo_chain

watch -n 1 -l cn:eth0 -s mn:if1 "$(up)"
saw "without a policy the node's packet arrives" "cn:eth0 in" ip.src=$MN
ip -n lma xfrm policy add src $PMAG dst $LMA dir in tmpl src $PMAG dst $LMA proto esp \
	mode transport || skip "no xfrm"
watch -w 300 -l cn:eth0 -s mn:if1 "$(up)"
saw_none "under the policy it does not" "cn:eth0 in"
is "and is counted" "$(drops lma ipsec-policy)" 1
ip -n lma xfrm policy flush
watch -n 1 -l cn:eth0 -s mn:if1 "$(up)"
saw "without it, again it does" "cn:eth0 in" ip.src=$MN
