# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # the tests use the names
#
# What the functional tests of the module share.  Each test draws this, with
# forwarding state set by hand and no controller, and removes it on exit:
#
#  +------+        +-------+        +------+        +--------+        +-------+
#  | cn   |        | lma   |        | core |        | pmag   |        | air   |
#  | eth0 +--------+ cn    |        |      +--------+ core   |        |       |
#  +------+        |  core +--------+ lma  |  pmag  |    acc +--------+ pmag  |        +------+
#                  +-------+        |  (a  |        +--------+        |    if1 +--------+ if1  |
#                                   |  sw. |        | smag   |        |       |        | mn   |
#                                   |   )  +--------+ core   |        |    if2 +--------+ if2  |
#                                   +------+  smag  |    acc +--------+ smag  |        +------+
#                                                   +--------+        +-------+
#
# The air joins an interface of the node to a gateway's access link by a bridge
# of its own; radio_off takes the carrier from both, as the loss of a radio link
# does: neither end has set anything down.
#
# Exit status: 0 passed, 1 failed, 4 skipped (kselftest).

CN=2001:db8:c::2	CN_SINK=2001:db8:c::99
LMA_CN=2001:db8:c::1
LMA=2001:db8:0:1::1	PMAG=2001:db8:0:1::2
SMAG=2001:db8:0:1::3	NMAG=2001:db8:0:1::4 # an address only
POOL=2001:db8:100::/40	HNP=2001:db8:100:1::/64
# The node answers at MN and swallows what comes for MN_SINK; so does the CN.
MN=2001:db8:100:1::10	MN_SINK=2001:db8:100:1::99

CN_LL=02:00:00:00:0c:02	LMA_CN_LL=02:00:00:00:0c:01
LMA_LL=02:00:00:00:00:01	PMAG_LL=02:00:00:00:00:02
SMAG_LL=02:00:00:00:00:03	NMAG_LL=02:00:00:00:00:04
IF1_LL=02:00:00:00:01:01	IF2_LL=02:00:00:00:01:02
# RFC 6543 §1: the same on every access link
MAG_LL=00:00:5e:00:52:13	MAG_LLA=fe80::200:5eff:fe00:5213

PMIP_BUILD=${PMIP_BUILD:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/build}
PATH=$PMIP_BUILD/tools:$PMIP_BUILD/ctl:$PATH
SPACES='cn lma core pmag smag air mn'
# How much longer all may take than on one of Debian's kernels
PMIP_SLOW=${PMIP_SLOW:-1}
NAME=$(basename "$0" .sh)
TMP=$(mktemp -d)
FAILED=0
seen=

# The same language: jq 1.6 reads its own library at each start, which takes the emulated
# processor a third of a second
jq() { gojq "$@"; }

source "$(dirname "${BASH_SOURCE[0]}")/../eventually.inc"

# ---- verdicts ----

ok() { echo "  ok: $*"; }
bad() { echo "  FAILED: $*"; FAILED=$((FAILED + 1)); }
skip() { echo "  skipped: $*"; exit 4; }

die() {
	echo "  FAILED: $*"
	FAILED=$((FAILED + 1))
	exit 1
}

is() { # WHAT GOT WANTED
	if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: got '$2', not '$3'"; fi
}

within() { # WHAT GOT LEAST MOST
	if [[ $2 =~ ^[0-9]+$ ]] && [ "$2" -ge "$3" ] && [ "$2" -le "$4" ]; then
		ok "$1"
	else
		bad "$1: got '$2', not $3 to $4"
	fi
}

works() { # WHAT COMMAND...
	local what=$1 out
	shift
	if out=$("$@" 2>&1); then ok "$what"; else bad "$what: $out"; fi
}

refused() { # WHAT PATTERN-OF-MESSAGE COMMAND...
	local what=$1 pattern=$2 out
	shift 2
	if out=$("$@" 2>&1); then
		bad "$what: not refused"
	elif [[ $out =~ $pattern ]]; then
		ok "$what"
	else
		bad "$what: refused, but with '$out'"
	fi
}

# ---- the beginning and the end ----

namespaces_del() {
	local n gone=''
	for n in $SPACES; do
		[ ! -e "/run/netns/$n" ] || gone+="netns del $n"$'\n'
	done
	[ -z "$gone" ] || ip -batch - <<< "$gone"
}

# What the kernel complained of since this test began
kernel_complaints() {
	dmesg | sed "1,/pmip-test $$ $NAME/d" |
		awk -f "$(dirname "${BASH_SOURCE[0]}")/complaints.awk"
}

