#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two anchors that are one, with the module and a real Redis server, while packets go both
# ways: the active one is killed, then the link of the next one goes down.  Each time the
# stream goes on by the other one, and from then on nothing is lost.
#
# Timeout: 400
# Shows: RFC 5847 §3.2: "The counter MUST NOT be incremented if the recovery happens
# without losing state"; RFC 4861 §7.2.6: "neighboring nodes will install the new link-layer
# address in their caches"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
for n in redis-check-rdb redis-cli; do
	command -v $n > /dev/null || skip "needs $n"
done
# a machine that stands still is not taken for one that is dead
HEARTBEAT='interval-ms = 2000; missing-allowed = 60;' KEEP=true
SPACES+=' lma2'
STORE=2001:db8:0:1::99 PORT=7001
declare -A OTHER=([lma]=lma2 [lma2]=lma) HOST=([lma]=2001:db8:0:1::a1 [lma2]=2001:db8:0:1::a2)
declare -A WAY=([lma]="$LMA_CN dev eth0" [lma2]="2001:db8:d::1 dev eth1")
ctl_topo
trap ctl_end EXIT

# ---- another anchor, another way of the correspondent's, and a store ----
ip -batch - <<-EOT || die "no links"
link add core netns lma2 type veth peer name lma2 netns core
link add eth1 netns cn type veth peer name cn netns lma2
EOT
ip -6 -n lma -batch - <<-EOT
addr del $LMA/64 dev core
addr add ${HOST[lma]}/64 dev core nodad
EOT
ip -6 -n lma2 -batch - <<-EOT
link set lo up
link set core up
link set cn up
addr add ${HOST[lma2]}/64 dev core nodad
addr add 2001:db8:d::1/64 dev cn nodad
route add 2001:db8:c::/64 via 2001:db8:d::2 dev cn
EOT
ip -6 -n cn -batch - <<-EOT
link set eth1 up
addr add 2001:db8:d::2/64 dev eth1 nodad
EOT
ip -n core link set lma2 master br0 up
ip -6 -n core addr add $STORE/64 dev br0 nodad
ip -n core link set lo up
# who has the anchor's address is to be found out
for n in pmag smag; do ip -6 -n $n neigh del $LMA dev core; done
wait_carrier lma2 core

nsenter --net=/run/netns/core bash -c 'exec -a redis-server redis-check-rdb "$@"' - \
	--port $PORT --bind $STORE --protected-mode no --save '' --appendonly no --dir "$TMP" \
	--notify-keyspace-events Kgh > "$TMP/redis.log" 2>&1 &
PMIPD[redis]=$!
disown $!
rcli() { in_ns core redis-cli -h $STORE -p $PORT "$@"; }
answers() { [ "$(rcli ping 2> /dev/null)" = PONG ]; }
eventually 20 answers || ctl_die "no store: $(< "$TMP/redis.log")"
rcli hset pmip:node:mn@example.org profile \
	"lladdrs = [ \"$IF1_LL\", \"$IF2_LL\" ]; multihoming = \"shared\";" \
	> "$TMP/out" || ctl_die "$(< "$TMP/out")"
# of a pool with one prefix a node gets that
redis="servers = [ \"[$STORE]:$PORT\" ]; timeout-ms = 20000;"
sed -i -e "s|$POOL|$HNP|" -e "s|policy = \"[^\"]*\";|redis = { $redis };|" \
	-e 's|lma = {|& pair = { name = "a"; device = "core"; interval-ms = 3000; };|' "$TMP/lma.conf"
sed "s|$TMP/lma|$TMP/lma2|g" "$TMP/lma.conf" > "$TMP/lma2.conf"

pair() { q "$1" pair ".[0].\"$2\"" 2> /dev/null; } # NETNS FIELD
state_is() { [ "$(pair "$1" state)" = "$2" ]; }
pair_start() { # NETNS
	nsenter --net="/run/netns/$1" pmipd -f "$TMP/$1.conf" 2>> "$TMP/$1.log" &
	PMIPD[$1]=$!
	disown $!
}
any_active() { state_is lma active || state_is lma2 active; }
active() { if state_is lma active; then echo lma; else echo lma2; fi; }
in_step() {
	local a
	any_active || return 1
	a=$(active)
	state_is "${OTHER[$a]}" standby && [ "$(pair "$a" whole) $(pair "$a" behind)" = "true 0" ] &&
		[ "$(pair "${OTHER[$a]}" whole) $(pair "${OTHER[$a]}" sure)" = "true true" ] &&
		[ "$(pair "${OTHER[$a]}" epoch) $(pair "$a" ready)" = "$(pair "$a" epoch) true" ]
}
wait_step() {
	eventually 60 in_step && ok "$1" || bad "$1: $(c lma pair show; c lma2 pair show)"
}
# what a router learns of announced pools
lead() { ip -6 -n cn route replace default via ${WAY[$1]}; } # NETNS
pair_start lma
eventually 60 state_is lma active || ctl_die "$(c lma pair show)"
pair_start lma2
ctl_start pmag smag
attach_both
wait_step "one is active, and the other one stands by"
lead "$(active)"

