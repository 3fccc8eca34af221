# SPDX-License-Identifier: GPL-2.0
#
# Prints those lines of the kernel's log that complain; status 0 if there are any.
# A data race (KCSAN) is the project's if a module has part in it, for the debug
# kernels have no other: the kernel itself has races, which are printed as notes and
# do not count.
BEGIN {
	trouble = "BUG|WARNING:|Oops|UBSAN:|ODEBUG|unregister_netdevice: waiting" \
		"|general protection fault|refcount_t|scheduling while atomic" \
		"|Call Trace|blocked for more than|suspicious RCU|detected .*stalls" \
		"|leaked reference|reference already released" \
		"|new suspected memory leaks|kmemleak.*disabled"
}
# Told to by /proc/PID/fail-nth.  Callers then tell of it by a trace of their own,
# under which a real complaint has its title.
/FAULT_INJECTION: forcing a failure/ { forced = injected = 1 }
# Where the end of that is lost the next title is a complaint's all the same
forced && /BUG:|WARNING:|Oops|ODEBUG/ { forced = 0 }
forced {
	if (/<\/TASK>/)
		forced = 0
	next
}
# Linux 6.1 looks for a set, and for an element of one, under its mutex by a walk that is
# for RCU readers, and by another such for what to undo of a namespace that there was no
# memory for
/WARNING: suspicious RCU usage/ { rcu = 1; known = 0; text = "" }
rcu {
	text = text $0 "\n"
	if (/net\/netfilter\/(nf_tables_api|nft_set_bitmap)\.c:|net\/ipv4\/fib_frontend\.c:/)
		known = 1
	if (!/<\/TASK>/)
		next
	rcu = 0
	if (known) {
		print "note: suspicious RCU usage of the kernel itself"
	} else {
		printf "%s", text
		found = 1
	}
	next
}
/BUG: KCSAN:/ { race = 1; title = $0; ours = 0; text = "" }
race {
	text = text $0 "\n"
	# Not the kernel's own name, which each report has
	if (/ \[[a-z_]+\]/)
		ours = 1
	if (!/=====/)
		next
	race = 0
	if (ours) {
		printf "%s", text
		found = 1
	} else {
		print "note:" title
	}
	next
}
injected && /Call Trace/ { next }
$0 ~ trouble { print; found = 1 }
# Where the log ends within a report, that tells as far as it goes
END {
	if (rcu || (race && ours)) {
		printf "%s", text
		found = 1
	}
	exit !found
}
