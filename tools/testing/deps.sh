#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What building and testing needs from Debian. As root: installs what is missing.
# Otherwise: says the one command to run, and fails.
set -eu
. "$(dirname "$0")/cache.sh"

# To build modules and kernels; to boot guests; what runs in the guests, which
# see this machine's files; to check sources.
PACKAGES="gcc libc6-dev make perl python3 bc flex bison libelf-dev libssl-dev rsync cpio xz-utils
	kmod pahole qemu-system-x86 busybox-static
	libmount-dev autofs libnfs-utils
	nfs-kernel-server nfs-common keyutils rpcbind iproute2 acl attr e2fsprogs xfsprogs quota procps strace fio stress-ng
	nfs-ganesha nfs-ganesha-vfs krb5-kdc krb5-admin-server krb5-user openssl
	sparse shellcheck"

# Servers are for guests. Units of these packages must not run here, now or after a
# reboot. "PACKAGE UNIT..."
UNITS="nfs-kernel-server nfs-server.service nfs-kernel-server.service nfs-mountd.service nfs-idmapd.service
nfs-common nfs-blkmap.service rpc-statd.service
rpcbind rpcbind.service rpcbind.socket
autofs autofs.service
nfs-ganesha nfs-ganesha.service nfs-ganesha-lock.service
krb5-kdc krb5-kdc.service
krb5-admin-server krb5-admin-server.service"

missing() {
	local installed

	# shellcheck disable=SC2086 # a list
	installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' $PACKAGES 2>/dev/null |
		awk '$2 == "installed" { print $1 }')
	echo "$PACKAGES" | xargs -n 1 | grep -vxF "$installed"
}

# Units are masked before their packages come. A package that is here already is
# left as it is: its owner may want what it runs.
mask_units() {
	local package units unit

	[ -d /etc/systemd/system ] || return 0
	while read -r package units; do
		case " $1 " in
		*" $package "*) ;;
		*) continue ;;
		esac
		for unit in $units; do
			[ -L "/etc/systemd/system/$unit" ] || [ -e "/etc/systemd/system/$unit" ] ||
				ln -s /dev/null "/etc/systemd/system/$unit"
		done
		say "masked $units: systemctl unmask brings them back"
	done <<<"$UNITS"
}

# Package scripts ask this before they start anything.
forbid_services() {
	[ ! -e /usr/sbin/policy-rc.d ] || return 0
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
	chmod 755 /usr/sbin/policy-rc.d
	trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

install() {
	mask_units "$1"
	forbid_services
	quietly "$SNFS_CACHE/log/apt-update.log" apt-get -q update
	# shellcheck disable=SC2086 # a list
	DEBIAN_FRONTEND=noninteractive quietly "$SNFS_CACHE/log/apt-install.log" \
		apt-get -q -y install --no-install-recommends $1
}

wanted=$(missing | xargs || true)
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" != 0 ]; then
	say "missing: $wanted"
	say "run: sudo $0"
	exit 1
fi
say "installing $wanted"
with_lock deps install "$wanted"
