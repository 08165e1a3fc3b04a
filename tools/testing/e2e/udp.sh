#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# NFS over UDP: mounting, also where nfs.ko has no UDP any more; sizes and time-outs; a network
# that loses, repeats and disorders datagrams; replies that never come; a server that restarts or
# is gone.
# kernels: uml 6.12
# timeout: 200

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/peer.sh
. "$E2E_LIB/peer.sh"

SERVER_UDP=1
# The knfsd of 6.1 reads holes of tmpfs wrongly.
SNFS_SERVER_FS=ext4

M=$MNTS/m	# a mount over loopback
P=$MNTS/p	# a mount of another host, over a link with an MTU of 1500

# mounts OPTIONS [SHOWN...]: at $M; each SHOWN is in /proc/mounts.
mounts() {
	local word

	want_ok client_mount main $M "nosharecache,$1" || return
	for word in "${@:2}"; do
		want_like "$1: $word" "(^|,)$word(,|\$)" "$(shown_options $M)"
	done
}

# says TEXT: in the kernel log since the test began.
says() {
	want_like "kernel log" "$1" "$(kernel_log)"
}

refused() { # TEXT OPTIONS
	want_fail client_mount main $M "nosharecache,$2"
	says "$1"
	! mountpoint -q $M || umount $M
}

# Debian builds its kernels with NFS_DISABLE_UDP_SUPPORT; the UML kernel is built without.
nfs_ko_refuses() {
	[[ $SNFS_KERNEL != uml ]] || { skip "this nfs.ko has UDP"; return; }
	modprobe nfsv3
	mkdir -p $M
	want_fail mount -i -t nfs -o vers=3,nolock,proto=udp,addr=127.0.0.1 "127.0.0.1:$EXP" $M
	want_ok mount -i -t nfs -o vers=3,nolock,addr=127.0.0.1 "127.0.0.1:$EXP" $M
	want_ok umount $M
}

mounts_over_udp() {
	local shown

	mounts proto=udp proto=udp timeo=11 retrans=3 mountproto=udp rsize=32768 wsize=32768 ||
		return
	want_eq "file" content "$(cat $M/file)"
	want_eq "connections" "" "$(ss -Htn 'dport = :2049')"
	want_like "transport" $'\n[ \t]+xprt:[ \t]udp ' "$(statistics $M)"
	want_unlike "transport" $'\n[ \t]+xprt:[ \t]tcp ' "$(statistics $M)"
	want_eq "sockets" 2 "$(statistics $M | grep -c 'xprt:')"
	shown=$(shown_options $M)
	want_ok client_umount $M
	want_ok client_mount main $M "$shown" || return
	want_eq "made again" "$shown" "$(shown_options $M)"
	want_ok client_umount $M
}

options() {
	mounts udp,timeo=99999,retrans=1000,nconnect=4,rsize=1048576,wsize=4096 \
		proto=udp timeo=600 retrans=1000 rsize=32768 wsize=4096 || return
	want_eq "nconnect" "" "$(shown_option $M nconnect)"
	want_ok mount -i -o remount,timeo=7,retrans=2,soft $M
	want_like "after a remount" "soft.*proto=udp.*timeo=7,retrans=2" "$(shown_options $M)"
	want_eq "file" content "$(cat $M/file)"
	want_fail mount -i -o remount,proto=tcp $M
	says "cannot change proto"
	want_ok client_umount $M
	mounts proto=udp,mountproto=tcp proto=udp mountproto=tcp
	want_ok client_umount $M
	mounts "udp,port=2049,mountport=$MOUNTD_PORT" proto=udp mountproto=udp
	want_ok client_umount $M
	refused "proto=udp6: .* is no IPv6" proto=udp6
	refused "xprtsec=tls: " proto=udp,xprtsec=tls
}

ipv6() {
	local SERVER="[::1]"

	[[ -e /proc/net/if_inet6 ]] || { skip "no IPv6"; return; }
	mounts proto=udp6 proto=udp6 mountproto=udp6 addr=::1 || return
	want_eq "file" content "$(cat $M/file)"
	want_ok client_umount $M
}

mountd_without() { # --no-udp or --no-tcp
	mountd_stop
	want_ok rpc.mountd --port $MOUNTD_PORT --no-nfs-version 4 "$@"
}

# MOUNT by what there is, unless the user has said by what.
mountd_has_one() {
	mountd_without --no-udp
	mounts proto=udp proto=udp mountproto=tcp && want_ok client_umount $M
	refused "knows no MOUNT for NFS version 3 or 2" proto=udp,mountproto=udp
	mountd_stop
	mountd_start
}

