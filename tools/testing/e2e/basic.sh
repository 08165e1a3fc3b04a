#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Names and attributes: what the namespace calls do, seen from both sides.
# kernels: 6.1 6.12
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

# Of a second; NFSv2 has microseconds.
DIGITS=9
! is_v2 || DIGITS=6

creates_file() {
	want_ok touch "$MNT/new"
	want_stat '%F %s %h %u %g' 'regular empty file 0 1 0 0' \
		"$MNT/new" "$EXP/new"
	echo hello >"$MNT/text"
	want_same "$MNT/text" "$EXP/text"
	want_eq "text on the server" hello "$(<"$EXP/text")"
	want_err ENOENT cat "$MNT/absent"
	want_err EISDIR sh -c "echo x >'$MNT'"
}

creates_with_mode() {
	local mode

	for mode in 000 400 600 640 755 4755 2711; do
		(umask 0 && install -m "$mode" /dev/null "$MNT/m$mode")
		want_stat %a "${mode#00}" "$MNT/m$mode" "$EXP/m$mode"
	done
	(umask 027 && touch "$MNT/masked" && mkdir "$MNT/masked.d")
	want_stat %a 640 "$MNT/masked" "$EXP/masked"
	want_stat %a 750 "$MNT/masked.d" "$EXP/masked.d"
}

exclusive_create() {
	want_ok dd if=/dev/null of="$MNT/excl" conv=excl status=none
	want_stat '%F %s' 'regular empty file 0' "$EXP/excl"
	want_err EEXIST dd if=/dev/null of="$MNT/excl" conv=excl status=none
	ln -s nowhere "$MNT/excl.link"
	want_err EEXIST dd if=/dev/null of="$MNT/excl.link" conv=excl \
		status=none
	want_gone "$EXP/nowhere"
}

# Exclusive creation may keep its verifier in the times: they must be right.
exclusive_create_attributes() {
	local now

	(umask 0 && dd if=/dev/zero of="$MNT/excl3" bs=10 count=1 conv=excl \
		status=none)
	now=$(date +%s)
	want_stat '%a %s %u' '666 10 0' "$MNT/excl3" "$EXP/excl3"
	want_max "age of mtime" 20 $((now - $(stat -c %Y "$EXP/excl3")))
	want_max "age of atime" 20 $((now - $(stat -c %X "$EXP/excl3")))
}

truncating_open() {
	pattern 100000 >"$MNT/trunc"
	want_stat %s 100000 "$EXP/trunc"
	: >"$MNT/trunc"
	want_stat %s 0 "$MNT/trunc" "$EXP/trunc"
	echo short >"$MNT/trunc"
	want_stat %s 6 "$MNT/trunc" "$EXP/trunc"
}

renames() {
	echo one >"$MNT/r1"
	echo two >"$MNT/r2"
	want_ok mv "$MNT/r1" "$MNT/r3"
	want_gone "$MNT/r1" "$EXP/r1"
	want_eq "moved file" one "$(<"$EXP/r3")"
	want_ok mv -f "$MNT/r2" "$MNT/r3"
	want_gone "$MNT/r2" "$EXP/r2"
	want_eq "replaced file" two "$(<"$MNT/r3")"
	want_eq "replaced file on the server" two "$(<"$EXP/r3")"
	mkdir -p "$MNT/rd1/sub" "$MNT/rd2" "$MNT/rd3"
	want_ok mv "$MNT/rd1" "$MNT/rd2/inner"
	want_stat %F directory "$EXP/rd2/inner/sub" "$MNT/rd2/inner/sub"
	want_ok mv -T "$MNT/rd2/inner" "$MNT/rd3"
	want_stat %F directory "$EXP/rd3/sub" "$MNT/rd3/sub"
	want_gone "$MNT/rd2/inner" "$EXP/rd2/inner"
	touch "$MNT/rd2/x"
	want_err ENOTEMPTY mv -T "$MNT/rd3" "$MNT/rd2"
	want_fail mv "$MNT/rd3" "$MNT/rd3/sub/below"
	want_fail mv -T "$MNT/r3" "$MNT/rd3"
	want_fail mv -T "$MNT/rd3" "$MNT/r3"
	want_err ENOENT mv "$MNT/absent" "$MNT/r4"
}

# A rename moves cached children along and forgets what was known of names.
rename_and_names() {
	mkdir -p "$MNT/tree/a/b"
	echo deep >"$MNT/tree/a/b/file"
	want_err ENOENT stat "$MNT/tree/c"
	mv "$MNT/tree/a" "$MNT/tree/c"
	want_eq "moved along" deep "$(cat "$MNT/tree/c/b/file")"
	want_err ENOENT cat "$MNT/tree/a/b/file"
	want_ok mkdir "$MNT/tree/a"
	want_err ENOENT cat "$MNT/tree/a/b/file"
	(cd "$MNT/tree/c/b" && mv "$MNT/tree/c" "$MNT/tree/d" &&
		want_eq "working directory" "$MNT/tree/d/b" "$(/bin/pwd)")
}

