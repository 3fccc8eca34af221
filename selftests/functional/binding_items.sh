#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: linux/pmip.h: items "are taken in order, each with the request's flags, up to
# the first that is refused.  To this one or into it points NLMSGERR_ATTR_OFFS of the
# answer: those before it are in force, and it and those behind it are not."
source "$(dirname "$0")/lib.sh"
topo_bare lma

items() { in_ns lma nlitems "$@" 2>&1; }
bindings() { json_value bindings "$(ctl lma -j stats)"; }
has() { ctl lma binding show prefix "$1" > /dev/null 2>&1 && echo yes || echo no; }

# Not the usual addresses, which are in some of the prefixes
ctl lma tunnel add id 1 local fd00::1 remote fd00::2 role lma-mag
is "a request with 2000 bindings" "$(items new 2000)" "error=0 item=-1"
is "they are there" "$(bindings)" 2000
is "and lead into their tunnel" "$(tunnel lma 1 users)" 2000
is "once more, but for none that exists" "$(items new 10 key 1995)" "error=17 item=0"
is "the fifth exists" "$(items new 10 key -5)" "error=17 item=5"
is "those before it are there" "$(has 2001:db8:ffff:ffff::/64)" yes
is "only these" "$(bindings)" 2005
is "gone again" "$(items del 5 key -5)" "error=0 item=-1"

is "the 701st names a tunnel that is none" "$(items new 1000 key 0x10000 bad 700)" \
	"error=2 item=700"
is "700 came" "$(bindings)" 2700
is "the last before it is there" "$(has 2001:db8:1:2bb::/64)" yes
is "it is not" "$(has 2001:db8:1:2bc::/64)" no
is "nor is the next" "$(has 2001:db8:1:2bd::/64)" no
is "changing them, up to one that is not there" "$(items set 1000 key 0x10000)" \
	"error=2 item=700"
is "deleting them, up to one that is not there" "$(items del 700 key 0x10000 bad 300)" \
	"error=2 item=300"
is "300 went" "$(bindings)" 2400
is "the tunnel's users went with them" "$(tunnel lma 1 users)" 2400
is "deleting the others" "$(items del 399 key 0x1012d)" "error=0 item=-1"

echo "What must be refused"
is "an item of 3000 paths" "$(items new 3 key 0x20000 bad 1 paths 3000)" "error=2 item=1"
ctl lma tunnel add id 77 local fd00::1 remote fd00::77 role lma-mag
is "or of 3000 that exist" "$(items new 3 key 0x20001 bad 1 paths 3000)" "error=7 item=1"
is "none of them is held" "$(tunnel lma 77 users)" 0
ctl lma tunnel del id 77
before=$(bindings)
is "the last item cut short" "$(items new 100 key 0x30000 cut 4)" "error=22 item=-1"
is "nothing of that has come" "$(bindings)" "$before"

echo "200,000 in one request"
is "all but the last" "$(items new 200000 key 0x40000 bad 199999)" "error=2 item=199999"
is "have come" "$(bindings)" $((before + 199999))
is "and go" "$(items del 199999 key 0x40000)" "error=0 item=-1"
is "as they came" "$(bindings)" "$before"
