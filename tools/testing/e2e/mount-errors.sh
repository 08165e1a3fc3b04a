#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Bad input to mount: each a clear error in bounded time, the machine healthy
# afterwards. The message is looked for in the log of the mount's context.
# kernels: uml 6.12
# timeout: 400

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/refusal.sh
. "$E2E_LIB/refusal.sh"

M=$MNTS/m

# refused SECONDS ERRNO TEXT SOURCE [KEY[=VALUE]]...: as judge has it. Other
# clients need their own options and say other things.
refused() {
	local seconds=$1 errno=$2 text=$3

	shift 3
	is_snfs || { skip "the messages are those of snfs"; return; }
	attempt /tmp/attempt $M $((seconds + 20)) "$@"
	judge /tmp/attempt "$seconds" "$errno" "$text"
	want_fail mountpoint -q $M
}

# As seen by mount(8), which every user has: status 32 and no mount.
refused_by_mount() {
	local out status

	mkdir -p $M
	out=$(limit 60 mount -i -t "$FSTYPE" -o "$(client_options "$1")" \
		"$SERVER:$SRV/main" $M 2>&1)
	status=$?
	want_eq "status of mount: $out" 32 $status
	want_fail mountpoint -q $M
	[[ -z ${2:-} ]] || want_like "kernel log" "$2" "$(kernel_log)"
}

healthy() {
	want_ok client_mount main $M || return
	want_eq "file" content "$(cat $M/file)"
	want_ok client_umount $M
}

# fsconfig(2) takes no text longer than 255 bytes, so this goes through mount(2).
too_long_path() {
	local SRV

	SRV=/$(printf 'p%.0s' {1..1100})
	refused_by_mount nolock "path is longer than 1024"
}

without_rpcbind() {
	rpcbind_stop
	refused 60 "ECONNREFUSED|EIO|ETIMEDOUT|EPROTONOSUPPORT" "rpcbind|portmap" \
		"127.0.0.1:$SRV/main"
	rpcbind_start
	mountd_stop
	mountd_start
	nfsd_stop
	nfsd_start
}

without_mountd() {
	mountd_stop
	refused 60 "ECONNREFUSED|EIO|ETIMEDOUT|EPROTONOSUPPORT|EOPNOTSUPP" \
		"mountd|MOUNT|mount" "127.0.0.1:$SRV/main"
	mountd_start
}

without_nfsd() {
	nfsd_stop
	refused 60 "ECONNREFUSED|EIO|ETIMEDOUT|EPROTONOSUPPORT|EOPNOTSUPP|EACCES|ESTALE" \
		"[Nn][Ff][Ss]|refused|export" "127.0.0.1:$SRV/main" port=2049 soft \
		timeo=10 retrans=1
	nfsd_start
}

without_any() {
	nfsd_stop
	mountd_stop
	rpcbind_stop
	refused 60 "ECONNREFUSED|EIO|ETIMEDOUT|EPROTONOSUPPORT" "127\.0\.0\.1" \
		"127.0.0.1:$SRV/main" soft timeo=10 retrans=1
	rpcbind_start
	mountd_start
	nfsd_start
}

denied_to_client() {
	mkdir -p "$SRV/denied"
	mount -t tmpfs denied "$SRV/denied"
	server_export "$SRV/denied" rw 10.1.2.3
	refused 20 EACCES "denied|permission|permitted" "127.0.0.1:$SRV/denied"
}

not_a_directory() {
	echo x >"$EXP/plain"
	refused 20 "ENOTDIR|EACCES" "ENOTDIR|[Nn]ot a directory|denied|MNT" \
		"127.0.0.1:$SRV/main/plain"
}

# UDP calls into a void, and a route that leads nowhere.
unreachable() {
	ip route add unreachable 192.0.2.0/24 2>/dev/null
	refused 60 "EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EIO" \
		"192\.0\.2\.1|route|reach" "192.0.2.1:$SRV/main"
}

no_answer() {
	server_dead
	refused 90 "ETIMEDOUT|EIO|EHOSTUNREACH" "127\.0\.0\.1|answer|tim" \
		"127.0.0.1:$SRV/main" soft timeo=10 retrans=1
	server_alive
}

