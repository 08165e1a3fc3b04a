#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# File contents: read, write, append, truncate, holes, mappings, splice,
# O_DIRECT, fsync; the server's bytes are compared each time.
# kernels: 6.1 6.12
# timeout: 180

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

io() { # FILE COMMAND...: xfs_io commands on a file, made if absent
	local file=$1 command args=()

	shift
	for command; do
		args+=(-c "$command")
	done
	xfs_io -f "${args[@]}" "$file"
}

# both_do FILE COMMAND...: the same on the mount and on a local file; then
# the mount, the server and the local file are equal.
both_do() {
	local name=$1

	shift
	want_ok io "$MNT/$name" "$@"
	want_ok io "$REF/$name" "$@"
	want_same "$REF/$name" "$EXP/$name"
	want_same "$REF/$name" "$MNT/$name"
}

sizes() {
	local size

	for size in 1 3 4 4095 4096 4097 65535 65537 1048577; do
		pattern $size $size >"$MNT/size$size"
		pattern $size $size | cmp - "$EXP/size$size" ||
			fail "$size bytes differ on the server"
		want_stat %s $size "$MNT/size$size" "$EXP/size$size"
	done
	drop_caches
	for size in 1 3 4 4095 4096 4097 65535 65537 1048577; do
		want_same "$MNT/size$size" "$EXP/size$size"
	done
}

large_file() {
	pattern 20000003 5 >"$REF/large"
	want_ok cp "$REF/large" "$MNT/large"
	want_same "$REF/large" "$EXP/large"
	drop_caches
	want_same "$REF/large" "$MNT/large"
	rm "$MNT/large"
}

appends() {
	local i

	for i in {1..30}; do
		echo "line $i" >>"$MNT/log"
		echo "line $i" >>"$REF/log"
	done
	want_same "$REF/log" "$EXP/log"
	echo "from the server" >>"$EXP/log"
	echo "line 31" >>"$MNT/log"
	want_eq "last lines" "from the server line 31" \
		"$(tail -n 2 "$EXP/log" | tr '\n' ' ' | sed 's/ $//')"
}

overwrites() {
	both_do over 'pwrite -q -S 0x11 0 50000' 'pwrite -q -S 0x22 100 7' \
		'pwrite -q -S 0x33 4090 20' 'pwrite -q -S 0x44 49999 5000'
	drop_caches
	both_do over 'pwrite -q -S 0x55 8192 4096' 'pwrite -q -S 0x66 1 1' \
		'pwrite -q -S 0x77 12000 8000'
}

# A partial write into a page that is not in memory keeps its other bytes.
writes_into_cold_pages() {
	pattern 40000 3 >"$REF/cold"
	cp "$REF/cold" "$MNT/cold"
	drop_caches
	want_ok xfs_io -c 'pwrite -q -S 0x41 5000 10' "$MNT/cold"
	want_ok xfs_io -c 'pwrite -q -S 0x41 5000 10' "$REF/cold"
	want_same "$REF/cold" "$EXP/cold"
	drop_caches
	exec 5<>"$MNT/cold" 6<>"$REF/cold"
	printf abc >&5
	printf abc >&6
	exec 5>&- 6>&-
	want_same "$REF/cold" "$EXP/cold"
	want_same "$REF/cold" "$MNT/cold"
}

holes() {
	both_do hole 'pwrite -q -S 0x11 0 10' 'pwrite -q -S 0x22 1000000 10' \
		'pwrite -q -S 0x33 500000 1'
	want_stat %s 1000010 "$EXP/hole" "$MNT/hole"
	want_max "blocks of the sparse file" 64 "$(stat -c %b "$MNT/hole")"
}

truncates() {
	both_do trunc 'pwrite -q -S 0x5a 0 30000' 'truncate 10001'
	both_do trunc 'truncate 20002'
	want_stat %s 20002 "$MNT/trunc" "$EXP/trunc"
	both_do trunc 'truncate 0' 'pwrite -q -S 0x5b 10 10'
	both_do trunc 'pwrite -q -S 0x5c 0 9000' 'truncate 4097' \
		'truncate 12288' 'pwrite -q -S 0x5d 12000 10'
	truncate -s 5 "$MNT/trunc"
	want_stat %s 5 "$MNT/trunc" "$EXP/trunc"
}

