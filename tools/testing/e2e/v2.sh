#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is peculiar to NFS version 2: which version a mount gets, how MOUNT is asked, 32-bit sizes,
# microseconds, "your time", nodes, and replies that say little. Only our own kernel's server has
# version 2.
# kernels: uml
# timeout: 120

export SNFS_SERVER_V2=1
# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/refusal.sh
. "$E2E_LIB/refusal.sh"

M=$MNTS/m
LO=127.0.0.1:$SRV/main
FELL="has no NFS version 3: mounted with version 2"

# serve WHICH...: knfsd with these versions from now on.
serve() {
	nfsd_stop
	nfsd_serve "$@"
}

times_told() {
	kernel_log | grep -c "$FELL"
}

# gets VERSION [OPTIONS]: a mount has it, and works.
gets() {
	# shellcheck disable=SC2034 # of client_options
	local CLIENT_OPTIONS=

	want_ok client_mount main $M "${2:-}" || return
	want_eq "version with '${2:-}'" "$1" "$(shown_option $M vers)"
	want_eq "bytes with '${2:-}'" content "$(cat $M/file)"
	want_ok client_umount $M
}

both_versions() {
	local told

	told=$(times_told)
	serve +2 +3
	gets 3
	gets 3 vers=3
	gets 2 vers=2
	gets 2 nfsvers=2
	gets 2 v2
	gets 2 v3,vers=2
	want_eq "messages" "$told" "$(times_told)"
}

only_two() {
	local told

	serve +2 -3
	told=$(times_told)
	gets 2
	want_eq "messages" $((told + 1)) "$(times_told)"
	gets 2 port=2049,mountport=$MOUNTD_PORT
	want_eq "messages" $((told + 2)) "$(times_told)"
	gets 2 vers=2
	want_eq "messages of vers=2" $((told + 2)) "$(times_told)"
	attempt /tmp/only2 $M 60 "$LO" vers=3
	judge /tmp/only2 20 EPROTONOSUPPORT "does not speak NFS version 3"
}

# No MOUNT of version 3 either, as mountd tells.
mountd_of_old() {
	kill_daemon rpc.mountd
	rpc.mountd --port $MOUNTD_PORT --no-nfs-version 4 --no-nfs-version 3
	gets 2 mountport=$MOUNTD_PORT
	attempt /tmp/old $M 60 "$LO" vers=3 mountport=$MOUNTD_PORT
	judge /tmp/old 20 EPROTONOSUPPORT "no MOUNT version 3"
	mountd_stop
	mountd_start
}

only_three() {
	serve -2 +3
	gets 3
	attempt /tmp/only3 $M 60 "$LO" vers=2
	judge /tmp/only3 20 EPROTONOSUPPORT "does not speak NFS version 2"
	serve +2 +3
}

# Versions of MOUNT and NFS can be mixed.
mount_versions() {
	local nfs mount

	for nfs in 2 3; do
		for mount in 1 2 3; do
			gets $nfs vers=$nfs,mountvers=$mount
		done
	done
	want_ok client_mount main $M mountvers=2,nosharecache
	want_eq "shown" 2 "$(shown_option $M mountvers)"
	want_fail mount -i -o remount,mountvers=1 $M
	want_fail mount -i -o remount,vers=3 $M
	want_ok mount -i -o remount,actimeo=5 $M
	want_ok client_umount $M
	refused_options mountvers=4
	refused_options mountvers=0
	refused_options vers=1
}

refused_options() {
	attempt /tmp/options $M 20 "$LO" "$1"
	judge /tmp/options 15 EINVAL "${1%%=*}"
}

sizes_are_bounded() {
	local case

	for case in "1048576 8192" "8192 8192" "5000 4096" "1024 1024"; do
		set -- $case
		want_ok client_mount main $M "rsize=$1,wsize=$1" || return
		want_eq "rsize and wsize" "$2 $2" "$(shown_option $M rsize) $(shown_option $M wsize)"
		pattern 30001 3 >$M/sized
		pattern 30001 3 | cmp - "$EXP/sized" || fail "bytes differ on the server"
		drop_caches
		want_same $M/sized "$EXP/sized"
		want_ok client_umount $M
	done
	want_ok client_mount main $M acl || return
	want_eq "rsize" 8192 "$(shown_option $M rsize)"
	want_err EOPNOTSUPP setfacl -m u:1:r $M/sized
	want_ok client_umount $M
}

byte_at() { # FILE OFFSET
	tail -c +$(($2 + 1)) "$1" | head -c 1
}

