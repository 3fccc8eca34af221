#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Another gateway asks all the time whether the anchor is there, which starts with many
# bindings in its kernel.  It answers as soon as with few, and from then on without a
# pause; requests that come while it reads them wait, and none has to come again.
#
# Timeout: 120
# Shows: RFC 5847 §3: heartbeats tell at once of a restart, whatever the gateway holds;
# RFC 5213 §5.5: a timestamp is valid if it was fresh when the request came
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/heartbeat.inc"
FEW=$((1000 / PMIP_SLOW)) MANY=$((100000 / (PMIP_SLOW + 1) / PMIP_SLOW)) TRIES=3

# From the sender's clock until the kernel has it
heartbeat_topo "timestamp-window-ms = $((300 * PMIP_SLOW));"

# start_up [COMMAND]: sets first, silence and ready, in us
start_up() {
	local begin
	begin=$(now_us)
	watch # from before it starts
	start
	[ -z "${1:-}" ] || "$@"
	all_up
	ready=$(($(now_us) - begin))
	watched
	within "it has answered" "$first" 1 60000000
}

# measure COUNT: sets least_first, least_silence and least_ready of some starts
measure() {
	local i f=() s=() r=()
	for ((i = 0; i < TRIES; i++)); do
		start_up
		f+=("$first") s+=("$silence") r+=("$ready")
		stop
	done
	least_first=$(least "${f[@]}") least_silence=$(least "${s[@]}") least_ready=$(least "${r[@]}")
	echo "  $1 bindings: the first answer after ${f[*]} us, longest silence ${s[*]} us, up after ${r[*]} us"
}

load $FEW
measure $FEW
few_first=$least_first few_ready=$least_ready
ctl lma purge generation 2
load $MANY
measure $MANY
took=$((least_ready - few_ready))
within "reading them takes its time" "$took" 50000 60000000
later=$((least_first - few_first))
within "the first answer does not wait for it" $((later > 0 ? later : 0)) 0 $((took / 4))
# As long as a machine that is several times slower than usual takes for the same steps
most=$((100000 * PMIP_SLOW))
[ $((took / 25)) -le $most ] || most=$((took / 25))
within "and then there is no pause" "$least_silence" 1 $most

# Requests that come meanwhile, from when there is a socket on
attach() {
	until in_ns lma grep -q ':0087 ' /proc/net/raw6; do nap 0.002; done
	nsenter --net=/run/netns/mags pmip-load -j -n 20 -m 1 -l $A -s $B attach > "$TMP/attach" &
	attacher=$!
}
start_up attach
wait "$attacher" && ok "all of 20 nodes are answered" || bad "attach: $(< "$TMP/attach")"
attacher=''
is "and accepted" "$(jq -c '[.answered, .lost, .status]' "$TMP/attach")" '[20,0,{"0":20}]'
up
within "they had to wait" "$(jq '.controller.io["mh-waited"]' "$TMP/stats")" 20 120
is "none was dropped" "$(jq '.controller.io["mh-wait-dropped"]' "$TMP/stats")" 0
is "nothing that the kernel kept is gone" "$(bindings)" $((MANY + 20))
stop
