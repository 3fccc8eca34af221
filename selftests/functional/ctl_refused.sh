#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel refuses forwarding state, because somebody has made a tunnel of his
# own for the pair of gateways, or with the number: nobody is promised a way that
# is not there, what was stays, and all is well once the obstacle is gone.
# At last the module is unloaded under the daemons, and loaded again.
#
# Timeout: 180
# Shows: RFC 5213 §5.3.2, RFC 6275 §6.1.8: 130 "Insufficient resources"
# Shows: RFC 5213 §6.9.1.2-12: no advertisement without tunnel and route
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
MAG_CONF='probe-ms = 0; bindack-ms = 400;'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag

# Newer than the daemons' state, or their purge would clear the way
obstacle() { # NETNS ID LOCAL REMOTE ROLE
	ctl "$1" tunnel add id "$2" local "$3" remote "$4" role "$5" generation 1000 ||
		ctl_die "no obstacle at the ${1^^}"
}

counter() { q "$1" stats ".controller$2"; } # NETNS JQ
refused_by() { [ "$(counter "$1" ".$2[\"forwarding-refused\"]")" -ge 1 ]; } # NETNS ROLE
session_is() { [[ $(c "$1" -j session show) == *"\"state\":\"$2\""* ]]; } # NETNS STATE
no_active() { ! [[ $(c lma -j session show) == *'"state":"active"'* ]]; }
advertisements() {
	tcpdump -n -r "$TMP/ra.pcap" 'icmp6 and ip6[40] == 134' 2> /dev/null | wc -l
}

# ---- at an access gateway ----

obstacle pmag 77 $PMAG $LMA mag-lma
nsenter --net=/run/netns/mn tcpdump -i if1 -n --immediate-mode -U -w "$TMP/ra.pcap" icmp6 \
	2> "$TMP/tcpdump" &
dump=$!
eventually 10 grep -q 'listening on' "$TMP/tcpdump" || bad "tcpdump: $(< "$TMP/tcpdump")"
nsenter --net=/run/netns/pmag pmipctl -j -s "$TMP/pmag.sock" monitor controller > "$TMP/notices" &
monitor=$!
eventually 10 is_waiting $monitor || bad "no monitor"
solicit if1
eventually 10 refused_by pmag mag && ok "the PMAG counts the refusal" || bad "not counted"
eventually 10 session_is pmag blocked && ok "the session is blocked" || bad "$(c pmag session show)"
eventually 10 no_active && ok "the anchor does not send here" || bad "$(c lma session show)"
solicit if1
nap 0.5
is "no advertisement" "$(advertisements)" 0
is "no binding" "$(q pmag binding length)" 0
grep -q '"forwarding-refused".*File exists' "$TMP/notices" && ok "the monitor says why" ||
	bad "monitor: $(< "$TMP/notices")"
grep -q 'mn@example.org: the kernel refuses' "$TMP/pmag.log" && ok "the log names the node" ||
	bad "not in the log"
is "the obstacle stays" "$(tunnel pmag 77 remote)" $LMA
ctl pmag tunnel del id 77
eventually 40 mag_has pmag && ok "without it the node is served" || ctl_die "$(c pmag session show)"
advertised() { [ "$(advertisements)" -gt 0 ]; }
eventually 10 advertised && ok "and hears of its prefix" || bad "no advertisement"
kill $dump $monitor
lma_has $PMAG && ok "the anchor has its entry" || bad "$(c lma session show)"
works "ping" ping_mn

# ---- at the anchor ----

obstacle lma 77 $LMA $SMAG lma-mag
# a number that the SMAG is going to use
obstacle smag 1 $SMAG $NMAG mag-mag
binding_before=$(q lma binding '.[0].paths | tostring')
solicit if2
answered_130() { [ "$(counter lma '.lma.status["130"] // 0')" -ge 1 ]; }
eventually 10 answered_130 && ok "the anchor answers 130" || bad "$(c lma stats)"
session_is smag registering && ok "the SMAG goes on asking" || bad "$(c smag session show)"
is "and advertises nothing" "$(counter smag '.mag["ra-tx"]')" 0
is "one entry at the anchor" "$(c lma -j session show | jq '.lma | length')" 1
is "the binding is as it was" "$(q lma binding '.[0].paths | tostring')" "$binding_before"
works "ping" ping_mn 2
ctl lma tunnel del id 77
eventually 60 mag_has smag && ok "without the obstacle the SMAG serves the node" ||
	ctl_die "$(c smag session show)"
refused_by smag mag && ok "its first number was somebody else's" || bad "number 1 was not met"
is "whose tunnel is there still" "$(tunnel smag 1 remote)" $NMAG
eventually 20 lma_has $SMAG && ok "two entries" || bad "$(c lma session show)"
eventually 20 associated pmag && ok "the gateways are associated" || bad "$(c pmag session show)"
works "ping" ping_mn

# ---- the module itself ----

rmmod pmip || bad "the module cannot be unloaded"
c pmag attach dev acc lladdr $IF1_LL > "$TMP/out" 2>&1 || bad "attach: $(< "$TMP/out")"
nap 1
for n in lma pmag smag; do
	ctl_gone $n && bad "$n has died"
done
module_load || ctl_die "the module cannot be loaded again"
restored() { [[ $(ctl lma -j binding show)$(ctl pmag -j binding show) == *'"up"'*'"uplink"'*'"up"'* ]]; }
eventually 20 restored && ok "loaded again, the module is told everything" ||
	bad "$(ctl lma binding show; ctl pmag binding show)"
eventually 60 mag_has pmag && ok "the session goes on" || bad "$(c pmag session show)"
works "ping" ping_mn
