#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# NFSv2 by TCP and UDP from a server of our own, and what servers of that time
# did: small blocks and transfers, modes without type, names with a NUL, cookies
# that are no numbers, datagrams that are lost or come twice.
# kernels: uml 6.12
# timeout: 150

export SNFS_SERVER_MAKE=v2server
# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/oddwork.sh
. "$E2E_LIB/oddwork.sh"

# Procedures and statuses of RFC 1094
LOOKUP=4 READ=6 WRITE=8 CREATE=9 READDIR=16 STATFS=17
IO=5 NOSPC=28

TCP=proto=tcp
UDP=proto=udp
# What is lost is sent again soon.
SOON=proto=udp,timeo=3,retrans=8

# with "WORD..." OPTIONS COMMAND ARG...: mounts from such a server, and runs the
# command.
with() {
	local options=$2

	v2_odd "$1"
	shift 2
	want_ok client_mount main "$MNT" "$options" || return
	"$@"
	v2_odd
	want_ok client_umount "$MNT"
}

# ours COMMAND ARG...: what nfs.ko cannot do, or does not end doing.
ours() {
	is_snfs || { skip "not with nfs.ko"; return; }
	"$@"
}

sizes() { # RSIZE WSIZE
	want_eq "rsize" "$1" "$(shown_option "$MNT" rsize)"
	want_eq "wsize" "$2" "$(shown_option "$MNT" wsize)"
}

# works_as_v2 PROTOCOL: and v2 it was, every call of it.
works_as_v2() {
	local before

	before=$(server_calls write)
	want_eq "vers" 2 "$(shown_option "$MNT" vers)"
	want_eq "proto" "$1" "$(shown_option "$MNT" proto)"
	sizes 8192 8192
	works
	want_min "WRITEs" $((before + 18)) "$(server_calls write)"
}

# The server has nothing else, which is said.
falls_back() { # [OPTIONS]
	local CLIENT_OPTIONS=

	want_ok client_mount main "$MNT" "$1" || return
	want_eq "vers" 2 "$(shown_option "$MNT" vers)"
	want_like "log" "has no NFS version 3: mounted with version 2" "$(kernel_log)"
	want_same "$EXP/file" "$MNT/file"
	want_ok client_umount "$MNT"
}

# Only rpcbind knows where it is, and that it has no version 3.
another_port() {
	nfsd_stop
	"$(helper v2server)" -r 3049 $MOUNTD_PORT $V2_WORDS "$SRV" </dev/null >>$V2_LOG 2>&1
	falls_back proto=tcp
	falls_back proto=udp
	nfsd_stop
	nfsd_start || fail "it does not start"
}

users() {
	install -m 600 -o 1001 /dev/null "$EXP/mine"
	want_ok as 1001 sh -c "echo mine >'$MNT/mine'"
	want_eq "content" mine "$(<"$EXP/mine")"
	want_ok as 1001 cat "$MNT/mine"
	want_err EACCES as 1002 cat "$MNT/mine"
	install -m 640 -g 77 /dev/null "$EXP/ours"
	want_ok as 1003:1003:76,77 cat "$MNT/ours"
	want_err EACCES as 1003:1003:76,78 cat "$MNT/ours"
	want_err EACCES as 1001 touch "$MNT/new"
	mkdir -m 1777 "$EXP/tmp"
	want_ok as 1001 touch "$MNT/tmp/file"
	want_stat %u 1001 "$EXP/tmp/file" "$MNT/tmp/file"
	want_err EPERM as 1002 rm -f "$MNT/tmp/file"
	rm -r "$EXP"/{mine,ours,tmp}
}

nodes() {
	want_ok mknod "$MNT/fifo" p
	want_ok mknod "$MNT/char" c 4 64
	want_ok mknod "$MNT/block" b 8 17
	want_ok mknod "$MNT/large" b 259 70000
	want_ok "$(helper mksock)" "$MNT/sock"
	same_types fifo char block large sock many
	rm "$EXP"/{fifo,char,block,large,sock}
}

same_types() { # NAME...
	local i

	for i; do
		want_eq "$i" "$(stat -c '%F %a %t:%T' "$EXP/$i")" \
			"$(stat -c '%F %a %t:%T' "$MNT/$i")"
	done
}

# The server is another process, and all that the client had is good.
restarts() {
	exec 5>"$MNT/held"
	nfsd_stop
	nfsd_start || fail "it does not start"
	echo through >&5
	exec 5>&-
	want_eq "content" through "$(<"$EXP/held")"
	rm "$MNT/held"
	works
}

