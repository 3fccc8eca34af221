#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 5213 §6.13 and RFC 4861 §7.3.3: a mobile node that neighbour
# unreachability detection has given up is moved to its next path with the next
# packet; its neighbours on the link are not.
source "$(dirname "$0")/lib.sh"
topo_chain

other=02:00:00:00:01:77 other_net=2001:db8:100:7
ctl pmag binding add prefix $other_net::/64 uplink 1 path dev acc lladdr $other path tunnel 2
node_lla=fe80::ff:fe00:101
# RFC 4291 §2.5.6: 54 zero bits follow the first ten; §2.6.1: no identifier, no node
for a in ff02::1 ::1 $MN ::ffff:192.0.2.1 fec0::1 fe80:0:0:1::1 fe80::; do
	refused "$a is no neighbour's" 'link-local address of a neighbour' ctl pmag binding set \
		prefix $HNP path dev acc lladdr $IF1_LL addr $a path tunnel 2
done
ctl pmag binding set prefix $HNP path dev acc lladdr $IF1_LL addr $node_lla path tunnel 2
is "the path says by which address it is probed" \
	"$(show pmag path ".[] | select(.lladdr == \"$IF1_LL\") | .addr")" $node_lla
ip -n pmag neigh replace $node_lla lladdr $IF1_LL dev acc nud reachable
monitor_start pmag

# An address of the node's past that fails says nothing of the node
ip -n pmag neigh replace $MN lladdr $IF1_LL dev acc nud reachable
ip -n pmag neigh replace $MN lladdr $IF1_LL dev acc nud failed
# Nor does any other address that somebody has given its link-layer address, nor
# that address while somebody else's link-layer address stands for it
ip -n pmag neigh replace fe80::bad lladdr $IF1_LL dev acc nud reachable
ip -n pmag neigh replace fe80::bad lladdr $IF1_LL dev acc nud failed
ip -n pmag neigh replace $node_lla lladdr $other dev acc nud reachable
ip -n pmag neigh replace $node_lla lladdr $other dev acc nud failed
ip -n pmag neigh replace $node_lla lladdr $IF1_LL dev acc nud reachable
watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "before: by IF1" "mn:if1 in" ip.dst=$MN_SINK
ip -n pmag neigh replace $node_lla lladdr $IF1_LL dev acc nud failed
watch -n 1 -l mn:if1 -l mn:if2 -s cn:eth0 "$(down)"
saw "neighbour failed: by IF2" "mn:if2 in" ip.dst=$MN_SINK
path_of() { show pmag path ".[] | select(.lladdr == \"$IF1_LL\") | [.state, .oper, .reason] | join(\" \")"; }
is "the path says so, and why" "$(path_of)" "down down neighbour"
works "the operator says it too" ctl pmag path set dev acc lladdr $IF1_LL state down
is "what came first stays" "$(path_of)" "down down neighbour"
is "the link is up" "$(link pmag acc oper)" up
watch -n 1 -l mn:if1 -l pmag:acc -s core:pmag \
	"eth $PMAG_LL $LMA_LL / ip6 $LMA $PMAG / ip6 $CN $other_net::1 / udp 1 2"
saw "another node on the link is still served" "pmag:acc out" eth.dst=$other

ip -n pmag neigh replace $node_lla lladdr $IF1_LL dev acc nud reachable
watch -n 1 -l mn:if1 -l mn:if2 -s cn:eth0 "$(down)"
saw "reachable again: by IF1" "mn:if1 in" ip.dst=$MN_SINK
is "and nothing against it" "$(path_of)" "up up none"
monitor_stop
is "one event each way" "$(jq -sc '[.[] | [.event, .lladdr, .state]]' < "$TMP/events")" \
	"[[\"path\",\"$IF1_LL\",\"down\"],[\"path\",\"$IF1_LL\",\"up\"]]"
is "the loss names its reason" \
	"$(event_count '.state == "down" and .reason == "neighbour"')" 1

ctl pmag path set dev acc lladdr $IF1_LL state down
is "set down by the operator: that is the reason" "$(path_of)" "down down operator"
ctl pmag path set dev acc lladdr $IF1_LL state up
ctl pmag link set dev acc state down
is "the link set down: so is the path" "$(path_of)" "up down operator"
ctl pmag link set dev acc state up

# And by detection itself: the node does not answer any more
in_ns mn bash -c "echo 1 > /proc/sys/net/ipv6/conf/if1/disable_ipv6"
in_ns pmag bash -c "echo 50 > /proc/sys/net/ipv6/neigh/acc/retrans_time_ms"
ip -n pmag neigh replace $node_lla lladdr $IF1_LL dev acc nud probe
down_now() { [ "$(path_of)" = "down down neighbour" ]; }
works "probes without an answer bring the path down" eventually 9 down_now

in_ns mn bash -c "echo 0 > /proc/sys/net/ipv6/conf/if1/disable_ipv6"
ip -n pmag neigh replace $node_lla lladdr $IF1_LL dev acc nud reachable
is "it is back" "$(path_of)" "up up none"

# RFC 4861 §11.1: "redirect" - one solicitation of another node on the link, with the
# victim's link-layer address for its own: the gateway asks there, and nobody answers
bad_lla() { ip -6 -n pmag neigh show dev acc | grep "^fe80::bad "; }
ip -n pmag neigh del fe80::bad dev acc 2>/dev/null
watch -w 200 -l mn:if1 -s mn:if1 "eth $MAG_LL $other / ip6 fe80::bad $MAG_LLA hl 255 / raw \
87000b4c00000000fe8000000000000002005efffe0052130101020000000101 58"
[[ $(bad_lla) == *"lladdr $IF1_LL "* ]] && ok "the gateway believes it" || bad "$(bad_lla)"
ip -n pmag neigh replace fe80::bad lladdr $IF1_LL dev acc nud probe
gone() { [[ $(bad_lla) == *FAILED* || -z $(bad_lla) ]]; }
works "and finds nobody" eventually 9 gone
is "the victim's path stays" "$(path_of)" "up up none"
ctl pmag binding set prefix $HNP path dev acc lladdr $IF1_LL addr :: path tunnel 2
ip -n pmag neigh replace $node_lla lladdr $IF1_LL dev acc nud failed
is "without an address no detection counts" "$(path_of)" "up up none"
