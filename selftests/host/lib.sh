# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # the tests use the names
#
# What the tests of the daemon without the module share: an LMA and a MAG, each
# in a namespace, a mobile node's, and one more for whoever sends them trash.
#
#	mn if1 --- acc mag core --- bridge --- core lma
#	                              |
#	                              +-- core evil
#
# Exit status: 0 passed, 1 failed, 4 skipped (kselftest).

LMA=2001:db8::1 MAG=2001:db8::2 MAG2=2001:db8::3 EVIL=2001:db8::666
IF1_LL=02:00:00:00:00:01

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${PMIP_BUILD:-$top/build}
PATH=$build/tools:$build/ctl:$PATH
tmp=$(mktemp -d)
FAILED=0
declare -A PID NS
source "$top/selftests/eventually.inc"
for name in lma mag mn evil core; do NS[$name]=pmip-h-$name-$$; done

ok() { echo "  ok: $*"; }
bad() { echo "  FAILED: $*"; FAILED=$((FAILED + 1)); }
skip() { echo "skipped: $*"; exit 4; }
die() { bad "$*"; exit 1; }

is() { # WHAT GOT WANTED
	if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: got '$2', not '$3'"; fi
}

# has WHAT TEXT WORD...: the text has all the words
has() {
	local what=$1 text=$2 w
	shift 2
	for w in "$@"; do
		[[ $text == *"$w"* ]] || { bad "$what: no $w in '$text'"; return; }
	done
	ok "$what"
}

finish() {
	local status=$? n
	trap - EXIT INT TERM
	for n in "${!PID[@]}"; do stop "$n"; done
	for n in "${!NS[@]}"; do ip netns del "${NS[$n]}" 2> /dev/null; done
	if [ "$FAILED" -gt 0 ] || [ "$status" = 1 ]; then
		status=1
		for n in lma mag; do
			[ -e "$tmp/$n.log" ] && tail -n 40 "$tmp/$n.log" | sed "s/^/  $n: /"
		done
	fi
	rm -rf "$tmp"
	exit "$status"
}

# has_address NAME ADDRESS: what is sent to it arrives.  The kernel adds its route some
# time after the address: on a busy host, long enough for a first message to be lost.
has_address() { [[ $(ip -6 -n "${NS[$1]}" route get "$2" 2> /dev/null) == local* ]]; }

wait_address() { # NAME ADDRESS
	eventually 5 has_address "$1" "$2" || die "$1 has no address $2"
}

in_ns() { # NAME COMMAND...
	local n=${NS[$1]}
	shift
	nsenter --net="/run/netns/$n" "$@"
}

topo() {
	local n
	[ "$(id -u)" = 0 ] || skip "needs root"
	for n in pmipd pmipctl mhsend jq socat; do
		command -v $n > /dev/null || skip "needs $n"
	done
	trap finish EXIT
	trap 'exit 1' INT TERM
	for n in "${!NS[@]}"; do
		ip netns add "${NS[$n]}" 2> /dev/null || skip "no network namespaces here"
		ip -n "${NS[$n]}" link set lo up
	done
	# Room for messages longer than any may be
	for n in lma mag evil; do
		ip -n "${NS[$n]}" link add core mtu 9000 type veth \
			peer name $n mtu 9000 netns "${NS[core]}" || skip "no veth devices here"
	done
	ip -n "${NS[core]}" link add br0 type bridge mcast_snooping 0 || skip "no bridges here"
	for n in lma mag evil; do ip -n "${NS[core]}" link set $n master br0 up; done
	ip -n "${NS[core]}" link set br0 up
	ip -n "${NS[mag]}" link add acc type veth peer name if1 netns "${NS[mn]}"
	ip -n "${NS[mn]}" link set if1 address $IF1_LL
	ip -n "${NS[lma]}" addr add $LMA/64 dev core nodad
	ip -n "${NS[mag]}" addr add $MAG/64 dev core nodad
	# The other gateways' part is played by mhsend.
	ip -n "${NS[evil]}" addr add $EVIL/64 dev core nodad
	ip -n "${NS[evil]}" addr add $MAG2/64 dev core nodad
	for n in lma mag evil; do ip -n "${NS[$n]}" link set core up; done
	ip -n "${NS[mag]}" link set acc up
	wait_address lma $LMA
	wait_address mag $MAG
	wait_address evil $EVIL
	wait_address evil $MAG2
}

