#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Mounting: addresses, ports, options and what /proc shows of them; sharing;
# read-only; UMNT.
# kernels: uml 6.1 6.12
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

M=$MNTS/m

# mounts_with OPTIONS [SERVER]: mounts, reads a file, unmounts; M_SHOWN keeps
# what /proc/mounts had.
mounts_with() {
	local SERVER=${2:-$SERVER}

	M_SHOWN=
	want_ok client_mount main $M "$1" || return
	want_eq "file read with '$1'" content "$(cat $M/file)"
	M_SHOWN=$(shown_options $M)
	want_ok client_umount $M
}

# shows OPTIONS WORD...: mounted with OPTIONS, /proc/mounts has each WORD.
shows() {
	local word

	mounts_with "$1" || return
	shift
	for word; do
		want_like "option $word shown" "(^|,)$word(,|\$)" "$M_SHOWN"
	done
}

plain() {
	mounts_with "" || return
	want_like "version" '(^|,)vers=3(,|$)' "$M_SHOWN"
	want_like "transport" '(^|,)proto=tcp(,|$)' "$M_SHOWN"
	want_like "address" "(^|,)addr=127\.0\.0\.1(,|\$)" "$M_SHOWN"
}

# What /proc/mounts prints makes the same mount again.
round_trip() {
	local first second again=$MNTS/again

	want_ok client_mount main $M "$1" || return
	first=$(shown_options $M)
	want_ok client_umount $M
	mkdir -p $again
	want_ok limit 60 mount -i -t "$FSTYPE" -o "$first" \
		"$SERVER:$SRV/main" $again || return
	second=$(shown_options $again)
	want_eq "options shown" "$first" "$second"
	want_eq "file" content "$(cat $again/file)"
	want_ok client_umount $again
}

ipv6() {
	[[ -e /proc/net/if_inet6 ]] || { skip "no IPv6"; return; }
	if is_snfs; then
		mounts_with "" "[::1]"
	else
		mounts_with proto=tcp6,mountaddr=::1,mountproto=tcp6 "[::1]"
	fi || return
	want_like "address" '(^|,)addr=::1(,|$)' "$M_SHOWN"
	want_like "transport" '(^|,)proto=tcp6(,|$)' "$M_SHOWN"
}

ipv6_round_trip() {
	is_snfs || { skip "nfs.ko needs addr= there"; return; }
	[[ -e /proc/net/if_inet6 ]] || { skip "no IPv6"; return; }
	local SERVER="[::1]"

	round_trip ""
}

# A name in the source needs addr=, which the mount helper puts there.
name_with_addr() {
	local SERVER=server.example

	mounts_with addr=127.0.0.1 server.example
	want_ok client_mount main $M addr=127.0.0.1 || return
	want_eq "source" "server.example:$SRV/main" \
		"$(findmnt -n -o SOURCE $M)"
	want_ok client_umount $M
}

no_rpcbind() {
	rpcbind_stop
	mounts_with "port=2049,mountport=$MOUNTD_PORT,mountproto=tcp"
	mounts_with "port=2049,mountport=$MOUNTD_PORT,mountproto=udp"
	rpcbind_start || fail "rpcbind does not start again"
	# Registrations were lost with rpcbind.
	mountd_stop
	mountd_start
	nfsd_stop
	nfsd_start
}

transfer_sizes() {
	shows rsize=65536,wsize=32768 rsize=65536 wsize=32768
	shows rsize=131072,wsize=131072 rsize=131072 wsize=131072
	shows rsize=4096,wsize=4096 rsize=4096 wsize=4096
}

# More than the server allows is taken and cut to what it allows.
transfer_sizes_too_large() {
	local size

	is_snfs || { skip "nfs.ko cuts to 1 MiB first"; return; }
	mounts_with rsize=4194304,wsize=4194304 || return
	size=$(sed 's/.*,rsize=\([0-9]*\).*/\1/' <<<"$M_SHOWN")
	want_min "rsize" 131072 "$size"
	want_max "rsize" 4194304 "$size"
}

small_transfers_work() {
	pattern 100001 3 >/tmp/small
	want_ok client_mount main $M rsize=4096,wsize=4096,nosharecache || return
	want_ok cp /tmp/small $M/small
	want_same /tmp/small "$EXP/small"
	drop_caches
	want_same /tmp/small $M/small
	want_ok client_umount $M
}

