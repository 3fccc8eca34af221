#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What an operator meets first: the sample configurations, --check, and errors that
# say where; every key of the parsers is in the manual page.
#
# Shows: pmipd(8): "--check: read configuration and policy, say what is wrong, and
# stop"; pmipd.conf(5): errors are "file:line: key: what"
set -u
source "$(dirname "$0")/lib.sh"
trap 'rm -rf "$tmp"' EXIT
command -v pmipd > /dev/null || skip "pmipd is not built"
samples=$top/Documentation/samples
man=$top/Documentation/man

# ---- the samples, with the policy that lies beside them ----
for role in lma mag; do
	sed "s|/etc/pmip/policy.conf|$samples/policy.conf|; s|/run/pmipd/control|$tmp/$role.sock|
		s|/var/lib/pmipd|$tmp/$role|" "$samples/pmipd-$role.conf" > "$tmp/$role.conf"
	is "the sample for the ${role^^} is sound" "$(pmipd --check -f "$tmp/$role.conf" 2>&1; echo $?)" 0
	is "and nothing was started for it" "$(compgen -G "$tmp/$role.sock"; compgen -G "$tmp/$role")" ''
done

# ---- what is wrong, and where ----
# wrong WHAT FILE LINE WORDS...: status 1 and "FILE:LINE: KEY..."
wrong() {
	local what=$1 line=$2 out status
	shift 2
	out=$(pmipd --check -f "$tmp/bad.conf" 2>&1)
	status=$?
	is "$what: the exit status" $status 1
	has "$what" "$out" ":$line: $1"
	is "$what: in one line" "$(wc -l <<< "$out")" 1
}
edit() { sed "$1" "$tmp/lma.conf" > "$tmp/bad.conf"; }
line_of() { grep -nE "$1" "$tmp/bad.conf" | head -n 1 | cut -d: -f1; }
edit 's/max-lifetime = 3600/max-lifetime = "long"/'
wrong "a value of another type" "$(line_of max-lifetime)" lma.max-lifetime:
edit 's/max-lifetime/max-lifetimes/'
wrong "a key that is none" "$(line_of max-lifetimes)" lma.max-lifetimes:
edit 's/missing-allowed = 3/missing-allowed = 0/'
wrong "a number out of its range" "$(line_of missing-allowed)" heartbeat.missing-allowed:
edit 's/address = "2001:db8:0:1::1"/address = "2001:db8::g"/'
wrong "an address that is none" "$(line_of 'address =')" lma.address:
edit 's/log-level = "info";/log-level = ;/'
wrong "what cannot be parsed" "$(line_of log-level)" "syntax error"
has "the file is named" "$(pmipd --check -f "$tmp/bad.conf" 2>&1)" "$tmp/bad.conf:"
out=$(pmipd --check -f "$tmp/none.conf" 2>&1)
is "no such file" "$?" 1
has "no such file is named" "$out" "$tmp/none.conf"

# The policy is part of it, with its own name and line
sed 's/multihoming = "single"/multihoming = "many"/' "$samples/policy.conf" > "$tmp/policy.conf"
sed "s|$samples/policy.conf|$tmp/policy.conf|" "$tmp/lma.conf" > "$tmp/bad.conf"
out=$(pmipd --check -f "$tmp/bad.conf" 2>&1)
is "a bad policy: the exit status" $? 1
has "a bad policy" "$out" \
	"$tmp/policy.conf:$(grep -n many "$tmp/policy.conf" | cut -d: -f1): multihoming:"
edit 's/max-lifetime = 3600/max-lifetime = "long"/'
out=$(timeout 5 pmipd -f "$tmp/bad.conf" 2>&1)
is "started with it, it does not start" $? 1
has "and says the same" "$out" lma.max-lifetime:
pmipd -x > "$tmp/out" 2>&1
is "an option that is none: usage" $? 2

# ---- the manual ----
# The parsers' tables: KEY("key", ... or { "key", how to take it, ...
keys() {
	sed -nE 's/^\t*(KEY\(|\{ )"([a-z-]+)", *(([a-z0-9]+, [a-z_]+)|((conf_)?set_)).*/\2/p' "$@" | sort -u
}
documented() { # PAGE KEY...
	local page=$1 key
	shift
	for key in "$@"; do
		grep -qE "(^|[^a-z-])$key([^a-z-]|$)" <<< "$page" || bad "no word of $key in the manual"
	done
	ok "$# keys are in the manual"
}
page=$(sed 's/\\-/-/g' "$man/pmipd.conf.5")
mapfile -t all < <(keys "$top"/ctl/conf/*.c "$top/ctl/policy/file.c")
[ ${#all[@]} -ge 40 ] || bad "only ${#all[@]} keys found in the parsers"
documented "$page" "${all[@]}"
page=$(sed 's/\\-/-/g; s/\\fR//g; s/\\fB//g' "$man/pmipctl.8")
mapfile -t objects < <(sed -n 's/^const struct cli_object .* = { "\([a-z]*\)".*/\1/p' "$top"/ctl/cli/*.c)
[ ${#objects[@]} -ge 10 ] || bad "only ${#objects[@]} objects found"
documented "$page" "${objects[@]}"
[ "$FAILED" = 0 ]
