#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A node's own kernel joins groups for ordinary sockets, at an access gateway that asks it and
# is an MLD proxy towards its anchor: what is sent to a group gets to it, each packet once, from
# the sources that it wants, and nothing any more once it has left the group, or the gateway.
#
# Timeout: 180
# Shows: RFC 6224 §4.2: "an MLD query should be initiated by the proxy instance, as soon as a new
# interface has been configured for downstream"; §3: "the LMA will act as an MLD querier, seeing
# its downstream tunnel interfaces as multicast-enabled links"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
TIMES='query-interval-ms = 20000; response-ms = 500; unsolicited-ms = 200;'
MAG_CONF="probe-ms = 0; seamless = false; bindack-ms = 300; multicast = { $TIMES };"
LMA_CONF="timestamp-window-ms = 600000; multicast = { upstream = \"cn\"; $TIMES };"
ctl_topo
sed -i 's/multihoming = "shared"/multihoming = "single"/' "$TMP/policy.conf"
listener=''
end() {
	[ -z "$listener" ] || kill "$listener"
	ctl_end
}
trap end EXIT
ctl_start lma pmag smag
GROUP=ff1e::1 SSM=ff3e::5 OTHER=$CN_SINK
ip -n cn addr add $OTHER/64 dev eth0 nodad

# join GROUP [-a]: a socket of the node's; -a: from the CN alone
join() {
	rm -f "$TMP/mn.flow"
	nsenter --net=/run/netns/mn flow -l "$1" -r $CN -m if1 ${2-} -i 2000 -w 300 \
		-o "$TMP/mn.flow" &
	listener=$!
	eventually 5 test -e "$TMP/mn.flow" || die "the node does not listen"
}
# It has what it got in $got: how many packets, how many of them different ones
leave() {
	kill $listener
	wait $listener || bad "flow ended with status $?"
	listener=''
	got=$(awk '$1 == "R" { n++; k[$2] = 1 } END { print n + 0, length(k) }' "$TMP/mn.flow")
}
send_group() { # SOURCE GROUP COUNT
	in_ns cn flow -l "$1" -r "$2" -m eth0 -n "$3" -i 2000 -w 1 -o "$TMP/cn.flow"
}
listening() { c "$1" -j multicast show | jq -r ".$2[] | \"\(.group) \(.mode) \(.sources | join(\" \"))\""; }
has() { [ "$(listening lma lma)" = "$1" ] && [ "$(listening "${2:-pmag}" mag)" = "$1" ]; }
at() { [ "$(q lma listener '[.[].path.tunnel] | length')" = "$1" ]; }
# listens WHAT STATE [GATEWAY]: node and gateway want that
listens() { works "$1" eventually 10 has "$2" "${3-}"; }

attach if1
# ---- any source, version 2 ----
join $GROUP
listens "joined, at both" "$GROUP exclude "
send_group $CN $GROUP 200
send_group $OTHER $GROUP 100
send_group $CN ff1e::2 50
nap 0.2
leave
is "each packet once, from everybody, of this group" "$got" "300 200"
listens "left, at both" ""
is "the module has no listener" "$(c lma -j listener show)$(c pmag -j listener show)" "[][]"
send_group $CN $GROUP 20
is "nothing goes in the tunnel" "$(c lma -j group show)" "[]"

# ---- one source ----
join $SSM -a
listens "from one source" "$SSM include $CN"
send_group $OTHER $SSM 50
send_group $CN $SSM 100
nap 0.2
leave
is "from this source alone" "$got" "100 100"
listens "left" ""

# ---- version 1 ----
in_ns mn bash -c 'echo 1 > /proc/sys/net/ipv6/conf/if1/force_mld_version'
join $GROUP
listens "by a Report of version 1" "$GROUP exclude "
send_group $CN $GROUP 100
nap 0.2
leave
is "it gets them" "$got" "100 100"
listens "and by Done it has left" ""
in_ns mn bash -c 'echo 0 > /proc/sys/net/ipv6/conf/if1/force_mld_version'

# ---- daemons that begin anew: the kernels go on, and the node is asked again ----
join $GROUP
listens "joined" "$GROUP exclude "
ctl_stop lma pmag
send_group $CN $GROUP 100
ctl_start lma pmag
listens "known again" "$GROUP exclude "
send_group $CN $GROUP 100
nap 0.2
leave
is "nothing is lost meanwhile" "$got" "200 100"
listens "left" ""

# ---- the node goes to another gateway, as RFC 6224 has it: asked there ----
join $GROUP
listens "joined again" "$GROUP exclude "
radio_off if1
works "nobody listens where it was" eventually 10 has ""
radio_on if1 smag
attach if1
listens "asked at the next gateway, it says so again" "$GROUP exclude " smag
send_group $CN $GROUP 100
nap 0.2
leave
is "it gets them there" "$got" "100 100"
is "no wrong message, no refusal of the kernel" \
	"$(for n in lma pmag smag; do
		c $n -j stats | jq -r '[.controller.io["netlink-errors"],
			.controller.io["mld-tx-failed"]] | join(" ")'
	done | paste -sd ' ')" "0 0 0 0 0 0"
