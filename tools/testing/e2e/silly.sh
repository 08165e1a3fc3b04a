#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Files removed or replaced while they are open keep their bytes until the
# last close and leave nothing on the server.
# kernels: uml 6.1 6.12
# timeout: 90

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/oddproxy.sh
. "$E2E_LIB/oddproxy.sh"

server_names() { # DIR: all names the server has there
	ls -A "$EXP/$1" | tr '\n' ' '
}

# The REMOVE of the last close may be under way when close returns.
want_no_silly() {
	wait_until 10 no_silly ||
		fail "left on the server: $(find "$EXP" -name '.nfs*')"
}

no_silly() {
	[[ -z $(find "$EXP" -name '.nfs*') ]]
}

unlink_open() {
	mkdir "$MNT/u"
	echo content >"$MNT/u/file"
	exec 5<>"$MNT/u/file"
	want_ok rm "$MNT/u/file"
	want_gone "$MNT/u/file" "$EXP/u/file"
	want_like "kept on the server" '^\.nfs' "$(server_names u)"
	want_eq "read by the open file" content "$(cat <&5)"
	echo more >&5
	want_eq "size by the open file" 13 "$(stat -L -c %s /dev/fd/5)"
	drop_caches
	want_eq "read again" "content more" \
		"$(cat /proc/self/fd/5 | tr '\n' ' ' | sed 's/ $//')"
	exec 5>&-
	want_no_silly
	want_ok rmdir "$MNT/u"
}

unlink_open_twice() {
	echo first >"$MNT/twice"
	exec 5<"$MNT/twice" 6<"$MNT/twice"
	rm "$MNT/twice"
	exec 5<&-
	want_eq "second descriptor" first "$(cat <&6)"
	exec 6<&-
	want_no_silly
}

create_again() {
	echo old >"$MNT/again"
	exec 5<"$MNT/again"
	rm "$MNT/again"
	echo new >"$MNT/again"
	want_eq "open file" old "$(cat <&5)"
	want_eq "new file" new "$(cat "$MNT/again")"
	rm "$MNT/again"
	exec 5<&-
	want_no_silly
	want_gone "$EXP/again"
}

rename_over_open() {
	echo target >"$MNT/target"
	echo source >"$MNT/source"
	exec 5<>"$MNT/target"
	want_ok mv -f "$MNT/source" "$MNT/target"
	want_eq "open file" target "$(cat <&5)"
	want_eq "new file" source "$(cat "$MNT/target")"
	want_same "$MNT/target" "$EXP/target"
	printf appended >&5
	exec 5>&-
	want_eq "new file untouched" source "$(<"$EXP/target")"
	want_no_silly
}

unlink_mapped() {
	pattern 20000 2 >"$MNT/mapped"
	cp "$MNT/mapped" /tmp/mapped
	mkfifo /tmp/go
	"$(helper mapfile)" hold "$MNT/mapped" 9000 300 </tmp/go \
		>/tmp/mapped.out 2>&1 &
	exec 5>/tmp/go
	sleep 0.5
	want_ok rm "$MNT/mapped"
	drop_caches
	exec 5>&-
	wait $!
	want_eq "bytes of the mapping" \
		"$(tail -c +9001 /tmp/mapped | head -c 300)" "$(</tmp/mapped.out)"
	want_no_silly
}

written_after_unlink() {
	exec 5>"$MNT/late"
	rm "$MNT/late"
	want_ok sh -c 'dd if=/dev/zero bs=1M count=3 status=none >&5'
	want_eq "size" 3145728 "$(stat -L -c %s /dev/fd/5)"
	exec 5>&-
	want_no_silly
	want_gone "$EXP/late"
}

# More links: nothing need be kept under another name.
unlink_one_of_two() {
	echo both >"$MNT/one"
	ln "$MNT/one" "$MNT/two"
	exec 5<"$MNT/one"
	want_ok rm "$MNT/one"
	want_eq "open file" both "$(cat <&5)"
	exec 5<&-
	want_eq "other name" both "$(<"$EXP/two")"
	want_no_silly
}

hidden_or_busy() {
	mkdir "$MNT/h"
	echo x >"$MNT/h/file"
	exec 5<"$MNT/h/file"
	rm "$MNT/h/file"
	if is_snfs; then
		want_eq "listing" "" "$(ls -A "$MNT/h")"
	fi
	want_fail rmdir "$MNT/h"
	exec 5<&-
	want_no_silly
	want_ok rmdir "$MNT/h"
}

many_at_once() {
	local i fd fds=()

	for i in {1..40}; do
		echo "$i" >"$MNT/many$i"
		exec {fd}<"$MNT/many$i"
		fds+=("$fd")
	done
	rm "$MNT"/many*
	want_eq "names left" "" "$(ls "$EXP" | grep many)"
	for i in {1..40}; do
		fd=${fds[i - 1]}
		want_eq "file $i" "$i" "$(cat <&"$fd")"
		exec {fd}<&-
	done
	want_no_silly
}

removed_dir_is_cwd() {
	mkdir "$MNT/cwd"
	(cd "$MNT/cwd" && rmdir "$MNT/cwd" && want_fail touch x &&
		want_eq "listing" "" "$(ls 2>/dev/null)")
	want_gone "$EXP/cwd"
}

# close_removed FILE: is the last one to close it, while the server puts each REMOVE off (12) with
# JUKEBOX (10008); "odd" ends that.
close_removed() {
	echo x >"$1"
	exec 5<"$1"
	rm "$1"
	odd fail=12:10008
	exec 5<&-
}

removal_pending() {
	local dir=$MNTS/odd pid

	is_snfs || { skip "nfs.ko does not wait"; return; }
	! is_v2 || { skip "NFSv2 has no JUKEBOX"; return; }
	odd_start || { fail "no proxy"; return; }
	want_ok client_mount main "$dir" "$ODD_OPTIONS,nosharecache" || return
	mkdir "$dir/pending"
	close_removed "$dir/pending/file"
	want_like "on the server" '^\.nfs' "$(server_names pending)"
	want_eq "listing" "" "$(ls -A "$dir/pending")"
	odd
	wait_until 60 no_silly || fail "never removed"
	close_removed "$dir/pending/file"
	rmdir "$dir/pending" &
	pid=$!
	sleep 1
	odd
	wait $pid || fail "rmdir fails"
	want_gone "$EXP/pending"
	want_ok client_umount "$dir"
}

e2e_setup
t "an unlinked open file works until close" unlink_open
t "two descriptors, one closed" unlink_open_twice
t "the name can be used again at once" create_again
t "rename over an open file" rename_over_open
t "unlink of a mapped file" unlink_mapped
t "writes after unlink" written_after_unlink
t "unlink of one of two names" unlink_one_of_two
t "the hidden name is hidden, the directory busy" hidden_or_busy
t "a removal that is pending is hidden, and waited for by rmdir" removal_pending
t "40 files at once" many_at_once
t "a removed working directory" removed_dir_is_cwd
e2e_run
