#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Servers of other makes: a proxy in front of the server leaves out, limits,
# refuses, changes and spoils what RFC 1813 lets a server leave out, limit,
# refuse and change, and what no server should send.
# kernels: uml
# timeout: 240

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/oddproxy.sh
. "$E2E_LIB/oddproxy.sh"
# shellcheck source=../lib/oddwork.sh
. "$E2E_LIB/oddwork.sh"

# Procedures and statuses of RFC 1813
ACCESS=4 WRITE=7 READDIR=16 READDIRPLUS=17 FSSTAT=18 PATHCONF=20 COMMIT=21
NOENT=2 IO=5 BAD_COOKIE=10003 NOTSUPP=10004 SERVERFAULT=10006 JUKEBOX=10008

# with "WORD..." OPTIONS COMMAND ARG...: mounts with these rules of the proxy,
# and runs the command.
with() {
	local options=$2

	odd "$1"
	shift 2
	want_ok client_mount main "$MNT" "$ODD_OPTIONS${options:+,$options}" ||
		return
	"$@"
	odd
	want_ok client_umount "$MNT"
}

low_limits() {
	want_eq "rsize" 4096 "$(shown_option "$MNT" rsize)"
	want_eq "wsize" 4096 "$(shown_option "$MNT" wsize)"
	works
}

no_readdirplus() {
	want_eq "READDIRPLUS of a refusing server, more than once" 0 \
		"$(count_calls readdirplus ls "$MNT/many")"
	works
}

# change_many: so that what is cached of the listing does not count.
change_many() {
	touch "$EXP/many/again" && rm "$EXP/many/again"
}

# The listing goes on where it was, whatever of the cookies is refused.
bad_cookie() { # WORD...
	odd "$*"
	ls -f "$MNT/many" | sort >/tmp/names.client
	want_same /tmp/names.server /tmp/names.client
	drop_caches
	change_many
	odd "$* " # other text: the proxy counts anew
	want_eq "entries" 3000 "$("$(helper walkdir)" "$MNT/many")"
}

# ENOENT would be the end of the listing to readdir(3).
never_lists() {
	odd "fail=$READDIRPLUS:$NOENT fail=$READDIR:$NOENT"
	want_err EIO ls -f "$MNT/many"
	odd
	lists_all
}

loops() { # WORD
	want_eq "without" 3000 "$("$(helper walkdir)" "$MNT/many")"
	drop_caches
	change_many
	odd "$1"
	want_err ELOOP limit 60 ls -f "$MNT/many"
	want_like "log" "repeating listing of directory many" "$(kernel_log)"
	odd
	lists_all
}

huge_numbers() { # XOR
	local number

	number=$(printf '%llu' $(($(stat -c %i "$EXP/many") ^ $1)))
	want_stat %i "$number" "$MNT/many"
	want_eq "number in the listing" "$number many" \
		"$(ls -fi "$MNT" | awk '$2 == "many" { print $1, $2 }')"
	want_eq ".. and ." 1 "$(ls -fi "$MNT/many" | grep -cE "^ *$number \.$")"
	works i
}

# A later try succeeds, whatever is asked.
jukebox_once() {
	local proc words=

	for proc in {1..21}; do
		words+=" fail=$proc:$JUKEBOX:1"
	done
	odd "$words"
	works
	want_ok stat -f "$MNT"
}

# What reached the server's memory only is lost with it; all is sent again.
restarts() { # OPTION-OF-DD...
	local i before

	pattern 3000000 >/tmp/data
	for i in 1 2; do
		odd "restart=$((BOOTS += 1))"
		before=$(server_calls commit)
		want_ok dd if=/tmp/data of="$MNT/restart.$i" conv=fsync \
			status=none "$@"
		want_min "COMMITs" $((before + 1)) "$(server_calls commit)"
		want_same /tmp/data "$EXP/restart.$i"
		want_same /tmp/data "$MNT/restart.$i"
		rm "$MNT/restart.$i"
	done
}

# The disk of the server fails: it is told, once, and later writes work.
disk_fails() { # PROCEDURE
	pattern 3000000 >/tmp/data
	odd "fail=$1:$IO"
	want_err EIO dd if=/tmp/data of="$MNT/io" conv=fsync status=none
	odd
	want_ok dd if=/tmp/data of="$MNT/io" conv=fsync status=none
	want_same /tmp/data "$EXP/io"
	rm "$MNT/io"
}

# What CREATE has made is told to be a directory: nobody gets it opened as a file.
makes_directories() {
	want_ok ls "$MNT"
	odd type=2
	want_fail sh -c "echo x >\"$MNT/made\""
	want_fail sh -c "exec 3<>\"$MNT/made.too\""
	odd
	rm -f "$EXP/made" "$EXP/made.too"
	works
}

