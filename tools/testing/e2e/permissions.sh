#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Who may do what: several users, groups, root_squash, sticky and set-gid
# directories, execution, permission taken away.
# kernels: 6.1 6.12
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

owner_group_other() {
	echo secret >"$EXP/f"
	chown 1001:2001 "$EXP/f"
	chmod 640 "$EXP/f"
	want_eq "owner reads" secret "$(as 1001 cat "$MNT/f")"
	want_ok as 1001 sh -c "echo secret >'$MNT/f'"
	want_eq "group reads" secret "$(as 1002:2001 cat "$MNT/f")"
	want_err EACCES as 1002:2001 sh -c "echo x >>'$MNT/f'"
	want_err EACCES as 1002:2002 cat "$MNT/f"
	want_err EPERM as 1002 chmod 666 "$MNT/f"
	want_err EPERM as 1002 chown 1002 "$MNT/f"
	want_err EPERM as 1001 chown 1002 "$MNT/f"
	want_eq "root reads" secret "$(cat "$MNT/f")"
	want_eq "unchanged" secret "$(<"$EXP/f")"
}

# The owner's class counts, even when others may more.
owner_class_first() {
	echo x >"$EXP/odd"
	chown 1001:2001 "$EXP/odd"
	chmod 046 "$EXP/odd"
	want_err EACCES as 1001:2001 cat "$MNT/odd"
	want_ok as 1002:2001 cat "$MNT/odd"
	want_err EACCES as 1002:2001 sh -c "echo y >>'$MNT/odd'"
	want_ok as 1003:2003 sh -c "echo y >>'$MNT/odd'"
}

supplementary_groups() {
	echo g >"$EXP/g"
	chown 0:3000 "$EXP/g"
	chmod 060 "$EXP/g"
	want_ok as 1001:1001:5,6,3000 cat "$MNT/g"
	want_ok as 1001:1001:5,6,3000 sh -c "echo h >>'$MNT/g'"
	want_err EACCES as 1001:1001:5,6 cat "$MNT/g"
	want_ok as 1001:1001:5,3000,6 chgrp 3000 "$(as 1001:1001 \
		mktemp "$MNT/open/own.XXXXXX")"
	want_err EPERM as 1001:1001:5 chgrp 3000 "$(as 1001:1001 \
		mktemp "$MNT/open/own.XXXXXX")"
}

new_files_have_owner() {
	want_ok as 1001:2001 touch "$MNT/open/mine"
	want_ok as 1001:2001 mkdir "$MNT/open/mine.d"
	want_ok as 1001:2001 ln -s t "$MNT/open/mine.l"
	want_ok as 1001:2001 mknod "$MNT/open/mine.p" p
	want_stat %u:%g 1001:2001 "$EXP/open/mine" "$EXP/open/mine.d" \
		"$EXP/open/mine.l" "$EXP/open/mine.p" "$MNT/open/mine"
}

directory_rights() {
	mkdir -m 711 "$EXP/x"
	echo in >"$EXP/x/in"
	want_eq "by name" in "$(as 1001 cat "$MNT/x/in")"
	want_err EACCES as 1001 ls "$MNT/x"
	want_err EACCES as 1001 touch "$MNT/x/new"
	want_err EACCES as 1001 rm -f "$MNT/x/in"
	want_err EACCES as 1001 mv "$MNT/x/in" "$MNT/x/out"
	mkdir -m 744 "$EXP/r"
	echo in >"$EXP/r/in"
	want_eq "names only" in "$(as 1001 ls "$MNT/r")"
	want_err EACCES as 1001 cat "$MNT/r/in"
	mkdir -m 700 "$EXP/none"
	want_err EACCES as 1001 ls "$MNT/none"
	want_err EACCES as 1001 stat "$MNT/none/absent"
}

# What one user may see does not leak to another through the caches.
no_leak_between_users() {
	mkdir -m 700 "$EXP/private"
	echo mine >"$EXP/private/file"
	chown -R 1001 "$EXP/private"
	want_eq "owner" mine "$(as 1001 cat "$MNT/private/file")"
	want_err EACCES as 1002 cat "$MNT/private/file"
	chmod 600 "$EXP/private/file"
	chmod 755 "$EXP/private"
	sleep 0.1
	as 1001 cat "$MNT/private/file" >/dev/null
	want_err EACCES as 1002 cat "$MNT/private/file"
	want_eq "owner again" mine "$(as 1001 cat "$MNT/private/file")"
}

