#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two clients in two network namespaces: files that are replaced, deleted, forbidden, mapped; and
# what nocto, noac, actimeo= and lookupcache= make of what the other one does. Attributes are
# believed for an hour where a test is not about time: what is seen there, is seen by asking.
# kernels: uml 6.12
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/peer.sh
. "$E2E_LIB/peer.sh"

M=$MNTS/m	# another mount here

# Two changes in one tick of the server's clock cannot be told apart.
tick() {
	sleep 0.05
}

# here OPTIONS: a mount of its own at $M, in place of the last one.
here() {
	! mountpoint -q $M || want_ok client_umount $M
	want_ok client_mount main $M "nosharecache,$1"
}

says() { # TEXT FILE
	[[ $(cat "$2") == "$1" ]]
}

has_size() { # SIZE FILE
	[[ $(stat -c %s "$2") == "$1" ]]
}

# put NAME TEXT: by the peer.
put() {
	tick
	echo "$2" >"$MNT2/$1"
}

replaced() {
	put file old
	want_eq "before" old "$(cat "$MNT/file")"
	put new new
	mv "$MNT2/new" "$MNT2/file"
	want_eq "after" new "$(cat "$MNT/file")"
}

# The file lives on under another name: the name here may be as old as the directory's attributes.
replaced_and_kept() {
	here actimeo=3600,acdirmin=1,acdirmax=2
	put file old
	want_eq "before" old "$(cat $M/file)"
	ln "$MNT2/file" "$MNT2/backup"
	put new new
	mv "$MNT2/new" "$MNT2/file"
	wait_until 30 says new $M/file || fail "after acdirmax: $(cat $M/file)"
	want_eq "the old one" old "$(cat $M/backup)"
}

deleted() {
	put gone x
	want_ok cat "$MNT/gone"
	rm "$MNT2/gone"
	want_err ENOENT cat "$MNT/gone"
	want_err ENOENT stat "$MNT/gone"
}

deleted_while_open() {
	put vanishes x
	hold reader "$MNT/vanishes"
	rm "$MNT2/vanishes"
	want_err ENOENT cat "$MNT/vanishes"
	want_eq "another write" 1 "$(ask reader '0 write 0 y')"
	want_eq "fsync" ESTALE "$(ask reader '0 fsync')"
	let_go reader
}

forbidden() {
	put mine x
	chmod 644 "$MNT2/mine"
	want_ok as 1001 cat "$MNT/mine"
	want_ok as 1001 test -r "$MNT/mine"
	tick
	chmod 600 "$MNT2/mine"
	want_err EACCES as 1001 cat "$MNT/mine"
	# The refusal has brought the attributes, too.
	want_fail as 1001 test -r "$MNT/mine"
	want_stat %a 600 "$MNT/mine"
	tick
	chmod 644 "$MNT2/mine"
	want_ok as 1001 cat "$MNT/mine"
}

# A name that was not here, created there by root: O_CREAT must not open it for others.
created_unwritable() {
	want_err ENOENT cat "$MNT/owned"
	put owned keep
	want_err EACCES as 1001 sh -c "echo x >>'$MNT/owned'"
	want_eq "unchanged" keep "$(<"$EXP/owned")"
	want_eq "seen by its name" keep "$(cat "$MNT/owned")"
}

truncated() {
	pattern 50000 1 >"$MNT2/cut"
	want_same "$MNT/cut" "$EXP/cut"
	tick
	truncate -s 100 "$MNT2/cut"
	want_eq "bytes" 100 "$(cat "$MNT/cut" | wc -c)"
	want_stat %s 100 "$MNT/cut"
	tick
	truncate -s 9000 "$MNT2/cut"
	want_same "$MNT/cut" "$EXP/cut"
}

# One process has the file mapped, another one of the same client opens it.
mapped() {
	pattern 20000 1 >"$MNT2/map"
	hold reader "$MNT/map"
	want_eq "first page" "$(head -c 9 "$EXP/map")" "$(ask reader '0 map 0 9')"
	want_eq "last page" "$(tail -c +19001 "$EXP/map" | head -c 9)" "$(ask reader '0 map 19000 9')"
	tick
	printf different | dd of="$MNT2/map" conv=notrunc status=none
	cat "$MNT/map" >/dev/null
	want_eq "after an open" different "$(ask reader '0 map 0 9')"
	tick
	truncate -s 4096 "$MNT2/map"
	want_eq "bytes" 4096 "$(cat "$MNT/map" | wc -c)"
	want_eq "behind the new end" SIGBUS "$(ask reader '0 map 19000 9')"
	want_eq "before it" different "$(ask reader '0 map 0 9')"
	let_go reader
}

# stat and read(2) of an open file are as old as the cache time allows.
open_file() {
	here acregmin=1,acregmax=2
	put open old
	hold reader $M/open
	want_eq "first" old "$(ask reader '0 read 0 9' | head -n 1)"
	put open newer
	wait_until 30 has_size 6 $M/open || fail "size after acregmax: $(stat -c %s $M/open)"
	want_eq "read" newer "$(ask reader '0 read 0 5')"
	let_go reader
}

