#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 90
# Processors: 2
# Shows: tables change while packets read them: a binding that changes its paths a
# thousand times loses no packet, and objects that come and go under traffic, all at
# once, bring nothing down and leave nothing.
source "$(dirname "$0")/lib.sh"
topo_chain

source "$(dirname "$0")/rounds.inc"
rounds changes <<-EOT
	binding set prefix $HNP path tunnel 2 bid 2 path tunnel 1 bid 1
	binding replace prefix $HNP node 1 path tunnel 1 bid 1 path tunnel 2 bid 2
EOT
pkt -q -l mn:if1 -l mn:if2 -s cn:eth0 "$(down)" -c 100000 -i $((2000 * PMIP_SLOW)) -w 400 \
	> "$TMP/stream" &
stream=$!
thousand lma changes
stream_stop $stream
seen=$(< "$TMP/stream")
sent=$(field sent "$(lines all)")
within "packets while it changed a thousand times" "$sent" 1000 100000
is "no packet is lost or doubled" "$(($(field seen "$(lines mn:if1)") + \
$(field seen "$(lines mn:if2)"))) $(field twice "$(lines mn:if1)") $(field twice "$(lines mn:if2)")" "$sent 0 0"

# Everything at once at the PMAG
rounds links <<-EOT
	link set dev acc stack on
	link set dev core stack on
	link set dev core stack off
	link set dev acc stack off
	link del dev core
	link add dev core type core
EOT
rounds bindings <<-EOT
	binding del prefix $HNP
	binding add prefix $HNP uplink 1 path dev acc lladdr $IF1_LL path tunnel 2
	binding set prefix $HNP path tunnel 2
	binding replace prefix $HNP uplink 1 path dev acc lladdr $IF1_LL path tunnel 2
EOT
rounds tunnels <<-EOT
	tunnel set id 2 state down
	tunnel set id 1 hop-limit 9 dscp zero
	tunnel add id 7 local $PMAG remote $NMAG role mag-mag
	binding add prefix 2001:db8:100:70::/60 path tunnel 7
	tunnel set id 2 state up
	tunnel set id 1 hop-limit 64 dscp copy
	binding del prefix 2001:db8:100:70::/60
	tunnel del id 7
EOT
carrier() { ip -n pmag link set acc down; ip -n pmag link set acc up; }
device() { ip -n pmag link del pmip0; ip -n pmag link add pmip0 type pmip; ip -n pmag link set pmip0 up; }

pkt -q -l mn:if1 -s cn:eth0 "$(down)" -s mn:if1 "$(up)" -f -c 1000000 -i 300 > "$TMP/stream" &
stream=$!
loops=()
for what in "often links" "often bindings" "often tunnels" carrier device; do
	# shellcheck disable=SC2086 # words
	again $what &
	loops+=($!)
done
nap $((6 * PMIP_SLOW))
rm "$TMP/go"
wait "${loops[@]}"
kill $stream
wait $stream

often bindings > "$TMP/out" 2>&1
works "afterwards the link is as it was" ctl pmag link set dev core stack off
wait_carrier pmag acc
watch -n 1 -w 1000 -l mn:if1 -s cn:eth0 "$(down)"
saw "and packets flow" "mn:if1 in" ip.src=$CN
ctl_batch pmag <<-EOT
	binding del prefix $HNP
	link del dev acc
	link del dev core
	tunnel del id 1
	tunnel del id 2
EOT
is "everything can go" "$(ctl pmag -j stats | jq -c '.kernel | [.tunnels, .links, .paths, .bindings]')" \
	"[0,0,0,0]"
