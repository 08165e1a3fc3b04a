#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Data integrity: fio with checksums in every way of reading and writing, and
# a tree of real files copied in and out.
# kernels: 6.12
# timeout: 300

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

[[ ${SNFS_KERNEL:-} != uml ]] || : "${SIZE:=6m}"
: "${SIZE:=16m}"

# fio_verify NAME OPTION...: writes, then reads and compares checksums; the
# server has the same bytes, and with cold caches they are read again.
fio_verify() {
	local name=$1 out

	shift
	out=$(limit 100 fio --name="$name" --filename="$MNT/$name" --size=$SIZE \
		--verify=crc32c --verify_fatal=1 --do_verify=1 --randseed=17 \
		--thread --fallocate=none --minimal "$@" 2>&1) ||
		fail "fio: $out"
	want_same "$MNT/$name" "$EXP/$name"
	drop_caches
	want_same "$MNT/$name" "$EXP/$name"
	rm "$MNT/$name"
}

# Several files at once, several jobs each with its own range.
fio_jobs() {
	local out

	mkdir "$MNT/jobs"
	out=$(limit 100 fio --name=jobs --directory="$MNT/jobs" --numjobs=4 \
		--thread --size=2m --nrfiles=4 --rw=randwrite --bsrange=1k-64k \
		--bs_unaligned --verify=md5 --verify_fatal=1 --fallocate=none \
		--fsync=50 --minimal 2>&1) || fail "fio: $out"
	diff -r "$MNT/jobs" "$EXP/jobs" || fail "trees differ"
	rm -r "$MNT/jobs"
}

# checksums DIR: of all that lies there, with modes, times and targets.
checksums() {
	(cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum
	find . -printf '%P %y %m %U %G %l\n' | sort
	find . -type f -printf '%P %s %TY-%Tm-%Td %TT\n' | sort)
}

real_tree() {
	local source=/usr/include/linux

	[[ ${SNFS_KERNEL:-} != uml ]] || source=/usr/include/linux/netfilter
	cp -a $source /tmp/tree.ref
	checksums /tmp/tree.ref >/tmp/sum.ref
	want_min "files" 30 "$(find /tmp/tree.ref -type f | wc -l)"
	want_ok cp -a /tmp/tree.ref "$MNT/tree"
	checksums "$EXP/tree" >/tmp/sum.server
	want_same /tmp/sum.ref /tmp/sum.server
	checksums "$MNT/tree" >/tmp/sum.client
	want_same /tmp/sum.ref /tmp/sum.client
	drop_caches
	want_ok cp -a "$MNT/tree" /tmp/tree.back
	checksums /tmp/tree.back >/tmp/sum.back
	want_same /tmp/sum.ref /tmp/sum.back
}

tar_in_and_out() {
	want_ok tar -C /tmp/tree.ref -cf "$MNT/tree.tar" .
	mkdir "$MNT/untar"
	want_ok tar -C "$MNT/untar" -xf "$MNT/tree.tar"
	checksums "$EXP/untar" >/tmp/sum.server
	want_same /tmp/sum.ref /tmp/sum.server
	want_ok tar -C "$MNT/untar" -df "$MNT/tree.tar"
	want_ok rm -r "$MNT/untar" "$MNT/tree.tar"
}

archive_and_compress() {
	pattern 3000000 12 >"$MNT/plain"
	want_ok gzip -1 -k "$MNT/plain"
	want_ok gzip -t "$MNT/plain.gz"
	gzip -dc "$EXP/plain.gz" | cmp - "$EXP/plain" || fail "bytes differ"
	want_ok sort -r -o "$MNT/sorted" "$MNT/plain"
	sort -r "$EXP/plain" | cmp - "$EXP/sorted" || fail "sorted bytes differ"
	rm "$MNT/plain" "$MNT/plain.gz" "$MNT/sorted"
}

e2e_setup
t "fio: sequential, 64 KiB" fio_verify seq --rw=write --bs=64k
t "fio: sequential, odd sizes" fio_verify odd --rw=write --bsrange=1k-100k \
	--bs_unaligned
t "fio: random, 4 KiB" fio_verify rand4 --rw=randwrite --bs=4k
t "fio: random sizes and places" fio_verify rand --rw=randwrite \
	--bsrange=512-128k --bs_unaligned --norandommap=0
t "fio: random with fsync" fio_verify fsync --rw=randwrite --bs=8k --fsync=40
t "fio: overwriting while reading" fio_verify mixed --rw=randrw --bs=16k
t "fio: mmap" fio_verify mmap --ioengine=mmap --rw=randwrite --bs=4k
t "fio: O_DIRECT" fio_verify direct --direct=1 --rw=randwrite --bs=64k
t "fio: O_DIRECT, libaio, 16 at once" fio_verify aio --direct=1 --ioengine=libaio \
	--iodepth=16 --rw=randwrite --bs=32k
t "fio: O_SYNC" fio_verify osync --sync=1 --rw=write --bs=256k
t "fio: splice" fio_verify splice --ioengine=splice --rw=write --bs=64k
t "fio: four jobs, many files" fio_jobs
t "a tree of real files in and out" real_tree
t "tar in and out" tar_in_and_out
t "gzip and sort" archive_and_compress
e2e_run
