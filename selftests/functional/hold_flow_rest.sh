#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: flow mobility §3: where a flow alone went by the broken interface, what is
# waited for (draft: fault tolerant multihoming §3.2) concerns that flow, and packets of
# no flow, whose path is up and was theirs before, go on; unless a flow is one no more.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain

to() { down 'hl 64' "udp 1000 $1 32"; } # PORT
send_to() { pkt -q -w 100 -l mn:if2 -s cn:eth0 "$(to "$1")" > "$TMP/sent"; }
arrives() { # WHAT PORT
	watch -n 1 -l mn:if2 -s cn:eth0 "$(to "$2")"
	saw "$1" "mn:if2 in" ip.dst=$MN_SINK
}
waiting() { hold lma packets; }

# As a controller does that hears of the broken interface, and later of its end
lost() { ctl lma binding set prefix $HNP return tunnel 1 time 30000 wait 30000; }
paths() { ctl lma binding set prefix $HNP path tunnel 2 bid 2 "$@"; }
mark() { watch -n "$((1 + $1))" -l mn:if2 -s core:lma "$(marker)"; } # PACKETS that waited

ctl_batch lma <<-EOT || die "no flows"
	binding set prefix $HNP path tunnel 2 bid 2 path tunnel 1 bid 1
	flow add node 1 fid 1 priority 10 dport 2001 bid 1 bid 2
	flow add node 1 fid 2 priority 20 dport 2002 bid 2 bid 1
EOT
lost
arrives "what is of no flow does not wait" 2000
paths
ctl lma flow set node 1 fid 1 bid 2
arrives "nor when the broken interface's path has gone" 2000
arrives "nor does another flow" 2002
send_to 2001
is "the flow that went that way does" "$(waiting)" 1
ctl lma binding set prefix $HNP return tunnel 1 time 30000 wait 30000
arrives "it goes on, also where that is said again" 2000
mark 1
is "the mark lets the flow go" "$(count 'mn:if2 in') $(waiting)" "1 0"

# What the path is called by which it goes is nothing to it; but another path is
paths path tunnel 1 bid 1
lost
ctl lma binding set prefix $HNP path tunnel 1 bid 1
send_to 2000
is "what has to take another path waits" "$(waiting)" 1
paths
send_to 2000
is "and does not pass itself when that is as it was" "$(waiting)" 2
mark 2
is "then both go" "$(count 'mn:if2 in') $(waiting)" "2 0"

# What was of a flow that is no more cannot be told apart
paths path tunnel 1 bid 1
ctl lma flow set node 1 fid 1 bid 1
lost
paths
send_to 2001
is "what is of a flow no more, without a path, waits" "$(waiting)" 1
send_to 2000
is "and so does the rest" "$(waiting)" 2
mark 2
is "until the mark comes" "$(count 'mn:if2 in') $(waiting)" "2 0"
paths path tunnel 1 bid 1
lost
ctl lma flow del node 1 fid 1
send_to 2001
is "the same of a flow that has been removed" "$(waiting)" 1
mark 1
ctl lma flow add node 1 fid 1 priority 10 dport 2001 bid 1
lost
ctl lma flow set node 1 fid 1 dport 2003
send_to 2001
is "and of one that is of other packets" "$(waiting)" 1
mark 1

# By the broken interface itself
ctl lma binding set prefix $HNP path tunnel 1 bid 1 path tunnel 2 bid 2
lost
paths
send_to 2000
is "what went by the broken interface waits" "$(waiting)" 1
mark 1
