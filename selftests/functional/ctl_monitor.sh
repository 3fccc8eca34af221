#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What people read: pmipctl without -j, of a real system in a real handover.
#
# Timeout: 60
# Shows: pmipctl(8): "monitor": what the kernel and the controller have to say, one
# line each, with the time; every object shows in words; exit status for scripts
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
ctl_topo
trap ctl_end EXIT
ctl_start lma pmag smag
attach_both

# In words: each object has a line that names what it is about
words() { # NETNS OBJECT WORD...: a line with them all
	local n=$1 object=$2 line w
	shift 2
	while read -r line; do
		for w in "$@"; do [[ " $line " == *" $w "* ]] || continue 2; done
		ok "$object show: $*"
		return
	done < <(c "$n" "$object" show)
	bad "$object show: no line with $*: $(c "$n" "$object" show)"
}
words pmag tunnel local $PMAG remote $LMA
words pmag tunnel local $PMAG remote $SMAG
words pmag link dev acc
words pmag binding prefix $HNP
words pmag path dev acc lladdr $IF1_LL
words pmag session mn@example.org
words lma peer $PMAG
family=$(in_ns pmag genl ctrl get name pmip | sed -n 's/.*Version: \(0x[0-9a-f]*\) .*/\1/p')
is "the family's version is what the kernel says" "$(c pmag -j version | jq .family)" $((family))
c pmag version > "$TMP/out" && [[ $(< "$TMP/out") == *pmipctl*pmipd* || $(< "$TMP/out") == *[0-9].[0-9]* ]] &&
	ok "version" || bad "version: $(cat "$TMP/out")"
[[ $(c pmag stats) == *"stats kernel drops no-path 0"* && $(c pmag stats) == *"stats controller mag "* ]] &&
	ok "stats of both" || bad "stats: $(c pmag stats)"

nsenter --net=/run/netns/pmag pmipctl -s "$TMP/pmag.sock" monitor > "$TMP/events" 2> "$TMP/err" &
monitor=$!
eventually 5 is_waiting $monitor || bad "no monitor: $(cat "$TMP/err")"
radio_off if1
told() { grep -q ' controller deregistered ' "$TMP/events"; }
eventually 15 told || bad "no deregistration: $(cat "$TMP/events")"
kill $monitor
wait $monitor
is "monitor ends in peace" "$?" 0
form='^\[[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}\.[0-9]{6}\] (kernel|controller) [a-z-]+ .'
is "each line has time, source and event" "$(grep -vcE "$form" "$TMP/events")" 0
line() { grep -m 1 -nE "$1" "$TMP/events" | cut -d: -f1; }
within "the kernel's loss of the link is told" "$(line ' kernel link .*dev acc .*state down .*reason carrier')" 1 9
within "the controller's deregistration" "$(line ' controller pbu-dereg-sent .*mn@example.org')" 1 9
is "each is one line" "$(grep -c ' kernel link ' "$TMP/events")" 1

refused "what is not there: why" 'no such' c pmag tunnel set id 77 state down
c pmag tunnel set id 77 state down 2> /dev/null
is "exit status 1: refused" "$?" 1
c pmag tunnel shew 2> /dev/null
is "exit status 2: usage" "$?" 2
