#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Processors: 2
# Timeout: 120
# Shows: whatever goes while packets are held for it - binding, path, device, namespace,
# module - nothing is left of them, and nothing is sent twice or after its end.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain
radio_off if1
link_path="path dev acc lladdr $IF1_LL bid 1"
add="binding replace prefix $HNP node 1 uplink 1 $link_path path hold"

nothing() { is "$1" "$(hold pmag packets) $(hold pmag bytes) $(hold pmag queues)" "0 0 0"; }
fill() {
	send 5
	is "packets are held" "$(hold pmag packets)" 5
}

# shellcheck disable=SC2086 # words
{
	fill
	ctl pmag binding del prefix $HNP
	nothing "the binding goes"
	is "they are counted" "$(drops pmag hold-ended)" 5
	ctl pmag $add
	fill
	ctl pmag binding set prefix $HNP $link_path
	nothing "the path that holds goes"
	is "they are counted" "$(drops pmag hold-ended)" 10
	send 1
	is "and no more are held" "$(hold pmag packets)" 0
	ctl pmag $add generation 1
	fill
	ctl pmag purge generation 2
	nothing "an older generation goes"
}

# Under traffic: what is held has left its device, which may go
again() {
	namespaces_del
	hold_chain
	pkt -q -w 100 -l mn:if1 -s cn:eth0 "$(down)" -f -c 100000 -i 1000 > "$TMP/stream" &
	stream=$!
	nap 0.4
	radio_off if1
	works "$1: packets are held" eventually 8 some_held
}
calm() {
	kill -0 $stream 2>/dev/null && ok "packets were still coming" || bad "traffic ended before"
	kill $stream 2>/dev/null
	wait $stream 2>/dev/null
}
again "devices"
ip -n pmag link del core
gone() { ! ip -n core link show dev pmag; }
works "the device that they came by goes" eventually 8 gone
ip -n pmag link del pmip0
ip -n air link del pmag
works "and the link that they wait for" eventually 8 counted pmag queues 1
calm
ctl pmag hold set age 100
works "they become too old" eventually 8 holds pmag 0

again "changes"
for _ in {1..30}; do
	ctl_batch pmag <<-EOT
		hold release prefix $HNP to return
		path set dev acc lladdr $IF1_LL state down
		binding set prefix $HNP path tunnel 2
		binding set prefix $HNP $link_path path hold
		binding del prefix $HNP
		$add
		hold release prefix $HNP to drop
	EOT
done
ok "changes under traffic"
calm
ctl pmag binding del prefix $HNP
nothing "nothing is left of them"

again "namespace"
ip netns del pmag
works "its devices go" eventually 8 gone
calm
namespaces_del
unloaded() { rmmod pmip; }
works "nothing holds the module" eventually 8 unloaded
module_load || die "cannot be loaded again"

again "module"
ctl lma binding set prefix $HNP return tunnel 1 time 30000 wait 4000
works "unloaded with packets held, and more to come" timeout $((10 * PMIP_SLOW)) rmmod pmip
calm
works "and it can be loaded again" module_load
for cache in pmip_binding pmip_path; do
	objects=$(awk -v c=$cache '$1 == c { print $2 }' /proc/slabinfo 2>/dev/null)
	[ "${objects:-0}" = 0 ] && ok "no $cache is left" || bad "$objects of $cache left"
done