server_has_no_udp() {
	nfsd_stop
	SERVER_UDP='' nfsd_start
	refused "knows no NFS version 3 or 2 over UDP: use proto=tcp" proto=udp
	mounts proto=tcp proto=tcp && want_ok client_umount $M
	nfsd_stop
	nfsd_start
}

# Nobody has said by what: TCP if there is any, and else what rpcbind tells.
server_has_udp_only() {
	nfsd_stop
	rpc.nfsd --nfs-version 3 --no-nfs-version 4 --no-tcp --udp $NFSD_THREADS
	mounts nconnect=4 proto=udp timeo=11 retrans=3 vers=3 || return
	says "has NFS over UDP only: mounted with proto=udp"
	want_eq "file" content "$(cat $M/file)"
	want_ok client_umount $M
	mounts vers=3,timeo=70,retrans=4 proto=udp timeo=70 retrans=4 && want_ok client_umount $M
	refused "NFS at .* refused the connection .TCP" proto=tcp
	refused "NFS at .* refused the connection .TCP" vers=2
	nfsd_stop
	nfsd_start
	mounts hard proto=tcp && want_ok client_umount $M
}

statistics() {
	sed -n "\\,mounted on $1 with,,/^device/p" /proc/self/mountstats
}

# retransmissions DIR: how often calls went out, less how many there were.
retransmissions() {
	statistics "$1" | awk '/per-op/ { ops = 1; next }
		ops && NF >= 9 { sum += $3 - $2 } END { print sum + 0 }'
}

# Nothing is larger than a datagram: READ, WRITE, listings, ACLs.
sizes() {
	local i

	mounts proto=udp || return
	want_like "listings" "dtsize=32768" "$(statistics $M)"
	pattern 1000000 1 >/tmp/ref
	want_eq "WRITE" 31 "$(count_calls write cp /tmp/ref $M/million)"
	want_same /tmp/ref "$EXP/million"
	drop_caches
	want_eq "READ" 31 "$(count_calls read cat $M/million)"
	want_same /tmp/ref $M/million
	mkdir "$EXP/many"
	(cd "$EXP/many" && seq -f 'entry-with-quite-a-long-name-%.0f' 1500 | xargs touch)
	find "$EXP/many" -type f -printf '%f\n' | sort >/tmp/names
	find $M/many -type f -printf '%f\n' | sort | cmp - /tmp/names || fail "names differ"
	for i in {1..300}; do
		echo "u:$((i + 1000)):r"
	done >/tmp/acl
	want_ok setfacl -M /tmp/acl $M/million
	drop_caches
	want_eq "entries of the ACL" 300 "$(getfacl -cn $M/million 2>&1 | grep -c '^user:[1-9]')"
	want_ok client_umount $M
}

# many_names DIR: makes, moves and removes; each name is asked for once.
many_names() {
	local i

	mkdir "$1" && cd "$1" || return
	for i in 1 2 3; do
		mkdir d$i && echo $i >d$i/f && ln d$i/f d$i/hard && ln -s f d$i/soft &&
			mkfifo d$i/fifo && mkdir d$i/sub && mv d$i/fifo d$i/sub/moved &&
			mv d$i/f d$i/g && rm d$i/hard && chmod 751 d$i/sub &&
			mkdir d$i/gone && rmdir d$i/gone && echo more >>d$i/g || return
	done
	mv d1 e1 && rm -r d2
}

tree() {
	(cd "$1" && find . -printf '%P %y %m %n %l\n' | sort &&
		find . -type f | sort | xargs cat)
}

# bad_link NETEM...: both directions of the link. Datagrams of 8 KiB are six packets there.
bad_link() {
	tc qdisc replace dev snfs0 root netem "$@" &&
		peer tc qdisc replace dev snfs1 root netem "$@"
}

good_link() {
	tc qdisc del dev snfs0 root 2>/dev/null
	peer tc qdisc del dev snfs1 root 2>/dev/null
	return 0
}

lossy_names() {
	want_ok peer_client $P proto=udp,timeo=3 || return
	want_ok bad_link delay 4ms reorder 25% loss 5% duplicate 5%
	(want_ok many_names $P/names)
	(want_ok many_names /tmp/names.ref)
	tree /tmp/names.ref >/tmp/tree.ref
	tree $P/names >/tmp/tree.client
	good_link
	tree "$EXP/names" >/tmp/tree.server
	want_same /tmp/tree.ref /tmp/tree.server
	want_same /tmp/tree.ref /tmp/tree.client
	want_min "calls sent again" 1 "$(retransmissions $P)"
	note "$(retransmissions $P) calls were sent again"
	want_ok client_umount $P
}

