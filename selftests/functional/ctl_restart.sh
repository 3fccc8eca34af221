#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Restarts that nobody hears of, without heartbeats and without a word of the node:
# the MAG goes on with what its kernel has kept, an operator's attachment included;
# it does so without its state directory, and what is nobody's any more goes; the
# anchor keeps what its MAGs will refresh much later.
#
# Timeout: 90
# Shows: pmipd(8): "traffic goes on during a restart"; RFC 5847 §3.4: the restart
# counter never goes back; the netlink contract: what nobody renews is purged
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
NODES='{ mn-id = "named@example.org"; hnps = [ "2001:db8:100:7::/64" ]; },
	{ mn-id = "leaver@example.org"; hnps = [ "2001:db8:100:8::/64" ]; },'
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both
for i in 7,named 8,leaver; do
	c pmag attach dev acc lladdr 02:00:00:00:0b:0${i%,*} mn-id ${i#*,}@example.org \
		> "$TMP/out" 2>&1 || bad "attach: $(cat "$TMP/out")"
done
active() { [ "$(q $1 session ".$2 | map(select(.state == \"active\")) | length")" = $3 ]; }
eventually 10 active pmag mag 3 || ctl_die "$(c pmag session show)"
ip -6 -n mn route del default via $MAG_LLA dev if1
works "ping" ping_mn
prefixes() { q $1 binding 'map(.prefix) | sort | join(" ")'; }

counter() { cat "$TMP/pmag/restart-counter"; }
for i in 2 3; do
	kill -9 "${PMIPD[pmag]}"
	eventually 2 ctl_gone pmag
	ctl_start pmag
	eventually 10 active pmag mag 3 && ok "start $i: the silent nodes are registered" ||
		bad "$(c pmag session show)"
done
is "with the identifier that the operator gave" \
	"$(q pmag session '.mag | map(.["mn-id"] | sub("@.*"; "")) | sort | join(" ")')" \
	"leaver mn named"
is "no entry of the anchor is doubled" "$(q lma session '.lma | length')" 4

# The state directory is lost, and one node is not ours any more
kill -9 "${PMIPD[pmag]}"
eventually 2 ctl_gone pmag
rm -rf "$TMP/pmag"
sed -i 's|{ mn-id = "leaver[^}]*},||' "$TMP/policy.conf"
ctl_start pmag
is "the counter goes on" "$(counter)" 4
eventually 10 active pmag mag 2 && ok "the silent nodes are registered" || bad "$(c pmag session show)"
left() { [ "$(prefixes pmag)" = "$HNP 2001:db8:100:7::/64" ]; }
eventually 15 left && ok "of earlier generations nothing is left" || bad "$(c pmag binding show)"
works "ping" ping_mn

# The anchor: its MAGs are due again in three quarters of an hour
before=$(prefixes lma)
kill -9 "${PMIPD[lma]}"
eventually 2 ctl_gone lma
ctl_start lma
waits() { grep -q 'bindings stay for up to 3600 s' "$TMP/lma.log"; }
eventually 15 waits && ok "the anchor waits for them" || bad "$(tail -n 5 "$TMP/lma.log")"
is "its kernel holds what it held" "$(prefixes lma)" "$before"
works "ping" ping_mn
