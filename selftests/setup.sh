#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# setup.sh demo|check|bench|load|debug|fuzz: installs the Debian packages that are missing, saying
# which.  Asks apt nothing when there are none.
set -u

packages=(
	gcc libc6-dev make pkg-config
	libev-dev libconfig-dev libhiredis-dev libfreeradius-dev libtalloc-dev
	libjansson-dev liblmdb-dev uthash-dev libmnl-dev libnl-3-dev libnl-genl-3-dev
	libsystemd-dev
	qemu-system-x86 busybox-static cpio kmod xz-utils
	iproute2 iputils-ping nftables procps tcpdump tshark jq mawk
)
series=(6.1)
case ${1-} in
demo)	;;
check)	packages+=(libcmocka-dev shellcheck sparse cppcheck clang-tidy
		linux-source-6.12 perl ethtool socat gojq
		python3 python3-yaml python3-jsonschema redis-tools
		freeradius bird2 systemd
		charon-systemd strongswan-swanctl strongswan-pki libstrongswan-standard-plugins)
	series+=(6.12) ;;
bench)	packages+=(linux-source-6.1 flex bison bc util-linux)
	series=() ;;
debug)	packages+=(linux-source-6.1 flex bison bc libelf-dev libcmocka-dev valgrind
		ethtool socat gojq python3 redis-tools bird2 util-linux)
	series=() ;;
load)	packages+=(util-linux)
	series=() ;;
fuzz)	packages+=(libcmocka-dev clang libclang-rt-dev llvm)
	series=() ;;
*)	echo 'usage: setup.sh demo|check|bench|load|debug|fuzz' >&2
	exit 2 ;;
esac

installed=$(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' "${packages[@]}" \
	2> /dev/null | sed -n 's/^ii *//p')
missing=()
for package in "${packages[@]}"; do
	grep -qxF "$package" <<< "$installed" || missing+=("$package")
done
kernels=()
for kernel in "${series[@]}"; do
	"$(dirname "$0")/vm/kernels" "$kernel" > /dev/null 2>&1 || kernels+=("$kernel")
done
[ ${#missing[@]} -eq 0 ] && [ ${#kernels[@]} -eq 0 ] && exit 0

command -v apt-get > /dev/null || {
	echo "setup: no apt-get here; needed are ${missing[*]}" \
		"and Linux ${kernels[*]}, with headers, as Debian 12 has them" >&2
	exit 1
}
sudo=()
if [ "$(id -u)" != 0 ]; then
	command -v sudo > /dev/null || {
		echo 'setup: to install packages, run this as root or install sudo' >&2
		exit 1
	}
	sudo=(sudo)
fi

echo 'setup: apt-get update'
"${sudo[@]}" apt-get -o DPkg::Lock::Timeout=300 -qq update || {
	echo 'setup: apt cannot read its package lists' >&2
	exit 1
}

# Debian's signed image of a series, neither real-time nor cloud
newest() { # SERIES
	case $1 in
	6.1)	pattern='^linux-image-6\.1\.0-[0-9]+-amd64$' ;;
	6.12)	pattern='^linux-image-6\.12\.[0-9.]+\+deb12-amd64$' ;;
	esac
	apt-cache pkgnames linux-image-6.1 | grep -E "$pattern" | sort -V | tail -n 1
}
for kernel in "${kernels[@]}"; do
	image=$(newest "$kernel")
	if [ -z "$image" ]; then
		echo "setup: apt knows no linux-image package of Linux $kernel for Debian 12;" \
			"is bookworm's main archive with its security updates enabled?" >&2
		exit 1
	fi
	missing+=("$image" "${image/image/headers}")
done

# FreeRADIUS comes with the library's headers; its package would start a server on this host,
# and so would those of BIRD and strongSwan
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	trap '"${sudo[@]}" rm -f "$policy"' EXIT
	trap 'exit 1' INT TERM
	printf '#!/bin/sh\ncase $1 in freeradius* | bird* | strongswan*) exit 101 ;; esac\n' |
		"${sudo[@]}" tee "$policy" > /dev/null
	"${sudo[@]}" chmod 755 "$policy"
fi

echo "setup: installing ${missing[*]}"
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get \
	-o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -qq -y --no-install-recommends \
	install "${missing[@]}" < /dev/null || {
	echo 'setup: apt could not install them' >&2
	exit 1
}
