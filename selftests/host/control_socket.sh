#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Clients of the control socket that do what no client should: each gets an
# error or is sent away, and the others are served.
#
# Shows: the control socket's contract, pmipd(8): one JSON object a line
set -u
source "$(dirname "$0")/lib.sh"
topo
configure
start lma
start mag
sock=$tmp/lma.sock

ask() { printf '%s\n' "$1" | timeout 3 socat -t2 - "UNIX-CONNECT:$sock"; }
refuses() { has "$1" "$(ask "$2")" '"ok":false' "\"error\":\"${3:-}"; }
alive() { pmipctl -j -s "$sock" session show > /dev/null 2>&1; }

is "a socket for owner and group only" "$(stat -c %a "$sock")" 660

# ---- what is no request ----
refuses "half an object" '{' 'not JSON'
refuses "nothing" '' 'not JSON'
refuses "no JSON" 'session show' 'not JSON'
refuses "an array" '[]' 'cmd is missing'
refuses "a number for a command" '{"cmd":5}' 'cmd is missing'
refuses "a command that is not there" '{"cmd":"reboot"}' 'unknown cmd'
refuses "a member twice" '{"cmd":"version","cmd":"stats"}' 'not JSON'
refuses "bytes that are no UTF-8" $'{"cmd":"\xff\xfe"}' 'not JSON'
refuses "something behind the object" '{"cmd":"version"} x' 'not JSON'
refuses "5000 brackets" "$(printf '[%.0s' {1..5000})" 'not JSON'
refuses "attach where there is no MAG" '{"cmd":"attach","dev":"core","lladdr":"02::"}' \
	'this gateway is no MAG'
sock=$tmp/mag.sock
refuses "attach without a device" '{"cmd":"attach"}' 'dev is missing'
refuses "attach without an address" '{"cmd":"attach","dev":"acc"}' 'lladdr is missing'
refuses "an address that is none" '{"cmd":"attach","dev":"acc","lladdr":"02:zz"}' 'lladdr is not'
refuses "a device that is not configured" \
	'{"cmd":"attach","dev":"lo","lladdr":"02:00:00:00:00:01"}' 'dev is not'
refuses "an identifier that is too long" '{"cmd":"attach","dev":"acc","lladdr":
"02:00:00:00:00:01","mn-id":5}' ''
refuses "a node that is not in the policy" \
	'{"cmd":"attach","dev":"acc","lladdr":"02:00:00:00:00:99"}' ''
refuses "detaching whom nobody knows" \
	'{"cmd":"detach","dev":"acc","lladdr":"02:00:00:00:00:99"}' ''
sock=$tmp/lma.sock

# ---- lines ----
has "a line that is too long" "$(ask "{\"cmd\":\"$(printf 'x%.0s' {1..20000})\"}")" 'too long'
is "several in one go, each with its answer" \
	"$(printf '{"cmd":"version"}\n{"cmd":"peer-show"}\n{"cmd":"x"}\n' |
		timeout 3 socat -t1 - "UNIX-CONNECT:$sock" | grep -c '^{"ok"')" 3
is "one in pieces" "$({ printf '{"cmd":'; sleep 0.3; printf '"version"}\n'; } |
	timeout 3 socat -t1 - "UNIX-CONNECT:$sock" | grep -c '"ok":true')" 1
for ((i = 0; i < 20; i++)); do
	printf '{"cmd":"session-sh' | timeout 3 socat -u - "UNIX-CONNECT:$sock"
	printf '{"cmd":"session-show"}\n' | timeout 3 socat -u - "UNIX-CONNECT:$sock"
done
works=$(alive && echo yes)
is "clients that hang up before their answer" "$works" yes

# ---- half-open clients: more than there is room for, and none says anything ----
idle=()
mkfifo "$tmp/silence"
# shellcheck disable=SC2034 # keeps the pipe open
exec {silence}<> "$tmp/silence"
for ((i = 0; i < 80; i++)); do
	socat - "UNIX-CONNECT:$sock" < "$tmp/silence" > /dev/null 2>&1 &
	idle+=($!)
done
eventually 2 false
served=0
for ((i = 0; i < 5; i++)); do alive && served=$((served + 1)); done
is "80 silent clients: others are served" $served 5
kill "${idle[@]}" 2> /dev/null
wait "${idle[@]}" 2> /dev/null

# ---- a monitor that never reads ----
mkfifo "$tmp"/{deaf,rude}.{in,out}
# They keep the pipes open
# shellcheck disable=SC2034
exec {deaf_in}<> "$tmp/deaf.in" {deaf_out}<> "$tmp/deaf.out" \
	{rude_in}<> "$tmp/rude.in" {rude_out}<> "$tmp/rude.out"
kids=()
for who in deaf rude; do
	socat - "UNIX-CONNECT:$sock" < "$tmp/$who.in" > "$tmp/$who.out" 2> /dev/null &
	kids+=($!)
	echo '{"cmd":"monitor"}' 1<> "$tmp/$who.in"
done
pmipctl -j -s "$sock" monitor controller > "$tmp/heard" 2> /dev/null &
kids+=($!)
eventually 1 false
rss=$(rss_kb lma) lines=$(log_lines lma)
for ((i = 0; i < 30; i++)); do
	in_ns evil mhsend -w 20 -r 300 -s $EVIL $LMA pbu seq=1 flags=0x8200 lifetime=9 \
		mn-id=mn1@example.org hnp=::/0 hi=1 att=4 > /dev/null
	alive || bad "not served while nobody reads"
	# One that talks too long in a while when it does not listen
	[ $i != 20 ] || printf 'x%.0s' {1..40000} 1<> "$tmp/rude.in"
done
wait_heard() { [ "$(grep -c binding-refused "$tmp/heard")" = 9000 ]; }
if eventually 5 wait_heard; then ok "a monitor that reads has all 9000 events"; else
	bad "a monitor that reads has $(grep -c binding-refused "$tmp/heard") events"
fi
dropped=$(stat_of lma '.io["monitors-dropped"]')
if [ "$dropped" -ge 1 ]; then ok "one that does not is cut off"; else
	bad "$dropped monitors were cut off"
fi
lines=$(($(log_lines lma) - lines))
grown_less lma "$rss" 2048
# So many each second are let through, and it takes more of them
if [ $lines -lt $((100 * ${PMIP_SLOW:-1})) ]; then ok "$lines log lines"; else bad "$lines log lines"; fi
ticks() { awk '{ print $14 + $15 }' "/proc/${PID[lma]}/stat"; }
spent=$(ticks)
eventually 1 false
spent=$(($(ticks) - spent))
if [ $spent -lt 20 ]; then ok "idle when there is nothing to do"; else bad "$spent ticks in 2 s"; fi
kill "${kids[@]}" 2> /dev/null
wait "${kids[@]}" 2> /dev/null

still_there lma
still_there mag
serves "the good node is served after"
[ "$FAILED" = 0 ]