two_gib() {
	local last=2147483646

	want_ok xfs_io -f -c "pwrite -q -S 0x41 $last 1" "$MNT/huge"
	want_stat %s 2147483647 "$MNT/huge" "$EXP/huge"
	drop_caches
	want_eq "the last byte" A "$(byte_at "$MNT/huge" $last)"
	want_err EFBIG dd if=/proc/version of="$MNT/huge" bs=1 count=1 seek=2147483647 \
		conv=notrunc status=none
	want_err EFBIG truncate -s 2147483648 "$MNT/huge"
	# What fits is written.
	xfs_io -c 'pwrite -q -S 0x42 2147483640 10' "$MNT/huge" >/dev/null 2>&1
	want_stat %s 2147483647 "$EXP/huge"
	want_eq "the last byte on the server" B "$(byte_at "$EXP/huge" $last)"
	want_ok truncate -s 5 "$MNT/huge"
	want_ok truncate -s 2147483647 "$MNT/huge"
	want_stat %s 2147483647 "$EXP/huge"
	rm "$MNT/huge"
}

# The server may have larger files. That is no reason to show them shorter than they are.
beyond_two_gib() {
	local last=2147483646 flag

	truncate -s 3221225472 "$EXP/giant"
	printf AB | dd of="$EXP/giant" bs=1 seek=$last conv=notrunc status=none
	want_stat %s 3221225472 "$MNT/giant"
	for flag in skip_bytes skip_bytes,direct; do
		want_eq "the last byte, $flag" A "$(dd if="$MNT/giant" iflag=$flag \
			bs=512 skip=$last count=1 status=none 2>/dev/null)"
		want_err EOVERFLOW dd if="$MNT/giant" iflag=$flag bs=512 \
			skip=$((last + 1)) count=1 status=none
	done
	want_err EOVERFLOW xfs_io -r -c 'pread -q 3221225471 1' "$MNT/giant"
	for flag in -r -rd; do
		want_eq "at the end, $flag" "" "$(xfs_io $flag -c 'pread -q 3221225472 1' \
			-c 'pread -q 8589934592 512' "$MNT/giant" 2>&1)"
	done
	want_err EFBIG dd if=/proc/version of="$MNT/giant" oflag=append conv=notrunc status=none
	want_ok truncate -s 5 "$MNT/giant"
	want_stat %s 5 "$EXP/giant"
	rm "$MNT/giant"
}

# What a server of Linux cannot tell: fifos are devices of number -1 to old ones.
nodes() {
	mkfifo "$EXP/fifo"
	mknod "$EXP/small" c 5 66
	mknod "$EXP/large" b 4095 1048574
	want_stat %F fifo "$MNT/fifo"
	want_stat '%F %t:%T' 'character special file 5:42' "$MNT/small"
	want_stat '%F %t:%T' 'block special file fff:ffffe' "$MNT/large"
	mkdir "$MNT/nodes"
	want_ok mknod -m 640 "$MNT/nodes/fifo" p
	want_ok mknod -m 640 "$MNT/nodes/zero" c 0 0
	want_ok mknod -m 640 "$MNT/nodes/large" b 4095 1048574
	want_err EOVERFLOW mknod "$MNT/nodes/none" b 4095 1048575
	want_stat '%F %a' 'fifo 640' "$MNT/nodes/fifo" "$EXP/nodes/fifo"
	want_stat '%F %a %t:%T' 'character special file 640 0:0' "$MNT/nodes/zero" \
		"$EXP/nodes/zero"
	want_stat '%F %a %t:%T' 'block special file 640 fff:ffffe' "$MNT/nodes/large" \
		"$EXP/nodes/large"
}

# CREATE takes what exists, and with a type in the mode makes nothing else of it.
creation_keeps_what_exists() {
	echo kept >"$EXP/kept"
	mkdir "$EXP/kept.d"
	want_err EEXIST mknod "$MNT/kept" p
	want_err EEXIST mknod "$MNT/kept.d" p
	want_err EEXIST dd if=/dev/null of="$MNT/kept" conv=excl status=none
	want_ok sh -c "echo more >>'$MNT/kept'"
	want_eq "lines" "kept more" "$(echo $(<"$EXP/kept"))"
	# The name was cached as absent when it appeared.
	want_err ENOENT cat "$MNT/later"
	echo "of the server" >"$EXP/later"
	want_err EEXIST dd if=/dev/null of="$MNT/later" conv=excl status=none
	want_eq "bytes" "of the server" "$(cat "$MNT/later")"
}

microseconds() {
	touch "$MNT/us"
	want_ok touch -d 2001-02-03T04:05:06.999999999 "$MNT/us"
	want_eq "mtime" "$(date -d 2001-02-03T04:05:06.999999000 +%s.%N)" \
		"$(date -r "$EXP/us" +%s.%N)"
	touch -d 2001-02-03T04:05:06.123456789 "$EXP/us"
	cat "$MNT/us"
	want_stat %.9Y "$(date -d 2001-02-03T04:05:06 +%s).123456000" "$MNT/us"
	want_ok touch -a -d '2100-01-01 00:00:00.5 UTC' "$MNT/us"
	want_stat %.9X 4102444800.500000000 "$EXP/us" "$MNT/us"
	# The last second that can be said is not the one that says "no time".
	want_ok touch -d @4294967295 "$MNT/us"
	want_stat '%X %Y' '4294967294 4294967294' "$EXP/us"
}