# The bytes behind a shortened end are zero when the file grows again, also
# those that were dirty and those that were only mapped.
truncate_forgets() {
	both_do forget 'pwrite -q -S 0x77 0 8192' 'mmap -rw 0 8192' \
		'mwrite -S 0x78 0 8192' 'munmap' 'truncate 100' \
		'pwrite -q -S 0x79 6000 10'
}

over_4_gib() {
	! is_v2 || { skip "NFSv2 has 2 GiB"; return; }
	want_ok io "$MNT/huge" 'pwrite -q -S 0x11 4294967290 20' \
		'pwrite -q -S 0x22 9000000000 10'
	want_stat %s 9000000010 "$MNT/huge" "$EXP/huge"
	drop_caches
	want_eq "bytes across 4 GiB" "$(printf '\x11%.0s' {1..20} | od -An -tx1)" \
		"$(tail -c +4294967291 "$MNT/huge" | head -c 20 | od -An -tx1)"
	want_eq "bytes across 4 GiB on the server" \
		"$(printf '\x11%.0s' {1..20} | od -An -tx1)" \
		"$(tail -c +4294967291 "$EXP/huge" | head -c 20 | od -An -tx1)"
	want_eq "a hole" "$(head -c 16 /dev/zero | od -An -tx1)" \
		"$(tail -c +8000000001 "$MNT/huge" | head -c 16 | od -An -tx1)"
	want_eq "the end" "$(printf '\x22%.0s' {1..10} | od -An -tx1)" \
		"$(tail -c 10 "$MNT/huge" | od -An -tx1)"
	rm "$MNT/huge"
}

reads_at_end() {
	printf 12345 >"$MNT/end"
	want_eq "behind the end" 0 "$(tail -c +100 "$MNT/end" | wc -c)"
	exec 5<"$MNT/end"
	cat <&5 >/dev/null
	printf 67 >>"$EXP/end"
	sleep 0.1
	want_eq "opened again" 1234567 "$(cat "$MNT/end")"
	exec 5<&-
}

maps_shared() {
	local mapfile

	mapfile=$(helper mapfile)
	pattern 50000 8 >"$REF/map"
	cp "$REF/map" "$MNT/map"
	want_eq "bytes mapped" "$(tail -c +4001 "$REF/map" | head -c 300)" \
		"$("$mapfile" read "$MNT/map" 4000 300)"
	want_ok "$mapfile" shared "$MNT/map" 4090 "text across two pages"
	"$mapfile" shared "$REF/map" 4090 "text across two pages"
	want_same "$REF/map" "$EXP/map"
	drop_caches
	want_ok "$mapfile" shared "$MNT/map" 49990 "the end"
	"$mapfile" shared "$REF/map" 49990 "the end"
	want_same "$REF/map" "$EXP/map"
	want_same "$REF/map" "$MNT/map"
	want_ok "$mapfile" coherent "$MNT/map" 10 "coherent with write"
	want_same "$MNT/map" "$EXP/map"
	want_ok "$mapfile" beyond "$MNT/map"
}

# Stores through a mapping reach the server at munmap and close, no msync.
maps_without_msync() {
	want_ok io "$MNT/nosync" 'truncate 20000' 'mmap -rw 0 20000' \
		'mwrite -S 0x61 3000 9000' 'munmap'
	want_ok io "$REF/nosync" 'truncate 20000' 'mmap -rw 0 20000' \
		'mwrite -S 0x61 3000 9000' 'munmap'
	want_same "$REF/nosync" "$MNT/nosync"
	sync "$MNT/nosync"
	want_same "$REF/nosync" "$EXP/nosync"
}

maps_private() {
	pattern 9000 9 >"$MNT/private"
	cp "$EXP/private" "$REF/private"
	want_eq "private view" mine \
		"$("$(helper mapfile)" private "$MNT/private" 4094 mine)"
	want_same "$REF/private" "$MNT/private"
	want_same "$REF/private" "$EXP/private"
}