finish() {
	local status=$? jobs
	trap - EXIT INT TERM
	jobs=$(jobs -p)
	# shellcheck disable=SC2086 # a list
	[ -n "$jobs" ] && kill $jobs 2>/dev/null && wait 2>/dev/null
	namespaces_del
	# Whoever runs many tests looks for himself
	if [ -z "${PMIP_WATCHED-}" ] && kernel_complaints > "$TMP/complaints"; then
		bad "the kernel complained: $(head -n 5 "$TMP/complaints")"
	fi
	rm -rf "$TMP"
	[ "$FAILED" -gt 0 ] && status=1
	exit "$status"
}

# insmod, after what the module needs
module_load() {
	local ko depends
	[ -d /sys/module/pmip ] && return
	ko=$PMIP_BUILD/kmod/$(uname -r)/pmip.ko
	depends=$(modinfo -F depends "$ko") || return
	# shellcheck disable=SC2086 # a list
	[ -z "$depends" ] || modprobe -a ${depends//,/ } || return
	insmod "$ko"
}

begin() {
	[ "$EUID" = 0 ] || skip "needs root"
	module_load || skip "no pmip.ko for this kernel"
	trap finish EXIT
	trap 'exit 1' INT TERM
	echo "pmip-test $$ $NAME" > /dev/kmsg
	namespaces_del
}

# ---- namespaces ----

in_ns() { # NETNS COMMAND...: without the mounts that ip-netns makes
	local n=$1
	shift
	nsenter --net="/run/netns/$n" "$@"
}

# Addresses that are there at once, nobody who asks for routers, and groups that are reported
# at once and not within seconds: set in the namespace that the others are born of, since
# each process costs
CONF=/proc/sys/net/ipv6/conf
ns_new() { # NETNS...
	local n d name was=()
	was=("$(< /proc/sys/net/core/devconf_inherit_init_net)" "$(< $CONF/all/forwarding)")
	echo 1 > /proc/sys/net/core/devconf_inherit_init_net
	for d in all default; do
		for name in accept_dad dad_transmits accept_ra router_solicitations; do
			echo 0 > $CONF/$d/$name
		done
		echo 1 > $CONF/$d/mldv2_unsolicited_report_interval
	done
	echo 1 > $CONF/all/forwarding
	printf 'netns add %s\n' "$@" | ip -batch - || die "no namespaces"
	echo "${was[1]}" > $CONF/all/forwarding
	echo "${was[0]}" > /proc/sys/net/core/devconf_inherit_init_net
}

ctl() { # NETNS ARGUMENT...
	local n=$1
	shift
	in_ns "$n" pmipctl "$@"
}

# Lines of pmipctl commands on standard input
ctl_batch() { in_ns "$1" pmipctl -batch -; }

# ---- the topology ----

topo_links() {
	local n
	ip -batch - <<-EOT || die "no links"
	link add eth0 netns cn address $CN_LL type veth peer name cn netns lma address $LMA_CN_LL
	link add core netns lma address $LMA_LL type veth peer name lma netns core
	link add core netns pmag address $PMAG_LL type veth peer name pmag netns core
	link add core netns smag address $SMAG_LL type veth peer name smag netns core
	link add acc netns pmag address $MAG_LL type veth peer name pmag netns air
	link add acc netns smag address $MAG_LL type veth peer name smag netns air
	link add if1 netns mn address $IF1_LL type veth peer name if1 netns air
	link add if2 netns mn address $IF2_LL type veth peer name if2 netns air
	EOT
	{
		echo "link add br0 type bridge forward_delay 0 stp_state 0 mcast_snooping 0"
		for n in lma pmag smag; do echo "link set $n master br0 up"; done
		echo "link set br0 up"
	} | ip -n core -batch -
	{
		for n in pmag smag; do
			echo "link add b-$n type bridge forward_delay 0 stp_state 0 mcast_snooping 0"
			echo "link set b-$n up"
			echo "link set $n master b-$n up"
		done
		echo "link set if1 master b-pmag up"
		echo "link set if2 master b-smag up"
	} | ip -n air -batch -
}

topo_cn_mn() {
	in_ns cn bash -c "echo 0 > $CONF/all/forwarding"
	# the way by an interface without carrier is no way
	in_ns mn bash -c "echo 0 > $CONF/all/forwarding
		printf 1 > $CONF/all/ignore_routes_with_linkdown"
	ip -6 -n cn -batch - <<-EOT
	link set lo up
	link set eth0 up
	addr add $CN/64 dev eth0 nodad
	neigh replace $LMA_CN lladdr $LMA_CN_LL dev eth0 nud permanent
	route add default via $LMA_CN dev eth0
	EOT
	ip -6 -n mn -batch - <<-EOT
	link set lo up
	link set if1 up
	link set if2 up
	addr add $MN/128 dev lo nodad
	neigh replace $MAG_LLA lladdr $MAG_LL dev if1 nud permanent
	neigh replace $MAG_LLA lladdr $MAG_LL dev if2 nud permanent
	route add default via $MAG_LLA dev if1 src $MN metric 100
	route add default via $MAG_LLA dev if2 src $MN metric 200
	EOT
}

topo_gateways() {
	local n addr
	ip -6 -n lma -batch - <<-EOT
	link set lo up
	link set cn up
	link set core up
	addr add $LMA_CN/64 dev cn nodad
	addr add $LMA/64 dev core nodad
	neigh replace $CN lladdr $CN_LL dev cn nud permanent
	neigh replace $CN_SINK lladdr $CN_LL dev cn nud permanent
	neigh replace $PMAG lladdr $PMAG_LL dev core nud permanent
	neigh replace $SMAG lladdr $SMAG_LL dev core nud permanent
	neigh replace $NMAG lladdr $NMAG_LL dev core nud permanent
	EOT
	for n in pmag smag; do
		addr=${n^^}
		ip -6 -n "$n" -batch - <<-EOT
		link set lo up
		link set core up
		link set acc up
		addr add ${!addr}/64 dev core nodad
		neigh replace $LMA lladdr $LMA_LL dev core nud permanent
		neigh replace $PMAG lladdr $PMAG_LL dev core nud permanent
		neigh replace $SMAG lladdr $SMAG_LL dev core nud permanent
		neigh replace $NMAG lladdr $NMAG_LL dev core nud permanent
		route add default via $LMA dev core
		rule add iif acc lookup 100
		rule add iif pmip0 lookup 100
		EOT
	done
}

# The module's own devices and the routes to them, which go with it
topo_devices() {
	local n
	ip -6 -n lma -batch - <<-EOT
	link add pmip0 type pmip
	link set pmip0 up
	route add $POOL dev pmip0
	EOT
	# What comes from nodes or out of tunnels: to the module, wherever it is bound
	for n in pmag smag; do
		ip -6 -n "$n" -batch - <<-EOT
		link add pmip0 type pmip
		link set pmip0 up
		route add default dev pmip0 table 100
		EOT
	done
}

# The forwarding state that the controllers would have set: the node is
# attached at the PMAG by IF1 and at the SMAG by IF2.  PORTS says which core
# and correspondents' links are handed to the module (see slow_entrance).
topo_state() {
	local ports=${PORTS:-yes} core="link add dev core type core" cn="link add dev cn type core"
	[ "$ports" = no ] && core='' cn=''
	ctl_batch lma <<-EOT || die "no state in the LMA"
	$core
	$cn
	tunnel add id 1 local $LMA remote $PMAG role lma-mag
	tunnel add id 2 local $LMA remote $SMAG role lma-mag
	binding add prefix $HNP node 1 path tunnel 1 bid 1 path tunnel 2 bid 2
	EOT
	ctl_batch pmag <<-EOT || die "no state in the PMAG"
	$core
	link add dev acc type access stack ${STACK:-off}
	tunnel add id 1 local $PMAG remote $LMA role mag-lma
	tunnel add id 2 local $PMAG remote $SMAG role mag-mag
	binding add prefix $HNP node 1 uplink 1 path dev acc lladdr $IF1_LL bid 1 path tunnel 2 bid 2
	EOT
	ctl_batch smag <<-EOT || die "no state in the SMAG"
	$core
	link add dev acc type access stack ${STACK:-off}
	tunnel add id 1 local $SMAG remote $LMA role mag-lma
	tunnel add id 2 local $SMAG remote $PMAG role mag-mag
	binding add prefix $HNP node 1 uplink 1 path dev acc lladdr $IF2_LL bid 2 path tunnel 2 bid 1
	EOT
}

# shellcheck disable=SC2086 # a list
topo_chain() {
	begin
	ns_new $SPACES
	topo_links
	topo_cn_mn
	topo_gateways
	topo_devices
	topo_state
	wait_carrier mn if1
	wait_carrier mn if2
	wait_carrier pmag acc
}

# ICMPv6 errors as often as they are due
icmp_often() { # NETNS...
	local n
	for n in "$@"; do in_ns "$n" bash -c "echo 0 > /proc/sys/net/ipv6/icmp/ratelimit"; done
}

# A namespace or two with state but without a network
topo_bare() { # NETNS...
	begin
	SPACES="$*"
	namespaces_del
	ns_new "$@"
}

# What is on standard input, as cat does it, but without a process
here() {
	local text
	IFS= read -rd '' text || :
	printf %s "$text"
}

has_carrier() { [[ $(ip -n "$1" link show dev "$2") == *LOWER_UP* ]]; }
wait_carrier() { eventually 5 has_carrier "$1" "$2" || die "$1 $2: no carrier"; }

# The gateway that an interface of the node is at now
declare -A RADIO=([if1]=pmag [if2]=smag)

radio_off() { # IF
	ip -n air -batch - <<-EOT
	link set ${RADIO[$1]} down
	link set $1 down
	EOT
}

radio_on() { # IF [GATEWAY]
	RADIO[$1]=${2:-${RADIO[$1]}}
	ip -n air -batch - <<-EOT
	link set $1 master b-${RADIO[$1]} up
	link set ${RADIO[$1]} up
	EOT
	wait_carrier mn "$1"
	wait_carrier "${RADIO[$1]}" acc
}

# ---- packets ----

# down WORDS LAYER: a packet of the CN for the node, as pkt -s wants it
down() { echo "eth $LMA_CN_LL / ip6 $CN $MN_SINK ${1:-hl 64} / ${2:-udp 1000 2000 32}"; }
# up WORDS LAYER [SOURCE [LLADDR]]: a packet of the node for the CN
up() {
	echo "eth $MAG_LL ${4:-$IF1_LL} / ip6 ${3:-$MN} $CN_SINK ${1:-hl 64} / ${2:-udp 1000 2000 32}"
}

watch() { seen=$(pkt "$@") || die "pkt $*"; } # with the arguments of pkt

# lines WHERE [PATTERN]: what was seen there, "lma:core out" for instance
lines() { grep -E "^$1 ${2:-}" <<< "$seen" || :; }
count() { grep -cE "^$1 ${2:-}" <<< "$seen" || :; }

field() { # NAME LINE
	local w
	for w in $2; do
		case $w in "$1="*) echo "${w#*=}"; return ;; esac
	done
}

