# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# server.sh - the NFS server inside the guest: rpcbind, mountd, knfsd.
#
# Exports are made below $SRV. What a test finds there is what the server
# has, whatever the client believes.

SRV=/mnt/srv
NFSD_THREADS=8
MOUNTD_PORT=20048
SERVER_FSID=100

# SNFS_SERVER_V2=1: the server has NFS version 2, too, and clients mount with it. Scripts that are
# run so ask is_v2 where the versions differ.
[[ -z ${SNFS_SERVER_V2:-} ]] || CLIENT_OPTIONS=vers=2${CLIENT_OPTIONS:+,$CLIENT_OPTIONS}

is_v2() {
	[[ -n ${SNFS_SERVER_V2:-} ]]
}

# server_start: rpcbind, nfsd, mountd; does nothing where they run already.
server_start() {
	ip link set lo up
	hostname snfs-guest
	mkdir -p "$SRV" /run/rpcbind /run/sendsigs.omit.d \
		/var/lib/nfs/v4recovery /var/lib/nfs/sm /var/lib/nfs/sm.bak
	touch /var/lib/nfs/etab /var/lib/nfs/rmtab
	# Debian's nfs.conf has mountd look up groups, which users here lack.
	[[ ! -s /etc/nfs.conf ]] || mount --bind /dev/null /etc/nfs.conf
	grep -qw nfsd /proc/filesystems || modprobe nfsd
	mountpoint -q /proc/fs/nfsd || mount -t nfsd nfsd /proc/fs/nfsd ||
		return 1
	rpcbind_start && mountd_start && nfsd_start
}

# server_stop: ends what server_start began, exports included.
server_stop() {
	nfsd_stop
	exportfs -ua
	mountd_stop
	rpcbind_stop
}

rpcbind_start() {
	pidof rpcbind >/dev/null || rpcbind -w || return 1
	wait_until 10 rpcinfo -T udp 127.0.0.1 100000
}

rpcbind_stop() {
	kill_daemon rpcbind
}

mountd_start() {
	pidof rpc.mountd >/dev/null ||
		rpc.mountd --port $MOUNTD_PORT --no-nfs-version 4
}

mountd_stop() {
	kill_daemon rpc.mountd
}

# statd_start: what both ends of a lock need besides lockd.
statd_start() {
	pidof rpc.statd >/dev/null || rpc.statd --no-notify || return 1
	wait_until 10 rpcinfo -T udp 127.0.0.1 100024
}

statd_stop() {
	kill_daemon rpc.statd
}

# lockd_grace SECONDS: how long lockd refuses new locks after its next start; a
# multiple of 3. To be called before nfsd_start: it would be 50 s.
lockd_grace() {
	modprobe lockd 2>/dev/null
	echo 3 >/proc/sys/fs/nfs/nlm_timeout &&
		echo "$1" >/proc/sys/fs/nfs/nlm_grace_period
}

# nfsd_start [THREADS]: over UDP too, if SERVER_UDP is set.
nfsd_start() {
	if is_v2; then
		nfsd_serve +2 +3 -4
		return
	fi
	rpc.nfsd --nfs-version 3 --no-nfs-version 4 ${SERVER_UDP:+--udp} \
		--grace-time 10 "${1:-$NFSD_THREADS}"
}

# nfsd_serve WHICH...: knfsd with versions such as +2 or -3, over TCP and UDP; it must not run yet.
# rpc.nfsd does not know version 2 any more.
nfsd_serve() {
	echo "$*" >/proc/fs/nfsd/versions && "$(helper nfsdsock)" 2049 &&
		echo $NFSD_THREADS >/proc/fs/nfsd/threads
}

# nfsd_stop: calls get no answer or "connection refused" from now on.
nfsd_stop() {
	rpc.nfsd 0
}

kill_daemon() {
	local pids

	pids=$(pidof "$1") || return 0
	# shellcheck disable=SC2086 # a list
	kill $pids
	wait_until 5 no_process "$1" || kill -9 "$(pidof "$1")"
}