hard_links() {
	echo link >"$MNT/l1"
	want_ok ln "$MNT/l1" "$MNT/l2"
	want_stat %h 2 "$MNT/l1" "$MNT/l2" "$EXP/l1"
	want_eq "same inode" "$(stat -c %i "$MNT/l1")" "$(stat -c %i "$MNT/l2")"
	want_eq "same inode on the server" "$(stat -c %i "$EXP/l1")" \
		"$(stat -c %i "$EXP/l2")"
	echo more >>"$MNT/l2"
	want_same "$MNT/l1" "$EXP/l2"
	want_err EEXIST ln "$MNT/l1" "$MNT/l2"
	want_ok rm "$MNT/l1"
	want_stat %h 1 "$MNT/l2" "$EXP/l2"
	want_fail ln "$MNT" "$MNT/dirlink"
	ln -s l2 "$MNT/l3"
	want_ok ln -P "$MNT/l3" "$MNT/l4"
	want_stat %F 'symbolic link' "$MNT/l4" "$EXP/l4"
}

symlinks() {
	local target long

	long=$(printf 'x%.0s' {1..250})
	long=$long/$long/$long/$long
	for target in text ../text /etc/hostname . "with space" "$long"; do
		want_ok ln -sfn "$target" "$MNT/sym"
		want_eq "readlink" "$target" "$(readlink "$MNT/sym")"
		want_eq "readlink on the server" "$target" \
			"$(readlink "$EXP/sym")"
		want_stat '%F %s' "symbolic link ${#target}" "$MNT/sym" \
			"$EXP/sym"
	done
	echo through >"$MNT/target"
	ln -sfn target "$MNT/sym"
	want_eq "read through the link" through "$(cat "$MNT/sym")"
	echo changed >"$MNT/sym"
	want_eq "written through the link" changed "$(<"$EXP/target")"
	ln -s absent "$MNT/dangling"
	want_err ENOENT cat "$MNT/dangling"
	want_err EEXIST ln -s other "$MNT/dangling"
}

symlink_longest() {
	local target

	! is_v2 || { skip "NFSv2 has 1024 bytes"; return; }
	target=$(printf '%04094d' 7)
	want_ok ln -s "$target" "$MNT/longest"
	want_eq "target" "$target" "$(readlink "$EXP/longest")"
	drop_caches
	want_eq "target read back" "$target" "$(readlink "$MNT/longest")"
}

symlink_loops() {
	ln -s loop2 "$MNT/loop1"
	ln -s loop1 "$MNT/loop2"
	want_err ELOOP cat "$MNT/loop1"
	want_err ELOOP ls "$MNT/loop2/"
}

special_nodes() {
	want_ok mknod "$MNT/fifo" p
	want_ok mknod "$MNT/char" c 1 3
	want_ok mknod "$MNT/block" b 259 1048575
	want_ok "$(helper mksock)" "$MNT/sock"
	want_stat %F fifo "$MNT/fifo" "$EXP/fifo"
	want_stat '%F %t:%T' 'character special file 1:3' "$MNT/char" \
		"$EXP/char"
	want_stat '%F %t:%T' 'block special file 103:fffff' "$MNT/block" \
		"$EXP/block"
	want_stat %F socket "$MNT/sock" "$EXP/sock"
	want_ok sh -c "echo nothing >'$MNT/char'"
	(echo passed >"$MNT/fifo" &)
	want_eq "through the fifo" passed "$(limit 10 cat "$MNT/fifo")"
	want_err EEXIST mknod "$MNT/fifo" p
	want_ok rm "$MNT/fifo" "$MNT/char" "$MNT/block" "$MNT/sock"
	want_gone "$EXP/fifo" "$EXP/char" "$EXP/block" "$EXP/sock"
}

# A socket of a running program works over a mount of the same machine.
socket_works() {
	want_ok limit 20 "$(helper mksock)" -t "$MNT/live"
	want_stat %F socket "$EXP/live"
}

directories() {
	want_ok mkdir "$MNT/d"
	want_stat '%F %a %h' 'directory 755 2' "$MNT/d" "$EXP/d"
	want_err EEXIST mkdir "$MNT/d"
	want_ok mkdir "$MNT/d/sub"
	want_stat %h 3 "$MNT/d" "$EXP/d"
	touch "$MNT/d/file"
	want_err ENOTEMPTY rmdir "$MNT/d"
	want_err ENOTDIR rmdir "$MNT/d/file"
	want_err EISDIR unlink "$MNT/d/sub"
	want_err ENOTDIR stat "$MNT/d/file/x"
	want_ok rm -r "$MNT/d"
	want_gone "$MNT/d" "$EXP/d"
	want_err ENOENT rmdir "$MNT/d"
	want_err ENOENT mkdir "$MNT/absent/d"
}

