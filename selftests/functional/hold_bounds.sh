#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: what is held is bounded for a node, for a link and in total, in packets and in
# bytes, and by age; each bound has a counter, and either the newest packet gives way
# or the oldest.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain

# Two prefixes of the node, and one of another node on the same link
second=2001:db8:100:2 other=2001:db8:100:3
ctl_batch lma <<-EOT
	binding add prefix $second::/64 node 1 path tunnel 1
	binding add prefix $other::/64 node 3 path tunnel 1
EOT
ctl_batch pmag <<-EOT
	binding add prefix $second::/64 node 1 uplink 1 path dev acc lladdr $IF1_LL path hold
	binding add prefix $other::/64 node 3 uplink 1 path dev acc lladdr 02:00:00:00:01:03 path hold
	hold set age 30000
EOT
radio_off if1
to() { echo "eth $LMA_CN_LL / ip6 $CN $1::99 / udp 1000 2000 32"; }
send_to() { pkt -q -w 100 -l mn:if1 -s cn:eth0 "$(to "$1")" -c "$2" > "$TMP/sent"; }
empty() { # Back to nothing, limits as they were
	local p
	for p in $HNP $second::/64 $other::/64; do
		echo "hold release prefix $p to drop"
	done | ctl_batch pmag
	ctl pmag hold set node-packets 4096 node-bytes 8388608 link-packets 8192 \
		link-bytes 33554432 total-packets 16384 total-bytes 67108864
	is "nothing is held" "$(hold pmag packets) $(hold pmag bytes) $(hold pmag queues)" "0 0 0"
}
counts() { # What the drops with this name and the queues' counter have grown by
	echo $(($(drops pmag "$1") - ${old[0]})) $(($(hold pmag dropped) - ${old[1]}))
}
mark() { old=("$(drops pmag "$1")" "$(hold pmag dropped)"); }

mark hold-node-full
ctl pmag hold set node-packets 5
send 8
is "a node: no more than its packets" "$(hold pmag packets) $(counts hold-node-full)" "5 3 3"
bytes=$(($(hold pmag bytes) / 5))
send_to $second 2
is "whichever of its prefixes they are for" "$(hold pmag packets) $(counts hold-node-full)" "5 5 5"
send_to $other 2
is "another node is not concerned" "$(hold pmag packets) $(counts hold-node-full)" "7 5 5"
empty
mark hold-node-full
ctl pmag hold set node-packets 5
send 3
ctl pmag flow add node 1 fid 1 priority 1 dport 9 bid 1
send_to $second 4
is "nor is it two for having got a flow" "$(hold pmag packets) $(counts hold-node-full)" "5 2 2"
ctl pmag flow delete node 1 fid 1
empty
mark hold-node-full
ctl pmag hold set node-bytes $((bytes * 3))
send 5
is "nor than its bytes" "$(hold pmag packets) $(hold pmag bytes) $(counts hold-node-full)" \
	"3 $((bytes * 3)) 2 2"
empty

mark hold-link-full
ctl pmag hold set link-packets 4
send 3
send_to $other 3
is "a link: no more than its packets" "$(hold pmag packets) $(counts hold-link-full)" "4 2 2"
empty
mark hold-link-full
ctl pmag hold set link-bytes $((bytes * 4))
send 3
send_to $other 3
is "nor than its bytes" "$(hold pmag packets) $(counts hold-link-full)" "4 2 2"
empty
mark hold-link-full
# As a controller does that deregisters them, before anything had to wait
ctl_batch pmag <<-EOT
	binding set prefix $HNP path hold
	binding set prefix $other::/64 path hold
	hold set link-packets 4
EOT
send 3
send_to $other 3
is "nor for having lost it as a path" "$(hold pmag packets) $(counts hold-link-full)" "4 2 2"
empty
ctl_batch pmag <<-EOT
	binding set prefix $HNP path dev acc lladdr $IF1_LL bid 1 path hold bid 9
	binding set prefix $other::/64 path dev acc lladdr 02:00:00:00:01:03 path hold
EOT

mark hold-total-full
ctl pmag hold set total-packets 4
send 3
send_to $other 3
is "in total: no more packets" "$(hold pmag packets) $(counts hold-total-full)" "4 2 2"
empty
mark hold-total-full
ctl pmag hold set total-bytes $((bytes * 4))
send 3
send_to $other 3
is "nor bytes" "$(hold pmag packets) $(counts hold-total-full)" "4 2 2"
empty

# Which packets give way: the numbers of those that arrive in the end
arrived() { # POLICY: of 8 numbered packets, where 3 may be held
	ctl pmag hold set node-packets 3 drop "$1"
	send 8
	listen 3 if1
	radio_on if1
	wait $LISTENER
	radio_off if1
	grep -o 'udp.number=[0-9]*' "$TMP/back" | cut -d= -f2 | tr '\n' ' '
}
mark hold-node-full
arrived tail > "$TMP/tail"
is "tail: the oldest are kept, in order" "$(< "$TMP/tail")" "0 1 2 "
is "counted" "$(counts hold-node-full)" "5 5"
arrived head > "$TMP/head"
is "head: the newest are kept, in order" "$(< "$TMP/head")" "5 6 7 "
is "counted" "$(counts hold-node-full)" "10 10"
empty
ctl pmag hold set node-packets 512 node-bytes $((bytes * 2)) drop head
send 2
pkt -q -w 100 -l mn:if1 -s cn:eth0 "$(down 'hl 64' 'udp 1 2 1400')" > "$TMP/sent"
within "a packet that fits beside none but finds no room drops none for nothing" \
	"$(hold pmag packets)" 1 2
empty
ctl pmag hold set drop tail

ctl pmag hold set age 300
before=$(drops pmag hold-expired)
begin_us=${EPOCHREALTIME/./}
send 4
works "by age: none is left in the end" eventually 5 holds pmag 0
[ $((${EPOCHREALTIME/./} - begin_us)) -ge 300000 ] && ok "but not before" || bad "sooner"
is "counted" "$(($(drops pmag hold-expired) - before)) $(hold pmag expired)" "4 4"
is "limits that are none are refused" "$(ctl pmag hold set age 0 2>&1 | grep -c .) \
$(ctl pmag hold set age 30001 2>&1 | grep -c .)" "1 1"