no_process() {
	! pidof "$1" >/dev/null
}

# server_export DIR [OPTIONS [CLIENT]]: exports an existing directory.
server_export() {
	local dir=$1 options=${2:-rw,async,no_root_squash} client=${3:-*}

	SERVER_FSID=$((SERVER_FSID + 1))
	exportfs -i -o "$options,no_subtree_check,insecure,fsid=$SERVER_FSID" \
		"$client:$dir"
}

# export_tmpfs NAME [SIZE [OPTIONS]]: a fresh tmpfs at $SRV/NAME.
export_tmpfs() {
	mkdir -p "$SRV/$1"
	mount -t tmpfs -o "size=${2:-256m},mode=755" "srv-$1" "$SRV/$1" || return 1
	server_export "$SRV/$1" "${3:-}"
}

# export_fs NAME [MIBm [OPTIONS]]: what most tests use, of the file system that
# $SNFS_SERVER_FS names: tmpfs (default) or ext4.
export_fs() {
	case ${SNFS_SERVER_FS:-tmpfs} in
	tmpfs) export_tmpfs "$@" ;;
	ext4) EXT4_BLOCK=4096 export_ext4 "$1" "$(tr -d m <<<"${2:-256m}")" "${3:-}" &&
		rmdir "$SRV/$1/lost+found" ;;
	*) bail "SNFS_SERVER_FS=$SNFS_SERVER_FS: tmpfs or ext4" ;;
	esac
}

# export_ext4 NAME MIB [OPTIONS]: a fresh ext4 in a file at $SRV/NAME. Its blocks are
# small, unless $EXT4_BLOCK says how large.
export_ext4() {
	mkdir -p "$SRV/$1"
	truncate -s "$2M" "$SRV/$1.img"
	mkfs.ext4 -q -F -O ^has_journal,quota -E lazy_itable_init=1 -b "${EXT4_BLOCK:-1024}" \
		"$SRV/$1.img" || return 1
	ext4_mount "$1" || return 1
	server_export "$SRV/$1" "${3:-}"
}

ext4_mount() {
	modprobe loop 2>/dev/null
	modprobe ext4 2>/dev/null
	mount -t ext4 -o loop,usrquota "$SRV/$1.img" "$SRV/$1"
}

# unexport NAME...: withdraws exports and unmounts what lies under them. The
# server lets go of an export after an RCU grace period, so not at once.
unexport() {
	local name

	for name; do
		exportfs -u "*:$SRV/$name"
		exportfs -f
		wait_until 60 umount "$SRV/$name" || umount "$SRV/$name"
	done
}

# server_calls [PROCEDURE]: NFSv3 calls (NFSv2 where that is what clients mount with) as the
# server counted them, of one procedure or in all. Names as in RFC 1813, in lower case.
server_calls() {
	awk -v want="${1:-}" -v row="proc$(is_v2 && echo 2 || echo 3)" '
	BEGIN {
		n = split("null getattr setattr lookup access readlink read " \
			"write create mkdir symlink mknod remove rmdir rename " \
			"link readdir readdirplus fsstat fsinfo pathconf commit", \
			name)
		if (row == "proc2")
			n = split("null getattr setattr root lookup readlink read " \
				"writecache write create remove rename link symlink " \
				"mkdir rmdir readdir statfs", name)
	}
	$1 == row {
		for (i = 1; i <= n; i++)
			if (want == "" || want == name[i])
				sum += $(i + 2)
	}
	END { print sum + 0 }' /proc/net/rpc/nfsd
}

# count_calls PROCEDURE COMMAND ARG...: prints how many the command cost.
count_calls() {
	local procedure=$1 before

	shift
	before=$(server_calls "$procedure")
	"$@" >/dev/null 2>&1
	echo $(($(server_calls "$procedure") - before))
}

# server_dead / server_alive: packets on loopback are lost / pass again.
server_dead() {
	modprobe sch_netem 2>/dev/null
	tc qdisc replace dev lo root netem loss 100%
}

server_alive() {
	tc qdisc del dev lo root 2>/dev/null
}
