#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Anchor and access gateway as a user of their own, with two capabilities and no way to more:
# they serve a node, set what they set in /proc/sys, keep sessions, and answer on the control
# socket whoever is of their group, and nobody else.
#
# Shows: SECURITY.md: "pmipd needs no user but its own, and CAP_NET_ADMIN and CAP_NET_RAW
# alone", "The control socket is for root, pmipd's user and its group"
set -u
source "$(dirname "$0")/lib.sh"
OWN=64213 GROUP=64214 OTHER=64215
as() { setpriv --reuid "$1" --regid "$2" "${@:3}"; }
command -v setpriv > /dev/null || skip "needs setpriv"
as $OWN $GROUP --clear-groups true 2> /dev/null || skip "needs more users than one"
umask 022
topo
KEEP=true configure
# Where the daemons and these programs can be found by anybody
mkdir "$tmp/bin" "$tmp/lma" "$tmp/mag"
cp "$build/ctl/pmipd" "$build/ctl/pmipctl" "$tmp/bin"
chown $OWN:$GROUP "$tmp" "$tmp/lma" "$tmp/mag"
chmod 755 "$tmp"

caps=-all,+net_admin,+net_raw
begin() { # NAME
	nsenter --net="/run/netns/${NS[$1]}" setpriv --reuid $OWN --regid $GROUP --clear-groups \
		--inh-caps $caps --ambient-caps $caps --bounding-set $caps --no-new-privs \
		"$tmp/bin/pmipd" -f "$tmp/$1.conf" 2>> "$tmp/$1.log" &
	PID[$1]=$!
	eventually 5 daemon "$1" version > "$tmp/version" || die "$1 does not answer"
}
begin lma
begin mag

# ---- what they are ----
of() { awk -v key="$2:" '$1 == key { print $2 }' "/proc/${PID[$1]}/status"; }
for name in lma mag; do
	is "$name: its user" "$(of $name Uid)" $OWN
	is "$name: its group" "$(of $name Gid)" $GROUP
	for set in Inh Prm Eff Bnd Amb; do
		is "$name: Cap$set: CAP_NET_ADMIN and CAP_NET_RAW" "$(of $name Cap$set)" 0000000000003000
	done
	is "$name: and no other ever" "$(of $name NoNewPrivs)" 1
done

# ---- what they do ----
is "before, the link takes advertisements" \
	"$(in_ns mag cat /proc/sys/net/ipv6/conf/default/accept_ra)" 1
is "the access link takes none" "$(in_ns mag cat /proc/sys/net/ipv6/conf/acc/accept_ra)" 0
has "and has the address of RFC 6543" "$(in_ns mag ip -6 addr show dev acc)" fe80::200:5eff:fe00:5213
serves "a node is served"
stop lma
begin lma
if has_session; then ok "the next anchor goes on with it"; else bad "nothing kept: $(sessions lma)"; fi
is "nothing was denied" "$(grep -hiE 'permi|denied' "$tmp"/{lma,mag}.log)" ''

# ---- whom they answer ----
ask() { "$@" "$tmp/bin/pmipctl" -s "$tmp/lma.sock" session show > "$tmp/asked" 2>&1; }
is "the socket's mode, owner and group" "$(stat -c '%a %u %g' "$tmp/lma.sock")" "660 $OWN $GROUP"
ask as $OTHER $OTHER --clear-groups --inh-caps=-all
is "a user of another group is refused" $? 1
has "and told why" "$(< "$tmp/asked")" 'Permission denied'
ask as $OTHER $OTHER --groups $GROUP --inh-caps=-all
is "one of the group is served" $? 0
has "with what there is" "$(< "$tmp/asked")" mn1@example.org
[ "$FAILED" = 0 ]