sticky_directory() {
	as 1001 touch "$MNT/sticky/of1001"
	want_err EPERM as 1002 rm -f "$MNT/sticky/of1001"
	want_err EPERM as 1002 mv "$MNT/sticky/of1001" "$MNT/sticky/taken"
	as 1002 touch "$MNT/sticky/of1002"
	want_err EPERM as 1002 mv -f "$MNT/sticky/of1002" \
		"$MNT/sticky/of1001"
	want_ok as 1001 rm "$MNT/sticky/of1001"
	want_ok rm "$MNT/sticky/of1002"
}

setgid_directory() {
	mkdir "$EXP/setgid"
	chown 0:4000 "$EXP/setgid"
	chmod 2777 "$EXP/setgid"
	want_ok as 1001:2001 touch "$MNT/setgid/f"
	want_ok as 1001:2001 mkdir "$MNT/setgid/d"
	want_stat %u:%g 1001:4000 "$EXP/setgid/f" "$MNT/setgid/f"
	want_stat '%g %a' '4000 2755' "$EXP/setgid/d" "$MNT/setgid/d"
}

# An open of an existing file asks the server, whether O_CREAT is given.
create_existing_unwritable() {
	is_snfs || { skip "nfs.ko 6.12 lets O_CREAT|O_APPEND pass"; return; }
	echo keep >"$EXP/open/keep"
	chmod 644 "$EXP/open/keep"
	want_err EACCES as 1001 sh -c "echo x >'$MNT/open/keep'"
	want_err EACCES as 1001 sh -c "echo x >>'$MNT/open/keep'"
	want_err EACCES as 1001 dd if=/dev/null of="$MNT/open/keep" \
		status=none
	want_eq "unchanged" keep "$(<"$EXP/open/keep")"
	drop_caches
	want_err EACCES as 1001 sh -c "echo x >>'$MNT/open/keep'"
	want_ok as 1001 cat "$MNT/open/keep"
}

taken_away_later() {
	echo x >"$EXP/later"
	chmod 644 "$EXP/later"
	want_ok as 1001 cat "$MNT/later"
	sleep 0.1
	chmod 600 "$EXP/later"
	want_err EACCES as 1001 cat "$MNT/later"
	sleep 0.1
	chmod 644 "$EXP/later"
	want_ok as 1001 cat "$MNT/later"
	chmod 600 "$MNT/later"
	want_err EACCES as 1001 cat "$MNT/later"
}

# The descriptor was opened in time: it goes on working (the server lets the
# owner through, as POSIX programs expect it).
owner_keeps_descriptor() {
	want_ok as 1001 sh -c "exec 5>'$MNT/open/fd' && chmod 0 '$MNT/open/fd' &&
		echo written >&5 && exec 5>&-"
	want_eq "bytes" written "$(<"$EXP/open/fd")"
	want_stat %a 0 "$EXP/open/fd"
	want_ok as 1001 sh -c "(umask 777; exec 5>'$MNT/open/fd2'
		echo written >&5)"
	want_eq "bytes of a file born without rights" written \
		"$(<"$EXP/open/fd2")"
}

# Dirty pages are written with the rights of who wrote them.
writes_as_the_writer() {
	as 1001 touch "$MNT/open/w"
	chmod 600 "$EXP/open/w"
	want_ok as 1001 sh -c "exec 5>>'$MNT/open/w'; echo one >&5; exec 5>&-"
	want_eq "bytes" one "$(<"$EXP/open/w")"
	want_stat %u 1001 "$EXP/open/w"
}

# (env: setpriv itself still has its capabilities when it calls execve.)
executes() {
	cp /bin/true "$EXP/open/prog"
	chown 1001:2001 "$EXP/open/prog"
	chmod 711 "$EXP/open/prog"
	want_ok as 1002 env "$MNT/open/prog"
	want_err EACCES as 1002 cat "$MNT/open/prog"
	chmod 700 "$EXP/open/prog"
	sleep 0.1
	want_err EACCES as 1002 env "$MNT/open/prog"
	want_ok as 1001 env "$MNT/open/prog"
}

access_calls() {
	echo x >"$EXP/acc"
	chmod 644 "$EXP/acc"
	want_ok as 1001 test -r "$MNT/acc"
	want_fail as 1001 test -w "$MNT/acc"
	want_fail as 1001 test -x "$MNT/acc"
	want_ok test -w "$MNT/acc"
	want_fail test -x "$MNT/acc"
}

