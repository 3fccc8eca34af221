#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Shows: the rules of Documentation/architecture.rst that a linker can check: a codec
# never allocates state, and the state machines never call a socket, a file or a
# clock: what they do to the world goes by struct env.
#
# Looks at what the sanitized objects ask of the C library.  Exit status: 0 pass, 1 fail,
# 4 skip.
set -u

top=$(cd "$(dirname "$0")/../../.." && pwd)
obj=${PMIP_BUILD:-$top/build}/unit/obj/ctl
status=0

command -v nm > /dev/null || { echo "skip: nm is not installed"; exit 4; }

# wanted FOLDER...: what its objects want of others and do not have themselves
wanted() {
	local d files=()

	for d in "$@"; do
		[ -n "$(compgen -G "$obj/$d/*.o")" ] || { echo "no objects in $obj/$d" >&2; return 1; }
		files+=("$obj/$d"/*.o)
	done
	nm -u "${files[@]}" | awk 'NF == 2 { print $2 }' | sort -u |
		grep -vE '^(__asan_|__ubsan_|_GLOBAL_OFFSET_TABLE_)'
}

# refuses WHAT REGEX FOLDER...
refuses() {
	local what=$1 regex=$2 all bad

	shift 2
	all=$(wanted "$@") || { status=1; return; }
	bad=$(grep -xE "$regex" <<< "$all")
	if [ -n "$bad" ]; then
		echo "fail: $what: $* call" $bad
		status=1
	else
		echo "pass: $what: $*"
	fi
}

memory='malloc|calloc|realloc|reallocarray|free|strn?dup|v?asprintf|mmap|posix_memalign|aligned_alloc'
clock='clock_gettime|gettimeofday|time|times|usleep|nanosleep|sleep|timerfd_.*|alarm|setitimer'
socket='socket|socketpair|bind|connect|listen|accept4?|send|sendto|sendmsg|sendmmsg|recv|recvfrom'
socket+='|recvmsg|recvmmsg|[gs]etsockopt|ioctl|poll|ppoll|select|pselect|epoll_.*|ev_.*|mnl_.*|nl_.*|genl_.*'
file='open|open64|openat|creat|fopen|fopen64|read|write|pread|pwrite|close|unlink|rename|mkdir|stat|fstat'
file+='|fputs|fputc|puts|printf|fprintf|vfprintf|fwrite|fread|getenv|system|popen|fork|exec.*'
chance='rand|random|srand|srandom|getrandom|getentropy|arc4random.*'

refuses "a codec allocates nothing" "$memory" mh nd
refuses "a codec has no input and output" "$clock|$socket|$file|$chance" mh nd
refuses "a state machine touches nothing but its environment" \
	"$clock|$socket|$file|$chance" flow revocation lma mag peer policy pair

# One way: what is below knows nothing of what is above
defined() { nm --defined-only "$obj/$1"/*.o | awk 'NF == 3 && $2 ~ /[TDBR]/ { print $3 }' | sort -u; }
below() { # FOLDER ABOVE...
	local folder=$1 d up

	shift
	for d in "$@"; do
		up=$(comm -12 <(wanted "$folder") <(defined "$d"))
		[ -z "$up" ] || { echo "fail: $folder calls" $up "of $d"; status=1; }
	done
	echo "seen: $folder is below $*"
}
below core mh nd peer policy flow revocation lma mag conf io cli
below mh nd peer policy flow revocation lma mag conf io cli
below nd mh peer policy flow revocation lma mag conf io cli
below peer policy flow revocation lma mag conf io cli
below policy peer flow revocation lma mag conf io cli
below pair mh nd peer policy flow revocation lma mag conf io cli
below flow peer policy revocation lma mag conf io cli
below revocation peer policy flow lma mag conf io cli
below lma mag conf io cli
below mag lma conf io cli
below conf io cli
exit $status
