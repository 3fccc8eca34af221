#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a supervisor hears of the daemon: that it is ready, that its loop turns, that it reads its
# configuration, that it ends; and nothing more from one that stands still.
#
# Shows: pmipd(8), SUPERVISOR; sd_notify(3): READY=1, RELOADING=1, STOPPING=1, STATUS=, WATCHDOG=1
set -u
source "$(dirname "$0")/lib.sh"
for n in pmipd socat; do
	command -v $n > /dev/null || skip "needs $n"
done
ear=''
over() {
	local status=$?
	[ -z "$ear" ] || kill "$ear"
	(exit $status)
	finish
}
trap over EXIT
trap 'exit 1' INT TERM
ip addr add $LMA/128 dev lo 2> "$tmp/err" || skip "no network of its own"
configure
said=$tmp/said

socat -u "UNIX-RECV:$tmp/notify" - > "$said" &
ear=$!
eventually 5 test -S "$tmp/notify" || die "nobody to tell"

begin() { # [NAME=VALUE...]
	: > "$said"
	env NOTIFY_SOCKET="$tmp/notify" "$@" pmipd -f "$tmp/lma.conf" 2>> "$tmp/lma.log" &
	PID[lma]=$!
	eventually 10 heard READY=1 || die "it is never ready"
}
heard() { grep -qxF "$1" "$said"; }
count() { grep -cxF "$1" "$said"; }
at_least() { [ "$(count "$1")" -ge "$2" ]; }
# What was said before this has been heard now
marks=0
settle() {
	marks=$((marks + 1))
	echo "MARK=$marks" | socat -u - "UNIX-SENDTO:$tmp/notify"
	eventually 5 heard "MARK=$marks" || die "nobody listens"
}

# ---- readiness and signs of life ----
begin WATCHDOG_USEC=400000
is "ready, it answers" "$(daemon lma version | jq .ok)" true
if heard STATUS=anchor; then ok "and says what it is"; else bad "no status: $(< "$said")"; fi
if eventually 10 at_least WATCHDOG=1 4; then ok "it lives"; else bad "no signs of life"; fi
kill -STOP "${PID[lma]}"
stopped() { grep -q '^State:.T' "/proc/${PID[lma]}/status"; }
eventually 5 stopped || die "it cannot be stopped"
settle
before=$(count WATCHDOG=1)
nap 1
settle
is "a loop that stands still gives no sign" "$(count WATCHDOG=1)" "$before"
kill -CONT "${PID[lma]}"
if eventually 10 at_least WATCHDOG=1 $((before + 2)); then ok "and then it does"; else bad "no more"; fi

# ---- the configuration is read again ----
kill -HUP "${PID[lma]}"
if eventually 5 at_least READY=1 2; then ok "reloaded"; else bad "not ready again"; fi
has "it had said so, and when" "$(grep -v WATCHDOG "$said" | tr '\n' ' ')" \
	"RELOADING=1 MONOTONIC_USEC=" "READY=1 STATUS=anchor "
cp "$tmp/lma.conf" "$tmp/good"
echo 'what = 1;' >> "$tmp/lma.conf"
kill -HUP "${PID[lma]}"
if eventually 5 at_least READY=1 3; then ok "refused, it goes on"; else bad "not ready again"; fi
has "and the status says why" "$(grep STATUS= "$said" | tail -n 1)" "lma.conf:" "what: unknown key"
cp "$tmp/good" "$tmp/lma.conf"

# ---- the end ----
is "no word of an end yet" "$(count STOPPING=1)" 0
stop lma
settle
is "it has said that it ends" "$(count STOPPING=1)" 1

# ---- what nobody waits for ----
begin WATCHDOG_USEC=100000 WATCHDOG_PID=1
nap 0.3
settle
is "no signs of life for another process" "$(count WATCHDOG=1)" 0
stop lma
NOTIFY_SOCKET=$tmp/nobody pmipd -f "$tmp/lma.conf" 2>> "$tmp/lma.log" &
PID[lma]=$!
if eventually 5 daemon lma version > "$tmp/version"; then ok "without anybody there it serves"; else
	bad "it waits for who is not there"
fi
[ "$FAILED" = 0 ]