root_squashed() {
	local sq=$MNTS/squash

	export_fs squash 16m rw,async,root_squash
	chmod 755 "$SRV/squash"
	mkdir -m 777 "$SRV/squash/open"
	echo root >"$SRV/squash/rootonly"
	chmod 600 "$SRV/squash/rootonly"
	want_ok client_mount squash "$sq" || return
	want_ok ls "$sq"
	want_err ENOENT cat "$sq/absent"
	want_unlike "log before root is refused" root_squash "$(kernel_log)"
	want_err EACCES cat "$sq/rootonly"
	want_err EACCES touch "$sq/new"
	want_err EPERM chmod 666 "$sq/rootonly"
	! is_snfs || want_eq "messages about it" 1 "$(kernel_log | grep -c "refuses root.*root_squash")"
	want_ok touch "$sq/open/new"
	want_stat %u:%g 65534:65534 "$SRV/squash/open/new" "$sq/open/new"
	want_ok sh -c "echo as nobody >'$sq/open/new'"
	want_eq "bytes" "as nobody" "$(<"$SRV/squash/open/new")"
	# knfsd refuses, ganesha squashes this 0 too.
	chown 0 "$sq/open/new" 2>/dev/null
	want_stat %u 65534 "$SRV/squash/open/new" "$sq/open/new"
	want_ok as 1001 touch "$sq/open/of1001"
	want_stat %u 1001 "$SRV/squash/open/of1001"
	# Without ACCESS the write fails, which sh does not tell.
	if is_v2; then
		want_err EACCES dd if=/proc/version of="$sq/open/of1001" conv=notrunc,fsync \
			status=none
	else
		want_err EACCES sh -c "echo x >>'$sq/open/of1001'"
	fi
	want_ok client_umount "$sq"
}

all_squashed() {
	local sq=$MNTS/all

	! is_v2 || { skip "without ACCESS the mode decides, which is another user's here"; return; }
	export_fs all 16m rw,async,all_squash,anonuid=777,anongid=888
	chmod 777 "$SRV/all"
	want_ok client_mount all "$sq" || return
	want_ok as 1001 touch "$sq/f"
	want_ok as 1001 sh -c "echo x >'$sq/f'"
	want_stat %u:%g 777:888 "$SRV/all/f" "$sq/f"
	want_ok client_umount "$sq"
}

read_only_export() {
	local ro=$MNTS/ro

	export_fs ro 16m ro,no_root_squash
	echo x >"$SRV/ro/f"
	want_ok client_mount ro "$ro" || return
	want_ok cat "$ro/f"
	want_err EROFS touch "$ro/new"
	want_fail sh -c "echo y >'$ro/f'"
	want_fail truncate -s 0 "$ro/f"
	want_err EROFS rm -f "$ro/f"
	want_err EROFS mkdir "$ro/d"
	want_err EROFS chmod 600 "$ro/f"
	want_eq "unchanged" x "$(<"$SRV/ro/f")"
	want_ok client_umount "$ro"
}

sixteen_groups() {
	local groups

	groups=$(seq -s, 5001 5016)
	echo x >"$EXP/g16"
	chown 0:5016 "$EXP/g16"
	chmod 040 "$EXP/g16"
	want_ok as "1001:1001:$groups" cat "$MNT/g16"
}

# Both bytes are in one page; each goes to the server as its writer's, whoever asks for it.
two_users_one_page() {
	head -c 4096 /dev/zero >"$EXP/both"
	chown 1001 "$EXP/both"
	chmod 666 "$EXP/both"
	AS=1001 hold owner "$MNT/both"
	AS=1002 hold other "$MNT/both"
	want_eq "the other's write" 4 "$(ask other '0 write 0 BBBB')"
	want_eq "the owner's write" 4 "$(ask owner '0 write 100 AAAA')"
	want_eq "the other's bytes went first" BBBB "$(head -c 4 "$EXP/both")"
	chmod 600 "$EXP/both"
	want_eq "the owner's fsync" 0 "$(ask owner '0 fsync')"
	want_eq "the owner's bytes" AAAA "$(tail -c +101 "$EXP/both" | head -c 4)"
	want_eq "the owner's write" 4 "$(ask owner '0 write 200 CCCC')"
	want_eq "the other's write" 4 "$(ask other '0 write 300 DDDD')"
	want_eq "the owner's bytes" CCCC "$(tail -c +201 "$EXP/both" | head -c 4)"
	want_eq "the other's fsync" EACCES "$(ask other '0 fsync')"
	want_eq "the other's bytes" "" "$(tail -c +301 "$EXP/both" | head -c 4 | tr -d '\0')"
	let_go owner
	let_go other
}

readable() { # USER FILE
	as "$1" test -r "$2"
}

