#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Kerberos: sec=krb5, krb5i and krb5p, for root by the machine's keytab and for
# users by their tickets; which flavour a mount takes; what is missing is said.
# kernels: 6.12
# timeout: 300

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/refusal.sh
. "$E2E_LIB/refusal.sh"
# shellcheck source=../lib/kerberos.sh
. "$E2E_LIB/kerberos.sh"

M=$MNTS/k

# krb_mount EXPORT OPTIONS
krb_mount() {
	want_ok client_mount "$1" $M "addr=127.0.0.1${2:+,$2}"
}

# Each of these exports takes one flavour, so what works went by that flavour.
root_works() {
	local flavor=$1 i

	krb_mount "$flavor" "sec=$flavor" || return
	want_eq "sec=" "$flavor" "$(shown_option $M sec)"
	echo hello >$M/file
	want_eq "on the server" hello "$(<"$SRV/$flavor/file")"
	want_stat %u 0 "$SRV/$flavor/file"
	mkdir $M/dir
	for i in {1..300}; do
		: >"$SRV/$flavor/dir/a-rather-long-name-$i"
	done
	ln -s "$(printf 'x%.0s' {1..1000})" $M/link
	drop_caches
	want_eq "read" hello "$(<$M/file)"
	want_eq "names" "$(ls "$SRV/$flavor/dir")" "$(ls $M/dir)"
	want_eq "links" "$(stat -c %n-%h "$SRV/$flavor"/dir/* | sed 's,.*/,,')" \
		"$(stat -c %n-%h $M/dir/* | sed 's,.*/,,')"
	want_eq "symlink" 1000 "$(readlink -n $M/link | wc -c)"
	want_ok rm $M/link
	want_ok client_umount $M
}

# Checksums and ciphers end somewhere in the pages of READ and WRITE.
all_sizes() {
	local flavor=$1 size

	krb_mount "$flavor" "sec=$flavor,rsize=8192,wsize=8192" || return
	for size in 0 1 3 4095 4097 8192 8193 40961; do
		pattern $size $size >/tmp/want
		cp /tmp/want $M/size
		want_same /tmp/want "$SRV/$flavor/size"
		drop_caches
		want_same /tmp/want $M/size
		dd if=$M/size of=/tmp/got bs=4k iflag=direct status=none
		want_same /tmp/want /tmp/got
	done
	pattern 65536 7 >/tmp/want
	dd if=/tmp/want of=$M/direct bs=4096 oflag=direct status=none
	want_same /tmp/want "$SRV/$flavor/direct"
	want_ok client_umount $M
}

eight_mib() {
	krb_mount krb5p sec=krb5p || return
	pattern 8388608 3 >/tmp/big
	cp /tmp/big $M/big
	want_same /tmp/big "$SRV/krb5p/big"
	drop_caches
	want_same /tmp/big $M/big
	pattern 70001 5 >/tmp/part
	dd if=/tmp/part of=/tmp/big bs=70001 seek=20 conv=notrunc status=none
	dd if=/tmp/part of=$M/big bs=70001 seek=20 conv=notrunc status=none
	want_same /tmp/big "$SRV/krb5p/big"
	drop_caches
	want_same /tmp/big $M/big
	want_ok client_umount $M
}

users_need_tickets() {
	krb_mount krb5i || return
	mkdir -m 1777 "$SRV/krb5i/open"
	echo shared >"$SRV/krb5i/open/all"
	want_err EACCES as 1003 cat $M/open/all
	want_eq "alice reads" shared "$(as 1001 cat $M/open/all)"
	want_ok as 1001 sh -c "echo mine >$M/open/alice"
	want_stat %u 1001 "$SRV/krb5i/open/alice"
	want_err EACCES as 1003 touch $M/open/carol
	want_ok login carol 1003
	# A refusal is remembered for a few seconds.
	want_ok wait_until 60 as 1003 cat $M/open/all
	want_ok as 1003 touch $M/open/carol
	want_stat %u 1003 "$SRV/krb5i/open/carol"
	want_ok client_umount $M
}

caches_are_apart() {
	local i

	krb_mount krb5p || return
	mkdir -m 1777 "$SRV/krb5p/open"
	want_ok as 1001 sh -c "umask 077; echo secret >$M/open/alice"
	for i in 1 2 3; do
		want_eq "alice reads" secret "$(as 1001 cat $M/open/alice)"
		want_err EACCES as 1002 cat $M/open/alice
		want_err EACCES as 1002 sh -c "echo x >>$M/open/alice"
	done
	want_ok as 1001 chmod 644 $M/open/alice
	want_eq "bob reads" secret "$(as 1002 cat $M/open/alice)"
	want_ok client_umount $M
}