names_of_a_directory() {
	mkdir "$MNT2/dir"
	touch "$MNT2/dir/a"
	want_eq "listing" a "$(ls "$MNT/dir")"
	want_err ENOENT stat "$MNT/dir/b"
	want_err ENOENT stat "$MNT/dir/b"
	tick
	touch "$MNT2/dir/b"
	rm "$MNT2/dir/a"
	want_eq "listing" b "$(ls "$MNT/dir")"
	# Its change is visible, so its names are asked for anew.
	want_ok stat "$MNT/dir/b"
	want_err ENOENT stat "$MNT/dir/a"
}

# A name that was not there is not believed for longer than acregmin.
negative_life() {
	here acregmin=1,acdirmin=3600,acdirmax=3600
	want_err ENOENT cat $M/awaited
	want_err ENOENT stat $M/awaited
	put awaited here
	wait_until 30 says here $M/awaited || fail "still not there"
}

nocto() {
	here nocto,actimeo=3600
	put weak old
	want_eq "before" old "$(cat $M/weak)"
	put weak newer
	want_eq "calls of another open" 0 "$(count_calls "" cat $M/weak)"
	want_eq "within its time" old "$(cat $M/weak)"
	here nocto,acregmin=1,acregmax=2
	want_eq "before" newer "$(cat $M/weak)"
	put weak newest
	wait_until 30 says newest $M/weak || fail "after acregmax: $(cat $M/weak)"
	here actimeo=3600
	want_eq "with cto, before" newest "$(cat $M/weak)"
	put weak last
	want_eq "with cto" last "$(cat $M/weak)"
}

# noac: all is asked for, and what is written is there when write(2) returns.
noac() {
	here noac
	always_asks
	want_err ENOENT stat $M/noac.new
	put noac.new x
	want_ok stat $M/noac.new
	hold writer $M/asked
	want_eq "written" 5 "$(ask writer '0 write 0 bytes')"
	want_eq "there" bytes "$(head -c 5 "$MNT2/asked")"
	let_go writer
}

# actimeo=0: the same, but what is written is written back later.
actimeo_0() {
	here actimeo=0
	always_asks
	want_err ENOENT stat $M/zero.new
	put zero.new x
	want_ok stat $M/zero.new
	hold writer $M/asked
	want_eq "WRITEs of a write" 0 "$(count_calls write ask writer '0 write 0 late')"
	want_eq "fsync" 0 "$(ask writer '0 fsync')"
	want_eq "there" late "$(head -c 4 "$MNT2/asked")"
	let_go writer
}

always_asks() {
	local size

	put asked x
	hold reader $M/asked
	for size in 5 9 3 7; do
		tick
		truncate -s $size "$MNT2/asked"
		want_stat %s $size $M/asked
		tick
		printf %s $size | dd of="$MNT2/asked" conv=notrunc status=none
		want_eq "read from an open file" $size "$(ask reader '0 read 0 1')"
	done
	let_go reader
}

# The file moves away, so its name is wrong, but leads to a file that lives.
moved() {
	mv "$MNT2/$1" "$MNT2/$1.moved"
	put "$1" second
}

lookupcache() { # VALUE POSITIVE NEGATIVE: which are believed
	here "actimeo=3600,lookupcache=$1"
	put $1 first
	want_eq "first" first "$(cat $M/$1)"
	want_err ENOENT stat $M/$1.new
	moved $1
	put $1.new x
	if [[ $2 == believed ]]; then
		want_eq "LOOKUPs of a name" 0 "$(count_calls lookup stat $M/$1)"
		want_eq "the old file" first "$(cat $M/$1)"
	else
		want_eq "the new file" second "$(cat $M/$1)"
		want_min "LOOKUPs of a name" 1 "$(count_calls lookup stat $M/$1)"
	fi
	if [[ $3 == believed ]]; then
		want_eq "calls for a missing name" 0 "$(count_calls "" stat $M/$1.new)"
		want_err ENOENT stat $M/$1.new
	else
		want_ok stat $M/$1.new
	fi
}

# Before any mount, as it would have a copy of each.
peer_start || bail "no peer"
e2e_setup actimeo=3600
peer_client "$MNT2" || bail "the peer's mount fails"
t "replaced by rename" replaced
t "replaced by rename, and kept under another name" replaced_and_kept
t "deleted" deleted
t "deleted while it is open here" deleted_while_open
t "permission taken away" forbidden
t "O_CREAT of what the other has created" created_unwritable
t "truncated and extended" truncated
t "a mapping" mapped
t "an open file, within acregmax" open_file
t "names of a directory, there and not there" names_of_a_directory
t "a missing name is believed for acregmin" negative_life
t "nocto" nocto
t "noac" noac
t "actimeo=0" actimeo_0
t "lookupcache=none" lookupcache none asked asked
t "lookupcache=pos" lookupcache pos believed asked
t "lookupcache=all" lookupcache all believed believed
e2e_run
