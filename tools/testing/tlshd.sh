#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Makes $SNFS_CACHE/tlshd present: tlshd, which does TLS handshakes for the kernel,
# with its libraries down to libc. Debian 12 has none; this is Debian 13's, unpacked.
set -eu
. "$(dirname "$0")/cache.sh"
. "$(dirname "$0")/apt.sh"

# needed PACKAGE: it, and all it depends on.
needed() {
	apt-cache depends --recurse --important --no-recommends --no-suggests --no-conflicts \
		--no-breaks --no-replaces --no-enhances "$1" | grep '^[a-z]' | sort -u
}

fetch() {
	local dir=$SNFS_CACHE/tlshd packages

	[ ! -x "$dir/usr/sbin/tlshd" ] || return 0
	apt_use trixie
	packages=$(needed ktls-utils)
	rm -rf "$dir.new"
	# shellcheck disable=SC2086 # a list
	apt_unpack "$dir.new" $packages
	rm -rf "$dir.new/usr/share"
	mv "$dir.new" "$dir"
}

with_lock tlshd fetch
