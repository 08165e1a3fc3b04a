#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs in a QEMU guest whose clock counts instructions: what single calls cost
# the CPU. Lines for report.py:
#
#	cpu|file system|what|instructions|of which in nfsd's threads
#	version|cpu|kernel release
#
# The server runs on the same CPU, so what needs it counts its work too: the
# same for every client. SNFS_BENCH_FS names the clients, "nfs snfs" by default.

HERE=${BASH_SOURCE[0]%/*}
# shellcheck source=../lib/e2e.sh
. "$HERE/../lib/e2e.sh"
# shellcheck source=workloads.sh
. "$HERE/workloads.sh"

LOOPS=/tmp/loops
DEEP=1/2/3/4/5/6/7/8/9/10
MIB=64

server_files() {
	many_files "$EXP/dir" 2000
	mkdir -p "$EXP/$DEEP"
	echo leaf >"$EXP/$DEEP/leaf"
	head -c "${MIB}M" /dev/zero >"$EXP/big"
}

# nfsd_ns: the time that nfsd's threads have had so far.
nfsd_ns() {
	local pid sum=0 ns rest

	for pid in $(pgrep -x nfsd); do
		read -r ns rest <"/proc/$pid/schedstat"
		sum=$((sum + ns))
	done
	echo $sum
}

# measure WHAT PATH: on a fresh mount, so that reading is cold.
measure() {
	local what=$1 cost before nfsd=-

	rm -f "$EXP/new"
	client_mount main "$MNT" || return 1
	before=$(nfsd_ns)
	cost=$("$LOOPS" "$what" "$MNT/$2") || return 1
	case $what in
	read | write) nfsd=$((($(nfsd_ns) - before) / MIB)) ;;
	esac
	echo "cpu|$FSTYPE|$what|$cost|$nfsd"
	umount "$MNT"
}

measure_all() {
	measure stat dir/f00001 && measure path $DEEP/leaf &&
		measure getdents dir && measure open dir/f00001 &&
		measure read big && measure write new
}

# What is measured reads nothing of the host's: that would be waiting.
cp "$SNFS_CACHE/bench/loops" $LOOPS || bail "no measuring loops"
bad=0
modprobe nfsd
# shellcheck disable=SC2015 # both must succeed
mount -t nfsd nfsd /proc/fs/nfsd && echo 1048576 >/proc/fs/nfsd/max_block_size ||
	bail "no nfsd"
server_start || bail "the server does not start"
export_tmpfs main 256m || bail "no export"
server_files
echo "version|cpu|$(uname -r)"
for FSTYPE in ${SNFS_BENCH_FS:-nfs snfs}; do
	module_load || bail "no $FSTYPE"
	measure_all || {
		echo "# $FSTYPE: a measurement failed"
		bad=1
	}
done
umount_all
exit $bad
