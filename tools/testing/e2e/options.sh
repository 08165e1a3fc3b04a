#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every mount option of nfs(5) for versions 2 and 3: what a good value makes
# /proc/mounts show, how a bad one is refused, what a remount may change, and
# that the line of /proc/mounts makes the same mount again.
# kernels: uml
# timeout: 200

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

M=$MNTS/m

# OPTIONS | SHOWN... : each SHOWN is in the list, or with ! in front is not.
GOOD="
ac,cto,rdirplus,hard,resvport,sharecache | !noac acregmin=3 acregmax=60 acdirmin=30 acdirmax=60 !nocto !nordirplus !rdirplus=force !softreval !noresvport !nosharecache
noac | noac sync
acregmin=5,acdirmin=90 | acregmin=5 acregmax=60 acdirmin=90 acdirmax=90
acregmax=1,acdirmax=120 | acregmin=1 acregmax=1 acdirmin=30 acdirmax=120
actimeo=0 | acregmin=0 acregmax=0 acdirmin=0 acdirmax=0
actimeo=7,acdirmin=2 | acregmin=7 acregmax=7 acdirmin=2 acdirmax=7
nocto,soft,noresvport,nosharecache | nocto soft !hard noresvport nosharecache
lookupcache=all | !lookupcache=all !lookupcache=pos !lookupcache=none
lookupcache=pos | lookupcache=pos
lookupcache=positive,nordirplus,softerr | lookupcache=pos nordirplus softerr !hard
lookupcache=none,soft,hard,nocto,cto | lookupcache=none hard !soft !nocto
rdirplus=none | nordirplus
rdirplus=force | rdirplus=force !nordirplus
rdirplus=force,nordirplus | nordirplus !rdirplus=force
sync | sync
async | !sync
softreval | hard softreval
soft,softreval | soft softreval
softreval,nosoftreval | hard !softreval
timeo=7,retrans=0 | timeo=7 retrans=0
timeo=99999,retrans=9 | timeo=6000 retrans=9
rsize=512,wsize=512 | rsize=512 wsize=512
rsize=3000,wsize=1500 | rsize=2048 wsize=1024
rsize=5000,wsize=9000 | rsize=4096 wsize=8192
bsize=8192,namlen=20,nconnect=3 | bsize=8192 namlen=20 nconnect=3
bsize=5000,namlen=999,port=2049 | bsize=4096 namlen=255 port=2049
mountport=20048,mountproto=udp | mountport=20048 mountproto=udp
mountproto=tcp,mountaddr=127.0.0.1,mounthost=mnt.example | mountproto=tcp mountaddr=127.0.0.1 mounthost=mnt.example
vers=3,nfsvers=3,v3,mountvers=3 | vers=3 mountvers=3
v2,vers=3 | vers=3 !mountvers=3
udp,proto=tcp | proto=tcp !proto=udp
proto=tcp,tcp,sec=sys | proto=tcp sec=sys
sec=none:sys | sec=sys
bg,fg,retry=3,intr,nointr,posix,noposix,alignwrite,noalignwrite | vers=3
nofsc,nomigration,notrunkdiscovery | vers=3
write=lazy,xprtsec=none,fatal_neterrors=none | !write=lazy
write=eager,fatal_neterrors=default | write=eager
write=wait,ino32 | write=wait ino32
write=wait,write=lazy,ino32,noino32 | !write=wait !ino32
ro | ro
acl,lock | lock local_lock=none !noacl
noacl,nolock | noacl nolock
local_lock=flock | local_lock=flock
local_lock=posix | local_lock=posix
local_lock=all,lock | lock local_lock=none
noatime,nodiratime,nosuid,nodev,noexec | noatime nosuid nodev noexec
sloppy,whatever=1 | !whatever
"

