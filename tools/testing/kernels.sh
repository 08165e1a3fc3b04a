#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernels that snfs is built and tested against, kept in the cache.
#
#   kernels.sh fetch NAME...      make NAME present: 6.1 6.12 7.2 uml source
#   kernels.sh path NAME WHAT     print a path: build image modules source release
#   kernels.sh update NAME...     as fetch, but look for a newer package first
#
# 6.1 and 6.12 are Debian's binary kernels, unpacked and not installed. 7.2 is a
# prepared source tree to compile and link against, not to boot. uml is a User
# Mode Linux kernel built from the same tree, and source is that of 6.12.
set -eu
set -o pipefail
. "$(dirname "$0")/cache.sh"
. "$(dirname "$0")/apt.sh"
. "$(dirname "$0")/kernels-build.sh"

# Where the facts about a present kernel are: lines "what=path".
facts() {
	echo "$SNFS_CACHE/kernels/$1/current/facts"
}

usage() {
	sed -n '5,7s/^# *//p' "$0" >&2
	exit 2
}

# present NAME: a usable NAME is in the cache.
present() {
	[ -s "$(facts "$1")" ] || return 1
	[ "$1" != uml ] || [ "$(fact uml key)" = "$(uml_key)" ]
}

# fact NAME WHAT
fact() {
	sed -n "s,^$2=,,p" "$(facts "$1")" 2>/dev/null
}

# publish NAME VERSION: the finished kernels/NAME/VERSION becomes the current one.
publish() {
	ln -sfn "$2" "$SNFS_CACHE/kernels/$1/.new"
	mv -T "$SNFS_CACHE/kernels/$1/.new" "$SNFS_CACHE/kernels/$1/current"
	say "$1 is ready ($2)"
}

# Debian's headers find their common part by an absolute path: make it ours.
relocate_headers() {
	local dir=$1 build=$2

	sed -i "s,\([[:space:]=]\)/usr/\(src\|lib\)/,\1$dir/usr/\2/,g" "$build/Makefile"
	! grep -qE '[[:space:]=]/usr/(src|lib)/linux' "$build/Makefile"
}

# binary_kernel NAME SUITE: Debian's image and headers packages.
binary_kernel() {
	local name=$1 image headers packages version dir release

	apt_use "$2"
	image=$(apt_needs linux-image-amd64 '^linux-image-[0-9]')
	headers=$(apt_needs linux-headers-amd64 '^linux-headers-[0-9]')
	packages=$(apt_needs "$headers" '^linux-(headers|kbuild)-[0-9]')
	version=$(apt_version "$image")
	case $version in
	"$name".*) ;;
	*) die "$2 has linux-image-amd64 $version, not $name" ;;
	esac

	dir=$SNFS_CACHE/kernels/$name/$version
	rm -rf "$dir"
	# shellcheck disable=SC2086 # a list of package names
	apt_unpack "$dir" "$image" "$headers" $packages
	release=$(basename "$dir"/lib/modules/*)
	relocate_headers "$dir" "$dir/usr/src/linux-headers-$release"
	depmod -b "$dir" "$release"
	cat >"$dir/facts" <<-END
		build=$dir/usr/src/linux-headers-$release
		image=$dir/boot/vmlinuz-$release
		modules=$dir/lib/modules/$release
		release=$release
	END
	publish "$name" "$version"
}

# fetch_source NAME SUITE PACKAGE: an unpacked linux-source package.
fetch_source() {
	local name=$1 package=$3 version dir tree

	apt_use "$2"
	version=$(apt_version "$package")
	[ -n "$version" ] || die "no $package in $2"
	dir=$SNFS_CACHE/kernels/$name/$version
	rm -rf "$dir"
	apt_unpack "$dir/package" "$package"
	tree=$dir/$package
	tar -C "$dir" -xf "$dir/package/usr/src/$package.tar.xz"
	rm -rf "$dir/package"
	printf 'source=%s\nrelease=%s\n' "$tree" "$version" >"$dir/facts"
	publish "$name" "$version"
}

# The newest 7.x there is, 7.2 as long as backports carries it.
newest_source() {
	apt-cache pkgnames linux-source-7 | sort -V | {
		grep -x linux-source-7.2 || tail -n 1
	}
}

make_present() {
	case $1 in
	6.1) binary_kernel 6.1 bookworm ;;
	6.12) binary_kernel 6.12 bookworm-backports ;;
	source) fetch_source source bookworm-backports linux-source-6.12 ;;
	7.2) prepared_kernel ;;
	uml) uml_kernel ;;
	*) die "no kernel named $1: 6.1 6.12 7.2 uml source" ;;
	esac
}

fetch_locked() {
	present "$1" || make_present "$1"
}

fetch() {
	local name

	for name; do
		present "$name" || with_lock "kernel-$name" fetch_locked "$name"
	done
}

case ${1:-} in
fetch)
	[ $# -gt 1 ] || usage
	shift
	fetch "$@"
	;;
update)
	[ $# -gt 1 ] || usage
	shift
	for name; do
		with_lock "kernel-$name" make_present "$name"
	done
	;;
path)
	[ $# -eq 3 ] || usage
	present "$2" || die "$2 is not in the cache: run kernels.sh fetch $2"
	path=$(fact "$2" "$3")
	[ -n "$path" ] || die "$2 has no $3"
	echo "$path"
	;;
*) usage ;;
esac
