#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nfs:// URLs as the source of a mount, uid= and gid=, and names that the
# kernel's dns_resolver finds.
# kernels: uml 6.12
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/refusal.sh
. "$E2E_LIB/refusal.sh"

M=$MNTS/m
URL=nfs://127.0.0.1$EXP
ODD='a b?c:d%e#f&g=h'
REQUEST_KEY=/sbin/request-key
RESOLVER=/sbin/key.dns_resolver

# Processes are what costs time in these guests, so there are few of them.

# mount_url URL [OPTIONS [DIR]]
mount_url() {
	limit 60 mount -i -t snfs ${2:+-o "$2"} "$1" "${3:-$M}"
}

unmounted() {
	want_ok umount $M
}

# look DIR: what /proc/mounts has of the newest mount there, as $SOURCE and ",$OPTIONS,".
look() {
	local line lines source dir type options rest

	SOURCE='' OPTIONS=''
	mapfile -t lines </proc/mounts
	for line in "${lines[@]}"; do
		read -r source dir type options rest <<<"$line"
		[[ $dir != "$1" || $type != snfs ]] || SOURCE=$source OPTIONS=,$options,
	done
}

# shows URL OPTIONS "SHOWN...": the mount works, each SHOWN is among the options of
# /proc/mounts (with ! in front: is not), and the source is as it was given.
shows() {
	local word file=

	want_ok mount_url "$1" "$2" || return
	look $M
	for word in $3; do
		case $word in
		!*) [[ $OPTIONS != *,${word#!},* ]] || fail "$1: $word: $OPTIONS" ;;
		*) [[ $OPTIONS == *,$word,* ]] || fail "$1: no $word: $OPTIONS" ;;
		esac
	done
	want_eq "source" "$1" "$SOURCE"
	read -r file <$M/file
	want_eq "file" content "$file"
	unmounted
}

forms() {
	local url export=${EXP#/}

	for url in "NFS://127.0.0.1/$EXP" "nfs://127.0.0.1:$EXP" "nfs://127.0.0.1:0$EXP?" \
		"nfs://[::1]:2049$EXP?" "nfs://somebody@12%37.0.0.1/${export//\//%2F}"; do
		shows "$url" "" ""
	done
	shows "nfs://127.0.0.1:2049$EXP" "" port=2049
	shows "nfs://s$EXP" addr=127.0.0.1 addr=127.0.0.1
}

escaped_path() {
	local escaped=a%20b%3Fc%3ad%25e%23f%26g%3Dh

	echo odd >"$EXP/$ODD/file"
	want_ok mount_url "$URL/$escaped" || return
	want_eq "file" odd "$(cat $M/file)"
	unmounted
	# Nothing but what would end or begin something has to be escaped.
	mkdir -p "$EXP/c:d?e/f%"
	want_ok mount_url "$URL/c:d?e/f%?soft" || return
	look $M
	want_like "options" ",soft," "$OPTIONS"
	unmounted
}

# The root of the server, which it does not export: it says so.
root_of_server() {
	local source

	for source in nfs://127.0.0.1 nfs://127.0.0.1: nfs://127.0.0.1/ nfs://127.0.0.1//?soft \
		127.0.0.1:/; do
		attempt /tmp/attempt $M 60 "$source"
		judge /tmp/attempt 30 "EACCES|ENOENT" "denied the mount of /: "
	done
}

arguments() {
	local args shown

	while read -r args shown; do
		shows "$URL?$args" "" "$shown"
	done <<-END
		version=3&proto=tcp&nfsport=2049&mountport=$MOUNTD_PORT vers=3 port=2049 mountport=$MOUNTD_PORT
		rsize=8192&wsize=4096&timeo=70&retrans=5 rsize=8192 wsize=4096 timeo=70 retrans=5
		sec=sys&xprtsec=none sec=sys !xprtsec=none
		autoreconnect=4 soft retrans=4
		readdir-buffer=4096,70000 dtsize=69632
		dircache=1&auto-traverse-mounts=1&debug=0 !lookupcache=none acdirmin=30 !notraverse
		auto-traverse-mounts=0 notraverse
		dircache=0 acdirmin=0 acdirmax=0 lookupcache=none acregmin=3
		readonly ro
		readonly=0&uid=7&gid=8 rw uid=7 gid=8
		nconnect=2&nocto&no%61cl nconnect=2 nocto noacl
		sloppy&unheard=1 vers=3
		soft&hard&&timeo=50&timeo=60& hard timeo=60
	END
}

# Arguments, ERRNO : TEXT of the message. (kunit/options_kunit.c and url_kunit.c have more.)
refusals() {
	local args text

	while read -r args text; do
		attempt /tmp/attempt $M 60 "${args/#\?/$URL?}"
		note "$args"
		judge /tmp/attempt 30 "${text%% : *}" "${text#* : }"
	done <<-END
		?tcp-syncnt=3 EINVAL : tcp-syncnt=3 of the URL.*tcp_syn_retries
		?if=eth0 EINVAL : if=eth0 of the URL.*leave it out
		?debug=2 EINVAL : debug=2 of the URL.*tracepoints
		?version=4 EINVAL : vers=4
		?nfsport=70000 EINVAL : port=70000
		?uid=1&sec=krb5 EINVAL : uid= and gid=.*sec=krb5
		?unheard=1 EINVAL : unknown option 'unheard'
		nfs://me@127.0.0.1$EXP?sec=krb5 EINVAL : USER@
		nfs://$EXP EINVAL : no host
		nfs://::1$EXP EINVAL : brackets
		nfs://127.0.0.1$EXP/none ENOENT|EACCES : denied|No such
	END
	want_fail mountpoint -q $M
}

options_win() {
	shows "$URL?soft&timeo=70&retrans=7&uid=3" timeo=80,hard,uid=4 "hard timeo=80 retrans=7 uid=4"
	# Behind other options a URL would have the last word.
	want_like "URL behind options" "comes before all options" \
		"$(limit 60 "$(helper fsmount)" snfs 127.0.0.1:/x $M soft "source=$URL?hard" 2>&1)"
}

read_only() {
	want_ok mount_url "$URL?readonly" || return
	want_err EROFS touch $M/new
	want_ok mount -i -o remount,rw $M
	want_ok touch $M/new
	unmounted
}

remount_keeps() {
	want_ok mount_url "$URL?timeo=70&uid=7&gid=8" || return
	want_ok mount -i -o remount,nocto $M
	look $M
	want_like "options" ",nocto,.*timeo=70,.*uid=7,gid=8," "$OPTIONS"
	unmounted
}

# What is below a URL has a name that says where it is.
below_url() {
	want_ok mount_url "$URL?uid=1001&gid=2001" || return
	want_ok touch $M/sub/below
	want_stat %u:%g 1001:2001 "$EXP/sub/below" $M/sub/below
	look $M/sub
	want_eq "source" "127.0.0.1:$EXP/sub" "$SOURCE"
	want_like "options" ",uid=1001,gid=2001," "$OPTIONS"
	unmounted
}

# with_identity OPTIONS COMMAND...: a mount with these options, and nothing cached
with_identity() {
	want_ok mount_url "127.0.0.1:$EXP" "nosharecache,$1" || return
	shift
	"$@"
	unmounted
}

as_one_writes() {
	local who

	for who in 0 1001:1001 1002:2002:3000; do
		want_ok as $who sh -e -c "cd $M/open; echo $who >>all; echo x >by.${who%%:*}
			[ $who != 1001:1001 ] || { mkdir dir; ln -s x link; }"
	done
	want_eq "owners" "6 1001:2001" "$(cd "$EXP/open" &&
		stat -c %u:%g all dir link by.* | sort | uniq -c | xargs)"
	want_stat %u:%g 1001:2001 $M/open/by.0
	want_eq "content" "0 1001:1001 1002:2002:3000" "$(xargs <"$EXP/open/all")"
}

# Whoever asks: what 1001:2001 may. Their answers are one.
as_one_reads() {
	local who

	for who in 0 1002 1003:1003:3000; do
		want_eq "$who may" "of-1001 of-2001 no no no" "$(as $who sh -c "
			for name in of-1001 of-2001 of-root of-3000 private; do
				text=no
				read text <$M/\$name
				echo \$text
			done" | xargs)"
	done
	want_eq "ACCESS calls" 1 "$(count_calls access sh -c "test -r $M/open;
		setpriv --reuid 1005 --clear-groups test -r $M/open;
		setpriv --reuid 1006 --clear-groups test -r $M/open")"
}

# Dirty pages go out as the identity even when it is the writer's last act, or another's.
as_one_maps() {
	want_ok as 1003 dd if=/dev/zero of=$M/of-1001 bs=1000 count=5 conv=notrunc
	want_ok as 1004 dd if=/dev/zero of=$M/of-1001 bs=1000 seek=5 count=5 conv=notrunc,fsync
	want_stat %s 10000 "$EXP/of-1001"
	echo of-1001 >"$EXP/of-1001"
}

as_root() {
	want_eq "root's" of-root "$(as 1001 cat $M/of-root)"
	want_ok as 1001 touch $M/by-root
	want_stat %u:%g 0:0 "$EXP/by-root"
}

# Without gid=, the mounter's own; likewise for uid=
half() {
	want_ok mount_url "127.0.0.1:$EXP" nosharecache,uid=1001 || return
	look $M
	want_like "only uid=" ",uid=1001,gid=0," "$OPTIONS"
	unmounted
	want_ok mount_url "127.0.0.1:$EXP" nosharecache,gid=2001 || return
	look $M
	want_like "only gid=" ",uid=0,gid=2001," "$OPTIONS"
	unmounted
}

sharing() {
	local devices

	want_ok mount_url "127.0.0.1:$EXP" uid=1,gid=2 || return
	want_ok mount_url "$URL?gid=2&uid=1" "" $M.2
	want_ok mount_url "127.0.0.1:$EXP" uid=1,gid=3 $M.3
	want_ok mount_url "127.0.0.1:$EXP" "" $M.4
	mapfile -t devices < <(stat -c %d $M $M.2 $M.3 $M.4)
	want_eq "the same identity" "${devices[0]}" "${devices[1]}"
	want_ne "another gid=" "${devices[0]}" "${devices[2]}"
	want_ne "no identity" "${devices[0]}" "${devices[3]}"
	want_ok umount $M.2 $M.3 $M.4
	klog "remount uid"
	want_fail mount -i -o remount,uid=2 $M
	want_like "kernel log" "cannot change uid or gid" "$(kernel_log)"
	want_ok mount -i -o remount,uid=1,gid=2,nocto $M
	unmounted
}

resolver_is_real() {
	[[ -x $REQUEST_KEY && -x $RESOLVER ]] || fail "keyutils is not installed"
	want_unlike "depends" dns_resolver "$(modinfo -F depends "$SNFS_KO")"
}

by_name() {
	resolver_is_real
	echo "127.0.0.1 files.example files-2" >>/etc/hosts
	want_ok mount_url "files.example:$EXP" || return
	look $M
	want_like "options" ",addr=127.0.0.1" "$OPTIONS"
	want_like "source" "^files.example:" "$SOURCE"
	unmounted
	shows "nfs://files-2$EXP" "" addr=127.0.0.1
	# The answer is asked for each time.
	sed -i 's/^127.0.0.1 files.example/127.0.0.5 files.example/' /etc/hosts
	want_ok mount_url "files.example:$EXP" || return
	look $M
	want_like "another address" ",addr=127.0.0.5" "$OPTIONS"
	unmounted
}

# answers TEXT: what the upcall says from now on. It is request-key that has the right to say it,
# and whom it runs.
answers() {
	cat >/tmp/resolver <<-END
		#!/bin/sh
		echo "\$*" >>/tmp/asked
		printf '$1\\0' | keyctl pinstantiate "\$1" 0
	END
	chmod 755 /tmp/resolver
	: >/tmp/asked
	put_away $RESOLVER
	cp /tmp/resolver $RESOLVER
}

put_away() { # FILE
	[[ -e $1.real ]] || mv "$1" "$1.real"
	rm -f "$1"
}

real_answers() {
	local file

	for file in $REQUEST_KEY $RESOLVER; do
		[[ ! -e $file.real ]] || mv -f $file.real $file
	done
}

several_addresses() {
	at_end real_answers
	answers 203.0.113.7,2001:db8::7,127.0.0.1
	want_ok mount_url "n:$EXP" || return
	look $M
	want_like "the third" ",addr=127.0.0.1" "$OPTIONS"
	want_eq "upcalls" 1 "$(wc -l </tmp/asked)"
	unmounted
	want_fail mount_url "nfs://n$EXP?proto=tcp6"
	answers 127.0.0.6,203.0.113.7,::1
	want_ok mount_url "n:$EXP" || return
	look $M
	want_like "the first" ",addr=127.0.0.6" "$OPTIONS"
	unmounted
	want_ok mount_url "n:$EXP" proto=tcp6 || return
	look $M
	want_like "the IPv6 one" ",addr=::1" "$OPTIONS"
	unmounted
}

# A refusal is an answer: the next address is not asked.
denied_once() {
	answers 127.0.0.6,127.0.0.1
	attempt /tmp/attempt $M 60 "n:$EXP/none"
	judge /tmp/attempt 30 "ENOENT|EACCES" "127.0.0.6 denied"
	want_unlike "tries" "next address" "$(</tmp/attempt)"
}

no_address_works() {
	answers 203.0.113.7,203.0.113.8
	attempt /tmp/attempt $M 60 "n:$EXP"
	judge /tmp/attempt 30 ENETUNREACH "203.0.113.8"
	want_like "both were tried" "next address of n: 203.0.113.8" "$(</tmp/attempt)"
}

no_name() {
	local answer

	for answer in "" nonsense '#dnserror=1' "nonsense,,;"; do
		answers "$answer"
		attempt /tmp/attempt $M 60 "n:$EXP"
		judge /tmp/attempt 30 EDESTADDRREQ "n has no address.*addr=.*mount.snfs"
	done
	: >/tmp/asked
	attempt /tmp/attempt $M 60 "nfs://srv%3Aexample$EXP"
	judge /tmp/attempt 30 EDESTADDRREQ "neither an address nor a name"
	want_eq "upcalls" "" "$(</tmp/asked)"
	put_away $REQUEST_KEY
	attempt /tmp/attempt $M 60 "server.example:$EXP"
	judge /tmp/attempt 30 EDESTADDRREQ "server.example has no address.*addr=.*mount.snfs"
	want_ok mount_url "server.example:$EXP" addr=127.0.0.1 && unmounted
}

resolver_unloads() {
	real_answers
	[[ -d /sys/module/dns_resolver/holders ]] || { skip "it is built in"; return; }
	want_ok rmmod dns_resolver
	want_ok mount_url "files.example:$EXP" || return
	unmounted
	want_eq "held by" 0 "$(</sys/module/dns_resolver/refcnt)"
}

e2e_server
export_tmpfs main 64m rw,async,no_root_squash,crossmnt || bail "no export"
mkdir -p "$EXP/sub" "$EXP/open" "$EXP/private" "$EXP/$ODD"
mount -t tmpfs -o mode=777 sub "$EXP/sub"
server_export "$EXP/sub" rw,async,no_root_squash,crossmnt || bail "no export below"
chmod 777 "$EXP/open"
chmod 700 "$EXP/private"
echo content >"$EXP/file"
for name in root:0:0:600 1001:1001:0:600 2001:0:2001:040 3000:0:3000:040; do
	IFS=: read -r name uid gid mode <<<"$name"
	echo "of-$name" >"$EXP/of-$name"
	chown "$uid:$gid" "$EXP/of-$name"
	chmod "$mode" "$EXP/of-$name"
done
mkdir -p $M $M.2 $M.3 $M.4

t "forms of a URL" forms
t "escapes, colons and question marks in the path" escaped_path
t "the root of the server" root_of_server
t "arguments are mount options" arguments
t "what is refused, and why" refusals
t "-o has the last word" options_win
t "readonly, until a remount" read_only
t "a remount keeps the arguments" remount_keeps
t "a file system below a URL" below_url
t "uid=, gid=: everybody writes as one" with_identity uid=1001,gid=2001 as_one_writes
t "uid=, gid=: everybody may what one may" with_identity uid=1001,gid=2001,actimeo=600 as_one_reads
t "uid=, gid=: cached bytes are written as one" with_identity uid=1001,gid=2001 as_one_maps
t "uid=0: everybody is root" with_identity uid=0,gid=0 as_root
t "one of uid= and gid=" half
t "uid=, gid=: sharing and remounts" sharing
t "a name, found by key.dns_resolver" by_name
t "several addresses, tried in order" several_addresses
t "a refusal ends the search" denied_once
t "no address works" no_address_works
t "no address at all" no_name
t "dns_resolver is not held" resolver_unloads
e2e_run
