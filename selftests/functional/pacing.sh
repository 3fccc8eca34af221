#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: a packet's time of arrival does not become its time of departure: a
# queue that paces (sch_fq) lets it go at once, in both directions.
source "$(dirname "$0")/lib.sh"
topo_chain

paced() { # NETNS DEV
	tc -n "$1" qdisc replace dev "$2" root fq horizon 1ms horizon_drop
}
paced lma core || skip "no sch_fq"
paced pmag core
paced pmag acc
# ping asks the kernel for times of arrival
works "CN reaches the node through paced queues" \
	in_ns cn ping -c 5 -i 0.2 -W 2 "$MN"
for where in lma:core pmag:core pmag:acc; do
	is "no packet waits for another time at $where" "$(tc -n "${where%:*}" \
		-s -j qdisc show dev "${where#*:}" | jq '.[0].drops')" 0
done
