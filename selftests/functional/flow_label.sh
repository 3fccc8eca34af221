#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 6438 §3: "The same flow label value MUST be used for all packets in a
# single user flow, as determined by the IP header fields of the inner packet",
# different flows are spread; the label inside is not touched.
source "$(dirname "$0")/lib.sh"
topo_chain

labels() { # FIELD: of what left the LMA, each once
	local line
	while read -r line; do field "$1" "$line"; done <<< "$(lines 'lma:core out')" | sort -u
}

watch -n 5 -w 1000 -c 5 -l lma:core -s cn:eth0 "$(down)"
is "five packets of a flow have one label" "$(count 'lma:core out') $(labels ip.fl | wc -l)" "5 1"
within "it is not zero" "$(labels ip.fl)" 1 1048575
is "the packet inside has none, as it was sent" "$(labels in.fl)" 0

watch -n 16 -w 1000 -c 16 -f -l lma:core -s cn:eth0 "$(down)"
within "sixteen flows have different labels" "$(labels ip.fl | wc -l)" 15 16

watch -n 2 -w 1000 -l lma:core -s cn:eth0 "$(down 'fl 0x12345')" -s cn:eth0 "$(down 'fl 0x12346')"
is "the sender's own label stays inside" "$(labels in.fl | tr '\n' ' ')" "74565 74566 "
is "and tells its flows apart" "$(labels ip.fl | wc -l)" 2
watch -n 2 -w 1000 -l lma:core -s cn:eth0 "$(down 'fl 7')" \
	-s cn:eth0 "$(down 'fl 7' 'udp 1000 2000 700')"
is "within a flow the length does not matter" "$(labels ip.fl | wc -l)" 1
watch -n 1 -l mn:if1 -s cn:eth0 "$(down 'fl 0x12345')"
saw "the node gets the label that was sent" "mn:if1 in" ip.fl=74565
