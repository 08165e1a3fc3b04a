#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Mounting from what is no NFS server: ports that take all and answer nothing,
# answer garbage, or answer for another program. Each ends in a clear error in
# bounded time. All are tried at once, as most of it is waiting.
# kernels: uml 6.12
# timeout: 150

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/refusal.sh
. "$E2E_LIB/refusal.sh"

BAD_PORT=3300
PIDS=()

# bad WHAT MODE SECONDS ERRNO TEXT: WHAT is nfs (its port is bad, mountd good),
# or tcp or udp (mountd's port is bad, reached that way); MODE as in
# helpers/badserver.c. Starts it all and registers the test.
bad() {
	local what=$1 mode=$2 seconds=$3 options

	BAD_PORT=$((BAD_PORT + 1))
	"$(helper badserver)" "$mode" $BAD_PORT &
	PIDS+=($!)
	options=(mountport=$BAD_PORT "mountproto=$what")
	[[ $what != nfs ]] ||
		options=(port=$BAD_PORT "mountport=$MOUNTD_PORT")
	{
		wait_until 20 listens $BAD_PORT
		attempt "/tmp/bad.$BAD_PORT" "$MNTS/bad.$BAD_PORT" 100 \
			"127.0.0.1:$SRV/main" "${options[@]}" soft timeo=10 retrans=1
	} &
	t "$what port: $mode" judge_bad $BAD_PORT "$seconds" "$4" "$5"
}

listens() {
	grep -q "$(printf ':%04X ' "$1")" /proc/net/tcp
}

judge_bad() { # PORT SECONDS ERRNO TEXT
	wait_until 120 test -e "/tmp/bad.$1" ||
		{ fail "the mount does not end"; return; }
	judge "/tmp/bad.$1" "$2" "$3" "$4"
	want_fail mountpoint -q "$MNTS/bad.$1"
}

healthy() {
	kill "${PIDS[@]}"
	want_ok client_mount main "$MNT" || return
	want_eq "file" content "$(cat "$MNT/file")"
	want_ok client_umount "$MNT"
}

is_snfs || { t "bad servers" skip "the messages are those of snfs"; run_tests; }
e2e_server
export_tmpfs main || bail "no export"
echo content >"$EXP/file"
helper badserver >/dev/null
helper fsmount >/dev/null
ADDRESS="127\.0\.0\.1"
bad nfs silent 60 "ETIMEDOUT|EIO" "$ADDRESS.*answer"
bad nfs close 60 "ETIMEDOUT|EIO|ECONNREFUSED|ECONNRESET|EPIPE|ENOTCONN" "$ADDRESS"
bad nfs garbage 60 "ETIMEDOUT|EIO|ECONNRESET|EPROTO" "$ADDRESS.*answer"
bad nfs http 60 "ETIMEDOUT|EIO|ECONNRESET|EPROTO" "$ADDRESS.*answer"
bad nfs huge 60 "ETIMEDOUT|EIO|ECONNRESET|EPROTO" "$ADDRESS.*answer"
bad nfs short 60 "ETIMEDOUT|EIO|EPROTO" "$ADDRESS.*answer"
bad nfs badxid 60 "ETIMEDOUT|EIO" "$ADDRESS.*answer"
bad nfs unavail 30 "EPFNOSUPPORT|EPROTONOSUPPORT|EIO|EOPNOTSUPP" "NFS version"
bad nfs mismatch 30 "EPROTONOSUPPORT|EIO" "NFS version 3 or 2"
bad nfs denied 30 "EACCES|EIO" "refuses our credentials"
bad tcp silent 60 "ETIMEDOUT|EIO" "$ADDRESS"
bad udp silent 60 "ETIMEDOUT|EIO" "$ADDRESS"
bad tcp close 60 "ETIMEDOUT|EIO|ECONNREFUSED|ECONNRESET|EPIPE|ENOTCONN" "$ADDRESS"
bad tcp garbage 60 "ETIMEDOUT|EIO|ECONNREFUSED|ECONNRESET|EPROTO" "$ADDRESS"
bad udp garbage 60 "ETIMEDOUT|EIO" "$ADDRESS"
bad udp short 60 "ETIMEDOUT|EIO|EPROTO" "$ADDRESS"
bad udp unavail 30 "EPFNOSUPPORT|EPROTONOSUPPORT|EIO|EOPNOTSUPP" "$ADDRESS"
bad udp mismatch 30 "EPROTONOSUPPORT|EIO" "version"
bad udp denied 30 "EACCES|EIO" "$ADDRESS"
t "a plain mount works after all" healthy
e2e_run
