#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 120
# Shows: listeners are made, changed, deleted, dumped and purged as other objects are, and
# none that would bring a packet back to where it came from; RFC 4291 §2.7: "Link-Local
# multicast scope spans the same topological region as the corresponding unicast scope";
# linux/pmip.h: "a change is of the others".
source "$(dirname "$0")/lib.sh"
topo_bare lma

ip -n lma -batch - <<-EOT
	link add acc type veth peer name air
	link set acc up
	link set air up
	link add core type veth peer name net
	link set core up
EOT
ctl_batch lma <<-EOT
	tunnel add id 1 local $LMA remote $PMAG role lma-mag
	tunnel add id 2 local $LMA remote $SMAG role lma-mag
	tunnel add id 3 local $LMA remote $NMAG role mag-lma
	tunnel add id 4 local $PMAG remote $NMAG role mag-mag
	tunnel add id 5 local $PMAG remote $SMAG role mag-mag
	link add dev acc type access
	link add dev core type core
EOT
G=ff0e::1 S=2001:db8:c::2
counts() { ctl lma -j stats | jq -c '.kernel | [.groups, .listeners, .paths]'; }
add() { ctl lma listener add "$@"; }
is "nothing yet" "$(counts)" "[0,0,5]"

# refused WHAT WHY WORDS...
no() { refused "$1" "$2" add "${@:3}"; }
no "no multicast group" 'multicast group' group $S tunnel 1
for g in ff00::1 ff01::1 ff02::1 ff12::1; do no "group of the link: $g" 'beyond the link' group $g tunnel 1; done
for s in ff0e::2 fe80::1 ::1; do no "source $s" 'no packet of this source' group $G source $s tunnel 1; done
no "block what?" 'one source' group $G tunnel 1 block
no "no such tunnel" 'no such tunnel' group $G tunnel 9
no "no such upstream" 'no such tunnel' group $G upstream 9 dev acc lladdr $IF1_LL
no "no such link" 'no such link' group $G dev air lladdr $IF1_LL
no "a core link" 'access link' group $G dev core lladdr $IF1_LL
no "no link-layer address" 'link-layer address' group $G dev acc
no "back into its tunnel" 'do not go back' group $G upstream 4 tunnel 4
no "from gateway to gateway to gateway" 'goes to no gateway' group $G upstream 4 tunnel 5
no "from gateway to anchor" 'goes to no gateway' group $G upstream 4 tunnel 3
no "from the anchor to an anchor" 'role' group $G upstream 3 tunnel 1
no "from the core to an anchor" 'role' group $G tunnel 3
no "from the core to the other gateway" 'role' group $G tunnel 4
no "of mobile sources" 'mobile sources' group $G upstream 1 tunnel 2
is "nothing is left of these" "$(counts)" "[0,0,5]"
is "and no tunnel has users" "$(show lma tunnel '[.[].users] | add')" 0

works "add" add group $G source $S upstream 3 dev acc lladdr $IF1_LL generation 3
key="group $G source $S upstream 3 dev acc lladdr $IF1_LL"
one() { # shellcheck disable=SC2086 # words
	show lma listener $key "$1"
}
is "it is what was said" "$(one '.[0] | [.group, .source, .upstream, .block, .generation, .packets,
	.bytes, .path.kind, .path.dev, .path.lladdr, .path.oper] | join(" ")')" \
	"$G $S 3 no 3 0 0 link acc $IF1_LL up"
is "a path of its own" "$(counts)" "[1,1,6]"
# shellcheck disable=SC2086 # words
refused "add again" 'exists' add $key
# shellcheck disable=SC2086
works "block it" ctl lma listener replace $key block
is "the generation stays" "$(one '.[0] | "\(.block) \(.generation)"')" "yes 3"
# shellcheck disable=SC2086
works "and pass it again" ctl lma listener replace $key generation 4
is "as said" "$(one '.[0] | "\(.block) \(.generation)"')" "no 4"
refused "its tunnel is in use" 'listeners use this tunnel' ctl lma tunnel delete id 3
refused "so is its link" 'listeners use this link' ctl lma link delete dev acc
is "users" "$(tunnel lma 3 users) $(link lma acc users)" "1 1"

