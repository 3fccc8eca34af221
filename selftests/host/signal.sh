#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A node is announced to the next gateway for its signal alone, which is said to the daemon
# where the node is: once, however it swings; it is withdrawn when the signal is good
# again, and made good use of when the node goes.
#
# Timeout: 60
# Shows: RFC 5949 §4.1 (c): "derives the new mobile access gateway (NMAG) from the New AP ID"
# and "sends the Handover Initiate (HI) message to the new MAG"; of what does not take place:
# "the PMAG MAY send the HI message with the 'F' flag set and the Option Code value set to 2"
set -u
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/handover.inc"

AP=02:aa:00:00:00:01
signal() { ctl "$1" signal set dev acc mn-id $NODE dbm "${@:2}"; } # NAME DBM [WORDS]
of_signal() { stat_of mag ".mag[\"signal$1\"]"; } # COUNTER

both_configured 'bindack-ms = 200; handover = { forward-ms = 6000; expect-ms = 6000;
	signal-interval-ms = 700;
	when = (
		{ dev = "acc"; signal-below-dbm = -75; hysteresis-db = 5; to = "'$MAG2'"; },
		{ dev = "acc"; ap = "'$AP'"; signal-below-dbm = -60; to = "'$MAG2'"; } ); };'
sed -i '/when = (/,/ ); };/c };' "$tmp/next.conf"
for n in lma mag next; do start $n; done

# ---- what is not possible ----
has "of whom" "$(ctl mag signal set dev acc dbm -70)" 'which dev, which mn-id or lladdr, and how many dbm?'
has "how much" "$(ctl mag signal set dev acc mn-id $NODE dbm low)" 'dbm "low" is not a number'
has "too much" "$(ctl mag signal set dev acc mn-id $NODE dbm 21)" 'dbm must be -127 to 20'
has "no link" "$(ctl mag signal set dev core mn-id $NODE dbm -70)" \
	'dev is not an access link of the configuration'
has "who is not there" "$(signal mag -70)" 'the node is not there'
has "no access point" "$(daemon mag signal-set "\"dev\":\"acc\",\"mn-id\":\"$NODE\",\"dbm\":-1,\"ap\":1")" \
	'ap is not a link-layer address'
has "no MAG" "$(ctl lma signal)" 'this gateway is no MAG'
is "nothing is known" "$(ctl mag -j signal)$(of_signal s)" '[]0'

# ---- by the threshold alone ----
put mag
anchor_has "a node is attached" $MAG
is "it is heard well" "$(signal mag -60)" ''
is "at the threshold" "$(signal mag -75)" ''
is "and shown" "$(ctl mag -j signal | jq -c '.[] | [."mn-id", .dev, .lladdr, .dbm, ."age-ms" < 5000]')" \
	"[\"$NODE\",\"acc\",\"$LL\",-75,true]"
is "nothing is said of that" "$(count mag hi-tx)" 0
is "below it" "$(signal mag -76)" ''
eventually 5 counted mag hack-rx 1 && ok "the next gateway expects it" || bad "$(ctl mag stats)"
is "once" "$(signal mag -90)$(count mag hi-tx)$(count next hi-rx)" 11

# ---- withdrawn ----
signal mag -71
is "it stays between the two" "$(of_signal -withdrawn) $(count mag hi-tx)" '0 1'
signal mag -70
eventually 5 counted mag hack-rx 2 && ok "the next gateway knows" || bad "$(ctl mag stats)"
is "it was withdrawn" "$(of_signal -withdrawn)" 1
at $MAG && ok "the node is where it was" || bad "$(sessions lma)"

# ---- towards an access point, and gone ----
lower() { signal mag -61 ap $AP && counted mag hi-tx 3; }
eventually 5 lower && ok "that access point has its own threshold" || bad "$(ctl mag stats)"
is "it was announced twice" "$(of_signal -announced)" 2
eventually 5 counted mag hack-rx 3 && ok "it is expected" || bad "$(ctl mag stats)"
take mag
sleep 0.3
at $MAG && ok "nothing is deregistered meanwhile" || bad "$(sessions lma)"
has "no signal of who has left" "$(signal mag -61)" 'the node is not there'
put next
anchor_has "the anchor has it at the next" $MAG2
alone "and the previous has forgotten it" mag
is "there no rule says that it goes on" "$(signal next -120)$(count next hi-tx)" 0
is "nobody refused, nobody was silent" \
	"$(count mag hack-refused) $(count next hack-refused) $(count mag silence) $(count next silence)" \
	"0 0 0 0"
for n in next mag lma; do still_there $n; done
