# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # the others use the names
#
# One gateway, in the namespace "dut", between two dummy devices: pktgen's packets
# are received from in0, and what the gateway sends out of EGRESS is counted
# and gone.  DIRECTION says which gateway it is and what lies on either side:
#
#	lma-down    CN -> in0 [LMA] out0 -> MAG
#	lma-up      MAG -> in0 [LMA] out0 -> CN
#	mag-down    LMA -> in0 [MAG] out0 -> nodes
#	mag-up      nodes -> in0 [MAG] out0 -> LMA
#	redirect    LMA -> in0 [MAG] out1 -> SMAG, for out0 has lost its carrier

CN=fd00:1::2 LMA=fd00:2::1 MAG=fd00:2::2 SMAG=fd00:3::3
NODES=2001:db8
# Link-layer addresses of in0 and of whoever is beyond a device
IN_LL=02:00:00:00:00:01 FAR_LL=02:00:00:00:00:99

dut() { nsenter "--net=/run/netns/${NS:-dut}" "$@"; }

devices() {
	ip netns add dut
	dut bash -c '
		cd /proc/sys/net/ipv6 || exit
		for d in all default; do
			echo 0 > conf/$d/accept_dad
			echo 0 > conf/$d/router_solicitations
			echo 1 > conf/$d/forwarding
		done
		for f in max_size gc_thresh; do echo 2147483647 > route/$f; done'
	ip -n dut -batch - <<-EOT
		link set lo up
		link add in0 address $IN_LL type dummy
		link add out0 address 02:00:00:00:00:02 type dummy
		link add out1 address 02:00:00:00:00:03 type dummy
		link set in0 up
		link set out0 up
		link set out1 up
		addr add fd00:3::1/64 dev out1
		neigh add $SMAG lladdr $FAR_LL dev out1 nud permanent
	EOT
	[ -z "${qdisc:-}" ] || for d in out0 out1; do
		tc -n dut qdisc add dev $d root "$qdisc" || return
	done
}

addresses() { # DIRECTION
	local cn core
	case $1 in
	lma-down)	cn=in0 core=out0 ;;
	lma-up)		cn=out0 core=in0 ;;
	mag-up)		cn='' core=out0 ;;
	*)		cn='' core=in0 ;;
	esac
	{
		[ -n "$cn" ] && echo "addr add fd00:1::1/64 dev $cn
			neigh add $CN lladdr $FAR_LL dev $cn nud permanent
			addr add $LMA/64 dev $core
			neigh add $MAG lladdr $FAR_LL dev $core nud permanent"
		[ -z "$cn" ] && echo "addr add $MAG/64 dev $core
			neigh add $LMA lladdr $FAR_LL dev $core nud permanent"
	} | ip -6 -n dut -batch -
	EGRESS=out0
	[ "$1" != redirect ] || EGRESS=out1
}

# pktgen sends from the CN to nodes; turn.ko makes of that what the direction has
turn() { # DIRECTION
	case $1 in
	lma-up)		set -- swap=1 outer=$MAG,$LMA ;;
	mag-up)		set -- swap=1 lladdr=1 ;;
	mag-down | redirect) set -- outer=$LMA,$MAG ;;
	*)		set -- ;;
	esac
	[ $# = 0 ] && [ "${burst:-0}" = 0 ] ||
		dut insmod "$TURN" dev=in0 burst="${burst:-0}" "$@"
}

# What a packet looks like that left as it should, in words of build/tools/pkt
looks() { # METHOD DIRECTION
	local tunnelled="in.src=$CN in.dst=$NODES:[0-9a-f:]* in.hl=31"
	case $1/$2 in
	drop/*)				echo 'nothing' ;;
	plain/* | flowtable/*)		echo "ip.src=$CN ip.dst=$NODES:[0-9a-f:]* ip.hl=31" ;;
	seg6/lma-down)			echo "ip.src=$LMA ip.dst=$MAG .* in.src=$CN in.dst=$NODES:" ;;
	*/lma-down)			echo "ip.src=$LMA ip.dst=$MAG .* $tunnelled" ;;
	*/lma-up)			echo "ip.src=$NODES:[0-9a-f:]* ip.dst=$CN ip.hl=31" ;;
	*/mag-down)			echo "eth.dst=02:01:[0-9a-f:]* .* ip.src=$CN ip.dst=$NODES:[0-9a-f:]* ip.hl=31" ;;
	*/mag-up)			echo "ip.src=$MAG ip.dst=$LMA .* in.src=$NODES:[0-9a-f:]* in.dst=$CN in.hl=31" ;;
	*/redirect)			echo "ip.src=$MAG ip.dst=$SMAG .* $tunnelled" ;;
	esac
}

# Network state gone, and what RCU and workqueues do after it too
remove() {
	local now last=0
	ip -n dut -batch - <<< $'link del in0\nlink del out0\nlink del out1' 2> /dev/null
	[ -d /sys/module/pmip ] && rmmod pmip
	ip netns del dut
	[ -d /sys/module/turn ] && rmmod turn
	while :; do
		now=$(awk '/^Slab/ { print $2 }' /proc/meminfo)
		[ $((last - now)) -gt -1000 ] && [ $((last - now)) -lt 1000 ] && break
		last=$now
		sleep 0.2
	done
}
