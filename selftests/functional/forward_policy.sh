#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 4301 §5.1: "each packet must be looked up in the SPD": what comes in by a link
# and goes on to another host passes the policies of its directions, whichever way it goes.
source "$(dirname "$0")/lib.sh"
topo_chain

block() { # NETNS SOURCE DESTINATION
	ip -n "$1" xfrm policy add src "$2" dst "$3" dir fwd action block || skip "no xfrm"
	ip -n "$1" xfrm policy add src "$2" dst "$3" dir out action block
}
passes() { # WHAT WHERE FROM PACKET
	watch -n 1 -l "$2" -s "$3" "$4"
	saw "$1" "$2 $([ "$2" = pmag:core ] && echo out || echo in)" "${5:-ip.dst=$MN_SINK}"
}
blocked() { # WHAT WHERE FROM PACKET
	watch -w 300 -l "$2" -s "$3" "$4"
	saw_none "$1" "$2 $([ "$2" = pmag:core ] && echo out || echo in)"
}

passes "down, without a policy" mn:if1 cn:eth0 "$(down)"
block lma ::/0 $HNP
blocked "down, at the LMA: a policy that blocks blocks" mn:if1 cn:eth0 "$(down)"
ip -n lma xfrm policy flush
block lma 2001:db8:77::/64 2001:db8:78::/64
passes "one for others does not" mn:if1 cn:eth0 "$(down)"
ip -n lma xfrm policy flush

block pmag ::/0 $HNP
blocked "down, at the MAG" mn:if1 cn:eth0 "$(down)"
ip -n pmag xfrm policy flush
passes "and without it again" mn:if1 cn:eth0 "$(down)"

passes "up, without a policy" pmag:core mn:if1 "$(up)" ip.dst=$LMA
block pmag $HNP ::/0
blocked "up, at the MAG" pmag:core mn:if1 "$(up)"
ip -n pmag xfrm policy flush
passes "up, without it again" pmag:core mn:if1 "$(up)" ip.dst=$LMA

# RFC 4301 §4.4.1: a policy is for what its selectors match: those by which gateways protect
# their signalling, for Mobility Headers, have no say in what they forward.
forwarded() { # by the stack, of one packet
	local before
	before=$(stack_count)
	watch -n 1 -l pmag:core -s mn:if1 "$(up)"
	[ $(($(stack_count) - before)) = "$1" ]
}
stack_count() { in_ns pmag sed -n 's/^Ip6OutForwDatagrams[[:space:]]*//p' /proc/net/snmp6; }
mh() { # VERB DIR SOURCE
	ip -n pmag xfrm policy "$1" src "$3" dst $LMA proto 135 dir "$2" action block
}
mh add out $PMAG
mh add in $LMA
if eventually 10 forwarded 0; then ok "a gateway's policies for signalling: forwarded by the module"; else
	bad "one for signalling has the stack forward"
fi
mh add out ::/0
if eventually 10 forwarded 1; then ok "those for others' Mobility Headers: by the stack"; else
	bad "one for others' Mobility Headers is not asked"
fi
ip -n pmag xfrm policy flush
