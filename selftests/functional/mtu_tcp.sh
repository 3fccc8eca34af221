#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: RFC 2473 §7.1: a TCP whose segments are too big for the tunnel learns so
# from Packet Too Big and goes on with smaller ones; where the tunnel fragments, it
# need not; nor do redirected packets get stuck in the second tunnel.
source "$(dirname "$0")/lib.sh"
topo_chain
icmp_often lma pmag

works "downwards, by Packet Too Big" xfer cn mn $MN 5001 2
in_ns cn ip -6 route flush cache	# or it offers to take small ones only
works "upwards, by Packet Too Big" xfer mn cn $CN 5002 2
within "the LMA had to say it" "$(drops lma too-big)" 1 1000
within "the PMAG too" "$(drops pmag too-big)" 1 1000

# The way between the MAGs is narrower than that from the LMA
in_ns cn ip -6 route flush cache
ip -n pmag -6 route add $SMAG/128 dev core mtu 1400
is "the tunnel between the MAGs has a smaller MTU" "$(tunnel pmag 2 mtu)" 1360
radio_off if1
works "redirected, by Packet Too Big of the PMAG" xfer cn mn $MN 5003 2
radio_on if1
ip -n pmag -6 route del $SMAG/128 dev core mtu 1400

in_ns cn ip -6 route flush cache
in_ns mn ip -6 route flush cache
ctl lma tunnel set id 1 fragment on
ctl pmag tunnel set id 1 fragment on
before=$(drops lma too-big)
works "downwards, in fragments" xfer cn mn $MN 5004 1
works "upwards, in fragments" xfer mn cn $CN 5005 1
is "nobody had to be told" "$(drops lma too-big)" "$before"
