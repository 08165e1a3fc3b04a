# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: packages of Debian suites that this machine is not subscribed to,
# fetched and unpacked below the cache. apt runs with a configuration of our
# own, made from the machine's sources, so that the system's apt stays as it is.

APT_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# apt_base SUITE: the mirror from which this machine gets SUITE, empty if none.
apt_base() {
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
		awk -v suite="$1" '$1 == suite { print $2; exit }'
}

apt_source() {
	printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' \
		"$2" "$1" "$APT_KEYRING"
}

# apt_sources SUITE: deb822 text for SUITE, with the mirrors of this machine.
apt_sources() {
	local host base security

	# shellcheck source=/dev/null
	host=$(. /etc/os-release && echo "$VERSION_CODENAME")
	base=$(apt_base "$host")
	[ -n "$base" ] || die "apt knows no mirror for Debian $host"
	security=$(apt_base "$host-security")

	apt_source "$1" "$base"
	case $1 in
	*-backports) ;;
	*) [ -z "$security" ] || apt_source "$1-security" "$security" ;;
	esac
}

# Under a lock, as two tracks may want one suite at once. Who comes second finds
# the lists fresh and leaves them alone, as the first reads them already.
apt_refresh() {
	[ -z "$(find "$1/updated" -mmin -60 2>/dev/null)" ] || return 0
	quietly "$1/update.log" apt-get -q update || return
	touch "$1/updated"
}

# apt_use SUITE: later apt-get and apt-cache calls of this shell see only SUITE.
apt_use() {
	local dir=$SNFS_CACHE/apt/$1

	mkdir -p "$dir/sources" "$dir/lists/partial" "$dir/cache/archives/partial"
	unset APT_CONFIG
	apt_sources "$1" >"$dir/sources/snfs.sources"
	cat >"$dir/apt.conf" <<-END
		Dir::Etc::SourceList "/dev/null";
		Dir::Etc::SourceParts "$dir/sources";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
		Dir::State::Lists "$dir/lists";
		Dir::Cache "$dir/cache";
		Acquire::Retries "3";
		Acquire::Languages "none";
		APT::Architecture "amd64";
		APT::Sandbox::User "root";
	END
	export APT_CONFIG=$dir/apt.conf
	with_lock "apt-$1" apt_refresh "$dir"
}

# apt_version PACKAGE: the version apt would take.
apt_version() {
	apt-cache policy "$1" | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# apt_needs PACKAGE REGEX: what PACKAGE directly depends on and matches REGEX.
apt_needs() {
	apt-cache depends --important "$1" | awk -v re="$2" '$1 ~ /Depends:/ && $2 ~ re { print $2 }'
}

# apt_unpack DIR PACKAGE...: download and unpack, without installing.
apt_unpack() {
	local dir=$1 debs

	shift
	debs=$(mktemp -d "$SNFS_CACHE/debs.XXXXXX")
	(cd "$debs" && quietly "$SNFS_CACHE/log/download.$$" apt-get -q download "$@") || {
		rm -rf "$debs"
		return 1
	}
	mkdir -p "$dir"
	local deb
	for deb in "$debs"/*.deb; do
		dpkg-deb -x "$deb" "$dir" || return 1
	done
	rm -rf "$debs"
}