removes() {
	touch "$MNT/gone"
	want_ok rm "$MNT/gone"
	want_gone "$MNT/gone" "$EXP/gone"
	want_err ENOENT unlink "$MNT/gone"
	want_ok touch "$MNT/gone"
	want_stat %s 0 "$MNT/gone" "$EXP/gone"
}

lists() {
	local i

	mkdir "$MNT/list"
	want_eq "empty directory" "" "$(ls -A "$MNT/list")"
	for i in {1..150}; do
		: >"$MNT/list/file with number $i"
	done
	want_eq "listing" "$(ls -a "$EXP/list")" "$(ls -a "$MNT/list")"
	want_eq "counted" 150 "$("$(helper walkdir)" "$MNT/list")"
	rm "$MNT/list/file with number "*7
	want_eq "after removal" "$(ls "$EXP/list")" "$(ls "$MNT/list")"
	want_eq "types and inodes" \
		"$(find "$EXP" -mindepth 1 -printf '%y %i %P\n' | sort)" \
		"$(find "$MNT" -mindepth 1 -printf '%y %i %P\n' | sort)"
}

changes_mode_and_owner() {
	touch "$MNT/attr"
	want_ok chmod 4751 "$MNT/attr"
	want_stat %a 4751 "$MNT/attr" "$EXP/attr"
	want_ok chown 1234:5678 "$MNT/attr"
	want_stat '%u:%g' 1234:5678 "$MNT/attr" "$EXP/attr"
	want_ok chown 4294967294 "$MNT/attr"
	want_stat '%u:%g' 4294967294:5678 "$MNT/attr" "$EXP/attr"
	want_ok chgrp 0 "$MNT/attr"
	want_stat '%u:%g' 4294967294:0 "$MNT/attr" "$EXP/attr"
	ln -sfn attr "$MNT/attr.link"
	want_ok chown -h 77:88 "$MNT/attr.link"
	want_stat '%u:%g' 77:88 "$MNT/attr.link" "$EXP/attr.link"
	want_stat %u 4294967294 "$EXP/attr"
}

# Who changes a file that is set-id loses the bits; the server decides.
write_clears_setid() {
	: >"$MNT/setid"
	chmod 6777 "$MNT/setid"
	want_ok as 1001 sh -c "echo x >>'$MNT/setid'"
	want_stat %a 777 "$EXP/setid" "$MNT/setid"
	chmod 6777 "$MNT/setid"
	want_ok chown 1:1 "$MNT/setid"
	want_eq "client and server agree" "$(stat -c %a "$EXP/setid")" \
		"$(stat -c %a "$MNT/setid")"
}

sets_times() {
	local when=2001-02-03T04:05:06.123456789 tiny=000000001

	! is_v2 || { when=${when%789}000 tiny=000001000; }

	touch "$MNT/times"
	want_ok touch -m -d "$when" "$MNT/times"
	want_eq "mtime" "$(date -d $when +%s.%N)" \
		"$(date -r "$EXP/times" +%s.%N)"
	want_ok touch -a -d "1970-01-01 00:00:01.$tiny UTC" "$MNT/times"
	want_stat %.9X 1.$tiny "$MNT/times" "$EXP/times"
	want_eq "mtime kept" "$(stat -c %.9Y "$EXP/times")" \
		"$(stat -c %.9Y "$MNT/times")"
	want_ok touch "$MNT/times"
	want_max "age of mtime now" 20 \
		$(($(date +%s) - $(stat -c %Y "$EXP/times")))
	want_eq "all three times" "$(stat -c "%.${DIGITS}X %.${DIGITS}Y %.${DIGITS}Z" "$EXP/times")" \
		"$(stat -c "%.${DIGITS}X %.${DIGITS}Y %.${DIGITS}Z" "$MNT/times")"
}

# Times a 32-bit field holds: up to 2106 (RFC 1813 nfstime3 is unsigned).
sets_far_times() {
	want_ok touch -d '2100-01-01 00:00:00 UTC' "$MNT/far"
	want_stat %Y 4102444800 "$MNT/far" "$EXP/far"
}

write_updates_times() {
	local before after

	: >"$MNT/stamp"
	touch -d 2001-01-01 "$MNT/stamp"
	before=$(stat -c %Z "$MNT/stamp")
	echo x >>"$MNT/stamp"
	after=$(stat -c "%.${DIGITS}Y" "$MNT/stamp")
	want_ne "mtime" 2001 "$(date -r "$MNT/stamp" +%Y)"
	want_eq "mtime on the server" "$(stat -c "%.${DIGITS}Y" "$EXP/stamp")" "$after"
	want_min "ctime" "$before" "$(stat -c %Z "$MNT/stamp")"
	touch -d 2001-01-01 "$MNT"
	: >"$MNT/stamp2"
	want_eq "mtime of the directory" "$(stat -c "%.${DIGITS}Y" "$EXP")" \
		"$(stat -c "%.${DIGITS}Y" "$MNT")"
}

