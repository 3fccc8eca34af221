#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows: to change forwarding state takes CAP_NET_ADMIN in the user namespace that
# owns the network namespace: a user is refused in the system's, also with what he has in a
# user namespace of his own, and allowed in one of his own; everybody may read.
source "$(dirname "$0")/lib.sh"
topo_bare lma

nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }
without() { in_ns lma setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$@"; }
add="tunnel add id 1 local $LMA remote $PMAG role lma-mag"
denied='not permitted|denied|[Pp]ermission'

# shellcheck disable=SC2086 # words
{
	works "root may" ctl lma $add
	refused "a user may not" "$denied" in_ns lma setpriv --reuid=65534 --regid=65534 \
		--clear-groups pmipctl tunnel set id 1 state down
	refused "nor root without CAP_NET_ADMIN" "$denied" without pmipctl tunnel set id 1 state down
	for verb in "tunnel del id 1" "binding add prefix $HNP path tunnel 1" \
		"binding del prefix $HNP" "link add dev lo type core" "purge generation 5" \
		"flow add node 1 fid 1 priority 1 bid 1" "flow del node 1 fid 1" \
		"hold set age 5" "hold release prefix $HNP to drop"; do
		refused "nor $verb" "$denied" without pmipctl $verb
	done
	is "nothing has changed" "$(tunnel lma 1 state)" up
	works "everybody may read" in_ns lma setpriv --reuid=65534 --regid=65534 --clear-groups \
		pmipctl tunnel show
	works "root of a namespace of his own may" nobody unshare -Urn \
		"$(command -v pmipctl)" $add
	works "and may have a pmip device there" nobody unshare -Urn ip link add pmip0 type pmip
	refused "but not in a namespace that is not his" "$denied" in_ns lma setpriv --reuid=65534 \
		--regid=65534 --clear-groups --inh-caps=-all unshare -Ur \
		"$(command -v pmipctl)" tunnel set id 1 state down
	refused "nor may he enter it with what he has in his own" "$denied" nobody unshare -Ur \
		nsenter --net=/run/netns/lma true
	works "a user with CAP_NET_ADMIN alone may" in_ns lma setpriv --reuid=65534 --regid=65534 \
		--clear-groups --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin \
		--bounding-set=-all,+net_admin pmipctl tunnel set id 1 state up
	is "and nothing has changed" "$(tunnel lma 1 state)" up
	is "which the system's does not see" "$(ctl lma -j stats | jq .kernel.tunnels)" 1
}
