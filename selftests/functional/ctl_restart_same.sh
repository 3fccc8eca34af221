#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The daemon of a gateway by which a node has both its interfaces is killed: while nothing
# else happens, while one of them breaks, and while both do and one is back.  The next
# daemon finds in its kernel which interface is by which link, and what waits.
#
# Timeout: 200
# Shows: pmipd(8): "traffic goes on during a restart"; RFC 5213 §6.9.1.3: the binding of
# each interface is extended, and not made anew; draft: fault tolerant multihoming §3.2:
# "MAG1 begins to cache the data for MN" across a restart of MAG1's controller
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/hold.inc"
source "$(dirname "$0")/same.inc"
ctl_topo
trap ctl_end EXIT
same_topo
ctl_start lma pmag
joined if1 1
joined if2 2

killed() {
	kill -9 "${PMIPD[pmag]}"
	eventually 2 ctl_gone pmag
}
# Each path with the interface that it leads to, and the anchor's entries with their BIDs
paths() { q pmag binding '.[].paths | map("\(.kind) \(.dev) \(.lladdr)") | join(", ")'; }
entries() {
	q lma session '.lma | map(select(.state == "active") | "\(.bid) \(.lladdr)") | sort | join(", ")'
}
has_entries() { [ "$(q lma session '.lma | length')" = "$1" ]; }

paths=$(paths) entries=$(entries)
is "two entries at the anchor" "$(q lma session '.lma | length')" 2

# Nothing else happens: nobody hears of it
stream_start 4000 1000 3000
nap 0.3
killed
ctl_start pmag
works "both interfaces are registered, though the node is silent" eventually 15 sessions 2
stream_enough
is "no packet was lost" "$(field missing "$all")" 0
in_order
is "each by its own link, as before" "$(paths)" "$paths"
is "each with its own entry, as before" "$(entries)" "$entries"
is "and none beside" "$(q lma session '.lma | length')" 2

# One breaks while nobody is there to see it
stream_start 6000 1000 3000
nap 0.3
killed
link_off if1
nap 0.3
ctl_start pmag
works "the one that is left is registered" eventually 15 sessions 1
works "the other one is not" eventually 15 has_entries 1
stream_enough
down_ns=$(link pmag acc down-ns)
[ "$(field last_missing_us "$all")" -le $((down_ns / 1000)) ] &&
	ok "nothing sent after the loss of IF1 is lost" || bad "lost after $down_ns: $all"
is "by its own link" "$(q pmag session '.mag | map(.dev) | join(" ")')" acc2
works "and serves" ping_mn

# Both break, the anchor sleeps, and IF2 is back
link_on if1
joined if1 2
kill -STOP "${PMIPD[lma]}"
link_off if1
link_off if2
send 5
is "held" "$(hold pmag packets)" 5
killed
ctl_start pmag
is "still held by the kernel" "$(hold pmag packets)" 5
listen 5 if2
link_on if2
for ((i = 0; i < 3; i++)); do
	solicit if2
	eventually 3 holds pmag 0 && break
done
wait "$LISTENER"
is "the interface that is back gets it, once" \
	"$(grep -c "ip.dst=$MN_SINK" "$TMP/back") $(hold pmag packets) $(hold pmag dropped)" "5 0 0"
kill -CONT "${PMIPD[lma]}"
works "and is served" eventually 20 sessions 1
works "as the only one" eventually 20 has_entries 1
is "by its own link" "$(q pmag session '.mag | map(.dev) | join(" ")')" acc2
works "and packets come" ping_mn
