# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# method_METHOD DIRECTION PREFIXES FLOWS: sets the gateway up to forward that way.  Each
# peer gets what serves it best: thresholds that no table reaches, one tunnel
# without encapsulation limit, permanent neighbours.

nlload() { dut "$PMIP_BUILD/tools/nlload" "$@" > /run/loaded; }

method_drop() {
	dut nft -f - <<-EOT
	table netdev bench {
		chain ingress {
			type filter hook ingress device in0 priority 0; policy drop;
		}
	}
	EOT
}

method_plain() { nlload route "$2" dev out0 via $MAG; }

tunnel_device() {
	ip -6 -n dut -batch - <<-EOT
	link add t0 type ip6tnl mode ip6ip6 local $LMA remote $MAG encaplimit none hoplimit 64
	link set t0 up mtu 1460
	addr add fe80::1/64 dev t0 nodad
	EOT
}

# A neighbour entry for each destination, made by its first packet
method_ip6tnl() { tunnel_device && nlload route "$2" dev t0; }

# One neighbour entry for all: the tunnel's best case
method_ip6tnl_gw() { tunnel_device && nlload route "$2" dev t0 via fe80::2; }

method_seg6() { nlload route "$2" dev out0 seg6 $MAG; }

# As older PMIPv6 daemons do: a rule for each node leads to its MAG's table
method_rule() {
	tunnel_device || return
	ip -6 -n dut route add default dev t0 via fe80::2 table 100 &&
		nlload rule "$2" table 100
}

method_flowtable() {
	ip -6 -n dut -batch - <<-EOT || return
	route add 2001:db8::/32 via $MAG dev out0
	EOT
	echo 524288 > /sys/module/nf_conntrack/parameters/hashsize
	echo 4194304 > /proc/sys/net/netfilter/nf_conntrack_max
	dut bash -c 'cd /proc/sys/net/netfilter && echo 600 | tee nf_conntrack_udp_timeout \
		nf_conntrack_udp_timeout_stream nf_flowtable_udp_timeout > /dev/null'
	dut nft -f - <<-EOT
	table inet bench {
		flowtable fast {
			hook ingress priority 0; devices = { in0, out0 };
		}
		chain forward {
			type filter hook forward priority 0; policy accept;
			meta l4proto udp flow add @fast
		}
	}
	EOT
}

ctl() { dut "$PMIP_BUILD/ctl/pmipctl" -batch -; }

# The module, links and tunnels
pmip_gateway() { # DIRECTION
	local access=out0 core=in0

	insmod "$PMIP_BUILD/kmod/$(uname -r)/pmip.ko" flows_max=16777216 || return
	ip -6 -n dut -batch - <<-EOT || return
	link add pmip0 type pmip
	link set pmip0 up
	EOT
	case $1 in
	lma-*)	ip -6 -n dut route add $NODES::/32 dev pmip0 && ctl <<-EOT
		link add dev in0 type core
		link add dev out0 type core
		tunnel add id 1 local $LMA remote $MAG role lma-mag
		tunnel add id 2 local $LMA remote $SMAG role lma-mag
		EOT
		return ;;
	mag-up)	access=in0 core=out0 ;;
	esac
	ctl <<-EOT
	link add dev $access type access
	link add dev $core type core
	tunnel add id 1 local $MAG remote $LMA role mag-lma
	tunnel add id 2 local $MAG remote $SMAG role mag-mag
	EOT
}

# At an access gateway every node is on a link by an address of its own, and has
# an interface at another gateway too
pmip_bindings() { # DIRECTION COUNT
	case $1 in
	lma-*)	nlload binding "$2" path tunnel 1 ;;
	mag-up)	nlload binding "$2" uplink 1 path dev in0 path tunnel 2 ;;
	*)	nlload binding "$2" uplink 1 path dev out0 path tunnel 2 ;;
	esac
}

method_pmip() {
	pmip_gateway "$1" && pmip_bindings "$1" "$2" || return
	# Every packet is of the last flow that its node has
	[ "${3:-0}" = 0 ] || nlload flow $(($2 * $3)) each "$3" || return
	[ "$1" != redirect ] || ip -n dut link set out0 carrier off
}