nconnect_transfers() {
	is_snfs || { skip "connections of nfs.ko are shared"; return; }
	want_ok client_mount main $M nconnect=4 || return
	want_eq "nconnect shown" 4 "$(shown_option $M nconnect)"
	pattern 3000000 4 >$M/many
	pattern 3000000 4 | cmp - "$EXP/many" || fail "bytes differ"
	want_min "connections to the server" 4 \
		"$(ss -Htn state established 'dport = :2049' | wc -l)"
	want_ok client_umount $M
}

unprivileged_port() {
	shows noresvport noresvport
	[[ $FSTYPE == snfs ]] || return 0
	want_ok client_mount main $M noresvport,nosharecache || return
	want_eq "reserved ports in use" "" \
		"$(ss -Htn state established 'dport = :2049' |
			awk '{ n = split($3, a, ":"); if (a[n] < 1024) print }')"
	want_ok client_umount $M
}

read_only() {
	want_ok client_mount main $M ro || return
	want_eq "file" content "$(cat $M/file)"
	want_err EROFS touch $M/new
	want_err EROFS sh -c "echo x >>$M/file"
	want_err EROFS rm -f $M/file
	want_like "shown" '^ro,' "$(shown_options $M)"
	want_ok mount -i -o remount,rw $M
	want_ok touch $M/new
	want_ok mount -i -o remount,ro $M
	want_err EROFS touch $M/new2
	want_ok client_umount $M
}

shared_and_not() {
	local n=$MNTS/n p=$MNTS/p

	want_ok client_mount main $M || return
	want_ok client_mount main $n
	want_ok client_mount main $p nosharecache
	want_ok same_superblock $M $n
	want_fail same_superblock $M $p
	echo shared >$n/shared
	want_eq "seen at once" shared "$(cat $M/shared)"
	want_ok client_umount $n
	want_eq "first mount still works" content "$(cat $M/file)"
	want_ok client_umount $p $M
}

# Other options that matter make another superblock, or refuse to share.
shared_only_when_alike() {
	local n=$MNTS/n

	want_ok client_mount main $M || return
	want_ok client_mount main $n rsize=8192,acregmin=7 || return
	want_eq "rsize" 8192 "$(shown_option $n rsize)"
	want_eq "acregmin" 7 "$(shown_option $n acregmin)"
	want_ne "rsize of the first" 8192 "$(shown_option $M rsize)"
	want_fail same_superblock $M $n
	want_ok client_umount $n $M
}

subdirectory() {
	mkdir -p "$EXP/sub/dir"
	echo below >"$EXP/sub/dir/file"
	want_ok client_mount main/sub/dir $M || return
	want_eq "file" below "$(cat $M/file)"
	want_ok client_umount $M
}

two_exports() {
	export_tmpfs second 16m
	echo other >"$SRV/second/file"
	want_ok client_mount main $M || return
	want_ok client_mount second $MNTS/n || return
	want_eq "first" content "$(cat $M/file)"
	want_eq "second" other "$(cat $MNTS/n/file)"
	want_fail same_superblock $M $MNTS/n
	want_err EXDEV ln $M/file $MNTS/n/link
	want_ok client_umount $M $MNTS/n
}

ext4_export() {
	export_ext4 ext 32 || { fail "no ext4 export"; return; }
	want_ok client_mount ext $M || return
	pattern 300000 2 >$M/file
	pattern 300000 2 | cmp - "$SRV/ext/file" || fail "bytes differ"
	want_eq "inode" "$(stat -c %i "$SRV/ext/file")" "$(stat -c %i $M/file)"
	want_ok client_umount $M
}

# showmount(8) would do, but mountd answers it from memory as long as the time of
# this file has not changed, in whole seconds.
mountd_knows() {
	grep -c ":$SRV/main:" /var/lib/nfs/rmtab
}

umnt_is_sent() {
	: >/var/lib/nfs/rmtab
	mountd_stop
	mountd_start
	want_ok client_mount main $M nosharecache || return
	want_eq "entries of mountd while mounted" 1 "$(mountd_knows)"
	want_ok client_umount $M
	is_snfs || { skip "nfs.ko leaves UMNT to the helper"; return; }
	wait_until 10 eval '[[ $(mountd_knows) -eq 0 ]]' ||
		fail "mountd still has the mount: $(cat /var/lib/nfs/rmtab)"
}