runs_programs() {
	want_ok cp /bin/true "$MNT/prog"
	want_ok "$MNT/prog"
	drop_caches
	want_ok "$MNT/prog"
	chmod -x "$MNT/prog"
	want_err EACCES "$MNT/prog"
}

splices() {
	local how tool

	tool=$(helper splicefile)
	pattern 3000001 4 >"$REF/splice"
	for how in sendfile splice; do
		want_ok "$tool" $how "$REF/splice" "$MNT/to.$how"
		want_same "$REF/splice" "$EXP/to.$how"
		drop_caches
		want_ok "$tool" $how "$MNT/to.$how" "$REF/from.$how"
		want_same "$REF/splice" "$REF/from.$how"
		want_ok "$tool" $how "$MNT/to.$how" "$MNT/again.$how"
		want_same "$REF/splice" "$EXP/again.$how"
		rm "$MNT/to.$how" "$MNT/again.$how"
	done
	cp "$REF/splice" "$MNT/range"
	want_ok "$tool" copy_file_range "$MNT/range" "$MNT/range.copy"
	want_same "$REF/splice" "$EXP/range.copy"
}

direct_io() {
	pattern 1234567 6 >"$REF/direct"
	want_ok dd if="$REF/direct" of="$MNT/direct" bs=64k oflag=direct \
		iflag=fullblock status=none
	want_same "$REF/direct" "$EXP/direct"
	want_ok dd if="$MNT/direct" of="$REF/direct.back" bs=128k \
		iflag=direct status=none
	want_same "$REF/direct" "$REF/direct.back"
	want_ok xfs_io -d -c 'pwrite -q -S 0x31 4096 8192' "$MNT/direct"
	want_ok xfs_io -c 'pwrite -q -S 0x31 4096 8192' "$REF/direct"
	want_same "$REF/direct" "$EXP/direct"
	want_same "$REF/direct" "$MNT/direct"
}

# What is cached and what goes around the cache stay one file.
direct_and_buffered() {
	pattern 300000 7 >"$REF/mixed"
	cp "$REF/mixed" "$MNT/mixed"
	cat "$MNT/mixed" >/dev/null
	want_ok xfs_io -d -c 'pwrite -q -S 0x51 65536 65536' "$MNT/mixed"
	xfs_io -c 'pwrite -q -S 0x51 65536 65536' "$REF/mixed"
	want_same "$REF/mixed" "$MNT/mixed"
	exec 5<>"$MNT/mixed"
	printf 'dirty bytes' >&5
	printf 'dirty bytes' | dd of="$REF/mixed" conv=notrunc status=none
	want_ok dd if="$MNT/mixed" of="$REF/mixed.back" bs=4k iflag=direct \
		status=none
	exec 5>&-
	want_same "$REF/mixed" "$REF/mixed.back"
	want_same "$REF/mixed" "$EXP/mixed"
}

# What the page cache gets when a file is read from begin to end.
large_folios() {
	local t=/sys/kernel/tracing event ino

	event=$t/events/filemap/mm_filemap_add_to_page_cache
	# snfs has them from 6.9 on, where the kernel has huge pages (UML has not).
	if [[ ! -d /sys/kernel/mm/transparent_hugepage || $(uname -r) =~ ^6\.[0-8]\. ]]; then
		skip "no large folios here"
		return
	fi
	pattern 4000000 >"$EXP/folios"
	ino=$(stat -c %i "$MNT/folios")
	echo >$t/trace
	echo 1 >$t/tracing_on
	echo 1 >$event/enable
	cat "$MNT/folios" >/dev/null
	echo 0 >$event/enable
	want_min "folios of several pages" 1 \
		"$(grep "ino $(printf %x "$ino") " $t/trace | grep -c "order=[1-9]")"
	echo >$t/trace
}

fsync_reaches_server() {
	exec 5>"$MNT/synced"
	printf 'not yet closed' >&5
	want_ok sync "$MNT/synced"
	want_eq "on the server while open" 'not yet closed' "$(<"$EXP/synced")"
	printf ', data' >&5
	want_ok sync -d "$MNT/synced"
	want_eq "after fdatasync" 'not yet closed, data' "$(<"$EXP/synced")"
	exec 5>&-
}

