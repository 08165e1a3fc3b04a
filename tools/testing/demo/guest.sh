#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The part of the demo that runs in the guest: server, module, mount, files,
# what it cost beside nfs.ko, and away with it. Any step that fails ends it.

HERE=${BASH_SOURCE[0]%/*}
# shellcheck source=../lib/ktap.sh
. "$HERE/../lib/ktap.sh"
# shellcheck source=../lib/server.sh
. "$HERE/../lib/server.sh"

SERVER_UDP=1
EXPORT=/mnt/srv/demo
MNT=/mnt/snfs
TREE=/tmp/tree
STEP=0

step() {
	STEP=$((STEP + 1))
	printf '\n%d. %s\n' $STEP "$*"
}

# run COMMAND...: shows it, runs it, shows a few lines of what it says.
run() {
	local status

	printf '   # %s\n' "${*/$SNFS_KO/snfs.ko}"
	"$@" >/tmp/said 2>&1
	status=$?
	if [ "$(wc -l </tmp/said)" -gt 12 ]; then
		head -n 10 /tmp/said
		echo "... $(($(wc -l </tmp/said) - 10)) more lines"
	else
		cat /tmp/said
	fi | sed 's/^/     /'
	[ $status = 0 ] || give_up "that failed, status $status"
}

# run_refused COMMAND...: as run, but it has to fail.
run_refused() {
	printf '   # %s\n' "$*"
	! "$@" >/tmp/said 2>&1 || give_up "that should have failed"
	sed 's/^/     /' /tmp/said
}

give_up() {
	printf '\n   %s\n' "$*"
	dmesg | grep snfs | tail -n 5
	exit 1
}

make_tree() {
	mkdir $TREE
	cp -r "$SNFS_TREE"/{Kbuild,COPYING,fs,include,Documentation} $TREE/
	chmod -R u=rwX,go=rX $TREE
	(cd $TREE && find . -type f -exec sha256sum {} +) >/tmp/sums
}

# counters: "PROCEDURE N" as the server counts.
counters() {
	awk 'BEGIN {
		n = split("NULL GETATTR SETATTR LOOKUP ACCESS READLINK READ " \
			"WRITE CREATE MKDIR SYMLINK MKNOD REMOVE RMDIR RENAME " \
			"LINK READDIR READDIRPLUS FSSTAT FSINFO PATHCONF COMMIT", \
			name)
	}
	$1 == "rpc" { print "ALL", $2 }
	$1 == "proc3" { for (i = 1; i <= n; i++) { print name[i], $(i + 2); v3 += $(i + 2) } }
	END { print "NFSACL", -v3 }' /proc/net/rpc/nfsd
}

# mounted TYPE COMMAND...: runs it on a fresh mount, below /mnt/TYPE.
mounted() {
	local options=rw

	[ "$1" = snfs ] || options=vers=3,nolock,addr=127.0.0.1
	mkdir -p "/mnt/$1"
	mount -i -t "$1" -o $options 127.0.0.1:$EXPORT "/mnt/$1" || return 1
	(cd "/mnt/$1" && "${@:2}" >/dev/null) && umount "/mnt/$1"
}

look_at_work() {
	ls -lR work && cd work && sha256sum --quiet -c /tmp/sums
}

# calls_of TYPE: what both clients do, as "PROCEDURE calls" into /tmp/calls.TYPE.
calls_of() {
	local before

	before=$(counters)
	mounted "$1" cp -r $TREE work && mounted "$1" look_at_work &&
		mounted "$1" rm -r work || return 1
	awk 'NR == FNR { was[$1] = $2; next } { print $1, $2 - was[$1] }' \
		<(echo "$before") <(counters) >"/tmp/calls.$1"
}

compare() {
	awk '
	FNR == 1 { column++ }
	{ calls[column, $1] = $2; if (column == 1) order[++n] = $1 }
	END {
		printf "%-14s %8s %8s\n", "call", "snfs", "nfs.ko"
		for (c = 1; c <= 2; c++)
			calls[c, "NFSACL"] += calls[c, "ALL"]
		for (i = 1; i <= n; i++)
			if (order[i] != "ALL" && calls[1, order[i]] + calls[2, order[i]])
				printf "%-14s %8d %8d\n", order[i], calls[1, order[i]], calls[2, order[i]]
		printf "%-14s %8d %8d\n", "in all", calls[1, "ALL"], calls[2, "ALL"]
	}' /tmp/calls.snfs /tmp/calls.nfs
}