works "others of the group" ctl_batch lma <<-EOT
	listener add group $G tunnel 1 generation 5
	listener add group $G tunnel 2 generation 5
	listener add group $G source $S tunnel 2 block generation 5
	listener add group $G upstream 3 dev acc lladdr $IF1_LL generation 5
	listener add group $G upstream 3 tunnel 4 generation 5
	listener add group $G upstream 4 dev acc lladdr $IF1_LL generation 5
EOT
is "counted" "$(counts)" "[5,7,6]"
is "dumped, each once" "$(show lma listener '[.[] | "\(.upstream) \(.source) \(.path.tunnel // .path.dev)"] |
	sort | join(", ")')" "0 $S 2, 0 :: 1, 0 :: 2, 3 $S acc, 3 :: 4, 3 :: acc, 4 :: acc"
is "groups too" "$(show lma group '[.[] | "\(.upstream) \(.source) \(.listeners)"] | sort | join(", ")')" \
	"0 $S 1, 0 :: 2, 3 $S 1, 3 :: 2, 4 :: 1"
out=$(ctl lma group show)
[[ $out == *"group group $G source $S upstream 3 listeners 1 packets 0 bytes 0"* ]] &&
	ok "in words" || bad "group show: $out"
refused "delete one that is not there" 'no such listener' ctl lma listener delete group $G source $S tunnel 1
refused "show one that is not there" 'no such listener' ctl lma listener show group ff0e::2 tunnel 1
# shellcheck disable=SC2086
works "delete" ctl lma listener delete $key
is "its channel goes with it" "$(counts)" "[4,6,6]"

# A device that goes takes nothing with it but the way
ip -n lma link del acc
gone() { [ "$(link lma acc reason 2>/dev/null)" != none ]; }
is "listeners on it stay" "$(show lma listener '[.[] | select(.path.ifindex) | .path.reason] | join(" ")')" \
	"removed removed"
dev=$(show lma listener '[.[] | select(.path.ifindex) | .path.ifindex][0]')
works "and can be deleted" ctl_batch lma <<-EOT
	listener delete group $G upstream 3 dev if$dev lladdr $IF1_LL
	listener delete group $G upstream 4 dev if$dev lladdr $IF1_LL
EOT
is "the link's rest with the last" "$(show lma link '[.[].dev] | join(" ")')" core

echo 5 > /sys/module/pmip/parameters/listeners_max
works "up to listeners_max" add group ff0e::5 tunnel 1 generation 5
refused "and no more" 'listeners_max' add group ff0e::6 tunnel 1
echo $((1 << 20)) > /sys/module/pmip/parameters/listeners_max

works "purge" ctl_batch lma <<-EOT
	listener replace group ff0e::5 tunnel 1 generation 6
	listener replace group $G tunnel 1 generation 6
	tunnel set id 1 generation 6
	purge generation 6
EOT
is "leaves what was said again, and what that uses" "$(counts) $(show lma tunnel '[.[].id] | join(" ")')" \
	"[2,2,1] 1"
is "the latest generation" "$(ctl lma -j stats | jq .kernel.generation)" 6

for ((i = 1; i <= 300; i++)); do
	echo "listener add group ff0e::1:$i tunnel 1 generation $((6 + i % 2))"
done | ctl_batch lma
is "more of them" "$(counts)" "[302,302,1]"
is "are in one dump, each once" "$(show lma listener '[.[].group] | unique | length') \
$(show lma group '[.[].group] | unique | length')" "302 302"
for ((piece = 1; piece < 20; piece++)); do
	ctl lma purge generation 7 limit 50 2> "$TMP/again" && break
	grep -q 'Resource temporarily unavailable' "$TMP/again" || die "$(< "$TMP/again")"
done
within "purged in pieces" $piece 7 10
is "the newer are left" "$(counts)" "[150,150,1]"
works "the rest at once" ctl lma purge generation 8
is "and nothing is left" "$(counts)" "[0,0,0]"

works "a namespace with listeners can go" ctl_batch lma <<-EOT
	tunnel add id 1 local $LMA remote $PMAG role lma-mag
	listener add group $G tunnel 1
	listener add group $G source $S tunnel 1 block
EOT
