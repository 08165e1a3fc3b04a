#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs in the UML guest, on virtual time: what each workload costs each client.
#
#   ledger.sh [WORKLOAD...]
#
# One round trip takes 10 ms and computing takes no time, so elapsed time is the
# number of serial round trips. A line for each measurement, separated by |:
#
#   ledger|file system|workload|microseconds|NFS calls|other calls|PROCEDURE=calls ...
#
# SNFS_BENCH_FS names the clients, "nfs snfs" by default.

HERE=${BASH_SOURCE[0]%/*}
# knfsd with all versions and transports it has, made by the kernel itself.
SNFS_SERVER_V2=1
# shellcheck source=../lib/e2e.sh
. "$HERE/../lib/e2e.sh"
# shellcheck source=workloads.sh
. "$HERE/workloads.sh"

# Of the link, one way
DELAY_MS=5
# What knfsd would take by the machine's memory, so that it is the same anywhere.
LARGEST=262144

# link ADD|CHANGE DELAY_MS: a link of 1 Gbit/s as links are, with a queue for each
# direction. In one queue for both the acknowledgements of what comes in would wait
# behind what goes out, and leave the link idle when they are through.
link() {
	local band

	for band in 1 2 3; do
		tc qdisc "$1" dev lo parent 1:$band handle 1$band: netem \
			delay "$2ms" rate 1gbit limit 100000 || return 1
	done
}

link_up() {
	tc qdisc add dev lo root handle 1: prio bands 3 \
		priomap 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 &&
		link add $DELAY_MS &&
		tc filter add dev lo parent 1: protocol ip prio 1 u32 \
			match ip dport 2049 0xffff flowid 1:1 &&
		tc filter add dev lo parent 1: protocol ip prio 1 u32 \
			match ip sport 2049 0xffff flowid 1:2
}

# call_counts: the counter of every procedure of NFSv3 and NFSv2 and that of all calls,
# as VERSION PROCEDURE N. What the latter has beyond the former is NFSACL.
call_counts() {
	awk '
	BEGIN {
		n3 = split("NULL GETATTR SETATTR LOOKUP ACCESS READLINK READ " \
			"WRITE CREATE MKDIR SYMLINK MKNOD REMOVE RMDIR RENAME " \
			"LINK READDIR READDIRPLUS FSSTAT FSINFO PATHCONF COMMIT", \
			name3)
		n2 = split("NULL GETATTR SETATTR ROOT LOOKUP READLINK READ " \
			"WRITECACHE WRITE CREATE REMOVE RENAME LINK SYMLINK " \
			"MKDIR RMDIR READDIR STATFS", name2)
	}
	$1 == "rpc" { print 0, "all", $2 }
	$1 == "proc3" { for (i = 1; i <= n3; i++) print 3, name3[i], $(i + 2) }
	$1 == "proc2" { for (i = 1; i <= n2; i++) print 2, name2[i], $(i + 2) }' \
		/proc/net/rpc/nfsd
}

# counts_between BEFORE AFTER: "NFS|other|PROCEDURE=calls ...".
counts_between() {
	awk '
	NR == FNR { before[$1, $2] = $3; next }
	{ n = $3 - before[$1, $2] }
	$2 == "all" { all = n; next }
	n { nfs += n; list = list (list ? " " : "") $2 "=" n }
	END { printf "%d|%d|%s\n", nfs, all - nfs, list }' <(echo "$1") <(echo "$2")
}

# optional FUNCTION: calls it if there is one.
optional() {
	! declare -F "$1" >/dev/null || "$1"
}

# A client starts cold: nothing of the last one is left, not even a port in
# TIME_WAIT or a TCP metric.
fresh_client() {
	rm -rf "${EXP:?}"/*
	echo 3 >/proc/sys/vm/drop_caches
	sleep 130
}

prepare() {
	fresh_client
	optional "$1_files" || return 1
	[ "$1" = mount ] || client_mount main "$MNT" || return 1
	optional "$1_warm" || return 1
	sync -f "$EXP"
}

# over NAME: the mount options of the workloads with that in front of their names.
over() {
	case $1 in
	v2_*) echo vers=2 ;;
	udp_*) echo proto=udp ;;
	esac
}

measure() {
	local full=$1 name=$1 before after from to status times=1 CLIENT_OPTIONS

	# shellcheck disable=SC2034 # of client_options
	CLIENT_OPTIONS=$(over "$full")
	[ -z "$CLIENT_OPTIONS" ] || name=${full#*_}
	# A longer link is told in round trips, too.
	case $name in
	*_far) times=4 ;;
	esac
	link change $((DELAY_MS * times)) || return 1

	prepare "$name" >/tmp/bench.log 2>&1 || {
		echo "# $FSTYPE $full: cannot be prepared"
		tail -n 5 /tmp/bench.log
		return 1
	}
	before=$(call_counts)
	[ -z "$TRACE" ] || : >"$TRACE/trace"
	from=${EPOCHREALTIME/./}
	"${name}_run" >/tmp/bench.log 2>&1
	status=$?
	to=${EPOCHREALTIME/./}
	after=$(call_counts)
	if [ $status != 0 ]; then
		echo "# $FSTYPE $full: failed, status $status"
		tail -n 5 /tmp/bench.log
		return 1
	fi
	echo "ledger|$FSTYPE|$full|$(((to - from) / times))|$(counts_between "$before" "$after")"
	[ -z "$TRACE" ] || show_trace
}

measure_and_leave() {
	local status=0

	measure "$1" || status=1
	umount_all
	return $status
}

# SNFS_BENCH_TRACE=N: the first N calls of each workload, for a diagnosis.
show_trace() {
	grep -v '^#' "$TRACE/trace" | sed 's/^/# /' | head -n "$SNFS_BENCH_TRACE"
}

TRACE=
if [ -n "${SNFS_BENCH_TRACE:-}" ]; then
	TRACE=/sys/kernel/tracing
	echo 1 >$TRACE/events/sunrpc/rpc_stats_latency/enable
fi

echo "version|ledger|$(uname -r)"
names=$(awk -F '|' 'NF > 1 { gsub(/ /, "", $1); print $1 }' <<<"$WORKLOADS")
names=${*:-$names}
clients=${SNFS_BENCH_FS:-nfs snfs}

bad=0
modprobe nfsv2 2>/dev/null
modprobe nfsd 2>/dev/null
# shellcheck disable=SC2015 # both must succeed
mount -t nfsd nfsd /proc/fs/nfsd && echo $LARGEST >/proc/fs/nfsd/max_block_size ||
	bail "no nfsd"
server_start || bail "the server does not start"
for FSTYPE in $clients; do
	module_load || bail "no $FSTYPE"
done
export_tmpfs main 512m || bail "no export"
echo 1 >/proc/sys/net/ipv4/tcp_no_metrics_save
# The largest buffers as on servers of long links: Linux's 4 MiB hold less than 40 ms.
echo "4096 16384 16777216" >/proc/sys/net/ipv4/tcp_wmem
echo "4096 131072 16777216" >/proc/sys/net/ipv4/tcp_rmem
link_up || bail "no netem"
for name in $names; do
	for FSTYPE in $clients; do
		measure_and_leave "$name" || bad=1
	done
done
server_alive
exit $bad