start_server() {
	server_start && mkdir -p $EXPORT && mount -t tmpfs -o mode=755 demo $EXPORT &&
		server_export $EXPORT
}

echo
echo "This is Linux $(uname -r) on $(nproc) CPUs, up since $(cut -d ' ' -f 1 /proc/uptime) s."

step "An NFS server (knfsd, mountd, rpcbind) exports $EXPORT, which is empty"
start_server || give_up "the server does not start"
run exportfs -s

step "The module is loaded; it needs sunrpc and no helper, daemon or rpcbind of its own"
for module in $(modinfo -F depends "$SNFS_KO" | tr , ' '); do
	modprobe "$module"
done
run insmod "$SNFS_KO"
run grep snfs /proc/filesystems

step "The export is mounted"
mkdir -p $MNT
run mount -t snfs 127.0.0.1:$EXPORT $MNT
run grep $MNT /proc/mounts
run df -h $MNT

step "A tree is copied in: this module's own sources"
make_tree
run cp -r $TREE/. $MNT
run ls -l $MNT $MNT/include/snfs

step "It is read back, and compared with the checksums of the original"
run umount $MNT
run mount -t snfs 127.0.0.1:$EXPORT $MNT
cd $MNT || give_up "no $MNT"
run sha256sum --quiet -c /tmp/sums
echo "     $(wc -l </tmp/sums) files, $(du -sk $TREE | cut -f 1) KiB: all the same through snfs"
cd $EXPORT || give_up "no $EXPORT"
run sha256sum --quiet -c /tmp/sums
echo "     and all the same on the server's own disk"
cd /

step "Files behave like files"
run sh -c "echo one >$MNT/f && echo two >>$MNT/f && cat $MNT/f"
run ln -s f $MNT/link
run mv $MNT/f $MNT/g
run ln $MNT/g $MNT/hard
run chmod 600 $MNT/g
run ls -l $MNT/g $MNT/hard $MNT/link
run rm -r $MNT/fs $MNT/include
run umount $MNT

step "A program written for libnfs-python, with another import line: a file by its URL, and
   nothing mounted"
export PYTHONPATH=$SNFS_TREE/tools/python PYTHONDONTWRITEBYTECODE=1
run sed -n '/^import snfs/,$p' "$SNFS_TREE/tools/python/tests/guest/example_file.py"
run /usr/bin/python3 "$SNFS_TREE/tools/python/tests/guest/example_file.py" nfs://127.0.0.1$EXPORT/foo-test
run cat $EXPORT/foo-test

step "The same work through snfs and through nfs.ko, on fresh mounts: cp -r; then ls -lR
   and sha256sum; then rm -r. The calls that the server counted:"
calls_of snfs || give_up "snfs could not do it"
calls_of nfs || give_up "nfs.ko could not do it"
compare | sed 's/^/     /'

step "A URL may be the source, with options as arguments: here one user for all calls"
run mount -t snfs "nfs://127.0.0.1$EXPORT?uid=1000&gid=1000&readonly" $MNT
run grep $MNT /proc/mounts
run umount $MNT

step "NFS over UDP: the nfs.ko of this kernel is built without it; snfs needs no more than sunrpc"
run_refused mount -i -t nfs -o vers=3,nolock,proto=udp,addr=127.0.0.1 127.0.0.1:$EXPORT $MNT
run mount -t snfs -o proto=udp 127.0.0.1:$EXPORT $MNT
run grep $MNT /proc/mounts
run cp -r $TREE $MNT/udp
cd $MNT/udp || give_up "no $MNT/udp"
run sha256sum --quiet -c /tmp/sums
cd $EXPORT/udp || give_up "no $EXPORT/udp"
run sha256sum --quiet -c /tmp/sums
cd /
run grep xprt: /proc/self/mountstats
run umount $MNT

step "Any server by its path, nothing mounted before: the context-free root"
mkdir -p /mnt/net
run mount -t snfs -o soft,idle=60 nfs:// /mnt/net
run cat /mnt/net/127.0.0.1$EXPORT/g
run ls /mnt/net /mnt/net/127.0.0.1
run grep /mnt/net /proc/mounts
run umount /mnt/net

step "Unloaded: nothing is left"
run rmmod snfs
[ ! -e /sys/module/snfs ] || give_up "snfs is still loaded"
! dmesg | grep -E 'WARNING|BUG|Oops' || give_up "the kernel complained"
echo "     the kernel has no complaint in its log"