close_reaches_server() {
	exec 5>"$MNT/closed"
	printf written >&5
	exec 5>&-
	want_eq "on the server" written "$(<"$EXP/closed")"
}

o_sync_reaches_server() {
	exec 5>"$MNT/osync"
	want_ok dd if=/dev/zero of="$MNT/osync" bs=1000 count=3 oflag=sync \
		conv=notrunc status=none
	want_stat %s 3000 "$EXP/osync"
	exec 5>&-
}

allocates() {
	want_ok io "$MNT/falloc" 'pwrite -q 0 10'
	want_err EOPNOTSUPP fallocate -l 100000 "$MNT/falloc"
	want_err EOPNOTSUPP xfs_io -c 'fpunch 2 3' "$MNT/falloc"
	# Its exit status tells nothing.
	want_like fzero "$(errno_text EOPNOTSUPP)" "$(xfs_io -c 'fzero 2 3' "$MNT/falloc" 2>&1)"
	want_stat %s 10 "$EXP/falloc" "$MNT/falloc"
	want_ok fallocate_posix "$MNT/falloc"
	want_stat %s 50000 "$EXP/falloc2"
}

# What glibc does where fallocate(2) is not supported.
fallocate_posix() {
	fio --name=alloc --filename="$MNT/falloc2" --size=50000 --rw=write \
		--bs=10000 --fallocate=posix --output=/dev/null
}

seeks_data() {
	want_ok io "$MNT/seek" 'pwrite -q 0 10'
	want_like "first data" 'DATA[[:space:]]+0' \
		"$(xfs_io -c 'seek -d 0' "$MNT/seek")"
	want_like "first hole" 'HOLE[[:space:]]+10' \
		"$(xfs_io -c 'seek -h 0' "$MNT/seek")"
}

# cp asks where the holes are; an answer that is no lie makes a file of the same bytes.
copies_sparse() {
	local how

	io "$REF/sparse" 'pwrite -q -S 0x11 3000 10' 'pwrite -q -S 0x22 600000 5000' \
		'truncate 2000000'
	for how in auto always never; do
		want_ok cp --sparse=$how "$REF/sparse" "$MNT/sparse.$how"
		want_same "$REF/sparse" "$EXP/sparse.$how"
		drop_caches
		want_ok cp --sparse=$how "$MNT/sparse.$how" "$MNT/again.$how"
		want_same "$REF/sparse" "$EXP/again.$how"
	done
	# cp looks for holes in steps of st_blksize, 4 MiB at nfs-ganesha.
	[[ $(stat -c %o "$MNT/again.always") -gt 1048576 ]] ||
		want_max "blocks of the 3907 without holes" 1024 "$(stat -c %b "$EXP/again.always")"
}

REF=/tmp/files.ref
mkdir -p $REF
e2e_setup
t "sizes around words, pages and transfers" sizes
t "20 MB in one file" large_file
t "O_APPEND goes to the server's end" appends
t "overwrites keep their neighbours" overwrites
t "partial writes into pages not in memory" writes_into_cold_pages
t "holes read as zeroes" holes
t "truncate down and up" truncates
t "truncate forgets what was behind the end" truncate_forgets
t "a file over 4 GiB" over_4_gib
t "reading at the end" reads_at_end
t "shared mappings" maps_shared
t "a mapping's bytes without msync" maps_without_msync
t "private mappings" maps_private
t "execute a program" runs_programs
t "sendfile, splice and copy_file_range" splices
t "large folios, where the kernel has them" large_folios
t "O_DIRECT" direct_io
t "O_DIRECT beside cached pages" direct_and_buffered
t "fsync and fdatasync reach the server" fsync_reaches_server
t "close reaches the server" close_reaches_server
t "O_SYNC reaches the server" o_sync_reaches_server
t "preallocation is refused" allocates
t "SEEK_DATA and SEEK_HOLE" seeks_data
t "copies of sparse files" copies_sparse
e2e_run