cannot_read() { # UID
	! as "$1" cat $M/open/all >/dev/null 2>&1
}

tickets_expire() {
	krb_mount krb5i || return
	want_ok login dave 1004 -l 40s
	want_ok wait_until 30 as 1004 cat $M/open/all
	want_ok wait_until 120 cannot_read 1004
	errno_among "EKEYEXPIRED|EACCES" "$(as 1004 cat $M/open/all 2>&1)" ||
		fail "another error than expected: $(as 1004 cat $M/open/all 2>&1)"
	want_eq "alice reads" shared "$(as 1001 cat $M/open/all)"
	want_ok login dave 1004
	want_ok wait_until 60 as 1004 cat $M/open/all
	want_ok client_umount $M
}

# chosen EXPORT SEC-OPTION WANT
chosen() {
	krb_mount "$1" "$2" || return
	want_eq "$1 with '$2'" "$3" "$(shown_option $M sec)"
	want_ok ls $M
	want_ok mount -i -o "remount,sec=$3" $M
	want_fail mount -i -o remount,sec=none $M
	want_like "kernel log" "a remount cannot change sec" "$(kernel_log)"
	want_ok client_umount $M
}

choices() {
	chosen krb5i-sys "" krb5i
	chosen sys-krb5 "" sys
	chosen sys-krb5 sec=krb5 krb5
	chosen sys-krb5 sec=krb5p:krb5:sys krb5
	chosen sys-krb5 sec=krb5p:sys:krb5 sys
}

# refused TEXT EXPORT KEY=VALUE...: a mount that fails with EACCES and TEXT.
refused() {
	local text=$1 export=$2

	shift 2
	attempt /tmp/attempt $M 120 "$KRB_HOST:$SRV/$export" addr=127.0.0.1 "$@"
	judge /tmp/attempt 90 EACCES "$text"
}

wrong_flavor() {
	refused "sec=krb5p only" krb5p sec=krb5
	refused "sec=sys:krb5 only" sys-krb5 sec=krb5i:krb5p
}

# RFC 2623: mounting needs no ticket, using the mount does.
without_keytab() {
	gssd_stop
	want_ok gssd_start /tmp/no-keytab
	krb_mount krb5i || return
	want_like "kernel log" "without a ticket" "$(kernel_log)"
	want_eq "alice reads" shared "$(as 1001 cat $M/open/all)"
	want_err EACCES cat $M/open/all
	want_ok client_umount $M
	# The server's first choice gives way, the user's does not.
	krb_mount krb5i-sys || return
	want_eq "sec=" sys "$(shown_option $M sec)"
	want_like "kernel log" "sec=krb5i, which the server prefers" "$(kernel_log)"
	want_ok ls $M
	want_ok client_umount $M
	krb_mount krb5i-sys sec=krb5i:sys || return
	want_eq "sec=" krb5i "$(shown_option $M sec)"
	want_ok client_umount $M
	gssd_stop
	want_ok gssd_start
}

without_gssd() {
	gssd_stop
	refused "rpc\.gssd.* is not running" krb5 sec=krb5
	refused "rpc\.gssd.* is not running" krb5p
	chosen_without_gssd
	want_ok gssd_start
}

chosen_without_gssd() {
	krb_mount krb5i-sys || return
	want_eq "sec=" sys "$(shown_option $M sec)"
	want_ok client_umount $M
}

e2e_server
SERVER=$KRB_HOST
krb_config
add_user alice 1001
add_user bob 1002
add_user carol 1003
add_user dave 1004
at_end 'gssd_stop; kill_daemon rpc.svcgssd; kill_daemon krb5kdc'
kerberos_start || bail "no Kerberos"
for flavors in krb5 krb5i krb5p krb5i:sys sys:krb5; do
	export_tmpfs "${flavors/:/-}" 64m "rw,async,no_root_squash,sec=$flavors" ||
		bail "no export"
done
login alice 1001 && login bob 1002 || bail "no tickets"

for flavor in krb5 krb5i krb5p; do
	t "$flavor: root by the machine's keytab" root_works $flavor
done
t "krb5i: transfers of all sizes" all_sizes krb5i
t "krb5p: transfers of all sizes" all_sizes krb5p
t "krb5p: 8 MiB arrive as they were" eight_mib
t "users need tickets" users_need_tickets
t "an expired ticket, and a new one" tickets_expire
t "what one may, another may not" caches_are_apart
t "the flavour: sec= in its order, else the server's" choices
t "a flavour that the server does not offer" wrong_flavor
t "no keytab: users with tickets can work" without_keytab
t "no rpc.gssd" without_gssd
e2e_run