largest_file() {
	truncate -s 2147483646 "$EXP/large"
	printf x | want_ok dd of="$MNT/large" bs=1 seek=2147483646 conv=notrunc status=none
	want_stat %s 2147483647 "$EXP/large" "$MNT/large"
	printf y >"/tmp/y"
	want_err EFBIG dd if=/tmp/y of="$MNT/large" bs=1 seek=2147483647 conv=notrunc status=none
	want_stat %s 2147483647 "$EXP/large"
	rm "$EXP/large"
}

small_transfers() {
	sizes 512 512
	works
}

small_blocks() {
	want_eq "size" "$(df -B1 --output=size "$EXP" | tail -n 1)" \
		"$(df -B1 --output=size "$MNT" | tail -n 1)"
	works
}

fresh_number() {
	touch "$1/fresh" && stat -c %i "$1/fresh" && rm "$1/fresh"
}

# Two exports, one number of the file system and of the files: nothing is mixed up.
same_numbers() {
	local i

	want_ok client_mount other "$MNT2" $TCP || return
	# The other tests took numbers of one.
	i=$(($(fresh_number "$EXP") - $(fresh_number "$SRV/other")))
	(cd "$SRV/other" && seq -f 'used-%.0f' 1 $i | xargs touch && rm used-*)
	echo main >"$EXP/same"
	echo other >"$SRV/other/same"
	mkdir "$EXP/type"
	mkfifo "$SRV/other/type"
	want_eq "number" "$(stat -c %i "$EXP/same")" "$(stat -c %i "$SRV/other/same")"
	want_eq "number" "$(stat -c %i "$EXP/type")" "$(stat -c %i "$SRV/other/type")"
	want_eq "one" main "$(cat "$MNT/same")"
	want_eq "other" other "$(cat "$MNT2/same")"
	want_stat %F directory "$MNT/type"
	want_stat %F fifo "$MNT2/type"
	echo more >>"$MNT/same"
	want_eq "other, unchanged" other "$(cat "$MNT2/same")"
	want_ok rm "$MNT2/same"
	want_eq "one" "main more" "$(echo $(cat "$MNT/same"))"
	want_ok client_umount "$MNT2"
	rm -r "$EXP"/{same,type} "$SRV/other/type"
}

no_type_bits() {
	mknod "$EXP/char" c 1 3
	mkfifo "$EXP/fifo"
	ln -s x "$EXP/sym"
	chmod 1751 "$EXP/many"
	same_types char fifo sym many file
	chmod 755 "$EXP/many"
	rm "$EXP"/{char,fifo,sym}
	works
}

odd_owners() { # UID GID
	want_stat '%u:%g' "$1:$2" "$MNT" "$MNT/many"
	works ug
}

no_links() {
	want_stat %h 0 "$MNT/file"
	want_ok cp "$MNT/file" "$MNT/linkless"
	want_same "$EXP/file" "$EXP/linkless"
	want_ok mv "$MNT/linkless" "$MNT/moved"
	drop_caches
	want_same "$EXP/file" "$MNT/moved"
	want_ok rm "$MNT/moved"
	want_gone "$EXP/moved"
}

# v2 has 32 bits of seconds from 1970 on.
far_times() {
	local when

	for when in 1970-01-02 2038-01-20 2106-02-06; do
		touch -d "$when UTC" "$EXP/far"
		drop_caches
		want_stat %Y "$(stat -c %Y "$EXP/far")" "$MNT/far"
		rm "$EXP/far"
	done
	want_ok touch -d '2100-01-01 UTC' "$MNT/far"
	want_stat %Y 4102444800 "$EXP/far" "$MNT/far"
	rm "$EXP/far"
}

high_names() {
	local i code name names=()

	mkdir "$EXP/high"
	for i in {128..255}; do
		printf -v code '\\x%x' "$i"
		printf -v name '%b' "$code"
		names+=("$EXP/high/$name")
	done
	touch "${names[@]}"
	want_eq "listing" "$(ls -A "$EXP/high" | od -c)" "$(ls -A "$MNT/high" | od -c)"
	rm -r "$EXP/high"
}

lists_long() {
	lists_all
	want_ok ls -l "$MNT/many"
}

nul_names() {
	lists_long
	ln -s many "$EXP/link"
	want_eq "target" many "$(readlink "$MNT/link")"
	want_ok test -d "$MNT/link/"
	rm "$EXP/link"
}

