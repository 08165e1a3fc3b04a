#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Little memory, and little of it may be dirty: writers go on, and nothing is lost.
# kernels: uml 6.12
# timeout: 180

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

MIB=24

available() {
	awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo
}

# take_memory LEFT: a file in memory takes all but LEFT MiB, which files in the page cache share.
take_memory() {
	mkdir -p /tmp/taken
	mount -t tmpfs -o size=100% taken /tmp/taken
	at_end umount /tmp/taken
	dd if=/dev/zero of=/tmp/taken/file bs=1M count=$(($(available) - $1)) status=none
	note "$(available) MiB are left"
}

# limit_dirty NAME BYTES: until the end, when the ratio comes back
limit_dirty() {
	at_end "echo $(<"/proc/sys/vm/$1_ratio") >/proc/sys/vm/$1_ratio"
	echo "$2" >"/proc/sys/vm/$1_bytes"
}

# Three writers and a mapping, each of a file of its own, all larger than what may be dirty.
writers() {
	local i pids=()

	for i in 1 2 3; do
		pattern $((MIB << 20)) "$i" | limit 300 dd of="$MNT/file$i" bs=100k \
			conv=notrunc iflag=fullblock status=none &
		pids+=($!)
	done
	limit 300 xfs_io -c "mmap -rw 0 ${MIB}m" -c "mwrite -S 0x5a 0 ${MIB}m" -c 'msync -s' \
		"$MNT/file4" &
	pids+=($!)
	for i in "${pids[@]}"; do
		wait "$i" || fail "a writer ended with $?"
	done
}

contents() {
	local i

	for i in 1 2 3; do
		pattern $((MIB << 20)) "$i" | cmp - "$EXP/file$i" || fail "file$i on the server"
		pattern $((MIB << 20)) "$i" | cmp - "$MNT/file$i" || fail "file$i"
	done
	want_eq "bytes stored by mapping" $((MIB << 20)) "$(tr -dc Z <"$EXP/file4" | wc -c)"
	want_same "$EXP/file4" "$MNT/file4"
}

# The server's memory is ours too, so it has its share before memory is short.
e2e_setup "" 200m
for i in 1 2 3 4; do
	dd if=/dev/zero of="$EXP/file$i" bs=1M count=$MIB status=none
done
drop_caches
take_memory 70
limit_dirty dirty_background $((1 << 20))
limit_dirty dirty $((2 << 20))
t "writers go on" writers
t "nothing is lost" contents
e2e_run
