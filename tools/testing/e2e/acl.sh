#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# POSIX ACLs: seen and set, inherited, what the umask does with and without a
# default ACL, what they cost in calls, and mounts and servers without them.
# Users have no names here, so all is numbers.
# kernels: uml 6.1
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

PROXY_PORT=3390

# acl_of FILE: its ACL without its name.
acl_of() {
	getfacl -cnp -- "$1" 2>&1
}

# same_acl NAME...: client and server agree.
same_acl() {
	local name

	for name; do
		want_eq "ACL of $name" "$(acl_of "$E/$name")" \
			"$(acl_of "$M/$name")"
	done
}

# acl_calls DIR PROCEDURE: how many the mount has sent.
acl_calls() {
	awk -v d="$1" -v p="$2:" '
		$1 == "device" { here = $5 == d }
		here && $1 == p { n = $2 }
		END { print n + 0 }' /proc/self/mountstats
}

# getacls DIR COMMAND ARG...: the GETACLs that the command costs.
getacls() {
	local dir=$1 before

	shift
	before=$(acl_calls "$dir" GETACL)
	"$@" >/dev/null 2>&1 || fail "'$*' fails"
	echo $(($(acl_calls "$dir" GETACL) - before))
}

# use NAME: E and M are directories of an export of that name, on the server
# and on the client.
use() {
	E=$SRV/$1
	M=$MNTS/$1
}

set_and_get() { # EXPORT
	use "$1"
	touch "$E/f"
	chmod 644 "$E/f"
	same_acl f
	want_ok setfacl -m u:1005:rw,g:1006:r "$M/f"
	want_like "on the server" "user:1005:rw-"$'\n'"group::r--"$'\n'"group:1006:r--" \
		"$(acl_of "$E/f")"
	want_eq "mode" 664 "$(stat -c %a "$M/f")"
	same_acl f
	want_like "mark of ls -l" '^[^ ]+\+ ' "$(ls -ld "$M/f")"
	want_like "names" system.posix_acl_access "$(getfattr -m - "$M/f" 2>&1)"
	want_ok as 1005 sh -c "echo x >'$M/f'"
	want_err EACCES as 1007 sh -c "echo x >'$M/f'"
	want_err EPERM as 1007 setfacl -m u:1007:rw "$M/f"
	want_ok setfacl -x u:1005 "$M/f"
	same_acl f
	want_err EACCES as 1005 sh -c "echo x >'$M/f'"
	want_ok setfacl -b "$M/f"
	same_acl f
	want_unlike "mark of ls -l" '^[^ ]+\+ ' "$(ls -ld "$M/f")"
	want_fail setfacl -d -m u:1005:rw "$M/f"
}

# The mask is the mode's group bits.
chmod_and_chown() {
	use ext
	touch "$E/c"
	want_ok setfacl -m u:1005:rwx "$M/c"
	same_acl c
	want_ok chmod 640 "$M/c"
	want_like "mask" "mask::r--" "$(acl_of "$M/c")"
	same_acl c
	want_ok chmod 660 "$M/c"
	same_acl c
	want_ok chown 1001:1002 "$M/c"
	same_acl c
	want_ok chmod 600 "$M/c"
	same_acl c
	want_err EACCES as 1005 cat "$M/c"
}

# create_all DIR: one object of each kind, with every umask.
create_all() {
	local mask

	for mask in 000 027 077; do (
		umask $mask
		echo x >"$1/file.$mask" || exit
		mkdir "$1/dir.$mask" || exit
		mkfifo "$1/fifo.$mask" || exit
		ln -s x "$1/link.$mask" || exit
		mkdir -m 751 "$1/dirm.$mask"
		echo y >"$1/dir.$mask/file"
		mkdir "$1/dir.$mask/dir"
	) done
}

modes_and_acls() { # DIR
	(cd "$1" && find . -mindepth 1 -printf '%P %m\n' | sort &&
		find . -mindepth 1 ! -type l | sort | xargs getfacl -np 2>&1)
}

