#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Daemons that are killed, and the next ones, which go on with what they find; and what is
# found in place of it that no daemon has written.
#
# Shows: RFC 5847 §3.2: "The counter MUST NOT be incremented if the recovery happens
# without losing state"; pmipd(8): "One that is broken, or of a pmipd whose records look
# otherwise, is begun anew, with a warning"
set -u
source "$(dirname "$0")/lib.sh"
KEEP=true
topo
configure
start lma
start mag
serves "a node is served"

murder() { # NAME
	kill -9 "${PID[$1]}"
	wait "${PID[$1]}" 2> /dev/null
	unset "PID[$1]"
}
entry() { sessions lma | jq -c 'map({"mn-id", hnp, bid, state})'; }
session() { sessions mag | jq -c 'map({"mn-id", hnp})'; }
last_start() { grep -o 'roles .*, start [^,]*' "$tmp/$1.log" | tail -n 1; } # NAME
before=$(entry) session=$(session)

for n in lma mag; do
	for i in 2 3; do
		murder $n
		start $n
		has "$n: start $i, with nothing lost" "$(last_start $n)" "start $i (with all that was before)"
		is "the entry is what it was" "$(entry)" "$before"
		is "and so is the session" "$(session)" "$session"
	done
done
registered_again() { [ "$(stat_of mag .mag.\"pba-rx\")" -ge 1 ] && registered; }
eventually 10 registered_again && ok "the gateway has asked again" || bad "$(sessions mag)"
is "and was not refused" "$(grep -c 'refused' "$tmp/mag.log")" 0

# ---- the deregistration is not heard; the next one repeats it ----
murder lma
detach $IF1_LL > "$tmp/detach"
murder mag
start lma
is "the anchor knows nothing of it" "$(entry)" "$before"
start mag
eventually 10 no_session && ok "the next gateway tells it" || bad "$(sessions lma)"

# ---- a clean end leaves as much ----
serves "the node is back"
before=$(entry)
stop lma
start lma
has "nothing is lost by a clean end" "$(last_start lma)" "(with all that was before)"
is "the entry is there" "$(entry)" "$before"

# ---- what no daemon has written ----
file() { echo "$tmp/lma/sessions-"*; }
broken() { # WHAT COMMAND...: is done to the file
	local what=$1
	shift
	stop lma
	"$@"
	start lma
	has "$what: it is said" "$(tail -n +$(($(grep -n 'signal 15' "$tmp/lma.log" | tail -n 1 | cut -d: -f1) + 1)) "$tmp/lma.log")" \
		"$(file): broken: not used, and begun anew"
	is "$what: and that state is lost" "$(last_start lma | grep -c 'with all')" 0
	is "$what: none is there" "$(entry)" '[]'
}
junk() { head -c 100000 /dev/urandom > "$(file)"; }
cut_off() { truncate -s 9000 "$(file)"; }
broken "nonsense" junk
again() { detach $IF1_LL > "$tmp/detach"; serves "$1"; } # the gateway knows of no loss
again "it serves all the same"
broken "half a file" cut_off

# ---- of another pmipd, and of another boot ----
again "it serves again"
stop lma
mv "$(file)" "$tmp/lma/sessions-of-another-boot"
start lma
is "another boot's is not there any more" "$(compgen -G "$tmp/lma/*another*")" ""
is "and not looked at" "$(entry)" '[]'
again "it serves"
stop lma
sed -i "s/keep-sessions = true/keep-sessions = false/" "$tmp/lma.conf"
start lma
is "without keep-sessions nothing is found" "$(entry)" '[]'
is "nor left" "$(compgen -G "$tmp/lma/sessions*")" ""