# configure [LMA-WORDS] [MAG-WORDS]: the settings that all tests begin with
configure() {
	cat > "$tmp/policy.conf" <<-END
	nodes = (
		{ mn-id = "mn1@example.org"; lladdrs = [ "$IF1_LL" ]; multihoming = "shared"; },
		{ mn-id = "mn2@example.org"; lladdrs = [ "02:00:00:00:00:02" ];
		  hnps = [ "2001:db8:200:1::/64" ]; },
		{ mn-id = "mn3@example.org"; lladdrs = [ "02:00:00:00:00:03" ];
		  access = [ "802.3" ]; },
		{ mn-id = "mn4@example.org"; lladdrs = [ "02:00:00:00:00:04" ]; allowed = false; },
		{ mn-id = "mn5@example.org"; lladdrs = [ "02:00:00:00:00:05" ];
		  lma = "2001:db8::77"; },
		{ mn-id = "mn6@example.org"; lladdrs = [ "02:00:00:00:00:06" ];
		  multihoming = "single"; }
	);
	END
	cat > "$tmp/lma.conf" <<-END
	control = "$tmp/lma.sock"; state-dir = "$tmp/lma"; policy = "$tmp/policy.conf";
	kernel = false; keep-sessions = ${KEEP:-false}; log-level = "debug"; ports = ( { name = "core"; } );
	heartbeat = { interval-ms = 0; };
	lma = { address = "$LMA"; pools = [ "2001:db8:100::/40" ];
		mags = [ "$MAG", "$MAG2" ]; min-delay-before-bce-delete-ms = 100; ${1:-} };
	END
	cat > "$tmp/mag.conf" <<-END
	control = "$tmp/mag.sock"; state-dir = "$tmp/mag"; policy = "$tmp/policy.conf";
	kernel = false; keep-sessions = ${KEEP:-false}; log-level = "info"; ports = ( { name = "core"; } );
	heartbeat = { interval-ms = 0; };
	mag = { address = "$MAG"; lma = "$LMA"; probe-ms = 0; peers = [ "$MAG2" ]; ${2:-}
		links = ( { name = "acc"; att = "802.11"; } ); };
	END
}

# start NAME: its daemon, until it answers
start() {
	nsenter --net="/run/netns/${NS[$1]}" pmipd -f "$tmp/$1.conf" 2>> "$tmp/$1.log" &
	PID[$1]=$!
	eventually 5 daemon "$1" version > "$tmp/version" || die "$1 does not answer"
}

stop() { # NAME
	[ -n "${PID[$1]:-}" ] || return 0
	kill "${PID[$1]}" 2> /dev/null
	wait "${PID[$1]}" || bad "$1 ended with status $?"
	unset "PID[$1]"
}

# still_there NAME: the daemon is the one that was started
still_there() {
	if kill -0 "${PID[$1]}" 2> /dev/null; then
		ok "$1 was never restarted"
	else
		bad "$1 has died"
	fi
}

# daemon NAME CMD [JSON-MEMBERS]: what it answers
daemon() {
	printf '{"cmd":"%s"%s}\n' "$2" "${3:+,$3}" |
		timeout $((3 * ${PMIP_SLOW:-1})) socat -t$((2 * ${PMIP_SLOW:-1})) - "UNIX-CONNECT:$tmp/$1.sock" 2> /dev/null
}

# stat_of NAME JQ-PATH: a counter
stat_of() { pmipctl -j -s "$tmp/$1.sock" stats 2> /dev/null | jq -r ".controller$2"; }
sessions() { daemon "$1" session-show | jq -c ".result.$1"; }
attach() { daemon mag attach "\"dev\":\"acc\",\"lladdr\":\"$1\""; }
detach() { daemon mag detach "\"dev\":\"acc\",\"lladdr\":\"$1\""; }
log_lines() { wc -l < "$tmp/$1.log"; }
rss_kb() { awk '/^VmRSS/ { print $2 }' "/proc/${PID[$1]}/status"; }

# grown_less NAME BEFORE KB: since it had BEFORE; what was freed stays a sanitizer's
grown_less() {
	local grown=$(($(rss_kb "$1") - $2))
	if [ "$grown" -lt "$3" ]; then
		ok "memory has grown by $grown kB"
	elif [ -n "${PMIP_SANITIZED:-}" ]; then
		ok "memory has grown by $grown kB, sanitizer included"
	else
		bad "grown by $grown kB"
	fi
}

# The good node, served from end to end
has_session() { [[ $(sessions lma) == *'"proxy-coa":"'$MAG'"'*'"state":"active"'* ]]; }
no_session() { [ "$(sessions lma)" = '[]' ]; }
registered() { [[ $(sessions mag) == *'"state":"active"'* ]]; }

serves() { # WHAT
	attach $IF1_LL > "$tmp/attach"
	if eventually 5 has_session && eventually 5 registered; then
		ok "$1"
	else
		bad "$1: $(sessions mag) $(sessions lma)"
	fi
}

# send SRC DST MESSAGE...: the first answer, from the outsider's place
send() {
	local src=$1
	shift
	in_ns evil mhsend -w 60000 ${PROBE:+-q "$PROBE"} -s "$src" "$@"
}

# quiet SRC DST MESSAGE...: "silence" if a heartbeat that follows is answered first
quiet() {
	local to=$2
	[[ $to == ff* ]] && to=$LMA
	PROBE=$MAG2,$to send "$@"
}

# silent WHAT SRC DST MESSAGE...: and no answer
silent() {
	local what=$1
	shift
	is "$what" "$(quiet "$@")" silence
}
