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
	nfs-kernel-server nfs-common rpcbind iproute2 acl attr e2fsprogs xfsprogs quota procps strace fio stress-ng
	krb5-kdc krb5-admin-server krb5-user
	sparse shellcheck"

# The server is for guests. Units of these must not run here, now or after a reboot.
UNITS="nfs-server.service nfs-kernel-server.service nfs-blkmap.service nfs-mountd.service
	nfs-idmapd.service rpcbind.service rpcbind.socket rpc-statd.service"
KDC_UNITS="krb5-kdc.service krb5-admin-server.service"

missing() {
	local installed

	# shellcheck disable=SC2086 # a list
	installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' $PACKAGES 2>/dev/null |
		awk '$2 == "installed" { print $1 }')
	echo "$PACKAGES" | xargs -n 1 | grep -vxF "$installed"
}

# Services of packages that come new with us are masked before they come.
# mask_units "PACKAGE..." "UNIT...": unless one of the packages is there already.
mask_units() {
	local unit

	[ -d /etc/systemd/system ] || return 0
	# shellcheck disable=SC2086 # a list
	dpkg-query -W -f='${db:Status-Status}\n' $1 2>/dev/null | grep -qx installed && return 0
	for unit in $2; do
		[ -e "/etc/systemd/system/$unit" ] || ln -s /dev/null "/etc/systemd/system/$unit"
	done
	say "masked $(echo "$2" | xargs): systemctl unmask brings them back"
}

# Package scripts ask this before they start anything.
forbid_services() {
	[ ! -e /usr/sbin/policy-rc.d ] || return 0
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
	chmod 755 /usr/sbin/policy-rc.d
	trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

install() {
	mask_units "nfs-kernel-server rpcbind" "$UNITS"
	mask_units "krb5-kdc krb5-admin-server" "$KDC_UNITS"
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
