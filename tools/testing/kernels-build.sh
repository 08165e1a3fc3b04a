# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by kernels.sh: the two kernels that are made here, from source.

UML_CONFIG=$SNFS_TESTING/uml.config
UML_PATCH=$SNFS_TESTING/uml-stacktrace.patch

# The options of uml.config, without comments and in a fixed order.
uml_options() {
	grep -E '^(CONFIG_|# CONFIG_.* is not set)' "$UML_CONFIG" | LC_ALL=C sort -u
}

# What decides whether a built UML kernel is still the wanted one.
uml_key() {
	[ -s "$(facts 7.2)" ] || return 0
	echo "$(fact 7.2 release)-$({ uml_options && cat "$UML_PATCH"; } | sha256sum | cut -c 1-12)"
}

# unset_options CONFIG: options of uml.config that olddefconfig did not keep.
unset_options() {
	local option

	uml_options | while read -r option; do
		case $option in
		"# "*) ! grep -q "^$(echo "$option" | cut -d ' ' -f 2)=" "$1" || echo "$option" ;;
		*) grep -qxF "$option" "$1" || echo "$option" ;;
		esac
	done
}

# Cannot go on in a half-configured kernel: a check that is silently off finds nothing.
uml_configure() {
	local build=$1 source=$2 lost

	make -C "$source" O="$build" ARCH=um defconfig || return
	cat "$UML_CONFIG" >>"$build/.config"
	make -C "$source" O="$build" ARCH=um olddefconfig || return
	lost=$(unset_options "$build/.config")
	[ -z "$lost" ] || {
		echo "options that $source does not take:"
		echo "$lost"
		return 1
	}
}

# modprobe then knows what is built in, and what little is not.
uml_modules() {
	make -C "$1" ARCH=um INSTALL_MOD_PATH="$2" modules_install
}

# A tree of our own, of links to that of 7.2: what is patched is written anew.
uml_source() {
	cp -al "$1" "$2" && patch -s -p 1 -d "$2" <"$UML_PATCH"
}

uml_kernel() {
	local key dir build source

	fetch 7.2
	key=$(uml_key)
	dir=$SNFS_CACHE/kernels/uml/$key
	build=$dir/build
	source=$dir/source
	rm -rf "$dir"
	mkdir -p "$build"
	quietly "$dir/source.log" uml_source "$(fact 7.2 source)" "$source"
	say "building UML from $(fact 7.2 release), some 6 to 10 minutes (log: $dir/make.log)"
	quietly "$dir/configure.log" uml_configure "$build" "$source"
	quietly "$dir/make.log" nice make -C "$build" ARCH=um -j"$(nproc)" linux modules
	quietly "$dir/modules.log" uml_modules "$build" "$dir"
	cat >"$dir/facts" <<-END
		build=$build
		image=$build/linux
		modules=$(echo "$dir"/lib/modules/*)
		source=$source
		release=$(cat "$build/include/config/kernel.release")
		key=$key
	END
	publish uml "$key"
}

# Debian's 7.2 headers need trixie's libc and compiler, so the source is prepared
# with this machine's, under Debian's configuration and symbol list. Modules built
# with it are for compiling and linking only.
prepared_kernel() {
	local package version headers dir build tree

	apt_use trixie-backports
	package=$(newest_source)
	version=$(apt_version "$package")
	[ -n "$version" ] || die "no linux-source-7.x in trixie-backports"
	headers=$(apt-cache pkgnames "linux-headers-${version%%-*}+" | grep -x '.*deb[0-9]*-amd64')
	dir=$SNFS_CACHE/kernels/7.2/$version
	build=$dir/build
	rm -rf "$dir"
	apt_unpack "$dir/package" "$package" "$headers"
	mkdir -p "$build"
	tar -C "$dir" -xf "$dir/package/usr/src/$package.tar.xz"
	tree=$dir/$package
	cp "$dir/package/usr/src/$headers/.config" "$dir/package/usr/src/$headers/Module.symvers" "$build/"
	rm -rf "$dir/package"
	quietly "$dir/prepare.log" prepare_tree "$tree" "$build"
	cat >"$dir/facts" <<-END
		build=$build
		source=$tree
		release=${version%%-*}
	END
	publish 7.2 "$version"
}

prepare_tree() {
	make -C "$1" O="$2" olddefconfig &&
		nice make -C "$1" O="$2" -j"$(nproc)" modules_prepare
}
