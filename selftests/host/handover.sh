#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A node is handed over between two gateways and an anchor that are real daemons, as it is
# told by pmipctl: before it goes, and after it has come.
#
# Timeout: 60
# Shows: RFC 5949 §4.1: predictive (c): "sends the Handover Initiate (HI) message to the new
# MAG"; reactive (c): "The new MAG sends the HI message to the previous MAG"
# Shows: RFC 5949 §6.2.8: a Vendor-Specific option "is used to transfer any other information"
# Shows: RFC 6275 §9.3.1: a Binding Error with status 2 says that a type is unknown
set -u
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/handover.inc"

# Until the node is there: as long as a busy machine may take for that, and nothing is said
# twice because of that
both_configured 'handover = { hi-ms = 20000; expect-ms = 60000; }; bindack-ms = 200;'
sed -i '/"mn2@/,/hnps/s/hnps/vendor = ( { id = 32473; subtype = 7; data = "c0de"; } ); &/' \
	"$tmp/policy.conf"
for n in lma mag next; do start $n; done
put mag
anchor_has "a node is attached" $MAG

# ---- what is not possible ----
has "to whom" "$(ctl mag handover mn-id $NODE to $EVIL)" 'none of the configured peers'
has "who" "$(ctl mag handover mn-id mn6@example.org to $MAG2)" 'not registered here'
has "where it is not" "$(ctl next handover mn-id $NODE from $MAG)" 'not registered here'
has "no MAG" "$(ctl lma handover mn-id $NODE to $MAG2)" 'this gateway is no MAG'
has "neither to nor from" "$(ctl mag handover mn-id $NODE)" 'which mn-id, and to or from where?'
has "both" "$(ctl mag handover mn-id $NODE to $MAG2 from $MAG2)" 'to or from where?'
has "no address" "$(ctl mag handover mn-id $NODE to next)" 'is not an IPv6 address'
has "a request that says neither" "$(daemon mag handover "\"mn-id\":\"$NODE\"")" \
	'to or from must be an IPv6 address'
is "nothing was said" "$(count mag hi-tx)" 0

# ---- predictive ----
is "announced" "$(ctl mag handover mn-id $NODE to $MAG2)" ''
eventually 5 counted mag hack-rx 1 && ok "the next gateway agrees" || bad "$(ctl mag stats)"
is "it has been told once" "$(count next hi-rx) $(count mag hack-refused)" "1 0"
has "once more" "$(ctl mag handover mn-id $NODE to $MAG2)" 'about to leave already'
take mag
sleep 0.3
at $MAG && ok "nothing is deregistered meanwhile" || bad "$(sessions lma)"
put next
anchor_has "the anchor has it at the next" $MAG2
is "a vendor's option has come along" "$(daemon next session-show | jq -c '.result.mag[].vendor')" \
	'[{"id":32473,"subtype":7,"data":"c0de"}]'
alone "and the previous has forgotten it" mag
eventually 5 counted next hack-tx 3 && ok "forwarding, and its end" || bad "$(ctl next stats)"

# ---- reactive, and back ----
put mag
is "it was there" "$(ctl mag handover mn-id $NODE from $MAG2)" ''
eventually 5 counted next hi-rx 4 && ok "the previous gateway is asked" || bad "$(ctl next stats)"
anchor_has "the anchor has it here" $MAG
take next
alone "and the other has forgotten it" next
is "nobody refused, nobody was silent" \
	"$(count mag hack-refused) $(count next hack-refused) $(count mag silence) $(count next silence)" \
	"0 0 0 0"

# ---- strangers, and gateways that know no such messages ----
silent "a stranger is not answered" $EVIL $MAG hi seq=1 flags=0x30 mn-id=$NODE
eventually 5 counted mag hi-discarded 1 && ok "but counted" || bad "$(ctl mag stats)"
for n in next mag; do stop $n; done
both_configured ''
start mag
put mag
has "not configured" "$(ctl mag handover mn-id $NODE to $MAG2)" 'the configuration has no handover'
has "an unknown type" "$(send $MAG2 $MAG hi seq=1 flags=0x30 mn-id=$NODE)" '"kind":"Binding Error","type":7'
