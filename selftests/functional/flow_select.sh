#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 180
# Shows: RFC 6089 §5.3.6: "The first entry that creates a match defines how the packet
# is routed", by each field of RFC 6088 §3.2, "inclusive" of both ends of a range.
source "$(dirname "$0")/lib.sh"
topo_chain

# Flow 1 is sent to the SMAG, whatever else goes to the PMAG
flow() { # SELECTOR...
	ctl lma flow replace node 1 fid 1 priority 10 bid 2 "$@" || bad "flow $*"
}

# by GATEWAY WHAT WORDS LAYERS: one packet of these takes that tunnel
by() {
	local dst=${1^^}
	watch -n 1 -l core:lma -s cn:eth0 "$(down "$3" "$4")"
	saw "$2" "core:lma in" "ip.dst=${!dst}"
}

u='udp 1000 2000 32'
by pmag "without a flow: the binding's best" 'hl 64' "$u"
flow all
by smag "a flow of all packets" 'hl 64' "$u"
by smag "and those without ports" 'hl 64' 'echo 1 1'

flow sport 900-1000
by smag "source port, last of the range" 'hl 64' "$u"
by pmag "one beyond" 'hl 64' 'udp 1001 2000 32'
by smag "first of the range" 'hl 64' 'udp 900 2000 32'
by pmag "one before" 'hl 64' 'udp 899 2000 32'
by pmag "no port at all" 'hl 64' 'echo 900 900'
flow dport 2000
by smag "destination port" 'hl 64' "$u"
by pmag "not the source's" 'hl 64' 'udp 2000 1000 32'
flow proto 58
by smag "next header" 'hl 64' 'echo 1 1'
by pmag "another" 'hl 64' "$u"
flow proto 17-58
by smag "next header, a range" 'hl 64' "$u"
by pmag "RFC 2460: 59 is behind it" 'hl 64' 'raw 0000 59'
flow tclass 0x28-0x30
by smag "traffic class" 'tc 0x28' "$u"
by smag "RFC 6088: the 2 least significant bits' values MUST be ignored" 'tc 0x33' "$u"
by pmag "beyond" 'tc 0x34' "$u"
by pmag "before" 'tc 0x27' "$u"
flow tclass 0x2b
by smag "in the request, too" 'tc 0x28' "$u"
flow flowlabel 0x12345-0xfffff
by smag "flow label" 'fl 0x12345' "$u"
by smag "its last" 'fl 0xfffff' "$u"
by pmag "before" 'fl 0x12344' "$u"
flow spi 0x1000-0xffffffff
by smag "SPI" 'hl 64' 'raw 0000100000000001 50'
by pmag "before" 'hl 64' 'raw 00000fff00000001 50'
by pmag "what looks alike elsewhere" 'hl 64' 'udp 0x1000 0 32'
flow src 2001:db8:c::-2001:db8:c::2
by smag "source" 'hl 64' "$u"
flow src 2001:db8:c::3-2001:db8:d::
by pmag "another" 'hl 64' "$u"
flow src 2001:db8:b:ffff:ffff:ffff:ffff:ffff-2001:db8:c::1
by pmag "before in the lower half" 'hl 64' "$u"
flow dst $MN_SINK
by smag "destination" 'hl 64' "$u"
flow dst $MN
by pmag "another" 'hl 64' "$u"
flow dst $MN_SINK sport 1000 dport 2000 proto 17 tclass 0 src 2001:db8::/32
by smag "all of several fields" 'hl 64' "$u"
by pmag "one does not fit" 'hl 64' 'udp 1000 2001 32'

flow sport 1000
ctl lma flow add node 1 fid 2 priority 5 dport 2000 bid 1
by pmag "the lower priority value comes first" 'hl 64' "$u"
ctl lma flow set node 1 fid 2 priority 20
by smag "not any more" 'hl 64' "$u"
is "each packet is of one flow" "$(show lma flow 'map([.fid, .packets] | join(":")) | sort | join(" ")')" \
	"$(show lma flow node 1 fid 1 '.[0] | "1:\(.packets)"') 2:1"
ctl lma flow delete node 1 fid 1
by pmag "the next one's, once the first is gone" 'hl 64' "$u"
ctl lma flow delete node 1 fid 2
by pmag "without a flow as before" 'hl 64' "$u"
