#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The unit: systemd reads it without a complaint, finds it as closed as the documentation says,
# and it has what the daemon cannot do without.
#
# Shows: SECURITY.md: "a systemd unit that takes from pmipd what it does not need", and the
# exposure level that Documentation/security.rst states
set -u
source "$(dirname "$0")/lib.sh"
trap finish EXIT
trap 'exit 1' INT TERM
for n in pmipd systemd-analyze; do
	command -v $n > /dev/null || skip "needs $n"
done

# As installed, where the programs are
unit=$tmp/pmipd.service
sed "s|@SBINDIR@|$build/ctl|" "$top/ctl/systemd/pmipd.service.in" > "$unit"
# Other units of this host are none of ours
is "systemd has nothing to complain of" \
	"$(systemd-analyze verify --man=no "$unit" 2>&1 | grep -F pmip)" ''
sed 's/^Type=/Tpye=/' "$unit" > "$tmp/pmipx.service"
has "but of what is wrong" "$(systemd-analyze verify --man=no "$tmp/pmipx.service" 2>&1)" "'Tpye'"

level=$(systemd-analyze security --offline=true --no-pager "$unit" 2>&1 |
	sed -n 's/.*exposure level for pmipd.service: \([0-9.]*\).*/\1/p')
is "its exposure level is the documented one" "$level" \
	"$(sed -n 's/.*exposure level \([0-9.]*[0-9]\).*/\1/p' "$top/Documentation/security.rst")"

line() { grep -cxF "$1" "$unit"; }
for l in User=pmip Type=notify NoNewPrivileges=yes ProtectSystem=strict KillMode=process \
	"AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW" \
	"CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW"; do
	is "$l" "$(line "$l")" 1
done

# ---- the defaults of daemon and command line are where the service can write ----
has "control socket" "$(grep -h '"/run/pmipd/control"' "$top"/ctl/conf/conf.c "$top"/ctl/cli/cli.h)" \
	'c->control' CLI_SOCKET
is "RuntimeDirectory=pmipd" "$(line RuntimeDirectory=pmipd)" 1
is "which outlives it" "$(line RuntimeDirectoryPreserve=yes)" 1
has "state directory" "$(grep -h 'define STATE_DIR' "$top/ctl/conf/conf.c")" '"/var/lib/pmipd"'
is "StateDirectory=pmipd" "$(line StateDirectory=pmipd)" 1
is "its user is made" "$(awk '$1 == "u" { print $2 }' "$top/ctl/systemd/pmip.sysusers")" pmip
[ "$FAILED" = 0 ]