# A stream of pkt: its events wait until packets have come, not for a time
received() { # NETNS DEV COUNT MORE-THAN: are there so many more now?
	[ "$(packets_in "$1" "$2")" -ge $(($4 + $3)) ]
}
packets_in() { ip -n "$1" -j -s link show dev "$2" | jq '.[0].stats64.rx.packets'; }
stream_stop() { # PID
	kill -USR1 "$1"
	wait "$1"
}

# saw WHAT WHERE WORD...: exactly one packet, which has these words
saw() {
	local what=$1 where=$2 line n w
	shift 2
	line=$(lines "$where")
	n=$(count "$where")
	if [ "$n" != 1 ]; then
		bad "$what: $n packets at $where, not one:" "$line"
		return
	fi
	for w in "$@"; do
		if [[ " $line " != *" $w "* ]]; then
			bad "$what: at $where no $w: $line"
			return
		fi
	done
	ok "$what"
}

saw_none() { # WHAT WHERE [PATTERN]
	is "$1" "$(count "$2" "${3:-}")" 0
}

# ---- what the module says ----

show() { # NETNS OBJECT SELECTOR... JQ: of what "pmipctl OBJECT show" answers
	local n=$1 object=$2 filter=${*: -1}
	shift 2
	set -- "${@:1:$#-1}"
	ctl "$n" -j "$object" show "$@" | jq -r "$filter"
}

