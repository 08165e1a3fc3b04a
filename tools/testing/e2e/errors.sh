#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Errors of the server reach the program: no space, quota, read-only, too
# large; and nothing is claimed to be written that is not.
# kernels: uml 6.12
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

S=$MNTS/small

enospc_buffered() {
	want_err ENOSPC dd if=/dev/zero of=$S/full bs=64k count=64 conv=fsync \
		status=none
	want_max "blocks on the server" $(((2 << 20) / 512)) \
		"$(stat -c %b "$SRV/small/full")"
	want_ok rm $S/full
	want_gone "$SRV/small/full"
}

# Some call of write, fsync or close must say it; dd without conv=fsync
# checks write and close.
enospc_at_close() {
	want_err ENOSPC dd if=/dev/zero of=$S/full bs=64k count=64 status=none
	rm $S/full
}

enospc_direct() {
	want_err ENOSPC dd if=/dev/zero of=$S/full bs=64k count=64 oflag=direct \
		status=none
	rm $S/full
}

enospc_sync() {
	want_err ENOSPC dd if=/dev/zero of=$S/full bs=64k count=64 oflag=sync \
		status=none
	rm $S/full
}

enospc_msync() {
	truncate -s 4M $S/mapped
	want_err ENOSPC xfs_io -c 'mmap -rw 0 4m' -c 'mwrite 0 4m' \
		-c 'msync -s 0 4m' $S/mapped
	rm -f $S/mapped
}

works_after_enospc() {
	dd if=/dev/zero of=$S/full bs=64k count=64 conv=fsync status=none 2>&1
	rm $S/full
	pattern 500000 1 >/tmp/after
	want_ok cp /tmp/after $S/after
	want_same /tmp/after "$SRV/small/after"
	drop_caches
	want_same /tmp/after $S/after
	want_ok rm $S/after
}

# What was written before the disk was full is intact.
earlier_bytes_intact() {
	pattern 300000 2 >/tmp/early
	cp /tmp/early $S/early
	want_fail dd if=/dev/zero of=$S/full bs=64k count=64 conv=fsync \
		status=none
	want_same /tmp/early $S/early
	want_same /tmp/early "$SRV/small/early"
	rm $S/full $S/early
}

# An error is told once to each who has the file open, not for ever.
told_once() {
	exec 5>$S/once
	want_err ENOSPC dd if=/dev/zero of=/dev/fd/5 bs=64k count=64 \
		conv=fsync,notrunc status=none
	truncate -s 0 $S/once
	sync $S/once
	want_ok sync $S/once
	exec 5>&-
	rm $S/once
}

# Each who had the file open when bytes were lost hears of it once, and only those.
told_to_each() {
	: >$S/each
	hold each $S/each $S/each $S/each
	ask each '0 fill 4000000'
	want_like "fsync" '^(ENOSPC|0)$' "$(ask each '0 fsync')"
	want_eq "opening it again" 0 "$(ask each "open $S/each")"
	want_eq "fsync again" 0 "$(ask each '0 fsync')"
	want_eq "fsync of the second" ENOSPC "$(ask each '1 fsync')"
	want_eq "again" 0 "$(ask each '1 fsync')"
	want_eq "write of the third" ENOSPC "$(ask each '2 write 0 x')"
	want_eq "close of the third" 0 "$(ask each '2 close')"
	want_eq "fsync of who came later" 0 "$(ask each '3 fsync')"
	let_go each
	rm $S/each
}

told_by_close() {
	: >$S/close
	hold close $S/close $S/close
	ask close '0 fill 4000000'
	ask close '0 fsync'
	want_eq "close of the second" ENOSPC "$(ask close '1 close')"
	let_go close
	rm $S/close
}

# squash_export NAME: root may write now, and may not when it is squashed.
squash_export() {
	export_tmpfs "$1" 4m || return
	want_ok client_mount "$1" "$MNTS/$1" || return
	pattern 4096 >"$SRV/$1/file"
	chmod 600 "$SRV/$1/file"
	hold root "$MNTS/$1/file"
	want_eq "write" 4 "$(ask root '0 write 0 lost')"
	export_again "$1" rw,async,root_squash
}