long_names() {
	local name=$(printf 'n%.0s' {1..255}) dir

	dir=$MNT/long
	mkdir "$dir"
	want_ok sh -c "echo long >'$dir/$name'"
	want_eq "content" long "$(<"$EXP/long/$name")"
	want_eq "listed" "$name" "$(ls "$dir")"
	want_ok mv "$dir/$name" "$dir/${name//n/m}"
	want_err ENAMETOOLONG touch "$dir/x$name"
	want_err ENAMETOOLONG mkdir "$dir/x$name"
	want_err ENAMETOOLONG mv "$dir/${name//n/m}" "$dir/x$name"
	want_err ENAMETOOLONG stat "$dir/x$name"
	want_err ENAMETOOLONG ln -s t "$dir/x$name"
	want_eq "listed" "${name//n/m}" "$(ls "$EXP/long")"
}

strange_names() {
	local dir=$MNT/strange name

	mkdir "$dir"
	for name in 'Grüße' '日本語のファイル' $'new\nline' $'\x01\x7f\xff\xfe' \
		' ' '*' '-rf' '\' '"' '...' '.hidden' 'a:b' '#1' '%s%n'; do
		echo "$name" >"$dir/$name" || fail "cannot create '$name'"
		want_same "$dir/$name" "$EXP/strange/$name"
	done
	want_eq "listing" "$(ls -A "$EXP/strange" | od -c)" \
		"$(ls -A "$dir" | od -c)"
	drop_caches
	want_eq "content" '日本語のファイル' "$(<"$dir/日本語のファイル")"
	want_ok rm -r "$dir"
	want_gone "$EXP/strange"
}

deep_directories() {
	local i path=$MNT

	for i in {1..40}; do
		path=$path/level$i
	done
	want_ok mkdir -p "$path"
	echo bottom >"$path/file"
	drop_caches
	want_eq "content" bottom "$(cat "$path/file")"
	want_same "$path/file" "$EXP/${path#"$MNT/"}/file"
	want_ok rm -r "$MNT/level1"
}

# Free space is told in the client's block size, which may be larger.
same_space() { # WHAT
	local block server client

	block=$(stat -f -c %S "$MNT")
	server=$(df -B1 --output="$1" "$EXP" | tail -n 1)
	client=$(df -B1 --output="$1" "$MNT" | tail -n 1)
	want_max "$1: server $server, client $client, difference" \
		$((block - 1)) $((server > client ? server - client : client - server))
}

statfs_numbers() {
	same_space size
	same_space avail
	# NFSv2 does not tell them.
	is_v2 || want_eq "inodes" "$(stat -f -c '%c %d' "$EXP")" \
		"$(stat -f -c '%c %d' "$MNT")"
	want_eq "longest name" 255 "$(stat -f -c %l "$MNT")"
	dd if=/dev/zero of="$MNT/filler" bs=1M count=8 status=none
	same_space avail
	same_space used
	rm "$MNT/filler"
}

server_changes_seen() {
	echo before >"$EXP/behind"
	want_eq "content" before "$(cat "$MNT/behind")"
	sleep 0.1
	echo afterwards >"$EXP/behind"
	want_eq "changed content" afterwards "$(cat "$MNT/behind")"
}

e2e_setup
t "create a file" creates_file
t "create with each mode and umask" creates_with_mode
t "O_EXCL creates once" exclusive_create
t "O_EXCL leaves proper attributes" exclusive_create_attributes
t "O_TRUNC empties" truncating_open
t "rename files and directories" renames
t "rename keeps and forgets the right names" rename_and_names
t "hard links" hard_links
t "symbolic links" symlinks
t "symbolic link of 4094 bytes" symlink_longest
t "symbolic link loops end in ELOOP" symlink_loops
t "fifo, device and socket nodes" special_nodes
t "a socket accepts a connection" socket_works
t "make and remove directories" directories
t "remove files" removes
t "list directories" lists
t "chmod and chown" changes_mode_and_owner
t "set-id bits go when another user writes" write_clears_setid
t "utimens with nanoseconds" sets_times
t "times after 2038" sets_far_times
t "writes and creations change the times" write_updates_times
t "names of 255 bytes, and ENAMETOOLONG" long_names
t "non-ASCII and odd names" strange_names
t "40 levels of directories" deep_directories
t "statfs" statfs_numbers
t "an open sees what changed on the server" server_changes_seen
e2e_run
