# SPDX-License-Identifier: GPL-2.0
#
# Of what kmemleak has found, prints the module's; status 1 if there is any.  What the
# kernel itself forgets when its own allocations fail is not the module's: it does so with
# the name of a cache that has no place in sysfs.  Once a module has gone its functions in a
# trace are numbers.
BEGIN { RS = "unreferenced object" }
{ ours = /\[pmip\]|\] 0xffffffff/ && !/sysfs_slab_add/ }
ours { print; found = 1 }
!ours && NF { others++ }
END {
	if (others)
		print "note: the kernel leaked", others, "objects of its own"
	exit found
}