fails_once() {
	v2_odd "fail=$LOOKUP:$IO:1"
	want_err EIO stat "$MNT/unknown"
	v2_odd "fail=$READ:$IO"
	want_err EIO cat "$MNT/file"
	v2_odd "fail=$CREATE:$NOSPC"
	want_err ENOSPC touch "$MNT/new"
	v2_odd "fail=$WRITE:$NOSPC"
	want_err ENOSPC dd if=/tmp/data of="$MNT/new" conv=fsync status=none
	v2_odd "fail=$READDIR:$IO"
	want_err EIO ls "$MNT/few"
	v2_odd
	want_same "$EXP/file" "$MNT/file"
	want_eq "names" "a b c" "$(echo $(ls "$MNT/few"))"
	rm -f "$MNT/new"
}

no_statfs() {
	want_err EIO stat -f "$MNT"
	works
}

cut_listings() {
	local i

	for i in 0 3 4 8 12 16 20 28 50 51; do
		mkdir "$EXP/cut$i"
		touch "$EXP/cut$i"/{1..4}
		v2_odd "cut=$i"
		want_err EIO limit 60 ls -f "$MNT/cut$i"
		v2_odd
		drop_caches
		want_eq "names" "1 2 3 4" "$(echo $(ls "$MNT/cut$i"))"
	done
	rm -r "$EXP"/cut*
}

# lossy WHAT: no call that came twice was done twice, nor told its program that it
# was; and the server did count such.
lossy() {
	local before

	before=$(server_calls "$1")
	works
	want_min "$1" $((before + 1)) "$(server_calls "$1")"
}

# Where bytes are, none is taken for zeroes or for the end.
empty_reads() {
	want_err EIO cat "$MNT/file"
	v2_odd
	want_same "$EXP/file" "$MNT/file"
}

e2e_server
export_tmpfs main 64m && export_tmpfs other 16m || bail "no export"
many_names 600
mkdir "$EXP/few"
touch "$EXP"/few/{a,b,c}
pattern 100000 | tee /tmp/data >"$EXP/file"

t "TCP" with "" $TCP works_as_v2 tcp
t "UDP" with "" $UDP works_as_v2 udp
t "without vers=, as rpcbind has no version 3" ours falls_back
t "without vers= and rpcbind" ours falls_back port=2049,mountport=$MOUNTD_PORT
t "the same by UDP" ours falls_back port=2049,mountport=$MOUNTD_PORT,proto=udp
t "the same at another port" ours another_port
t "users and groups" with "" $TCP users
t "pipes and devices" with "" $TCP nodes
t "the server restarts, TCP" with "" $TCP restarts
t "the server restarts, UDP" with "" $UDP restarts
t "2 GiB - 1 and no more" with "" $TCP largest_file
t "transfers of 512 bytes, TCP" ours with tsize=512 $TCP small_transfers
t "transfers of 512 bytes, UDP" ours with tsize=512 $UDP small_transfers
t "blocks of 512 bytes" with blocksize=512 $TCP small_blocks
t "numbers that repeat across exports" with fsid=7 $TCP same_numbers
t "modes without type bits" ours with notype $TCP no_type_bits
t "a type for pipes" with fifotype $TCP nodes
t "no type for pipes and sockets" ours with rfctype $TCP nodes
t "owner 65534" with "uid=65534 gid=65534" $TCP odd_owners 65534 65534
t "owner -2" with "uid=4294967294 gid=4294967294" $TCP odd_owners 4294967294 4294967294
t "no links" with nlink=0 $TCP no_links
t "times up to 2106" with "" $TCP far_times
t "names of bytes above 0x7f" with "" $TCP high_names
t "names that end with a NUL" with nulnames $TCP nul_names
t "cookies of any 4 bytes" with randomcookies $TCP lists_long
t "listings a few names at a time" with entries=3 $TCP lists_long
t "the end told late" with lateeof $TCP lists_long
t "listings cut off" ours with "" $TCP,actimeo=0 cut_listings
t "calls that fail" with "" $TCP,actimeo=0 fails_once
t "READs that say nothing" ours with empty $TCP,actimeo=0 empty_reads
t "STATFS fails" with fail=$STATFS:$IO $TCP no_statfs
t "one in 17 calls is lost" with drop=17 $SOON lossy lost
t "one in 17 replies is lost" with lose=17 $SOON lossy again
t "replies come twice, UDP" with twice $UDP works
t "replies come twice, TCP" with twice $TCP works
t "one in 40 replies is late" with slow=700:40 $SOON lossy again
e2e_run