no_pathconf() { # ERRNO
	local name

	name=$(printf 'n%.0s' {1..255})
	want_ok touch "$MNT/$name"
	want_err ENAMETOOLONG touch "$MNT/x$name"
	want_ok rm "$MNT/$name"
	want_err "$1" stat -f "$MNT"
	works
}

no_access() {
	echo content >"$EXP/readable"
	want_err EIO cat "$MNT/readable"
	odd
	want_eq "content" content "$(cat "$MNT/readable")"
}

# Then the modes decide here, and what they cannot know the server refuses.
access_unsupported() {
	install -m 640 -o 1001 /dev/null "$EXP/mine"
	want_ok as 1001 cat "$MNT/mine"
	want_ok as 1001 sh -c "echo x >'$MNT/mine'"
	want_err EACCES as 1001 "$MNT/mine"
	want_err EACCES as 1002 cat "$MNT/mine"
	want_err EACCES as 1002 touch "$MNT/new"
	rm "$EXP/mine"
	works
}

# Bits that were not asked for mean nothing.
more_access() {
	mkdir -m 700 "$EXP/closed"
	echo secret >"$EXP/closed/file"
	want_err EACCES as 1001 ls "$MNT/closed"
	want_err EACCES as 1001 cat "$MNT/closed/file"
	works
	rm -r "$EXP/closed"
}

modes_with_type_bits() {
	local i

	mknod "$EXP/device" c 1 3
	mkfifo "$EXP/pipe"
	ln -s x "$EXP/sym"
	for i in device pipe sym many; do
		want_eq "$i" "$(stat -c '%F %a' "$EXP/$i")" \
			"$(stat -c '%F %a' "$MNT/$i")"
	done
	rm "$EXP"/{device,pipe,sym}
	works
}

odd_owners() { # UID GID
	want_stat '%u:%g' "$1:$2" "$MNT" "$MNT/many"
	works ug
}

# RFC 1813's times are unsigned: what the server has before 1970 is in 2106.
far_times() {
	local when

	touch "$EXP/far"
	for when in 1901-12-14 1969-12-31 2038-01-20 2106-02-06; do
		touch -d "$when UTC" "$EXP/far"
		want_stat %Y $((($(stat -c %Y "$EXP/far") + (1 << 32)) % (1 << 32))) \
			"$MNT/far"
		sleep 0.02
	done
	rm "$EXP/far"
}

high_names() {
	local dir=$EXP/high i

	mkdir "$dir"
	for i in {128..255}; do
		touch "$dir/$(printf "\\x$(printf %x "$i")")"
	done
	want_eq "listing" "$(ls -A "$dir" | od -c)" \
		"$(ls -A "$MNT/high" | od -c)"
	rm -r "$dir"
}

# A listing with a name that is none is refused, and the next is right again.
bad_name() { # KIND
	mkdir "$EXP/names"
	touch "$EXP"/names/{a,b,victim,y,z}
	odd "name=$1"
	if [[ $1 == dots ]]; then
		want_eq "names" "a b y z" "$(echo $(ls "$MNT/names"))"
	elif [[ $1 == endnul ]]; then
		want_eq "names" "a b victim y z" "$(echo $(ls "$MNT/names"))"
		want_stat %s 0 "$MNT/names/victim"
	else
		want_err EIO ls "$MNT/names"
		want_like "log" "malformed listing of directory names" \
			"$(kernel_log)"
	fi
	odd
	drop_caches
	touch "$EXP/names/c"
	want_eq "names" "a b c victim y z" "$(echo $(ls "$MNT/names"))"
	rm -r "$EXP/names"
}

cut_listings() {
	local i

	mkdir "$EXP/cut"
	touch "$EXP"/cut/{1..4}
	for i in 0 3 4 7 12 16 20 21 28 100 104 140 200 300 301; do
		odd "cut=$i"
		touch "$EXP/cut/$i"
		want_err EIO ls -f "$MNT/cut"
	done
	odd
	touch "$EXP/cut/last"
	want_eq "names" "$(ls "$EXP/cut")" "$(ls "$MNT/cut")"
	rm -r "$EXP/cut"
}

garbage_listings() {
	local i

	mkdir "$EXP/junk"
	for i in {1..30}; do
		odd "garbage"
		touch "$EXP/junk/$i"
		limit 60 ls -f "$MNT/junk"
	done
	odd
	touch "$EXP/junk/last"
	want_eq "names" "$(ls "$EXP/junk")" "$(ls "$MNT/junk")"
	rm -r "$EXP/junk"
}

# (link(2) is refused by the kernel then.)
no_links() {
	want_stat %h 0 "$MNT/many"
	want_ok cp "$EXP/file" "$MNT/linkless"
	want_same "$EXP/file" "$EXP/linkless"
	want_ok mv "$MNT/linkless" "$MNT/moved"
	drop_caches
	want_same "$EXP/file" "$MNT/moved"
	want_ok rm "$MNT/moved"
	want_gone "$EXP/moved"
	lists_all
}

