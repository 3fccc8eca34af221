#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Timeout: 20
# What the tests take for a complaint of the kernel, and what for no fault of the project's:
# each log is judged by what judges those of the machines.
#
# Shows: no sentence of an RFC: that a fault of the module fails the test that met it
set -u
source "$(dirname "$0")/lib.sh"
trap finish EXIT
trap 'exit 1' INT TERM

judge() { awk -f "$top/selftests/functional/complaints.awk" > "$tmp/out"; }
noticed() { if judge; then ok "noticed: $1"; else bad "not noticed: $1"; fi; }
passed() { if judge; then bad "complained of: $1: $(< "$tmp/out")"; else ok "passed over: $1"; fi; }

forced() { # [END]
	cat <<-EOT
	FAULT_INJECTION: forcing a failure.
	name failslab, interval 1, probability 0, space 0, times 0
	Call Trace:
	 <TASK>
	 dump_stack_lvl+0x34/0x48
	${1- </TASK>}
	EOT
}

race() { # MODULE [END]
	cat <<-EOT
	BUG: KCSAN: data-race in a / b
	read to 0xffff888003ee6d60 of 8 bytes by task 1 on cpu 0:
	 a+0x10/0x20${1:+ [$1]}
	${2-==================================================================}
	EOT
}

rcu() { # FILE
	cat <<-EOT
	WARNING: suspicious RCU usage
	$1:1234 RCU-list traversed in non-reader section!!
	 </TASK>
	EOT
}

passed "nothing" < /dev/null
passed "what other programs say" <<< 'systemd[1]: Reached target Multi-User System.'
noticed "KASAN" <<< 'BUG: KASAN: use-after-free in pmip_x+0x1/0x2 [pmip]'
noticed "a warning" <<< 'WARNING: CPU: 0 PID: 1 at kmod/flow.c:1 pmip_x+0x1/0x2 [pmip]'
noticed "a reference that is left" <<< 'unregister_netdevice: waiting for lo to become free'
noticed "a race of the module" < <(race pmip)
noticed "a race of the module, where the log ends" < <(race pmip '')
passed "a race of the kernel" < <(race '')
noticed "RCU" < <(rcu kmod/flow.c)
noticed "RCU, where the log ends" < <(rcu kmod/flow.c | head -n 2)
passed "RCU of nf_tables" < <(rcu net/netfilter/nf_tables_api.c)
passed "an allocation that was to fail" < <(forced)
noticed "a complaint after it" < <(forced; echo 'BUG: KASAN: use-after-free in x')
noticed "a complaint after one whose end is lost" < <(forced ''; echo 'BUG: KASAN: use-after-free in x')

leaked() { # FUNCTION...
	printf 'unreferenced object 0xffff888003ee6d60 (size 64):\n  backtrace:\n'
	printf '    [<0000000000000000>] %s\n' "$@"
}
leaks() { awk -f "$top/selftests/debug/leaks.awk" > "$tmp/out"; }

leaked 'kmalloc_trace+0x27/0xa0' 'pmip_x+0x1/0x2 [pmip]' | leaks && bad "a leak is not noticed"
has "a leak is the module's" "$(< "$tmp/out")" pmip_x
leaked 'kmalloc_trace+0x27/0xa0' 0xffffffffa0001234 | leaks && bad "its leak is not noticed"
has "as is that of a module that has gone" "$(< "$tmp/out")" 0xffffffffa0001234
leaked 'kmalloc_trace+0x27/0xa0' 'sysfs_slab_add+0x1/0x2' 0xffffffffa0001234 | leaks ||
	bad "what the kernel forgets counts: $(< "$tmp/out")"
has "that of the kernel is told" "$(< "$tmp/out")" 'the kernel leaked 1 objects of its own'
[ "$FAILED" = 0 ]
