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

# ---- a full disk ----
again "it serves before the disk is full"
stop lma
mkdir "$tmp/full"
mount -t tmpfs -o size=4m full "$tmp/full" || die "no tmpfs"
sed -i "s|state-dir = \"$tmp/lma\"|state-dir = \"$tmp/full\"|" "$tmp/lma.conf"
start lma
again "without room it serves all the same"
has "and says so" "$(< "$tmp/lma.log")" "No space left on device: the next pmipd will not find"
is "nothing is left that is not whole" "$(compgen -G "$tmp/full/sessions*")" ""
stop lma
umount "$tmp/full"
sed -i "s|$tmp/full|$tmp/lma|" "$tmp/lma.conf"
start lma

# ---- the next one takes its place while it runs ----
again "it serves again"
before=$(entry)
was=${PID[lma]}
nsenter --net="/run/netns/${NS[lma]}" pmipd --replace -f "$tmp/lma.conf" 2>> "$tmp/lma.log" &
PID[lma]=$!
wait "$was"
is "the one that is replaced ends well" $? 0
up() { daemon lma version > "$tmp/version"; }
eventually 10 up || die "the next one does not answer"
is "the entry is what it was" "$(entry)" "$before"
cp "$tmp/policy.conf" "$tmp/policy.good"
echo "nodes = what;" > "$tmp/policy.conf"
in_ns lma pmipd --replace -f "$tmp/lma.conf" 2> "$tmp/err"
is "one that could not go on does not begin" $? 1
has "and says why" "$(< "$tmp/err")" "$tmp/policy.conf:1:"
cp "$tmp/policy.good" "$tmp/policy.conf"
still_there lma

# ---- of another pmipd, and of another boot ----
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