# OPTION : TEXT, EINVAL. TEXT must be in the message; it names the option.
BAD="
actimeo=x : actimeo=x
acregmin=-1 : acregmin
acregmin=9 acregmax=8 : acregmin=9.*acregmax=8
acdirmin=9 acdirmax=8 : acdirmin=9.*acdirmax=8
lookupcache=never : lookupcache=never.*pos
rdirplus=often : rdirplus=often.*force
softreval=1 : softreval
timeo=0 : timeo=0
retrans=x : retrans=x
rsize=511 : rsize=511.*512
wsize=0x : wsize=0x
wsize=1 : wsize=1.*512
bsize=16 : bsize=16
namlen=x : namlen
nconnect=0 : nconnect=0
nconnect=17 : nconnect=17
port=65536 : port=65536
mountport=70000 : mountport=70000
mountproto=rdma : mountproto=rdma
mountvers=4 : mountvers=4
mountaddr=nowhere : mountaddr=nowhere
vers=4.2 : vers=4.2.*vers=3
v4 : v4.*vers=3
proto=sctp : proto=sctp.*tcp
proto=rdma : proto=rdma.*tcp
proto=rdma6 : proto=rdma6.*tcp
vers=1 : vers=1.*vers=3
proto=udp xprtsec=tls : xprtsec=tls.*proto=tcp
addr=nowhere : addr=nowhere
local_lock=some : local_lock=some.*flock
acl=1 : acl
lock=1 : lock
rdma : rdma.*proto=tcp
sec=spkm : sec=spkm
sec=sys:spkm : sec=sys:spkm
write=later : write=later.*eager
write : write
xprtsec=sometimes : xprtsec=sometimes
fatal_neterrors=ENETDOWN:ENETUNREACH : fatal_neterrors.*softerr
fsc : fsc.*leave
fsc=tag : fsc.*leave
clientaddr=127.0.0.1 : clientaddr.*version 4
minorversion=1 : minorversion.*version 4
max_connect=2 : max_connect.*version 4
trunkdiscovery : trunkdiscovery.*version 4
migration : migration.*version 4
ino32=1 : ino32
unheard : unknown option 'unheard'
"

# REMOUNT : TEXT, refused by name.
FIXED="
rsize=8192 : rsize
wsize=8192 : wsize
bsize=4096 : bsize
namlen=9 : namlen
nconnect=2 : nconnect
port=2050 : port
mountport=999 : mountport
mountproto=udp : mountproto
mountaddr=127.0.0.2 : mountaddr
mounthost=elsewhere : mounthost
addr=127.0.0.2 : addr
proto=tcp6 : proto
proto=udp : proto
sec=none : sec
nosharecache : sharecache
noresvport : resvport
ino32 : ino32
noacl : acl
nolock : lock or local_lock
local_lock=flock : lock or local_lock
xprtsec=tls : xprtsec
vers=2 : vers
mountvers=1 : mountvers
"

# REMOUNT | SHOWN, one after the other on one mount.
CHANGED="
acregmin=1,acregmax=2,acdirmin=3,acdirmax=4 | acregmin=1 acregmax=2 acdirmin=3 acdirmax=4
actimeo=5 | acregmin=5 acdirmax=5
nocto | nocto acregmin=5
cto | !nocto
lookupcache=none | lookupcache=none
lookupcache=all | !lookupcache=none
nordirplus | nordirplus
rdirplus=force | rdirplus=force !nordirplus
rdirplus | !rdirplus=force
softerr | softerr !hard
soft | soft !softerr
softreval | soft softreval
hard,nosoftreval | hard !softreval
timeo=50,retrans=3 | timeo=50 retrans=3
write=eager | write=eager
write=wait | write=wait !write=eager
write=lazy | !write=wait
sync | sync
async | !sync
noac | noac sync
ac,async | !noac
ro | ro timeo=50 acregmin=5
rw | rw timeo=50 acregmin=5
"

# rows TABLE: its lines that are not empty.
rows() {
	sed '/^$/d' <<<"$1"
}