entries() { # NETNS
	c "$1" -j session show | jq -c '[.lma[] | {"mn-id", bid, hnp, "proxy-coa", state}] | sort'
}
counters() { # as the gateways know them
	local n
	for n in pmag smag; do
		q $n peer '.[] | select(.remote == "'$LMA'") | ."restart-counter"'
	done
}
known() { [[ $(counters) != *null* ]]; }
eventually 60 known || ctl_die "no heartbeats: $(counters)"
before=$(entries "$(active)") counted=$(counters)
is "the node has two entries" "$(jq length <<< "$before")" 2

# ---- packets ----
nsenter --net=/run/netns/mn flow -g -l $MN -r $CN -i 20000 -w 3000 -o "$TMP/mn.flow" &
mn=$!
nsenter --net=/run/netns/cn flow -g -l $CN -r $MN -i 20000 -w 3000 -o "$TMP/cn.flow" &
cn=$!
listen() { [ -e "$TMP/mn.flow" ] && [ -e "$TMP/cn.flow" ]; }
eventually 10 listen || ctl_die "no flow"
kill -USR1 $mn $cn
came() { # NETNS IF IF: how many packets
	echo $(($(packets_in "$1" "$2") + $(packets_in "$1" "$3")))
}
mark() { down_was=$(came mn if1 if2) up_was=$(came cn eth0 eth1); }
streams() { # both ways, since the mark
	[ "$(came mn if1 if2)" -ge $((down_was + 50)) ] && [ "$(came cn eth0 eth1)" -ge $((up_was + 50)) ]
}
now() { # ns
	local up
	read -r up _ < /proc/uptime
	echo "${up/./}0000000"
}
mark
eventually 60 streams && ok "packets go both ways" || bad "$(came mn if1 if2) $(came cn eth0 eth1)"
whole=("$(now)")	# from, to, from: in between something is allowed to be lost

# goes_on NETNS: the other one than that
goes_on() {
	local to=${OTHER[$1]}
	eventually 120 state_is "$to" active || ctl_die "$to does not take over: $(c "$to" pair show)"
	lead "$to"
	mark
	eventually 60 streams && ok "the stream goes on by $to" ||
		bad "no stream: $(came mn if1 if2) $(came cn eth0 eth1)"
	whole+=("$(now)")
	is "with all sessions" "$(entries "$to")" "$before"
	is "and gateways have heard of no restart" "$(counters)" "$counted"
}

# ---- the daemon dies ----
first=$(active)
whole+=("$(now)")
kill -9 "${PMIPD[$first]}"
goes_on "$first"
no_address() { [ -z "$(ip -6 -n "$1" addr show to $LMA)" ]; } # NETNS
eventually 60 no_address "$first" && ok "where it died the address has gone" ||
	bad "$(ip -6 -n "$first" addr)"
pair_start "$first"
wait_step "it is back, and stands by"

# ---- the link goes down ----
next=$(active)
mark
eventually 60 streams || bad "no stream"
whole+=("$(now)")
nap 2	# what was sent before has come
ip -n core link set "$next" down
goes_on "$next"
ip -n core link set "$next" up
wait_step "the one without a link is back, and stands by"
is "without the address" "$(ip -6 -n "$next" addr show to $LMA)" ""
mark
eventually 60 streams || bad "no stream"

kill -TERM $mn
nap 0.2
kill -TERM $cn
wait $mn $cn
# lost_when_whole SENDER RECEIVER: packets sent while nothing was to be lost
lost_when_whole() {
	flowstat "$TMP/$1.flow" "$TMP/$2.flow" "$TMP/packets" > "$TMP/stat"
	echo "  $1: $(< "$TMP/stat")" >&2
	awk -v w="${whole[*]}" 'BEGIN { n = split(w, t, " ") }
		$3 == 0 { for (i = 1; i <= n; i += 2) lost += $2 >= t[i] && (i == n || $2 < t[i + 1]) }
		END { print lost + 0 }' "$TMP/packets"
}
is "nothing is lost on its way up after the stream has gone on" "$(lost_when_whole mn cn)" 0
is "nor on its way down" "$(lost_when_whole cn mn)" 0