# What is created through the client has what is created on the server.
inherits() { # EXPORT ENTRIES
	local here there

	use "$1"
	here=here.${#2}
	there=there.${#2}
	mkdir "$E/$here" "$E/$there"
	if [[ -n $2 ]]; then
		want_ok setfacl -d -m "$2" "$M/$here"
		want_ok setfacl -d -m "$2" "$E/$there"
	fi
	create_all "$M/$here"
	create_all "$E/$there"
	want_eq "as the server sees it" "$(modes_and_acls "$E/$there")" \
		"$(modes_and_acls "$E/$here")"
	want_eq "as the client sees it" "$(modes_and_acls "$E/$here")" \
		"$(modes_and_acls "$M/$here")"
	want_eq "objects" 21 "$(find "$E/$here" -mindepth 1 | wc -l)"
}

default_acls() {
	use ext
	mkdir "$E/d"
	want_ok setfacl -m u:1005:rwx "$M/d"
	want_ok setfacl -d -m u:1006:rx,g::- "$M/d"
	same_acl d
	want_like "both" "user:1005:rwx.*default:user:1006:r-x" "$(acl_of "$E/d")"
	want_ok setfacl -m u:1007:x "$M/d"
	want_like "the default one stays" default:user:1006:r-x "$(acl_of "$E/d")"
	want_ok setfacl -k "$M/d"
	want_unlike "taken away" default "$(acl_of "$E/d")"
	want_like "the other stays" user:1005:rwx "$(acl_of "$E/d")"
	same_acl d
	want_ok setfacl -d -m u:1006:rx "$M/d"
	want_ok setfacl -b "$M/d"
	want_eq "nothing left" "$(stat -c %A "$E/d")" "$(stat -c %A "$M/d")"
	same_acl d
	# A change by others is not undone.
	want_eq "mode" 755 "$(stat -c %a "$M/d")"
	chmod 750 "$E/d"
	want_ok setfacl -d -m u:1006:rx "$M/d"
	want_eq "mode on the server" 750 "$(stat -c %a "$E/d")"
}

# What the server's side changes is seen when its ctime is.
changed_on_server() {
	use ext
	mkdir "$E/r"
	touch "$E/r/f"
	same_acl r r/f
	sleep 0.1
	setfacl -m u:1005:rw "$E/r/f"
	setfacl -d -m u:1005:rw "$E/r"
	stat --cached=never "$M/r" "$M/r/f" >/dev/null
	same_acl r r/f
	(umask 077; touch "$M/r/inherits")
	want_like "default ACL found" user:1005:rw- "$(acl_of "$M/r/inherits")"
	sleep 0.1
	setfacl -b "$E/r/f" "$E/r"
	stat --cached=never "$M/r" "$M/r/f" >/dev/null
	same_acl r r/f
	(umask 077; touch "$M/r/plain")
	want_stat %a 600 "$E/r/plain" "$M/r/plain"
	same_acl r/plain
}

asks_once() {
	is_snfs || { skip "counts are those of snfs"; return; }
	use count
	want_ok client_mount ext "$M" nosharecache || return
	want_eq "mounting" 0 "$(acl_calls "$M" GETACL)"
	E=$SRV/ext
	mkdir "$E/n"
	touch "$E/n/"{1..9}
	setfacl -m u:1005:r "$E/n/"{1..4}
	want_eq "first ls -l" 9 "$(getacls "$M" ls -l "$M/n/"{1..9})"
	want_eq "second ls -l" 0 "$(getacls "$M" ls -l "$M/n/"{1..9})"
	want_eq "getfacl" 0 "$(getacls "$M" getfacl "$M/n/"{1..9})"
	sleep 0.1
	chmod 600 "$E/n/3"
	stat --cached=never "$M/n/3" >/dev/null
	want_eq "after a change of one" 1 "$(getacls "$M" ls -l "$M/n/"{1..9})"
	want_eq "writing" 0 "$(getacls "$M" sh -c "echo x >>'$M/n/2'; ls -l '$M/n/2'")"
	# The directory's own is asked once, and those of new things are known.
	want_eq "creating" 1 "$(getacls "$M" mkdir -p "$M/n/a/b/c")"
	want_eq "creating more" 0 "$(getacls "$M" touch "$M/n/a/"{1..9} "$M/n/a/b/c/x")"
	want_eq "looking at them" 0 "$(getacls "$M" ls -lR "$M/n/a")"
	want_eq "SETACL" 0 "$(acl_calls "$M" SETACL)"
	want_ok client_umount "$M"
}

marks() { # DIR: each name with the "+" of those that have an ACL
	ls -l "$1" | awk 'NR > 1 { print $NF, $1 ~ /[+]$/ }'
}

# Those of the next names are asked for together; each is asked for once, and gets its own.
many_at_once() {
	local dir=$SRV/ext/many i

	is_snfs || { skip "counts are those of snfs"; return; }
	use many
	want_ok client_mount ext "$M" nosharecache || return
	mkdir "$dir"
	for i in {1..200}; do
		echo "$i" >"$dir/file$i"
	done
	for i in {7..200..9}; do
		setfacl -m "u:$((2000 + i)):r" "$dir/file$i"
	done
	ln -s file1 "$dir/symlink"
	mkdir "$dir/sub"
	setfacl -d -m u:2001:rwx "$dir/sub"
	want_eq "calls: also the directory itself" 202 "$(getacls "$M" ls -l "$M/many")"
	want_eq "marks" "$(marks "$dir")" "$(marks "$M/many")"
	want_eq "entries" "$(cd "$dir" && getfacl -- * | sort)" \
		"$(cd "$M/many" && getfacl -- * | sort)"
	want_eq "calls for those" 0 "$(getacls "$M" ls -l "$M/many")"
	want_ok client_umount "$M"
}

many_entries() {
	local entries

	use tmp
	mkdir "$E/many"
	entries=$(seq -f 'u:%.0f:rx' -s, 10001 10300)
	want_ok setfacl -m "$entries" "$M/many"
	want_ok setfacl -d -m "$entries" "$M/many"
	want_eq "entries" 304 "$(acl_of "$E/many" | grep -c '^default:')"
	same_acl many
}

without() { # what holds on any mount that has no ACLs
	use "$1"
	touch "$SRV/ext/$1"
	setfacl -m u:1005:rw "$SRV/ext/$1"
	want_err EOPNOTSUPP setfacl -m u:1006:rw "$M/$1"
	want_err EOPNOTSUPP setfacl -d -m u:1006:rw "$M"
	want_unlike "getfacl" 1005 "$(acl_of "$M/$1")"
	want_unlike "mark of ls -l" '^[^ ]+\+ ' "$(ls -ld "$M/$1")"
	(umask 027; touch "$M/$1.f"; mkdir "$M/$1.d")
	want_stat %a 640 "$M/$1.f" "$SRV/ext/$1.f"
	want_stat %a 750 "$M/$1.d" "$SRV/ext/$1.d"
}

option_noacl() {
	use noacl
	want_ok client_mount ext "$M" noacl || return
	want_eq "shown" noacl "$(shown_option "$M" noacl)"
	without noacl
	want_eq "calls" 0 "$(acl_calls "$M" GETACL)"
	want_ok client_umount "$M"
}

server_without() {
	local pid

	is_snfs || { skip "counts are those of snfs"; return; }
	use old
	"$(helper noaclproxy)" $PROXY_PORT 2049 &
	pid=$!
	wait_until 20 grep -q "$(printf ':%04X ' $PROXY_PORT)" /proc/net/tcp
	want_ok client_mount ext "$M" "port=$PROXY_PORT,mountport=$MOUNTD_PORT"
	want_eq "calls of the mount" 0 "$(acl_calls "$M" GETACL)"
	without old
	want_eq "asked once" 1 "$(acl_calls "$M" GETACL)"
	want_ok client_umount "$M"
	kill $pid
}

e2e_server
export_ext4 ext 32 || bail "no export"
export_tmpfs tmp 32m || bail "no export"
client_mount ext "$MNTS/ext" || bail "the mount fails"
client_mount tmp "$MNTS/tmp" || bail "the mount fails"
t "set, seen, taken away (ext4)" set_and_get ext
t "set, seen, taken away (tmpfs)" set_and_get tmp
t "chmod and chown" chmod_and_chown
t "default ACLs" default_acls
t "umask without default ACL" inherits ext ""
t "inherited (ext4)" inherits ext u::rwx,g::rwx,u:1005:rwx,o::-
t "inherited, group and others restricted" inherits ext u::rw,g::r,o::r
t "inherited (tmpfs)" inherits tmp u::rwx,g::rx,u:1005:rwx,o::rx
t "changed on the server" changed_on_server
t "asked once, until something changes" asks_once
t "of many files, asked together" many_at_once
t "hundreds of entries" many_entries
t "noacl" option_noacl
t "a server without NFSACL" server_without
e2e_run
