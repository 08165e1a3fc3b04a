#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs in a QEMU guest with a stock kernel: what the clients' caches take of memory.
# Lines for report.py:
#
#	memory|file system|what|bytes of each
#	#memory|file system|what|objects|cache=bytes ...
#	version|memory|kernel release
#
# Everything is done twice on fresh mounts, the second time with twice as many
# objects. What unmounting gives back is what the client had kept; the difference
# of the two, divided by the objects that the second had more, is what each costs.
# SNFS_BENCH_FS names the clients, "nfs snfs" by default.

HERE=${BASH_SOURCE[0]%/*}
# shellcheck source=../lib/e2e.sh
. "$HERE/../lib/e2e.sh"

FILES=10000
NAMES=50000
STATE=/tmp/state

# --- what is measured, each with the number of objects ------------------------

files() { # NUMBER
	seq -f "$MNT/$((2 * NAMES))/f%06g.txt" 1 "$1"
}

do_stat() {
	files "$1" | xargs stat -c %i >/dev/null
}

do_access() {
	files "$1" | while read -r file; do
		[[ -r $file ]] || exit 1
	done
}

do_write() {
	files "$1" | while read -r file; do
		echo x >>"$file" || exit 1
	done
}

do_list() {
	ls -U "$MNT/$1" >/dev/null
}

# No ACLs are asked for: each would be a call, and none is kept where there is none.
do_list_long() {
	ls -lU "$MNT/$1" >/dev/null
}

# --- measuring ----------------------------------------------------------------

# What the server keeps of a file for a moment is gone by then.
snapshot() { # NAME
	sleep 15
	sync
	echo 1 >/proc/sys/vm/stat_refresh
	cat /proc/slabinfo >"$STATE/$1.slab"
	grep -E '^(nr_file_pages|nr_shmem|nr_slab_[a-z]*) ' /proc/vmstat >"$STATE/$1.pages"
	awk '$1 == "VmallocUsed:" { print "vmalloc", $2 / 4 }' /proc/meminfo >>"$STATE/$1.pages"
}

# Of each slab cache but the dentries' what its objects take, waste in the slabs included;
# the server's caches and what files in memory are made of do not count.
slab_kept() {
	awk 'FNR < 3 || $1 ~ /^(nfsd|shmem|svc|filp|dentry)/ { next }
	NR == FNR { before[$1] = $2; next }
	{
		bytes = (before[$1] - $2) * $6 * 4096 / $5
		sum += bytes
		if (bytes >= 65536)
			list = list " " $1 "=" int(bytes)
	}
	END { print int(sum) list }' "$STATE/full.slab" "$STATE/empty.slab"
}

# All pages but those of files in memory, of dentries and of inodes: the listing's.
listing_kept() {
	awk -v fs="$FSTYPE" '
	FILENAME ~ /pages$/ {
		sign = FILENAME ~ /full/ ? 1 : -1
		pages = $2 * sign * ($1 == "nr_shmem" ? -1 : 1)
		sum += pages
		by[$1] += pages
		next
	}
	$1 ~ "^(dentry$|lsm_inode|" fs "_inode)" {
		sum -= $15 * $6 * (FILENAME ~ /full/ ? 1 : -1)
	}
	END {
		printf "%d", sum * 4096
		for (name in by)
			printf " %s=%d", name, by[name] * 4096
		print ""
	}' "$STATE"/{full,empty}.{pages,slab}
}

# kept WHAT NUMBER KEPT: bytes that the client keeps after do_WHAT NUMBER.
kept() {
	local bytes caches

	client_mount main "$MNT" noacl || return 1
	"do_$1" "$2" || return 1
	snapshot full
	umount "$MNT" || return 1
	snapshot empty
	read -r bytes caches < <("$3")
	echo "#memory|$FSTYPE|$1|$2|$caches" >&2
	echo "$bytes"
}

# measure WHAT NUMBER KEPT LEAST: fewer than LEAST bytes cannot be.
measure() {
	local once twice bytes=0

	if once=$(kept "$1" "$2" "$3") && twice=$(kept "$1" $((2 * $2)) "$3"); then
		bytes=$(((twice - once + $2 / 2) / $2))
	fi
	if ((bytes < $4)); then
		echo "# $FSTYPE: $1 cannot be measured: $bytes bytes"
		return 1
	fi
	echo "memory|$FSTYPE|$1|$bytes"
}

measure_all() {
	local what status=0

	for what in stat access write; do
		measure $what $FILES slab_kept 700 || status=1
	done
	for what in list list_long; do
		measure $what $NAMES listing_kept 11 || status=1
	done
	return $status
}

server_files() {
	local n

	for n in $NAMES $((2 * NAMES)); do
		mkdir "$EXP/$n"
		(cd "$EXP/$n" && seq -f 'f%06g.txt' 1 "$n" | xargs touch) || return 1
	done
}

bad=0
mkdir -p $STATE
modprobe nfsd
server_start || bail "the server does not start"
export_tmpfs main 512m || bail "no export"
server_files || bail "no files"
echo "version|memory|$(uname -r)"
for FSTYPE in ${SNFS_BENCH_FS:-nfs snfs}; do
	module_load || bail "no $FSTYPE"
	measure_all 2>&1 || bad=1
done
umount_all
server_alive
exit $bad