lossy_data() {
	want_ok peer_client $P proto=udp,timeo=3,rsize=8192,wsize=8192 || return
	pattern 300000 2 >/tmp/ref
	want_ok bad_link delay 4ms reorder 25% loss 5% duplicate 5%
	want_ok cp /tmp/ref $P/lossy
	want_same /tmp/ref "$EXP/lossy"
	drop_caches
	want_same /tmp/ref $P/lossy
	want_ok limit 300 "$(helper iomix)" -d -S 3 -n 40 -l 100000 -s "$EXP/mix" $P/mix
	good_link
	want_min "calls sent again" 3 "$(retransmissions $P)"
	note "$(retransmissions $P) calls were sent again"
	want_ok client_umount $P
}

# call NAME ARG...: exactly this system call.
call() {
	perl -MFcntl -e '
	my ($name, @a) = @ARGV;
	my %call = (
		create => sub { sysopen(my $f, $a[0], O_CREAT | O_EXCL | O_WRONLY, 0640) },
		mkdir => sub { mkdir($a[0], 0750) },
		symlink => sub { symlink($a[0], $a[1]) },
		link => sub { link($a[0], $a[1]) },
		rename => sub { rename($a[0], $a[1]) },
		unlink => sub { unlink($a[0]) == 1 },
		rmdir => sub { rmdir($a[0]) });
	$call{$name}->() or print STDERR "$!\n" and exit 1' "$@"
}

# starts N NAME ARG...: the call, in the background; its answer goes to /tmp/answer.N.
starts() {
	local n=$1

	shift
	{ call "$@" >"/tmp/answer.$n" 2>&1; echo "status $?" >>"/tmp/answer.$n"; } &
}

# done_once N: the server has done so many calls of those that it does once only (misses of its
# memory).
done_once() {
	[[ $(awk '$1 == "rc" { print $3 }' /proc/net/rpc/nfsd) -ge $1 ]]
}

all_done_there() {
	local d=$EXP/lost

	[[ -f $d/1/new && -d $d/2/new && -L $d/3/new && $d/4/old -ef $d/4/new && -e $d/5/new &&
		! -e $d/6/old && ! -e $d/7/old && ! -e $d/8/old ]]
}

all_answered() {
	[[ $(cat /tmp/answer.* | grep -c ^status) -eq 13 ]]
}

# The calls are carried out and their answers lost. The server that gets them again has restarted
# and remembers no replies: it finds that the names exist, or that they do not.
answers_lost() {
	local d=$P/lost i before

	mkdir -p "$EXP"/lost/{1,2,3,4,5,6,7/old,8,9,10,11,12,13}
	touch "$EXP"/lost/{4,5,6,9,13}/old
	echo open >"$EXP/lost/8/old"
	# Directories, files and rights are known, so nothing has to be asked about them meanwhile;
	# what is in 11 and 12 is not.
	want_ok peer_client $P proto=udp,timeo=3,noacl,actimeo=600 || return
	mkdir -m 750 "$EXP/lost/11/new"
	install -m 640 /dev/null "$EXP/lost/12/new"
	find $d -writable -printf '%s' -path "$d/1[12]" -prune >/dev/null
	hold open $d/8/old
	ln -s other "$EXP/lost/10/new"
	touch "$EXP/lost/9/new"
	rm "$EXP/lost/13/old"
	rm -f /tmp/answer.*
	before=$(awk '$1 == "rc" { print $3 }' /proc/net/rpc/nfsd)
	tc qdisc replace dev snfs0 root netem loss 100%
	starts 1 create $d/1/new
	starts 2 mkdir $d/2/new
	starts 3 symlink target $d/3/new
	starts 4 link $d/4/old $d/4/new
	starts 5 rename $d/5/old $d/5/new
	starts 6 unlink $d/6/old
	starts 7 rmdir $d/7/old
	starts 8 unlink $d/8/old
	starts 9 link $d/9/old $d/9/new
	starts 10 symlink target $d/10/new
	starts 11 mkdir $d/11/new
	starts 12 create $d/12/new
	starts 13 rename $d/13/old $d/13/new
	wait_until 60 all_done_there || fail "not done: $(ls -lR "$EXP/lost")"
	# What is sent for the first time after this has the right answer, too, but proves nothing.
	wait_until 10 done_once $((before + 13)) || note "not all calls were sent"
	want_eq "answers" "" "$(cat /tmp/answer.*)"
	nfsd_stop
	nfsd_start
	good_link
	wait_until 120 all_answered || fail "no answers: $(grep . /tmp/answer.*)"
	for i in 1 2 3 4 5 6 7 8; do
		want_eq "call $i" "status 0" "$(cat /tmp/answer.$i)"
	done
	# These were not done by us, however often they were sent.
	for i in 9 10 11 12; do
		want_eq "call $i" $'File exists\nstatus 1' "$(cat /tmp/answer.$i)"
	done
	want_eq "call 13" $'No such file or directory\nstatus 1' "$(cat /tmp/answer.13)"
	want_eq "target" target "$(readlink $d/3/new)"
	want_stat %h 2 $d/4/old $d/4/new "$EXP/lost/4/new"
	want_eq "the open file" open "$(ask open '0 read 0 10')"
	let_go open
	wait_until 60 eval '[[ -z $(ls -A "$EXP/lost/8") ]]' || fail "$(ls -A "$EXP/lost/8") stays"
	want_ok client_umount $P
}

