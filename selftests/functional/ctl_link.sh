#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Link events with the real module below: a lone node's link whose carrier is its
# attachment; an access device that is removed and made anew; the same of the
# anchor's device towards the correspondents; and losses that are over before the
# daemon reads of them.
#
# Timeout: 120
# Shows: RFC 5213 §6.4, §6.13: attachment and departure noticed by the link layer;
# pmipd.conf(5): attach-on-carrier, and devices that come later
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
ctl_topo
trap ctl_end EXIT
lone="attach-on-carrier = { mn-id = \"mn@example.org\"; lladdr = \"$IF1_LL\"; };"
sed -i "s/name = \"acc\"; att = \"802.11\";/name = \"acc\"; att = \"802.3\"; $lone/" "$TMP/pmag.conf"
ctl_start lma pmag smag

eventually 10 lma_has $PMAG && ok "a link with carrier when the daemon begins: attached" ||
	ctl_die "not attached: $(c pmag session show)"
attach if2
eventually 20 associated smag && eventually 20 associated pmag ||
	ctl_die "not associated: $(c smag session show)"
# The node's answers go by IF2 throughout
ip -6 -n mn route del default via $MAG_LLA dev if1
works "ping by the PMAG" ping_mn
radio_off if1
departed() { ! lma_has $PMAG; }
eventually 8 departed && ok "carrier goes: deregistered" || bad "$(c lma session show)"
works "ping by the SMAG" ping_mn
radio_on if1
back() { lma_has $PMAG && associated pmag; }
eventually 10 back && ok "carrier is back: attached again" || bad "$(c lma session show)"

# The daemon reads late: first what the node says, which came last, then the loss
kill -STOP "${PMIPD[pmag]}"
radio_off if1
nap 1
radio_on if1
kernel_up() { [ "$(q_kernel pmag link 'map(select(.dev == "acc") | .oper) | tojson')" = '["up"]' ]; }
q_kernel() { in_ns $1 pmipctl -s /nowhere -j $2 show | jq -r "$3"; }
eventually 8 kernel_up || bad "the link is not back"
solicit if1
nap 0.3
kill -CONT "${PMIPD[pmag]}"
read_all() { grep -q 'acc: up again' "$TMP/pmag.log"; }
eventually 8 read_all && ok "a loss that is over is read" || bad "$(tail -n 5 "$TMP/pmag.log")"
nap 1
back && ok "and changes nothing" || bad "$(c lma session show)"
# Four losses of 20 ms: rtnetlink may tell of none
for ((i = 0; i < 4; i++)); do
	radio_off if1
	nap 0.02
	radio_on if1
	nap 0.02
done
eventually 8 kernel_up || bad "the link is not back"
nap 2
eventually 10 back && ok "losses of a moment: attached" || bad "$(c pmag session show)"
works "ping by the PMAG" ping_mn

# The device goes for good, with bindings behind it, and another comes
ip -n pmag link del acc
eventually 8 departed && ok "the device is removed: deregistered" || bad "$(c lma session show)"
works "ping by the SMAG" ping_mn
ip -n pmag link add acc address $MAG_LL type veth peer name pmag netns air
ip -n pmag link set acc up
ip -n air link set pmag master b-pmag up
eventually 10 back && ok "a device of its name comes: attached" || bad "$(c pmag session show)"
# The one that went stays in the kernel no longer than what was bound to it
links() { [ "$(q pmag link 'map(select(.dev == "acc") | .oper) | tojson')" = '["up"]' ]; }
eventually 8 links && ok "the kernel has one access link, which is up" || bad "$(c pmag link show)"
is "and a way to the node by it" "$(q pmag binding '.[0].paths | map(.kind + " " + .oper) | @csv')" \
	'"link up","tunnel up"'
# Without the SMAG nothing but the new device can bring it
ip -6 -n mn route add default via $MAG_LLA dev if1 metric 50
c smag detach dev acc lladdr $IF2_LL > "$TMP/out" 2>&1 || bad "detach: $(cat "$TMP/out")"
gone() { ! lma_has $SMAG; }
eventually 8 gone || bad "$(c lma session show)"
works "ping by the PMAG's new device" ping_mn

# It leaves and is back, with bindings behind it, under the index that it had
SPACES+=' void'
ns_new void
ip -n pmag link set acc netns void
eventually 8 departed && ok "the device leaves: deregistered" || bad "$(c lma session show)"
ip -n void link set acc netns pmag
ip -n pmag link set acc up
back_alone() { lma_has $PMAG; }
eventually 10 back_alone && ok "it is back: attached" || bad "$(c pmag session show)"
eventually 8 links && ok "again it is the one access link" || bad "$(c pmag link show)"
works "ping by it" ping_mn

# The anchor's own device
ip -n lma link del cn
ip -n lma link add cn address $LMA_CN_LL type veth peer name eth0 netns cn address $CN_LL
ip -6 -n cn -batch - <<-EOT
	link set eth0 up
	addr add $CN/64 dev eth0 nodad
	route add default via $LMA_CN dev eth0
EOT
ip -6 -n lma -batch - <<-EOT
	link set cn up
	addr add $LMA_CN/64 dev cn nodad
EOT
ports() { [ "$(q lma link 'map(select(.dev == "cn" and .oper == "up")) | length')" = 1 ]; }
eventually 8 ports && ok "the anchor's new device is a link" || bad "$(c lma link show)"
works "ping by it" ping_mn
for n in lma pmag smag; do
	is "$n: no netlink errors" "$(c $n -j stats | jq '.controller.io["netlink-errors"]')" 0
done
