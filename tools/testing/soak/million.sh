#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A directory of a million entries: all are listed, each once, and listing it
# needs no more memory than listing a small one.
# kernels: uml 6.12
# timeout: 1200
# soak

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

ENTRIES=${ENTRIES:-1000000}

# Beyond what a directory's cache may keep (4 MiB) and what the reading takes
MAX_KIB=32768

# available: KiB that could be had.
available() {
	awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo
}

# lowest_available COMMAND ARG...: runs it; prints the least that was left.
lowest_available() {
	local least now

	least=$(available)
	"$@" &
	while kill -0 $! 2>/dev/null; do
		now=$(available)
		[[ $now -ge $least ]] || least=$now
		sleep 0.5
	done
	wait $! || fail "'$*' failed"
	echo "$least"
}

count_names() {
	ls -f1 "$MNTS/ext/d" | wc -l >/tmp/count
}

lists_flat() {
	local before least

	drop_caches
	before=$(available)
	least=$(lowest_available count_names)
	want_eq "entries with . and .." $((ENTRIES + 2)) "$(</tmp/count)"
	note "$((before - least)) KiB less while listing"
	want_max "KiB that listing needs" $MAX_KIB $((before - least))
}

each_once() {
	ls -f1 "$MNTS/ext/d" | sort -T "$SRV" | uniq -d | head >/tmp/twice
	want_eq "names that come twice" "" "$(</tmp/twice)"
	want_eq "entries, with telldir and seekdir" "$ENTRIES" \
		"$("$(helper walkdir)" "$MNTS/ext/d")"
}

few_inodes() {
	[[ -r /proc/slabinfo ]] || { skip "no slabinfo"; return; }
	want_max "inodes of the client" 20000 \
		"$(awk '$1 == "snfs_inode" { print $2 }' /proc/slabinfo)"
}

e2e_server
export_ext4 ext 192 || bail "no ext4 export"
client_mount ext "$MNTS/ext" || bail "the mount fails"
mkdir "$SRV/ext/d"
"$(helper manylinks)" "$SRV/ext/d" "$ENTRIES" || bail "no entries"
t "$ENTRIES entries are listed in little memory" lists_flat
t "the client keeps few inodes" few_inodes
t "again, in as little" lists_flat
t "each comes once, also after seeking" each_once
e2e_run