# want_shown WHAT DIR "SHOWN...": see GOOD.
want_shown() {
	local have=,$(shown_options "$2"), word

	for word in $3; do
		case $word in
		!*) [[ $have != *,${word#!},* ]] || fail "$1: $word: $have" ;;
		*) [[ $have == *,$word,* ]] || fail "$1: no $word: $have" ;;
		esac
	done
}

# The mount that $M shows, made again from what it shows.
want_same_again() {
	local shown

	shown=$(shown_options $M)
	want_ok client_umount $M
	want_ok client_mount main $M "$shown" || return
	want_eq "$1 made again" "$shown" "$(shown_options $M)"
}

good_values() {
	local options shown

	while IFS='|' read -r options shown; do
		options=${options% }
		want_ok client_mount main $M "$options" || continue
		want_shown "$options" $M "$shown"
		want_same_again "$options"
		want_ok client_umount $M
	done < <(rows "$GOOD")
}

bad_values() {
	local fsmount option out text

	mkdir -p $M
	fsmount=$(helper fsmount)
	while read -r option; do
		text=${option#* : }
		# shellcheck disable=SC2086 # several options
		if out=$(limit 60 "$fsmount" "$FSTYPE" "127.0.0.1:$SRV/main" $M \
			${option%% : *} 2>&1); then
			fail "$option: mounted"
			umount $M
		fi
		want_like "$option: message" "(^|"$'\n'")e .*($text)" "$out"
		want_like "$option: errno" "Invalid argument" "$out"
	done < <(rows "$BAD")
}

# mount(8) tells no more than EINVAL here; the kernel log has the words.
remount_refuses() {
	local option before

	want_ok client_mount main $M || return
	before=$(shown_options $M)
	while read -r option; do
		klog "remount $option"
		want_fail mount -i -o "remount,${option%% : *}" $M
		want_like "$option" "cannot change ${option#* : }:" "$(kernel_log)"
		want_eq "after $option" "$before" "$(shown_options $M)"
	done < <(rows "$FIXED")
	klog "remount bad value"
	want_fail mount -i -o remount,timeo=0 $M
	want_like "timeo=0" "timeo=0" "$(kernel_log)"
	want_eq "at last" "$before" "$(shown_options $M)"
	want_ok client_umount $M
}

remount_changes() {
	local options shown

	want_ok client_mount main $M || return
	while IFS='|' read -r options shown; do
		options=${options% }
		want_ok mount -i -o "remount,$options" $M
		want_shown "remount,$options" $M "$shown"
		want_eq "remount,$options: file" content "$(cat $M/file)"
	done < <(rows "$CHANGED")
	want_ok client_umount $M
}

# With the whole line of /proc/mounts, as mount -a -o remount gives it.
remount_with_all_shown() {
	local shown

	want_ok client_mount main $M "bsize=4096,write=eager,softreval,sec=sys,ino32,\
rdirplus=force,lookupcache=pos,mountproto=udp,mounthost=x,nosharecache" || return
	shown=$(shown_options $M)
	want_ok mount -i -o "remount,$shown" $M
	want_eq "options" "$shown" "$(shown_options $M)"
	want_ok mount -i -o "remount,ro" $M
	want_eq "read-only" "ro${shown#rw}" "$(shown_options $M)"
	want_err EROFS touch $M/new
	want_ok client_umount $M
}

from_fstab() {
	want_ok client_mount main $M "timeo=70,write=eager,bsize=8192" || return
	awk -v d=$M '$2 == d' /proc/mounts >/tmp/fstab
	want_ok client_umount $M
	want_ok mount -i -T /tmp/fstab $M || return
	want_eq "the line" "$(</tmp/fstab)" "$(awk -v d=$M '$2 == d' /proc/mounts)"
	want_ok client_umount $M
}

# Order: that of nfs.ko.
shown_in_order() {
	want_ok client_mount main $M "nconnect=2,bsize=4096,softreval,nocto,\
noresvport,lookupcache=pos,write=wait,mountproto=tcp,port=2049" || return
	want_like "order" "^rw,.*vers=3,rsize=[0-9]*,wsize=[0-9]*,bsize=4096,namlen=[0-9]*,\
acregmin=.*,hard,softreval,nocto,.*noresvport,.*proto=tcp,nconnect=2,port=2049,timeo=600,\
retrans=2,sec=sys,.*mountproto=tcp,.*lookupcache=pos,.*write=wait,.*addr=127.0.0.1$" \
		"$(shown_options $M)"
	want_ok client_umount $M
}

tiny_transfers() {
	pattern 20011 5 >/tmp/tiny
	want_ok client_mount main $M rsize=512,wsize=512,nosharecache || return
	want_eq "WRITE calls" 40 "$(count_calls write cp /tmp/tiny $M/tiny)"
	want_same /tmp/tiny "$EXP/tiny"
	drop_caches
	want_eq "READ calls" 40 "$(count_calls read cat $M/tiny)"
	want_same /tmp/tiny $M/tiny
	want_ok client_umount $M
}

block_size() {
	want_ok client_mount main $M bsize=16384 || return
	want_stat %o 16384 $M/file
	want_eq "statfs" 16384 "$(stat -f -c %s $M)"
	want_eq "bytes in all" "$(($(stat -f -c "%b*%S" "$EXP")))" \
		"$(($(stat -f -c "%b*%S" $M)))"
	want_ok client_umount $M
}

# arrives SECONDS FILE: the server gets a line of it. A process that is started here would
# close the file as it ends, and so write it back; ">&" does the same, as it makes a copy of the
# descriptor and closes it. So the file is standard output here.
arrives() {
	local i line=

	for ((i = 0; i < $1 && ${#line} == 0; i++)); do
		read -r -t 1 line <>/tmp/never
		read -r line <"$EXP/$2"
	done
	[[ -n $line ]]
}

# write=eager: the bytes get to the server though nobody closes or syncs.
write_eager() {
	mkfifo /tmp/never
	want_ok client_mount main $M write=eager || return
	(
		exec >$M/eager
		echo one
		arrives 30 eager || fail "nothing was sent"
	)
	want_ok client_umount $M
	want_ok client_mount main $M write=lazy || return
	(
		exec >$M/lazy
		echo one
		! arrives 2 lazy || fail "a lazy write was sent at once"
	)
	want_eq "after close" one "$(<"$EXP/lazy")"
	want_ok client_umount $M
}

# write=wait: they are there when write(2) returns.
write_wait() {
	want_ok client_mount main $M write=wait || return
	(
		exec >$M/wait
		echo one
		mapfile -t lines <"$EXP/wait"
		want_eq "lines" one "${lines[*]}"
		echo two
		mapfile -t lines <"$EXP/wait"
		want_eq "more lines" "one two" "${lines[*]}"
	)
	want_ok client_umount $M
}

# READDIRPLUS for all of a listing that nobody looks at; never with none.
rdirplus_force() {
	mkdir -p "$EXP/many"
	(cd "$EXP/many" && seq -f 'entry-with-a-long-name-%.0f' 4000 | xargs touch)
	want_ok client_mount main $M rdirplus=force || return
	want_eq "READDIR, forced" 0 "$(count_calls readdir ls -f $M/many)"
	want_eq "entries, all of a known type" 4000 "$("$(helper walkdir)" -t $M/many)"
	want_ok client_umount $M
	want_ok client_mount main $M rdirplus=none || return
	want_eq "READDIRPLUS, none" 0 "$(count_calls readdirplus ls -f $M/many)"
	want_ok client_umount $M
	want_ok client_mount main $M || return
	want_min "READDIR, left to us" 1 "$(count_calls readdir ls -f $M/many)"
	want_ok client_umount $M
}

# The message says what the server may be missing.
privileged_port() {
	local out

	export_tmpfs priv 4m || return
	exportfs -i -o rw,no_subtree_check,secure,fsid=77 "*:$SRV/priv"
	want_ok client_mount priv $M || return
	want_ok client_umount $M
	out=$(limit 60 "$(helper fsmount)" "$FSTYPE" "127.0.0.1:$SRV/priv" $M noresvport 2>&1)
	want_like "message" "leave out noresvport" "$out"
	want_like "errno" "Permission denied" "$out"
}

# While the server is silent: names, attributes and rights from the cache.
softreval() {
	local dir=$MNTS/reval

	mkdir -p "$EXP/d/e"
	echo known >"$EXP/d/e/f"
	want_ok client_mount main $dir softreval,softerr,timeo=3,retrans=1,actimeo=1,nosharecache ||
		return
	want_eq "bytes" known "$(cat $dir/d/e/f)"
	sleep 1.2
	server_dead
	want_eq "size" 6 "$(limit 120 stat -c %s $dir/d/e/f)"
	want_eq "bytes from the cache" known "$(limit 120 cat $dir/d/e/f)"
	want_err ETIMEDOUT limit 120 stat $dir/d/e/unseen
	want_ok limit 60 mount -i -o remount,nosoftreval $dir
	want_err ETIMEDOUT limit 120 stat $dir/d/e/f
	server_alive
	wait_until 60 stat $dir/d/e/f || fail "no life afterwards"
	want_ok client_umount $dir
}

# A hard mount serves what it has, too, and waits for the rest.
softreval_hard() {
	local dir=$MNTS/reval pid

	echo other >"$EXP/unread"
	want_ok client_mount main $dir softreval,timeo=3,retrans=1,actimeo=1,nosharecache || return
	want_eq "bytes" content "$(cat $dir/file)"
	sleep 1.2
	server_dead
	want_eq "bytes from the cache" content "$(limit 120 cat $dir/file)"
	cat $dir/unread >/tmp/unread &
	pid=$!
	sleep 5
	want_ok kill -0 $pid
	server_alive
	wait $pid
	want_eq "the rest" other "$(</tmp/unread)"
	want_ok client_umount $dir
}

e2e_server
is_snfs || bail "other clients differ in what they show"
export_tmpfs main || bail "no export"
echo content >"$EXP/file"
t "good values are shown, and make the same mount again" good_values
t "bad values are refused by name" bad_values
t "a remount changes what can change" remount_changes
t "a remount refuses the rest by name" remount_refuses
t "a remount with all that is shown changes nothing" remount_with_all_shown
t "a line of /proc/mounts is a line of fstab" from_fstab
t "options are shown in nfs.ko's order" shown_in_order
t "transfers of 512 bytes" tiny_transfers
t "bsize=" block_size
t "write=eager and write=lazy" write_eager
t "write=wait" write_wait
t "rdirplus=force and rdirplus=none" rdirplus_force
t "noresvport where the server wants a privileged port" privileged_port
t "softreval: the cache serves while the server is silent" softreval
t "softreval with hard" softreval_hard
e2e_run
