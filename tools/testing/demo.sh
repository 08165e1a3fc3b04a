#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Shows snfs at work, in a virtual machine of its own: a stock Debian kernel, a
# real NFS server, the module built from this tree. Nothing touches this machine;
# kernel and builds are kept in the cache. KERNEL=6.1 takes the older kernel.
set -eu
set -o pipefail
. "$(dirname "$0")/cache.sh"

kernel=${KERNEL:-6.12}

bold() {
	[ -t 1 ] && printf '\033[1m%s\033[0m\n' "$*" || printf '%s\n' "$*"
}

bold "snfs: building the module for Debian's kernel $kernel"
"$SNFS_TESTING/kernels.sh" fetch "$kernel"
"$SNFS_TESTING/build.sh" "$kernel"
ko=$SNFS_CACHE/demo/snfs.ko
mkdir -p "${ko%/*}"
# A copy: the tree may be built again while the guest runs.
cp "$("$SNFS_TESTING/build.sh" -p "$kernel")/snfs.ko" "$ko"
echo "  $(modinfo -F description "$ko"), version $(modinfo -F version "$ko"), $(stat -c %s "$ko") bytes"
echo
bold "Booting that kernel in QEMU, by emulation (some 15 seconds)"
status=0
SNFS_KO=$ko "$SNFS_TESTING/run.sh" -b -t 300 "$kernel" "$SNFS_TESTING/demo/guest.sh" || status=$?
echo
if [ "$status" = 0 ]; then
	bold "The demo ended well. Next: make check, make bench, README.md"
else
	bold "The demo failed, status $status"
fi
exit "$status"
