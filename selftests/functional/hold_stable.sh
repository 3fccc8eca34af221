#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: seamless handover §4.3: "the packets that sent to the interface are
# forwarded through to SMAG through tunnels": where a stable MAG is known its tunnel is
# the better path, and nothing is held; held packets leave by it once it is.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
topo_chain
link_path="path dev acc lladdr $IF1_LL bid 1"

# shellcheck disable=SC2086 # words
{
	ctl pmag binding set prefix $HNP $link_path path tunnel 2 bid 2 path hold
	stream_start 300 4000 500
	nap 0.5
	radio_off if1
	stream_end
	lost_before "redirected without a loss" pmag
	[ "$(field seen "$two")" -gt 0 ] && ok "by the stable MAG" || bad "none: $two"
	is "nothing was held" "$(hold pmag held)" 0

	ctl pmag binding set prefix $HNP $link_path path hold
	send 5
	is "without it they are" "$(hold pmag packets)" 5
	listen 5 if2
	ctl pmag binding set prefix $HNP $link_path path tunnel 2 bid 2 path hold
	wait $LISTENER
	is "and go when it is known" "$(hold pmag packets) $(hold pmag forwarded) \
$(grep -c "ip.dst=$MN_SINK" "$TMP/back")" "0 5 5"
}
# From the other gateway they go to a link or nowhere: there they are not held
ctl smag binding set prefix $HNP path dev acc lladdr $IF2_LL path tunnel 2 path hold
radio_off if2
send 4
is "the other gateway holds nothing that was sent on to it" \
	"$(hold smag held) $(drops smag no-path)" "0 4"
