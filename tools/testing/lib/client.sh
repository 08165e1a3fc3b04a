# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# client.sh - the module under test and its mounts.
#
# SNFS_FSTYPE (snfs; nfs for the kernel's own client, to prove the tests
# themselves) and SNFS_KO (path of snfs.ko) come from the runner.

FSTYPE=${SNFS_FSTYPE:-snfs}
SERVER=${SNFS_SERVER:-127.0.0.1}
MNTS=/mnt/clt

# module_load: loads the client, with what it depends on.
module_load() {
	local module

	grep -qw "$FSTYPE" /proc/filesystems && return 0
	if [[ $FSTYPE != snfs ]]; then
		modprobe nfsv3 && modprobe "$FSTYPE"
		return
	fi
	for module in $(modinfo -F depends "$SNFS_KO" | tr , ' '); do
		modprobe "$module" 2>/dev/null
	done
	insmod "$SNFS_KO"
}

# module_unload: removes it and looks for what it may have left.
module_unload() {
	local left

	[[ $FSTYPE == snfs ]] || return 0
	[[ ! -e /sys/module/snfs ]] || want_ok limit 20 rmmod snfs || return 1
	want_gone /sys/module/snfs /sys/kernel/tracing/events/snfs \
		/sys/kernel/debug/snfs /proc/fs/snfs
	want_eq "filesystems" "" "$(grep -w snfs /proc/filesystems)"
	[[ ! -r /proc/slabinfo ]] ||
		want_eq "slab caches" "" "$(grep ^snfs /proc/slabinfo)"
	# An idle kernel worker keeps the name of the queue it served last.
	left=$(ps -e -o comm= | grep snfs | grep -v "^${0##*/}" |
		grep -vE '^kworker/u?[0-9]+:[0-9]+')
	want_eq "threads" "" "$left"
}

is_snfs() {
	[[ $FSTYPE == snfs ]]
}

# client_options OPTIONS: what the file system needs in front of them, and what
# CLIENT_OPTIONS adds to all mounts of a script.
client_options() {
	local addr=${SERVER//[][]/}

	set -- "${CLIENT_OPTIONS:-}${CLIENT_OPTIONS:+${1:+,}}${1:-}"
	case ,$1, in
	*,addr=*) addr= ;;
	esac
	if is_snfs; then
		echo "${1:-rw}"
	else
		echo "vers=3,nolock${addr:+,addr=$addr}${1:+,$1}"
	fi
}

# client_mount EXPORT DIR [OPTIONS]: EXPORT is a name below $SRV or a path.
client_mount() {
	local export=$1 dir=$2

	[[ $export == /* ]] || export=$SRV/$export
	mkdir -p "$dir"
	limit 60 mount -i -t "$FSTYPE" -o "$(client_options "${3:-}")" \
		"$SERVER:$export" "$dir"
}

# client_umount DIR...
client_umount() {
	local dir status=0

	for dir; do
		limit 60 umount "$dir" || status=1
	done
	return $status
}

# umount_all: every mount of the client, newest first.
umount_all() {
	local dir

	while read -r dir; do
		umount "$dir" 2>/dev/null || umount -f -l "$dir"
	done < <(awk -v t="$FSTYPE" '$3 == t { print $2 }' /proc/mounts | tac)
}

# shown_options DIR: the options /proc/mounts shows.
shown_options() {
	awk -v d="$1" '$2 == d { o = $4 } END { print o }' /proc/mounts
}

# shown_option DIR NAME: the value of NAME=, or NAME itself for a flag.
shown_option() {
	shown_options "$1" | tr , '\n' | awk -F= -v n="$2" '
		$1 == n { print (NF > 1 ? substr($0, length(n) + 2) : n) }'
}

# same_superblock DIR DIR: true when both mounts have one superblock.
same_superblock() {
	[[ $(mountpoint -d "$1") == "$(mountpoint -d "$2")" ]]
}

# drop_caches: what is clean is forgotten, on both sides.
drop_caches() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
}
