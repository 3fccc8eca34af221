#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gateways that require IPsec of each other, and strongSwan's IKEv2 with certificates between
# them: the anchor has the configuration of Documentation/samples.
#
# Shows: RFC 5213 §4: "Internet Key Exchange Protocol version 2 (IKEv2) [RFC4306] SHOULD be
# used to set up security associations between the mobile access gateway and the local
# mobility anchor"
# Shows: RFC 5213 §4.1: "IF remote_identity = mag_identity_1" and "authorize CHILD_SAs for
# remote address mag_address_1"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/ctl_common.inc"
source "$(dirname "$0")/ipsec.inc"
MORE_CONF='require-ipsec = true;' CAPTURE=no
for tool in pki swanctl charon-systemd; do
	command -v $tool > /dev/null || die "needs $tool"
done
ctl_topo
trap 'ike_end; ctl_end' EXIT
ipsec_capture

# ---- certificates ----

# Not all plugins that there may be, each time
echo 'pki { load = random openssl pem pkcs1 pkcs8 x509 pubkey }' > "$TMP/pki.conf"
export STRONGSWAN_CONF=$TMP/pki.conf

certificate() { # NAME: of the gateways' own authority
	local dir=$TMP/ca
	pki --gen --type ecdsa --size 256 --outform pem > "$dir/$1.key" || die "no key"
	pki --issue --cacert "$dir/ca.pem" --cakey "$dir/ca.key" --type priv --in "$dir/$1.key" \
		--dn "CN=$1.example.org" --san "$1.example.org" --outform pem > "$dir/$1.pem" ||
		die "no certificate"
}
mkdir "$TMP/ca"
pki --gen --type ecdsa --size 256 --outform pem > "$TMP/ca/ca.key" || die "no key"
pki --self --ca --in "$TMP/ca/ca.key" --type priv --dn 'CN=Gateways' --outform pem \
	> "$TMP/ca/ca.pem" || die "no authority"
for n in lma pmag smag stranger; do certificate $n; done

# ---- strongSwan ----

# identity GATEWAY NAME: whose certificate it has
identity() {
	local dir=$TMP/ike-$1
	mkdir -p "$dir"/{x509,x509ca,private}
	rm -f "$dir"/{x509,private}/*
	cp "$TMP/ca/ca.pem" "$dir/x509ca/"
	cp "$TMP/ca/$2.pem" "$dir/x509/$1.pem"
	cp "$TMP/ca/$2.key" "$dir/private/$1.key"
}

# connections GATEWAY NAME PEER...
connections() {
	local me=${1^^} name=$2 own=$1 peer addr
	shift 2
	echo 'connections {'
	for peer in "$@"; do
		addr=${peer^^}
		here <<-EOT
		$peer { version = 2
			local_addrs = ${!me}
			remote_addrs = ${!addr}
			proposals = aes128-sha256-ecp256
			local { auth = pubkey
				certs = $own.pem
				id = $name.example.org }
			remote { auth = pubkey
				cacerts = ca.pem
				id = $peer.example.org }
			children { $peer-mh { mode = transport
				local_ts = dynamic[135]
				remote_ts = dynamic[135]
				esp_proposals = aes128-sha256
				start_action = trap } } }
		EOT
	done
	echo '}'
}

declare -A CHARON
ike_start() { # GATEWAY
	local dir=$TMP/ike-$1
	local load='random nonce openssl pem pkcs1 pkcs8 x509 constraints pubkey kdf'
	here > "$dir/strongswan.conf" <<-EOT
	charon-systemd {
		load = $load kernel-netlink socket-default vici
		install_routes = no
		plugins { vici { socket = unix://$dir/vici } }
		filelog { file { path = $dir/log
			default = 1
			flush_line = yes } }
		journal { default = -1 }
	}
	swanctl { load = random openssl pem pkcs1 pkcs8 x509 }
	EOT
	STRONGSWAN_CONF=$dir/strongswan.conf nsenter --net="/run/netns/$1" charon-systemd \
		> "$dir/out" 2>&1 &
	CHARON[$1]=$!
	disown $!
	eventually 30 [ -S "$dir/vici" ] || die "no charon: $(cat "$dir/out" "$dir/log")"
	ike_load "$1"
}

swan() { # GATEWAY WORD...
	local dir=$TMP/ike-$1
	shift
	STRONGSWAN_CONF=$dir/strongswan.conf SWANCTL_DIR=$dir swanctl "$@" --uri "unix://$dir/vici"
}

ike_load() {
	swan "$1" --load-all --clear --file "$TMP/ike-$1/swanctl.conf" > "$TMP/out" 2>&1 ||
		die "swanctl: $(< "$TMP/out")"
}

ike_end() {
	local n
	for n in "${!CHARON[@]}"; do
		kill "${CHARON[$n]}" 2> /dev/null
		[ "$FAILED" = 0 ] || tail -n 25 "$TMP/ike-$n/log" | sed "s/^/    $n: /"
	done
	for n in "${!CHARON[@]}"; do eventually 10 ike_gone "$n" || kill -KILL "${CHARON[$n]}"; done
}
ike_gone() { ! kill -0 "${CHARON[$1]}" 2> /dev/null; }

for n in lma pmag; do identity $n $n; done
identity smag stranger
cp "$(dirname "$0")/../../Documentation/samples/swanctl-lma.conf" "$TMP/ike-lma/swanctl.conf"
connections pmag pmag lma smag > "$TMP/ike-pmag/swanctl.conf"
connections smag stranger lma pmag > "$TMP/ike-smag/swanctl.conf"
for n in lma pmag smag; do ike_start $n; done

if swan smag --initiate --child lma-mh --timeout 60 > "$TMP/out" 2>&1; then
	bad "another identity is taken: $(< "$TMP/out")"
else
	ok "a certificate of the same authority for another identity is not enough"
fi
is "it has no security association" "$(ip -n lma xfrm state | grep -c "src $SMAG ")" 0
identity smag smag
connections smag smag lma pmag > "$TMP/ike-smag/swanctl.conf"
ike_load smag

ctl_start lma pmag smag
ipsec_attach
if [[ $(swan lma --list-sas) == *"'pmag.example.org' @ $PMAG"*TRANSPORT*ESP:AES_CBC* ]]; then
	ok "by what IKE has agreed on with the identity"
else
	bad "not so: $(swan lma --list-sas)"
fi
