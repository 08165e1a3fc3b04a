#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# RPC over TLS: xprtsec=tls and mtls with tlshd, with certificates that are right
# and some that are not, at a server that wants it.
# kernels: uml
# timeout: 180

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/refusal.sh
. "$E2E_LIB/refusal.sh"
# shellcheck source=../lib/tls.sh
. "$E2E_LIB/tls.sh"

M=$MNTS/t

# MOUNT makes mountd tell the kernel of the export anew.
tls_mount() { # XPRTSEC
	want_ok client_mount main $M "xprtsec=$1" || return
	want_ok export_needs main 2 4
}

# refused TEXT XPRTSEC: no mount, EACCES or EIO or another of ERRNOS, and TEXT.
refused() {
	attempt /tmp/attempt $M 120 "$SERVER:$EXP" addr=127.0.0.1 "xprtsec=$2"
	judge /tmp/attempt 90 "${ERRNOS:-EACCES|EIO}" "$1"
}

no_tlshd() {
	tlshd_stop
	ERRNOS=ESRCH refused "tlshd .* is not running" tls
	tlshd_start host client || fail "tlshd does not start"
}

# (mountd of Debian 12 knows of no such wants: the mount itself works.)
may_do_nothing() { # XPRTSEC
	tls_mount "$1" || return
	want_err EACCES ls $M
	want_err EACCES touch $M/new
	want_err EACCES cat $M/secret
	want_gone "$EXP/new"
	want_ok client_umount $M
}

# Data of all sizes, names, attributes; the server takes them only over TLS.
works() {
	local size sent received

	sent=$(tls_counter TlsTxSw)
	received=$(tls_counter TlsRxSw)
	tls_mount "$1" || return
	want_eq "xprtsec=" "$1" "$(shown_option $M xprtsec)"
	want_max "TLS senders before" $(($(tls_counter TlsTxSw) - 2)) "$sent"
	want_max "TLS receivers before" $(($(tls_counter TlsRxSw) - 2)) "$received"
	for size in 0 1 4097 16384 16385 70001 4194304; do
		pattern $size $size >/tmp/want
		cp /tmp/want $M/size
		want_same /tmp/want "$EXP/size"
		drop_caches
		want_same /tmp/want $M/size
	done
	dd if=/tmp/want of=$M/direct bs=256k oflag=direct status=none
	want_same /tmp/want "$EXP/direct"
	dd if=$M/direct of=/tmp/got bs=256k iflag=direct status=none
	want_same /tmp/want /tmp/got
	mkdir $M/dir
	(cd "$EXP/dir" && seq -f 'name-%.0f' 1 500 | xargs touch)
	want_eq "names" 500 "$(find $M/dir -type f | wc -l)"
	want_ok rm -r $M/dir
	want_ok client_umount $M
}

# The next connection has a handshake of its own.
server_restarts() {
	local sent

	tls_mount tls || return
	echo before >$M/restart
	sent=$(tls_counter TlsTxSw)
	nfsd_stop
	want_ok nfsd_start
	want_ok stat -f $M
	want_ok export_needs main 2 4
	echo after >>$M/restart
	want_eq "on the server" "before after" "$(xargs <"$EXP/restart")"
	want_max "TLS senders before" $(($(tls_counter TlsTxSw) - 2)) "$sent"
	want_ok client_umount $M
}

# with SERVER-CERTIFICATE CLIENT-CERTIFICATE COMMAND...
with() {
	local server=$1 client=$2

	shift 2
	tlshd_stop
	tlshd_start "$server" "$client" || fail "tlshd does not start"
	"$@"
	tlshd_stop
	tlshd_start host client || fail "tlshd does not start"
}

[[ -x $TLSHD_ROOT/usr/sbin/tlshd ]] || bail "no tlshd: run tools/testing/tlshd.sh"
modprobe tls 2>/dev/null
e2e_setup
at_end tlshd_stop
echo secret >"$EXP/secret"
names=DNS:snfs-guest,IP:127.0.0.1
authority ca && authority rogue-ca && certificate host ca $names &&
	certificate client ca $names && certificate other-host ca DNS:elsewhere &&
	certificate rogue-host rogue-ca $names && certificate rogue-client rogue-ca $names ||
	bail "no certificates"
tlshd_start host client || bail "no tlshd: $(tail -n 3 $TLS/log; cat /proc/net/netlink)"
client_umount $MNT

t "a server that wants TLS refuses a client without" may_do_nothing none
t "xprtsec=tls" works tls
t "xprtsec=mtls" works mtls
t "the server restarts" server_restarts
t "a server whose certificate nobody trusts" with rogue-host client refused "no TLS session" tls
t "a server with another's name" with other-host client refused "no TLS session" tls
t "a client whose certificate nobody trusts" with host rogue-client refused "no TLS session" mtls
t "no tlshd" no_tlshd
e2e_run