# The first value of that name in JSON, without starting a jq for it
json_value() { # KEY JSON
	[[ $2 =~ \"$1\":\"?([^\",}]*) ]] && echo "${BASH_REMATCH[1]}"
}

drops() { json_value "$2" "$(ctl "$1" -j stats)"; }			# NETNS REASON
tunnel() { json_value "$3" "$(ctl "$1" -j tunnel show id "$2")"; }	# NETNS ID KEY
link() { json_value "$3" "$(ctl "$1" -j link show dev "$2")"; }		# NETNS DEV KEY
binding() { json_value "$2" "$(ctl "$1" -j binding show prefix "${3:-$HNP}")"; } # NETNS KEY [PREFIX]

monitor_start() { # NETNS: events into $TMP/events
	nsenter --net="/run/netns/$1" pmipctl -j monitor kernel > "$TMP/events" 2> "$TMP/monitor" &
	MONITOR=$!
	eventually 5 is_waiting $MONITOR || die "no monitor: $(< "$TMP/monitor")"
}

# It waits for events: the system call that it is in is poll or ppoll
is_waiting() { [[ $(< "/proc/$1/syscall") =~ ^(7|271)' ' ]]; }

monitor_stop() {
	nap 0.3
	kill "$MONITOR"
	wait "$MONITOR" 2>/dev/null
	MONITOR=
}

# event_count JQ-CONDITION
event_count() { jq -s "[.[] | select($1)] | length" < "$TMP/events"; }
