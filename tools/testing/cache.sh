# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by the other scripts here: where caches live, and how to stop.

SNFS_TESTING=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
SNFS_TREE=$(cd "$SNFS_TESTING/../.." && pwd -P)
SNFS_CACHE=${SNFS_CACHE:-${HOME:-/root}/.cache/snfs}
export SNFS_TREE SNFS_CACHE

# Debian's tools live in /usr/sbin too, which a user's PATH may lack.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

say() {
	echo "${0##*/}: $*" >&2
}

# with_lock NAME COMMAND...: run COMMAND while nobody else holds NAME. It is not
# called under a condition here, so that "set -e" holds inside of COMMAND.
with_lock() {
	local lock=$SNFS_CACHE/lock/$1 fd status

	shift
	mkdir -p "${lock%/*}"
	exec {fd}>"$lock"
	flock "$fd"
	"$@" {fd}>&-
	status=$?
	exec {fd}>&-
	return "$status"
}

# quietly LOG COMMAND...: COMMAND's output goes to LOG, its end is shown if it fails.
# A function run this way must look at each status itself: "set -e" is off in it.
quietly() {
	local log=$1

	shift
	mkdir -p "${log%/*}"
	"$@" >"$log" 2>&1 && return
	tail -n 40 "$log" >&2
	say "failed: $* (log: $log)"
	return 1
}
