# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# oddwork.sh - what is done on servers that are odd, to see that all works with
# them: for scripts that are not about one call alone.

# many_names N: makes as many files in $EXP/many.
many_names() {
	mkdir "$EXP/many"
	(cd "$EXP/many" && seq -f 'name-%.0f' 1 "$1" | xargs touch)
	ls -f "$EXP/many" | sort >/tmp/names.server
}

# works [IGNORE]: ordinary work, its result as the server sees it. Times of
# NFSv2 are in microseconds.
works() {
	local ignore=${1:-}

	! is_v2 || ignore+=t
	want_ok "$(helper workload)" "$MNT" "$EXP" "$ignore"
	rm -rf "$EXP/work"
}

# lists_all: a listing has all names, also the second time, from a cache.
lists_all() {
	local i

	for i in 1 2; do
		ls -f "$MNT/many" | sort >/tmp/names.client
		want_same /tmp/names.server /tmp/names.client
	done
}