# Bytes that are wrong anywhere: nothing but errors may come of it.
wrong_bytes() { # HOW-OFTEN
	mkdir "$MNT/fuzz"
	odd "fuzz=$1"
	(cd "$MNT/fuzz" && touch {1..20} && ln -s x y && mkdir d &&
		echo text >d/file && cat d/file && mv d e)
	limit 60 ls -lR "$MNT/fuzz"
	limit 60 cp "$EXP/file" "$MNT/fuzz/file"
	limit 60 cat "$MNT/file"
	limit 60 rm -r "$MNT/fuzz"
	rm -rf "$EXP/fuzz"
}

BOOTS=0
e2e_server
export_tmpfs main 256m || bail "no export"
odd_start || bail "the proxy does not start"
many_names 3000
pattern 100000 >"$EXP/file"

t "as it is" with "" "" works
t "no optional attributes, no wcc_data" with noattr "" works
t "READDIRPLUS without attributes" with noplusattr "" works
t "READDIRPLUS without handles" with noplusfh "" works
t "READDIRPLUS without either" with "noplusattr noplusfh" "" works
t "limits of 4096 and 512 bytes" with limits "" low_limits
t "READ and WRITE stop short" with short=1500 "" works
t "no READDIRPLUS" with fail=$READDIRPLUS:$NOTSUPP "" no_readdirplus
t "handles of 1 to 64 bytes" with handles "" works
t "cookies over 63 bits" with bigcookie "" works
t "numbers over 32 bits" with fileid=0x100000000 "" huge_numbers $((1 << 32))
t "numbers over 63 bits" with fileid=0xc000000000000000 "" \
	huge_numbers $((3 << 62))
t "BAD_COOKIE once, with attributes" with limits "" \
	bad_cookie fail=$READDIRPLUS:$BAD_COOKIE:2
t "BAD_COOKIE once, without" with limits "" bad_cookie fail=$READDIR:$BAD_COOKIE:3
t "READDIR fails with NOENT" with "" "" never_lists
t "the cookie verifier changes" with limits "" bad_cookie newverf=4
t "cookies that go in a circle" with limits "" loops loop
t "cookies that are all one" with limits "" loops samecookie
t "JUKEBOX once for each call" with "" "" jukebox_once
t "the server forgets what it did not commit" with "" "" restarts bs=100000
t "the same with direct writes" with "" "" restarts bs=3000000 oflag=direct
t "the same without attributes" with noattr "" restarts bs=100000
t "WRITE fails with IO" with "" "" disk_fails $WRITE
t "COMMIT fails with IO" with "" "" disk_fails $COMMIT
t "CREATE makes a directory" with "" "" makes_directories
t "PATHCONF and FSSTAT are not supported" \
	with "fail=$PATHCONF:$NOTSUPP fail=$FSSTAT:$NOTSUPP" "" no_pathconf \
	EOPNOTSUPP
t "PATHCONF and FSSTAT fail" \
	with "fail=$PATHCONF:$SERVERFAULT fail=$FSSTAT:$SERVERFAULT" "" \
	no_pathconf EIO
t "ACCESS fails" with fail=$ACCESS:$SERVERFAULT "" no_access
t "ACCESS is not supported" with fail=$ACCESS:$NOTSUPP "" access_unsupported
t "ACCESS grants what was not asked for" with access=0xffffff00 "" more_access
t "type bits in modes" with mode=0170000 "" modes_with_type_bits
t "owner 65534" with "uid=65534 gid=65534" "" odd_owners 65534 65534
t "owner 4294967294" with "uid=4294967294 gid=4294967294" "" \
	odd_owners 4294967294 4294967294
t "times before 1970 and after 2038" with "" actimeo=0 far_times
t "names of bytes above 0x7f" with "" "" high_names
t "a name with a NUL" with "" actimeo=0 bad_name nul
t "a name that ends with a NUL" with "" actimeo=0 bad_name endnul
t "a name with a slash" with "" actimeo=0 bad_name slash
t "an empty name" with "" actimeo=0 bad_name empty
t "a name of 300 bytes" with "" actimeo=0 bad_name long
t "a name of two dots too many" with "" actimeo=0 bad_name dots
t "listings that end early" with "" actimeo=0 cut_listings
t "listings of random bytes" with "" actimeo=0 garbage_listings
t "nlink 0" with nlink=0 "" no_links
t "a file system number of files that changes" with fsid "" works
for often in 2 3 5 8; do
	t "one in $often replies has a wrong byte" \
		with "" actimeo=0,soft,timeo=50,retrans=1 wrong_bytes $often
done
e2e_run
