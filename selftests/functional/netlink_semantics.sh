#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: new, set, delete and show mean for each object what they mean in ip(8);
# requests batch; what is refused says why and where.
source "$(dirname "$0")/lib.sh"
topo_bare lma

add="tunnel add id 1 local $LMA remote $PMAG role lma-mag"
# shellcheck disable=SC2086 # words
works "tunnel: add" ctl lma $add hop-limit 9 fragment on generation 3
is "it is what was said" "$(show lma tunnel id 1 '.[0] |
	[.local, .remote, .role, .state, .["hop-limit"], .fragment, .dscp, .generation] | join(" ")')" \
	"$LMA $PMAG lma-mag up 9 on copy 3"
# shellcheck disable=SC2086 # words
refused "tunnel: add again" 'exists' ctl lma $add
refused "tunnel: another for the pair" 'exists' ctl lma tunnel add id 2 local $LMA remote $PMAG \
	role lma-mag
works "tunnel: set one thing" ctl lma tunnel set id 1 hop-limit 11
is "the others stay" "$(show lma tunnel id 1 \
	'.[0] | [.["hop-limit"], .fragment, .generation] | join(" ")')" "11 on 3"
refused "tunnel: set one that is not there" 'no such' ctl lma tunnel set id 7 state down
works "binding: add" ctl lma binding add prefix $HNP node 5 path tunnel 1 bid 7
refused "binding: add again" 'exists' ctl lma binding add prefix $HNP path tunnel 1
refused "tunnel: del while it is used" 'use' ctl lma tunnel del id 1
works "binding: replace" ctl lma binding replace prefix $HNP path drop
is "replace says all that it shall be" \
	"$(show lma binding prefix $HNP '.[0].paths | map(.kind) | join(" ")')" drop
works "binding: replace makes one, too" ctl lma binding replace prefix 2001:db8:100:2::/64 \
	path tunnel 1 path drop
works "binding: set" ctl lma binding set prefix $HNP path tunnel 1 bid 2
is "with the paths in order" "$(show lma binding prefix 2001:db8:100:2::/64 \
	'.[0].paths | map(.kind) | join(" ")')" "tunnel drop"
for p in f000::/4 fe80::/10 fe80:1::/32 ff00::/8 8000::/1; do
	refused "binding: $p is not of global unicast addresses" 'global unicast' \
		ctl lma binding add prefix $p path tunnel 1
done
refused "binding: set one that is not there" 'no such' \
	ctl lma binding set prefix 2001:db8:100:9::/64 path drop
refused "binding: del one that is not there" 'no such' ctl lma binding del prefix 2001:db8:100:9::/64
refused "binding: a path into no tunnel" 'no such tunnel' \
	ctl lma binding add prefix 2001:db8:100:3::/64 path tunnel 9
works "bindings: longest prefix first" ctl_batch lma <<-EOT
	binding add prefix 2001:db8:100::/40 path drop
	binding add prefix 2001:db8:100:3::/64 path tunnel 1
	binding add prefix 2001:db8:100:3::7/128 path drop
EOT

out=$(printf '%s\n' "binding add prefix 2001:db8:100:4::/64 path tunnel 1" \
	"binding add prefix 2001:db8:100:5::/64 path tunnel 9" | ctl_batch lma 2>&1)
[[ $out == *"no such tunnel"* && $out == *:2* ]] && ok "a batch names the line" || bad "batch: $out"
is "the line before it was done" "$(binding lma prefix 2001:db8:100:4::/64)" 2001:db8:100:4::/64
begun=${EPOCHREALTIME/./}
for ((i = 0; i < 5000; i++)); do
	printf 'binding add prefix 2001:db8:150:%x::/64 path tunnel 1\n' $i
done | ctl_batch lma || bad "a batch of 5,000"
ok "a batch of 5,000 in $(((${EPOCHREALTIME/./} - begun) / 1000)) ms"
is "all are there" "$(json_value bindings "$(ctl lma -j stats)")" 5006
is "and use one path" "$(json_value users "$(ctl lma -j tunnel show id 1)")" 5004