eacces_after_squash() {
	squash_export squash || return
	want_eq "fsync" EACCES "$(ask root '0 fsync')"
	want_eq "fsync again" 0 "$(ask root '0 fsync')"
	pattern 4096 | cmp - "$SRV/squash/file" || fail "bytes reached the server"
	export_again squash rw,async,no_root_squash
	want_eq "write" 4 "$(ask root '0 write 2000 kept')"
	want_eq "fsync" 0 "$(ask root '0 fsync')"
	let_go root
	want_same "$SRV/squash/file" $MNTS/squash/file
	want_eq "bytes" kept "$(tail -c +2001 "$SRV/squash/file" | head -c 4)"
	want_ok client_umount $MNTS/squash
}

# The page is not known, so the first bytes are sent before the second ones join them.
eacces_at_write() {
	squash_export squash2 || return
	want_eq "write" EACCES "$(ask root '0 write 2000 more')"
	want_eq "fsync" 0 "$(ask root '0 fsync')"
	let_go root
	want_ok client_umount $MNTS/squash2
}

# The server does not answer: the bytes are lost, and their writer hears it.
eio_of_soft() {
	want_ok client_mount small $MNTS/soft nosharecache,soft,timeo=10,retrans=1 || return
	: >$MNTS/soft/file
	hold soft $MNTS/soft/file
	want_eq "write" 4 "$(ask soft '0 write 0 lost')"
	nfsd_stop
	want_eq "fsync" EIO "$(ask soft '0 fsync')"
	nfsd_start
	want_eq "fsync again" 0 "$(ask soft '0 fsync')"
	let_go soft
	want_stat %s 0 "$SRV/small/file"
	want_ok rm $MNTS/soft/file
	want_ok client_umount $MNTS/soft
}

no_inodes() {
	local i made=0

	mkdir -p "$SRV/inodes"
	mount -t tmpfs -o size=4m,nr_inodes=20 inodes "$SRV/inodes"
	server_export "$SRV/inodes"
	want_ok client_mount inodes $MNTS/inodes || return
	for i in {1..40}; do
		: 2>/dev/null >"$MNTS/inodes/f$i" && made=$((made + 1))
	done
	want_max "files made" 20 $made
	want_err ENOSPC mkdir "$MNTS/inodes/d"
	want_err ENOSPC ln -s x "$MNTS/inodes/l"
	want_eq "listing" "$(ls "$SRV/inodes")" "$(ls "$MNTS/inodes")"
	want_ok rm "$MNTS/inodes/f1"
	want_ok touch "$MNTS/inodes/again"
	want_ok client_umount $MNTS/inodes
}

# ext4 with a quota for one user; EDQUOT is an error of its own.
quota() {
	local q=$MNTS/quota

	export_ext4 quota 32 || { fail "no ext4 export"; return; }
	chmod 777 "$SRV/quota"
	if ! quota_limit; then
		umount "$SRV/quota"
		skip "no quota tools or no quota in this kernel"
		return
	fi
	want_ok client_mount quota $q || return
	want_err EDQUOT as 1001 dd if=/dev/zero of=$q/file bs=64k count=64 \
		conv=fsync status=none
	want_max "bytes on the server" $((2 << 20)) \
		"$(stat -c %s "$SRV/quota/file")"
	want_ok as 1002 dd if=/dev/zero of=$q/other bs=64k count=32 \
		conv=fsync status=none
	want_err EDQUOT as 1001 dd if=/dev/zero of=$q/file2 bs=64k count=64 \
		oflag=direct status=none
	want_ok client_umount $q
}

quota_limit() {
	command -v setquota >/dev/null || return 1
	modprobe quota_v2 2>/dev/null
	setquota -u 1001 1024 1024 0 0 "$SRV/quota" &&
		{ quotaon -u "$SRV/quota" || true; }
}

