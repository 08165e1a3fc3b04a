#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Build snfs.ko, and for uml the KUnit modules, in a copy of the tree.
#
#   build.sh [-s] [-c DIR] NAME [make arguments]   build for 6.1, 6.12, 7.2 or uml
#   build.sh -p NAME                               print where the build is
#
# Each kernel has a copy of its own below the cache, so that builds disturb
# neither each other nor the tree. -s is the strict build of "make check": from
# scratch, with sparse, and any warning about our files is a failure. -c puts the
# modules into DIR too, for who must not see them change under his feet.
set -eu
set -o pipefail
. "$(dirname "$0")/cache.sh"

strict=0 print=0 results=''
while getopts spc: option; do
	case $option in
	s) strict=1 ;;
	p) print=1 ;;
	c) results=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || die "usage: build.sh [-s|-p] [-c DIR] NAME [make arguments]"
name=$1
shift

copy=$SNFS_CACHE/build/$name-$(echo "$SNFS_TREE" | sha256sum | cut -c 1-8)
[ "$print" = 0 ] || {
	echo "$copy"
	exit
}
log=$copy.log

# Only sources travel; what was built here stays, for make to judge by its age. A
# changed file gets the time of its copying: with its own, one edited while a build
# of the older state was under way would count as built already.
copy_tree() {
	mkdir -p "$copy"
	rsync -rlpc --delete --delete-excluded --filter='P *.o' --filter='P *.ko' --filter='P *.mod*' \
		--filter='P .*.cmd' --filter='P *.symvers' --filter='P modules.order' \
		--filter='P *.o.d' --filter='P .tmp*' \
		--exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
		--exclude='.*.cmd' --exclude='Module.symvers' --exclude='modules.order' \
		"$SNFS_TREE"/{Kbuild,fs,include,kunit} "$copy/"
}

copy_results() {
	local module

	mkdir -p "$results/kunit"
	while read -r module; do
		module=${module#"$copy/"}
		cp "$copy/${module%.*}.ko" "$results/${module%.*}.ko"
	done <"$copy/modules.order"
}

kernel_make() {
	local build arguments=(W=1)

	build=$("$SNFS_TESTING/kernels.sh" path "$name" build)
	case $name in
	uml) arguments+=(ARCH=um) ;;
	# This Debian's sparse knows no __typeof_unqual__, for want of which 7.2 skips the
	# check, and no constant __builtin_strlen, on which MODULE_INFO's assertion stands.
	7.2) arguments+=("CHECK=sparse -D__typeof_unqual__=__typeof__ '-D__builtin_strlen(s)=(sizeof(s)-1)'") ;;
	esac
	make -C "$build" M="$copy" "${arguments[@]}" "$@"
}

# Warnings from the log that count: the compiler's and modpost's wherever they
# are, sparse's if they point into our files. Kernel headers have some of their own.
our_warnings() {
	sed "s,$copy/,,g" "$log" | grep -E '(warning|error|WARNING|ERROR):|sparse is not available' |
		grep -vE '^warning: the compiler differs|^(\./|/)[^ ]*: (warning|error): [^[]*$' || true
}

build() {
	local warnings

	copy_tree
	[ "$strict" = 0 ] || kernel_make clean >/dev/null 2>&1
	if ! kernel_make -j"$(nproc)" "$@" modules >"$log" 2>&1; then
		grep -E -A6 '(error|ERROR):|\*\*\*' "$log" >&2 || tail -n 40 "$log" >&2
		die "$name: build failed (log: $log)"
	fi
	warnings=$(our_warnings)
	[ -z "$warnings" ] || echo "$warnings" >&2
	[ "$strict" = 0 ] || [ -z "$warnings" ] || die "$name: warnings (log: $log)"
	[ -z "$results" ] || copy_results
}

"$SNFS_TESTING/kernels.sh" fetch "$name"
[ "$strict" = 0 ] || set -- C=2 CF=-D__CHECK_ENDIAN__ "$@"
with_lock "build-${copy##*/}" build "$@"
