# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# v2server.sh - a server of NFS version 2 only, and our own, in the place of
# mountd and knfsd: what server.sh has, for scripts that run with
# SNFS_SERVER_MAKE=v2server. It needs nothing of the guest's kernel.

V2_WORDS=/tmp/v2.words
V2_LOG=/tmp/v2.log

CLIENT_OPTIONS=vers=2${CLIENT_OPTIONS:+,$CLIENT_OPTIONS}

is_v2() {
	true
}

# v2_odd [WORD...]: how the server is odd from the next call on, in the words of
# e2e/helpers/v2server.c; without any it is as RFC 1094 says.
v2_odd() {
	echo "$*" >$V2_WORDS.new
	mv $V2_WORDS.new $V2_WORDS
}

server_start() {
	ip link set lo up
	hostname snfs-guest
	mkdir -p "$SRV" /run/rpcbind /run/sendsigs.omit.d
	v2_odd
	rpcbind_start && nfsd_start
}

server_stop() {
	nfsd_stop
	rpcbind_stop
}

mountd_start() {
	true
}

mountd_stop() {
	true
}

nfsd_start() {
	"$(helper v2server)" -r 2049 $MOUNTD_PORT $V2_WORDS "$SRV" </dev/null >>$V2_LOG 2>&1
}

nfsd_stop() {
	kill_daemon v2server
}

# server_export DIR: all below $SRV is exported, to everybody.
server_export() {
	[[ $1 == "$SRV"/* ]]
}

unexport() {
	local name

	for name; do
		umount "$SRV/$name"
	done
}

# server_calls [PROCEDURE]: calls as the server counted them since it started, of
# one procedure, or of all of NFS. Names as in RFC 1094; also "again" and "lost".
server_calls() {
	awk -v want="${1:-}" '
	want == "" && $1 ~ /^(again|lost|mount-null|mnt|dump|umnt|umntall|export|exportall)$/ { next }
	want == "" || want == $1 { sum += $2 }
	END { print sum + 0 }' $V2_WORDS.calls
}