# More users than an inode keeps answers for, on one inode.
users_of_one_inode() {
	local user

	echo x >"$EXP/shared"
	chown 1001:2001 "$EXP/shared"
	chmod 640 "$EXP/shared"
	for _ in 1 2 3; do
		for user in 1001:9 1002:9 1003:2001 1004:9 1005:9:2001 1006:9; do
			case $user in
			1001:* | *2001)
				want_ok readable $user "$MNT/shared"
				want_ok as $user cat "$MNT/shared"
				;;
			*)
				want_fail readable $user "$MNT/shared"
				want_err EACCES as $user cat "$MNT/shared"
				;;
			esac
		done
	done
}

# One ACCESS a user, until the file changes.
answers_kept() {
	local dir=$MNTS/kept user

	! is_v2 || { skip "NFSv2 has no ACCESS"; return; }
	echo x >"$EXP/kept"
	chmod 640 "$EXP/kept"
	chown 1001 "$EXP/kept"
	want_ok client_mount main "$dir" actimeo=600,nosharecache || return
	want_ok readable 1001 "$dir/kept"
	want_fail readable 1002 "$dir/kept"
	for user in 1001 1002; do
		want_eq "ACCESS calls of $user" 0 "$(count_calls access readable $user "$dir/kept")"
	done
	want_ok chmod 604 "$dir/kept"
	want_eq "ACCESS calls after chmod" 1 "$(count_calls access readable 1002 "$dir/kept")"
	want_ok readable 1002 "$dir/kept"
	want_ok client_umount "$dir"
}

# The server takes set-user-ID and set-group-ID away, and that is seen here.
set_id_bits() {
	cp /bin/true "$EXP/open/setid"
	chown 1001:2001 "$EXP/open/setid"
	chmod 6777 "$EXP/open/setid"
	want_stat %a 6777 "$MNT/open/setid"
	want_ok as 1002 sh -c "echo x >>'$MNT/open/setid'"
	want_stat %a 777 "$EXP/open/setid" "$MNT/open/setid"
	want_ok as 1001:2001 chmod 4755 "$MNT/open/setid"
	want_stat %a 4755 "$EXP/open/setid" "$MNT/open/setid"
	# Not a member of the file's group.
	want_ok as 1001:2002 chmod 2755 "$MNT/open/setid"
	want_stat %a 755 "$EXP/open/setid" "$MNT/open/setid"
}

# AUTH_SYS carries 16 groups: those that matter must be among them.
twenty_groups() {
	local groups name=twenty

	groups=$(seq -s, 5001 5020)
	echo x >"$EXP/$name"
	chown 0:5020 "$EXP/$name"
	chmod 060 "$EXP/$name"
	want_ok as "1001:1001:$groups" cat "$MNT/$name"
	want_ok as "1001:1001:$groups" sh -c "echo written >'$MNT/$name'"
	want_eq "bytes" written "$(<"$EXP/$name")"
	mkdir -m 2770 "$EXP/$name.d" "$EXP/$name.e"
	chown 0:5019 "$EXP/$name.d"
	chown 0:5018 "$EXP/$name.e"
	want_ok as "1001:1001:$groups" touch "$MNT/$name.d/f"
	want_ok as "1001:1001:$groups" mv "$MNT/$name.d/f" "$MNT/$name.e/g"
	want_ok as "1001:1001:$groups" chgrp 5017 "$MNT/$name.e/g"
	want_stat %g 5017 "$EXP/$name.e/g"
	want_err EACCES as "1001:1001:$(seq -s, 5001 5018)" touch "$MNT/$name.d/h"
	want_ok as "1001:1001:$groups" rm "$MNT/$name.e/g"
}

e2e_setup
mkdir -m 777 "$EXP/open"
mkdir -m 1777 "$EXP/sticky"
t "owner, group and others" owner_group_other
t "the owner's class comes first" owner_class_first
t "supplementary groups" supplementary_groups
t "sixteen groups" sixteen_groups
t "twenty groups" twenty_groups
t "new files belong to their maker" new_files_have_owner
t "rights of directories" directory_rights
t "nothing leaks from one user to another" no_leak_between_users
t "six users of one inode" users_of_one_inode
t "answers of the server are kept" answers_kept
t "set-user-ID and set-group-ID" set_id_bits
t "sticky directories" sticky_directory
t "set-gid directories" setgid_directory
t "O_CREAT of an existing file one may not write" create_existing_unwritable
t "permission taken away and given back" taken_away_later
t "the owner's descriptor outlives chmod" owner_keeps_descriptor
t "data is written as the writer" writes_as_the_writer
t "two users write one page" two_users_one_page
t "execute permission" executes
t "access(2)" access_calls
t "root_squash" root_squashed
t "all_squash" all_squashed
t "a read-only export" read_only_export
e2e_run
