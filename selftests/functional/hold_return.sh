#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: draft: fault tolerant multihoming §3.2: "MAG1 begins to cache the data for
# MN", "MAG1 forwards the cached data to LMA by Tunnel; then LMA checks the BCE table
# and finds out that IF2 is available, so the cached data are sent to MAG2": of all
# that reached MAG1 after the carrier was lost nothing is missing, nothing comes twice.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/hold.inc"
hold_chain

stream_start 1000 4000 4000
nap 0.6
radio_off if1
works "MAG1 holds what it cannot deliver" eventually 5 some_held
is "the binding says so" "$(show pmag binding prefix $HNP '.[0].hold.held > 0')" true
lma_deregistered 30000
works "the controller has it returned" ctl pmag hold release prefix $HNP to return
stream_end
lost_before "nothing that MAG1 received after the carrier event is missing" pmag
is "and nothing came twice" "$(field twice "$one") $(field twice "$two")" "0 0"
held=$(hold pmag held)
within "MAG1 has held packets" "$held" 20 1000
is "returned all of them" "$(hold pmag returned) $(hold pmag packets)" "$held 0"
is "and the LMA has taken all of them" "$(hold lma accepted)" "$held"
is "none was dropped" "$(hold pmag expired) $(hold pmag dropped)" "0 0"
is "none was taken for spoofed" "$(drops lma tunnel-source-spoofed)" 0

# One hop for each gateway that it passes, MAG1 included: LMA, MAG1, LMA, MAG2
ctl pmag hold release prefix $HNP to return
ctl_batch lma <<-EOT
	binding set prefix $HNP path tunnel 1
	binding set prefix $HNP return tunnel 1 time 30000
EOT
watch -n 1 -w 300 -l core:pmag -s cn:eth0 "$(down 'hl 64')"
saw "later ones go back at once, one hop older" "core:pmag in" ip.src=$PMAG ip.dst=$LMA \
	in.src=$CN in.dst=$MN_SINK in.hl=62
