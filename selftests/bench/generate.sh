# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The generator: pktgen in netif_receive mode, 112 bytes of IPv6, destinations
# drawn from all prefixes.

generator() { # PREFIXES
	local last=$(($1 - 1))
	dut bash -s "$(printf '%s:%x:%x::1' $NODES $((last >> 16)) $((last & 65535)))" <<-'EOT'
	cd /proc/net/pktgen || exit
	say() { echo "$2" > "$1" || echo "pktgen refuses $2" >&2; }
	say kpktgend_0 'add_device in0'
	for word in 'xmit_mode netif_receive' 'clone_skb 0' 'delay 0' 'burst 1' \
		'pkt_size 126' 'src6 fd00:1::2' 'dst6 2001:db8::1' 'dst6_min 2001:db8::1' \
		"dst6_max $1" 'dst_mac 02:00:00:00:00:01' 'src_mac 02:00:00:00:00:98' \
		'udp_src_min 5000' 'udp_src_max 5000' 'udp_dst_min 9' 'udp_dst_max 9'
	do
		say in0 "$word"
	done
	EOT
}

# What is handed over together does not wait for what does not come
whole_bursts() { # COUNT
	local of=${burst:-0}
	echo $((of ? ($1 + of - 1) / of * of : $1))
}

generate() { # COUNT, of whole bursts: the time that it took, in us
	dut bash -c 'cd /proc/net/pktgen && echo "count $1" > in0 && echo start > pgctrl &&
		sed -n "s/.*OK: \([0-9]*\)(.*/\1/p" in0' generate "$1"
}

sent_by() { dut awk -v "dev=$1:" '$1 == dev { print $11 }' /proc/net/dev; }

# Are the packets that leave what they should be?
right() { # METHOD DIRECTION
	local pattern seen before
	[ "$1" = drop ] && return
	pattern=$(looks "$1" "$2")
	# The first of a destination may be the making of a neighbour or a flow
	generate 64 > /dev/null
	before=$(sent_by "$EGRESS")
	"$PMIP_BUILD/tools/pkt" -n 64 -w "${PATIENCE_MS:-3000}" -l "dut:$EGRESS" > /run/seen &
	until dut awk '$4 == "0003" { bound = 1 } END { exit !bound }' /proc/net/packet; do
		sleep 0.05
	done
	generate 64 > /dev/null
	wait $!
	seen=$(grep -c " out .*$pattern" /run/seen)
	[ "$seen" = 64 ] && [ $(($(sent_by "$EGRESS") - before)) = 64 ] && return
	echo "$1 $2: $seen of 64 packets look like '$pattern'; one is:" >&2
	head -n 1 /run/seen >&2
	return 1
}

# A packet that is not the node's own must not get through
spoofed_dropped() { # DIRECTION
	local before
	case $1 in
	lma-up)	set -- "$1" swap=1 outer=$SMAG,$LMA ;;
	mag-up)	set -- "$1" swap=1 ;;
	*)	return 0 ;;
	esac
	rmmod turn
	dut insmod "$TURN" dev=in0 "${@:2}"
	before=$(sent_by "$EGRESS")
	generate 64 > /dev/null
	rmmod turn
	turn "$1"
	[ "$(sent_by "$EGRESS")" = "$before" ] && return
	echo "$1: packets with a source that is not bound got through" >&2
	return 1
}
