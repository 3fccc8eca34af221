#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 240
# An anchor and an access gateway have their nodes' profiles from real RADIUS servers: two
# FreeRADIUS, which say no, stand still, end and come back.
#
# Shows: RFC 6572 §5.1: "The MAG to the AAA RADIUS server interface is used for retrieval of
# the policy profile when an MN tries to attach"
# Shows: RFC 6572 §6.1: "The Service-Type attribute MUST be set to the value 17 (Authorize Only)."
# Shows: RFC 6275 §6.1.8: "130  Insufficient resources"
set -u
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/radius.inc"
needs_radius
topo
trap 'radius_stop_all; finish' EXIT

# ---- the secrets are nobody else's ----
configure_radius "servers = [ \"[$EVIL]:1812\", \"[$EVIL]:1822\" ];"
is "the configuration is sound" "$(pmipd --check -f "$tmp/lma.conf" 2>&1; echo $?)" 0
chmod 644 "$tmp/secrets"
has "not with secrets that others can read" "$(pmipd --check -f "$tmp/lma.conf" 2>&1)" \
	'radius.secrets:' 'may be read by others'
chmod 600 "$tmp/secrets"

without_library() {
	in_ns lma timeout 20 unshare --mount bash -c \
		'mount -t tmpfs none /usr/lib/freeradius && exec pmipd -f "$0"' "$tmp/lma.conf" 2>&1
	echo "status $?"
}
has "nor without the library" "$(without_library)" \
	'libfreeradius-radius.so: cannot open shared object file' 'status 1'

# ---- what a server knows is used ----
radius_start one 1812
radius_start two 1822
start lma
start mag
attach $IF1_LL > "$tmp/attach"
eventually 30 served mn1@example.org && ok "a node that RADIUS knows is served" ||
	bad "$(sessions mag) $(sessions lma)"
is "with its prefix" "$(node_of mn1@example.org | jq -r '.hnp[0]')" 2001:db8:200:1::/64
is "by the anchor of its attribute" \
	"$(sessions mag | jq -r '.[] | select(."mn-id" == "mn1@example.org") | .lma')" $LMA
store_is lma up true && store_is mag up true && ok "the store is there" || bad "$(policy_of lma)"
has "the anchor asks for nothing but authorization, and says who it is" "$(asked one)" \
	'User-Name = "mn1@example.org"' 'Service-Type = Authorize-Only' \
	"PMIP6-Home-LMA-IPv6-Address = $LMA"
has "the access gateway by the interface" "$(asked one)" \
	'User-Name = "02-00-00-00-00-01@example.org"' \
	'Calling-Station-Id = "02-00-00-00-00-01"' "NAS-IPv6-Address = $MAG"
is "each with a Message-Authenticator" "$(asked one | grep -c '^(.*Message-Authenticator = ')" \
	"$(asked one | grep -c 'Received Access-Request')"

register() { # MN-ID: by the other gateway; its status
	send $MAG2 $LMA pbu seq=7 flags=0x8200 lifetime=100 mn-id="$1" hnp=::/0 hi=1 att=4 \
		timestamp=0
}
has "whom it rejects is not authorized" "$(register nobody@example.org)" '"status":153,'
has "a mistake in an answer is named" "$(register bad@example.org)" '"status":153,'
names_mistake() { grep -q 'radius: bad@example.org: PMIP6-Home-LMA-IPv6-Address: 4 bytes' "$tmp/lma.log"; }
eventually 10 names_mistake || bad "no word of the mistake"
has "its own attribute says more" "$(register own@example.org)" '"status":0,' '"lifetime":10,'

# ---- one stands still: the other one is asked ----
silences() { grep -c 'no answer from 2001:db8::666 port 1812' "$tmp/lma.log"; }
eventually 30 store_is lma port 1812 || bad "$(policy_of lma)"
said=$(silences)
radius_signal one STOP
is "a heartbeat is answered while who is new has to wait" \
	"$(quiet $MAG2 $LMA pbu seq=7 flags=0x8200 lifetime=100 mn-id=mn2@example.org hnp=::/0 \
		hi=1 att=4 timestamp=0)" silence
is "and clients are" "$(daemon lma version | jq .ok)" true
eventually 30 served mn2@example.org && ok "it is served by the next one" || bad "$(sessions lma)"
is "that the first one is silent is said once" "$(silences)" $((said + 1))
store_is lma port 1822 && ok "and it is passed over" || bad "$(policy_of lma)"

# ---- none is there: who is served goes on being so ----
seq_of() { node_of mn1@example.org | jq .seq; }
refreshed() { [ "$(seq_of)" != "$1" ] && served mn1@example.org; }
radius_kill two
has "who is not known gets a clear status" "$(register mn3@example.org)" '"status":130,'
store_is lma up false && ok "the store is gone" || bad "$(policy_of lma)"
attach 02:00:00:00:00:04 > "$tmp/attach"
eventually 30 grep -q 'attach-delayed\|does not answer' "$tmp/mag.log" &&
	ok "an attachment is kept waiting" || bad "$(cat "$tmp/attach")"
seq=$(seq_of)
eventually 30 refreshed "$seq" && ok "who is served is refreshed" || bad "$(sessions lma)"
has "heartbeats are answered" "$(send $MAG2 $LMA heartbeat seq=7)" '"kind":"Heartbeat"'

# ---- it is back ----
radius_signal one CONT
store_back() { store_is lma up true; }
eventually 30 store_back && ok "it is back" || bad "$(policy_of lma)"
has "who was refused is served" "$(register mn3@example.org)" '"status":0,'
eventually 60 served mn4@example.org && ok "and who has waited, too" || bad "$(sessions mag)"
stop lma
stop mag

# ---- the secret is another, and somebody answers without knowing any ----
radius_secret S3crets-of-others
sed -i "s|:1822\"|&, \"[$EVIL]:1832\"|" "$tmp/lma.conf"
radius_forge 1822
radius_echo 1832
before=$(wc -l < "$tmp/lma.log")
since() { tail -n +$((before + 1)) "$tmp/lma.log"; }
start lma
has "with another secret there is no answer" "$(register mn2@example.org)" '"status":130,'
has "which is said" "$(since)" 'no answer from 2001:db8::666 port 1812' \
	'or has another secret'
has "nor is one taken that anybody can make" "$(since)" \
	'an answer of 2001:db8::666 port 1822 has a wrong authenticator'
has "nor what was asked" "$(since)" \
	'an answer of 2001:db8::666 port 1832 has code 1, which no answer has'
grep -qE 'S3crets|both gateways' "$tmp/lma.log" "$tmp/mag.log" && bad "the secret is logged"
still_there lma
stop lma
[ "$FAILED" = 0 ]
