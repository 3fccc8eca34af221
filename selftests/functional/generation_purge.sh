#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: a controller that comes back says its state again under a new generation and
# purges the older one; what both have said stays, and no packet is lost meanwhile.
source "$(dirname "$0")/lib.sh"
topo_chain

ctl_batch lma <<-EOT
	tunnel add id 3 local $LMA remote $NMAG role lma-mag generation 1
	binding add prefix 2001:db8:100:2::/64 path tunnel 3 generation 1
	binding add prefix 2001:db8:100:3::/64 path tunnel 1 generation 2
	link set dev core generation 1
	link set dev cn generation 1
EOT
pkt -q -l mn:if1 -s cn:eth0 "$(down)" -c 600 -i 2000 -w 400 > "$TMP/stream" &
stream=$!
nap 0.4
works "the state is said again" ctl_batch lma <<-EOT
	tunnel set id 1 generation 2
	tunnel set id 2 generation 2
	link set dev core generation 2
	link set dev cn generation 2
	binding replace prefix $HNP node 1 generation 2 path tunnel 1 bid 1 path tunnel 2 bid 2
EOT
works "and the older purged" ctl lma purge generation 2
wait $stream
seen=$(< "$TMP/stream")
is "no packet is lost or doubled" "$(field seen "$seen") $(field twice "$seen")" "600 0"

is "the older binding is gone" "$(show lma binding '[.[].prefix] | sort | join(" ")')" \
	"$HNP 2001:db8:100:3::/64"
is "so is the tunnel that only it used" "$(show lma tunnel '[.[].id] | sort | join(" ")' | tr '\n' ' ')" \
	"1 2 "
is "the links stay" "$(show lma link length)" 2

# Nobody said the links again this time
ctl_batch lma <<-EOT
	tunnel set id 1 generation 3
	binding replace prefix $HNP generation 3 path tunnel 1
	purge generation 3
EOT
is "links and tunnels that are not said again go" "$(ctl lma -j stats |
	jq -c '.kernel | [.tunnels, .links, .bindings]')" "[1,0,1]"
watch -n 1 -l mn:if1 -s cn:eth0 "$(down)"
saw "packets flow on, by the slow entrance" "mn:if1 in" ip.src=$CN