# A hard mount must not wait for ever while it is being made, or be killable.
no_answer_hard_killable() {
	local pid start

	server_dead
	mkdir -p $M
	mount -i -t "$FSTYPE" -o "$(client_options nosharecache)" \
		"$SERVER:$SRV/main" $M &
	pid=$!
	sleep 2
	start=$(now_ms)
	kill -9 $pid
	wait $pid 2>/dev/null
	want_max "milliseconds until it ended" 5000 $(($(now_ms) - start))
	server_alive
	want_fail mountpoint -q $M
}

# No tlshd listens in a guest; older kernels have no RPC over TLS.
no_tlshd() {
	case $(uname -r) in
	6.1.*) refused 15 EINVAL "Linux 6\.5" "$LO" "xprtsec=$1" ;;
	*) refused 60 ESRCH "xprtsec=$1.*tlshd.*not running" "$LO" "xprtsec=$1" ;;
	esac
}

e2e_server
export_tmpfs main || bail "no export"
echo content >"$EXP/file"
LO=127.0.0.1:$SRV/main

t "an unknown option is named" refused 15 EINVAL bogus "$LO" bogus
t "an unknown option with a value is named" refused 15 EINVAL bogus "$LO" bogus=1
t "mount(8) fails for an unknown option" refused_by_mount bogus-option \
	"[Uu]nknown.*bogus-option|bogus-option.*[Uu]nknown"
t "a number that is none" refused 15 EINVAL rsize "$LO" rsize=many
t "a negative number" refused 15 EINVAL retrans "$LO" retrans=-1
t "a size of nothing" refused 15 EINVAL timeo "$LO" timeo=0
t "a port above 65535" refused 15 EINVAL port "$LO" port=65536
t "a mountd port above 65535" refused 15 EINVAL mountport "$LO" mountport=99999
t "an unknown transport" refused 15 EINVAL proto "$LO" proto=smoke
t "an unknown flavour" refused 15 EINVAL sec "$LO" sec=secret
t "an unknown transport security" refused 15 EINVAL xprtsec "$LO" xprtsec=ssl
t "TLS without tlshd" no_tlshd tls
t "mutual TLS without tlshd" no_tlshd mtls
t "a version we do not speak" refused 15 "EINVAL|EPROTONOSUPPORT" vers "$LO" vers=9
t "no connections" refused 15 EINVAL nconnect "$LO" nconnect=0
t "too many connections" refused 15 EINVAL nconnect "$LO" nconnect=1000
t "a wrong lookupcache" refused 15 EINVAL lookupcache "$LO" lookupcache=some
t "a flag with a value" refused 15 EINVAL soft "$LO" soft=1
t "an option without its value" refused 15 EINVAL acregmin "$LO" acregmin
t "acregmin above acregmax" refused 15 EINVAL "acreg(min|max)" "$LO" acregmin=60 acregmax=3
t "a wrong addr=" refused 15 EINVAL "addr|address" "server:$SRV/main" addr=1.2.3
t "a name without addr=" refused 15 "EINVAL|EDESTADDRREQ" "addr" "server.example:$SRV/main"
t "no colon in the source" refused 15 EINVAL "SERVER:|source|server:|colon|path" nonsense
t "no server in the source" refused 15 EINVAL "source|server|address" ":$SRV/main"
t "no path in the source" refused 15 EINVAL "source|path" "127.0.0.1:"
t "a bracket that is not closed" refused 15 EINVAL "source|address|bracket|\\[" "[::1:$SRV/main"
t "a path longer than 1024 bytes" too_long_path
t "address family and transport differ" refused 15 EINVAL "proto|address|family" "$LO" proto=tcp6
t "a plain mount works after these" healthy
t "an export that does not exist" refused 20 "ENOENT|EACCES" \
	"export|ENOENT|No such|denied" "127.0.0.1:$SRV/absent"
t "an export denied to this client" denied_to_client
t "an export that is a file" not_a_directory
t "an address without a route" unreachable
t "rpcbind absent" without_rpcbind
t "mountd absent" without_mountd
t "nfsd absent" without_nfsd
t "server down: nothing listens" without_any
t "server dead: nothing answers" no_answer
t "a mount that waits can be killed" no_answer_hard_killable
t "a plain mount works after all" healthy
e2e_run