export_again() { # NAME OPTIONS: the last export, under the fsid it has
	SERVER_FSID=$((SERVER_FSID - 1))
	exportfs -u "*:$SRV/$1"
	server_export "$SRV/$1" "$2"
	exportfs -f
}

server_turns_read_only() {
	local e=$MNTS/turns

	export_ext4 turns 32 || { fail "no ext4 export"; return; }
	want_ok client_mount turns $e acregmin=1,acregmax=1 || return
	echo before >$e/file
	export_again turns ro,no_root_squash
	want_err EROFS touch $e/new
	want_err EROFS chmod 600 $e/file
	want_eq "file" before "$(cat $e/file)"
	want_fail sh -c "echo more >>$e/file"
	export_again turns rw,async,no_root_squash
	# The server's earlier refusal may be remembered for a while.
	wait_until 10 sh -c "echo more >>$e/file" ||
		fail "still refused after the export is writable again"
	want_eq "file" "before more" "$(echo $(<"$SRV/turns/file"))"
	want_ok client_umount $e
}

file_too_large() {
	want_err EFBIG sh -c "trap '' XFSZ; ulimit -f 8; exec dd if=/dev/zero \
		of=$MNT/limited bs=4096 count=4 status=none"
	want_stat %s 4096 "$EXP/limited"
	rm -f "$MNT/limited"
}

# ext4 ends at 16 TiB, or before that with smaller blocks.
server_says_too_large() {
	want_ok client_mount turns $MNTS/turns || return
	want_err EFBIG xfs_io -f -c 'pwrite -q 17592186044416 10' \
		-c fsync "$MNTS/turns/far"
	want_err EFBIG truncate -s 17592186044417 "$MNTS/turns/far"
	want_ok client_umount $MNTS/turns
}

many_links() {
	local i

	want_ok client_mount turns $MNTS/turns || return
	: >"$SRV/turns/linked"
	mkdir "$SRV/turns/links"
	(cd "$SRV/turns/links" && for i in {1..9}; do ln ../linked "$i"; done)
	want_stat %h 10 "$MNTS/turns/linked"
	want_err EPERM link "$MNTS/turns/links" "$MNTS/turns/dirlink"
	want_ok client_umount $MNTS/turns
}

wrong_kinds() {
	mkdir "$MNT/dir"
	echo x >"$MNT/file"
	ln -s file "$MNT/link"
	want_err ENOTDIR ls "$MNT/file/"
	want_err ENOTDIR touch "$MNT/file/x"
	want_err EISDIR dd if=/dev/zero of="$MNT/dir" count=1 status=none
	want_err EISDIR cat "$MNT/dir"
	want_err EEXIST mkdir "$MNT/file"
	want_err EEXIST mkdir "$MNT/link"
	want_err ENOTEMPTY sh -c "touch '$MNT/dir/x'; rmdir '$MNT/dir'"
	want_err EINVAL readlink -v "$MNT/file"
	want_err EBUSY rmdir "$MNT"
}

e2e_setup
at_end nfsd_start
export_tmpfs small 2m || bail "no small export"
client_mount small $S || bail "no small mount"
t "ENOSPC with fsync" enospc_buffered
t "ENOSPC at write or close" enospc_at_close
t "ENOSPC with O_DIRECT" enospc_direct
t "ENOSPC with O_SYNC" enospc_sync
t "ENOSPC at msync" enospc_msync
t "writing works once there is space" works_after_enospc
t "earlier files are intact" earlier_bytes_intact
t "an error is told once" told_once
t "an error is told to each who has the file open" told_to_each
t "an error is told by close" told_by_close
t "EACCES when the server squashes root" eacces_after_squash
t "EACCES told by write" eacces_at_write
t "EIO when a soft mount gives up" eio_of_soft
t "no inodes left" no_inodes
t "EDQUOT" quota
t "the server's file system turns read-only" server_turns_read_only
t "EFBIG by the process's limit" file_too_large
t "EFBIG by the server" server_says_too_large
t "link counts" many_links
t "the wrong kind of file" wrong_kinds
e2e_run