server_restarts() {
	local pid

	mounts proto=udp || return
	pattern 4000000 6 >/tmp/ref
	dd if=/tmp/ref of=$M/restart bs=100000 conv=fsync status=none &
	pid=$!
	nfsd_stop
	sleep 2
	nfsd_start
	wait $pid || fail "dd: status $?"
	want_same /tmp/ref "$EXP/restart"
	drop_caches
	want_same /tmp/ref $M/restart
	want_ok client_umount $M
}

# The first try, and two more after half a second and a second: two seconds in all.
soft_gives_up() {
	local before

	mounts proto=udp,soft,timeo=5,retrans=2,actimeo=0 || return
	server_dead
	before=$(now_ms)
	want_err EIO limit 100 stat $M/file
	want_min "milliseconds" 1500 $(($(now_ms) - before))
	want_ok mount -i -o remount,softerr $M
	want_err ETIMEDOUT limit 100 stat $M/file
	server_alive
	wait_until 60 stat $M/file || fail "no life afterwards"
	says "server 127.0.0.1 not responding, timed out"
	want_min "calls sent again" 2 "$(retransmissions $M)"
	want_ok client_umount $M
}

# hard waits, until the server is there, the process is killed, or the mount is.
hard_waits() {
	local pid killed

	mounts proto=udp,timeo=2,retrans=1,actimeo=0 || return
	server_dead
	stat $M/file >/tmp/waited 2>&1 &
	pid=$!
	cat $M/unread >/dev/null 2>&1 &
	killed=$!
	sleep 3
	want_ok kill -0 $pid
	want_ok kill -9 $killed
	wait_until 30 is_gone $killed || fail "it does not die"
	server_alive
	wait $pid || fail "stat: status $?"
	want_like "in the end" "regular file" "$(</tmp/waited)"
	says "server 127.0.0.1 not responding, still trying"
	server_dead
	stat $M/file >/tmp/waited 2>&1 &
	pid=$!
	sleep 1
	umount -f $M 2>/dev/null
	wait_until 30 is_gone $pid || fail "umount -f ends nothing"
	want_like "umount -f" "Input/output error" "$(</tmp/waited)"
	server_alive
	! mountpoint -q $M || want_ok umount $M
}

e2e_server
is_snfs || bail "made for snfs"
export_fs main 64m || bail "no export"
echo content >"$EXP/file"
pattern 100000 >"$EXP/unread"
peer_start || bail "no second host"
at_end "tc qdisc del dev snfs0 root"
t "nfs.ko of this kernel has no UDP" nfs_ko_refuses
t "proto=udp" mounts_over_udp
t "options" options
t "udp6" ipv6
t "MOUNT by TCP only" mountd_has_one
t "a server without UDP is told" server_has_no_udp
t "a server of UDP only" server_has_udp_only
t "READ, WRITE, listings and ACLs fit a datagram" sizes
t "names over a lossy network" lossy_names
t "data over a lossy network" lossy_data
t "answers are lost: our own work is known again" answers_lost
t "a server that restarts" server_restarts
t "soft and softerr give up" soft_gives_up
t "hard waits, and can be killed" hard_waits
e2e_run