statistics() {
	local stats

	want_ok client_mount main $M nosharecache || return
	cat $M/file >/dev/null
	ls $M >/dev/null
	stats=$(sed -n "\\,mounted on $M with,,/^device/p" /proc/self/mountstats)
	want_like "header" "fstype $FSTYPE statvers=1.1" "$stats"
	want_like "options" $'\n[ \t]+opts:[ \t].*vers=3' "$stats"
	want_like "age" $'\n[ \t]+age:[ \t][0-9]+' "$stats"
	want_like "caps" $'\n[ \t]+caps:[ \t]' "$stats"
	want_like "sec" $'\n[ \t]+sec:[ \t]' "$stats"
	want_like "events" $'\n[ \t]+events:[ \t]' "$stats"
	want_like "bytes" $'\n[ \t]+bytes:[ \t]' "$stats"
	want_like "transport" $'\n[ \t]+xprt:[ \t]tcp ' "$stats"
	want_like "reads counted" $'\n[ \t]+READ: [1-9]' "$stats"
	want_ok client_umount $M
}

many_options_shown() {
	shows hard hard
	shows soft,timeo=100,retrans=3 soft timeo=100 retrans=3
	shows softerr softerr
	shows acregmin=5,acregmax=6,acdirmin=7,acdirmax=8 acregmin=5 \
		acregmax=6 acdirmin=7 acdirmax=8
	shows actimeo=9 acregmin=9 acregmax=9 acdirmin=9 acdirmax=9
	shows noac noac
	shows nocto nocto
	shows lookupcache=none lookupcache=none
	shows lookupcache=pos lookupcache=pos
	shows sec=sys sec=sys
	is_snfs && shows lock lock local_lock=none
	shows nolock nolock local_lock=all
	shows local_lock=flock local_lock=flock
	shows local_lock=posix local_lock=posix
	shows sync,noatime,nosuid,nodev,noexec sync noatime nosuid nodev noexec
}

# The server takes AUTH_NONE only where the export says so, as nobody.
sec_none() {
	export_tmpfs anon 16m rw,async,sec=none:sys || { fail "no export"; return; }
	chmod 777 "$SRV/anon"
	want_ok client_mount anon $M sec=none || return
	want_like "sec shown" '^(none|null)$' "$(shown_option $M sec)"
	want_ok touch $M/file
	want_stat %u 65534 "$SRV/anon/file" $M/file
	want_ok client_umount $M
}

sloppy_ignores() {
	is_snfs || { skip "nfs.ko then fails with ENOENT"; return; }
	mounts_with sloppy,bogus-option,another=1
}

spelled_otherwise() {
	mounts_with vers=3
	mounts_with nfsvers=3
	mounts_with proto=tcp
	mounts_with nolock
	is_snfs && mounts_with addr=127.0.0.1,mountaddr=127.0.0.1
	mounts_with fg,retry=1
	return 0
}

e2e_server
export_tmpfs main || bail "no export"
echo content >"$EXP/file"
t "by IPv4 address, no other option" plain
t "by [IPv6] address" ipv6
t "a name with addr=" name_with_addr
t "port= and mountport=, no rpcbind" no_rpcbind
t "mountport= mountproto=udp" mounts_with "mountport=$MOUNTD_PORT,mountproto=udp"
t "mountproto=tcp" mounts_with mountproto=tcp
t "port= alone" mounts_with port=2049
t "options are shown" many_options_shown
t "options in their other spellings" spelled_otherwise
t "sec=none" sec_none
t "sloppy ignores unknown options" sloppy_ignores
t "rsize= and wsize=" transfer_sizes
t "rsize= and wsize= above the server's" transfer_sizes_too_large
t "transfers of 4096 bytes" small_transfers_work
t "nconnect=4" nconnect_transfers
t "noresvport" unprivileged_port
t "round trip: no options" round_trip ""
t "round trip: sizes, timeouts, soft" \
	round_trip soft,timeo=150,retrans=4,rsize=65536,wsize=65536
t "round trip: attribute caching" \
	round_trip nocto,acregmin=1,acregmax=2,acdirmin=3,acdirmax=4
t "round trip: ports" round_trip "port=2049,mountport=$MOUNTD_PORT,mountproto=tcp"
t "round trip: noac, lookupcache, noresvport, ro" \
	round_trip ro,noac,lookupcache=none,noresvport
t "round trip: nosharecache, sec, nconnect" \
	round_trip nosharecache,sec=sys,nconnect=2
t "round trip: local_lock" round_trip local_lock=posix
t "round trip: nolock" round_trip nolock
t "round trip: IPv6" ipv6_round_trip
t "ro, and remount" read_only
t "two mounts share a superblock, nosharecache does not" shared_and_not
t "other options are not shared" shared_only_when_alike
t "a directory below the export" subdirectory
t "two exports" two_exports
t "an ext4 export" ext4_export
t "UMNT reaches mountd" umnt_is_sent
t "mountstats" statistics
e2e_run
