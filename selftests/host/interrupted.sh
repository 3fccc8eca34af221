#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 60
# A signal ends what runs tests or measures with all that this has started, in whatever
# process groups: a test under timeout(1), and the guest of make bench.
#
# Shows: no sentence of an RFC: that nothing is left that holds a lock or a processor
set -u
source "$(dirname "$0")/lib.sh"
trap finish EXIT
trap 'exit 1' INT TERM

# gone WHAT PID
gone() {
	if eventually 5 is_gone "$2"; then ok "$1"; else bad "$1"; kill -KILL "$2"; fi
}
is_gone() { ! kill -0 "$1" 2> "$tmp/kill"; }

# interrupt WHAT STATUS COMMAND...: TERM, once a process is named in $tmp/pid
interrupt() {
	local what=$1 status=$2 run
	shift 2
	rm -f "$tmp/pid"
	"$@" > "$tmp/out" 2>&1 &
	run=$!
	eventually 10 test -s "$tmp/pid" || die "$what: not begun: $(< "$tmp/out")"
	kill "$run"
	wait "$run"
	is "$what: its exit status" $? "$status"
	gone "$what: what it started has ended" "$(< "$tmp/pid")"
}

# A process in a group of its own, which says who it is
cat > "$tmp/linux" <<-'END'
	#!/bin/bash
	exec setsid bash -c 'echo $$ > "$1.new"; mv "$1.new" "$1"; exec sleep 300' - "${0%/*}/pid"
END
cat > "$tmp/tests" <<-END
	source "$top/selftests/interrupt.inc"
	all() { timeout 200 "$tmp/linux"; }
	interruptible all
END
chmod +x "$tmp/linux"

interrupt "tests" 130 bash "$tmp/tests"
has "tests: and they say so" "$(< "$tmp/out")" interrupted
PMIP_BUILD=$tmp interrupt "the bench's guest" 130 "$top/selftests/bench/boot" "$tmp" "$tmp/bench" true
[ "$FAILED" = 0 ]