# Who may write a file but does not own it may have its times set to the server's, and to no other.
server_time() {
	touch "$EXP/shared"
	chown 1001 "$EXP/shared"
	chmod 666 "$EXP/shared"
	touch -d 2001-01-01 "$EXP/shared"
	want_ok as 1002 touch "$MNT/shared"
	want_max "age of mtime" 60 $(($(date +%s) - $(stat -c %Y "$EXP/shared")))
	want_max "age of atime" 60 $(($(date +%s) - $(stat -c %X "$EXP/shared")))
	want_err EPERM as 1002 touch -d 2002-02-02 "$MNT/shared"
	touch -d 2001-01-01 "$EXP/shared"
	want_ok as 1001 touch -a "$MNT/shared"
	want_max "age of atime, touch -a" 60 $(($(date +%s) - $(stat -c %X "$EXP/shared")))
	want_stat %Y "$(date -d 2001-01-01 +%s)" "$EXP/shared"
	touch -d 2001-01-01 "$EXP/shared"
	want_ok as 1002 sh -c ": >'$MNT/shared'"
	want_max "age of mtime, O_TRUNC" 60 $(($(date +%s) - $(stat -c %Y "$EXP/shared")))
	want_stat %X "$(date -d 2001-01-01 +%s)" "$EXP/shared"
}

# Replies say nothing of the directory, and of links nothing at all.
replies_of_one_word() {
	echo one >"$MNT/w1"
	stat "$MNT/w1" >/dev/null
	want_ok ln "$MNT/w1" "$MNT/w2"
	want_stat %h 2 "$MNT/w1" "$MNT/w2"
	want_ok ln -s w1 "$MNT/w3"
	want_stat '%F %s' 'symbolic link 2' "$MNT/w3"
	want_eq "through it" one "$(cat "$MNT/w3")"
	want_ok mv "$MNT/w2" "$MNT/w4"
	want_stat %h 2 "$MNT/w4"
	want_ok rm "$MNT/w4"
	want_stat %h 1 "$MNT/w1"
	want_eq "names" "w1 w3" "$(cd "$MNT" && echo w?)"
	want_err ENAMETOOLONG ln -s "$(printf '%01025d' 7)" "$MNT/w5"
	want_ok ln -s "$(printf '%01024d' 7)" "$MNT/w5"
	drop_caches
	want_eq "target of 1024 bytes" "$(printf '%01024d' 7)" "$(readlink "$MNT/w5")"
}

# Own writes do not make the cache look foreign, though they come without the state before.
writes_keep_cache() {
	pattern 100000 1 >"$MNT/own"
	printf changed | dd of="$MNT/own" conv=notrunc status=none
	want_eq "READ calls after an own write" 0 "$(count_calls read cat "$MNT/own")"
	want_same "$MNT/own" "$EXP/own"
}

# The lock manager of version 2 has 32 bits. (Server and client have one lockd here, which asks
# itself: locks.sh has a peer for more.)
locks() {
	local tool

	tool=$(helper lockfile)
	want_ok client_mount main $M nosharecache || return
	touch $M/lock
	want_ok limit 90 "$tool" posix $M/lock wr:0:0 un:0:0 wr:2147483640:8 un:2147483640:8
	want_eq "nobody hinders" free "$(limit 90 "$tool" posix $M/lock get:0:0)"
	want_err EOVERFLOW limit 90 "$tool" posix $M/lock wr:2147483640:9
	want_err EOVERFLOW limit 90 "$tool" posix $M/lock wr:2147483648:0
	want_err EOVERFLOW limit 90 "$tool" posix $M/lock get:2147483648:1
	want_ok client_umount $M
}

is_snfs || { t "NFS version 2" skip "the options and messages are those of snfs"; run_tests; }
lockd_grace 3 || bail "lockd is not to be had"
e2e_setup
statd_start || bail "no statd"
echo content >"$EXP/file"
t "a server of both versions" both_versions
t "a server of version 2 only" only_two
t "a mountd without version 3" mountd_of_old
t "a server of version 3 only" only_three
t "versions of MOUNT" mount_versions
t "sizes are those of the protocol" sizes_are_bounded
t "files of 2 GiB - 1" two_gib
t "files beyond 2 GiB of the server" beyond_two_gib
t "fifos and devices" nodes
t "what exists is not created again" creation_keeps_what_exists
t "times in microseconds" microseconds
t "the server's time" server_time
t "replies of one word" replies_of_one_word
t "own writes keep the cache" writes_keep_cache
t "locks of 32 bits" locks
e2e_run
