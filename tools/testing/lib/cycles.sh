# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# cycles.sh - mounting and unmounting again and again, and what is held.

# held: what the client and its mounts hold in the kernel, one line.
held() {
	local shrink

	# Shrinking also empties KASAN's quarantine.
	for shrink in /sys/kernel/slab/snfs_*/shrink; do
		[[ ! -w $shrink ]] || echo 1 >"$shrink"
	done
	awk '$1 ~ /^snfs_/ { n += $2 } END { printf "objects %d", n }' \
		/proc/slabinfo
	awk '$1 ~ /^(TCP|UDP):$/ { printf " %s %d", tolower($1), $3 }' \
		/proc/net/sockstat
	printf ' clients %d transports %d\n' \
		"$(find /sys/kernel/debug/sunrpc/rpc_clnt/* -maxdepth 0 2>/dev/null | wc -l)" \
		"$(find /sys/kernel/debug/sunrpc/rpc_xprt/* -maxdepth 0 2>/dev/null | wc -l)"
}

holds() { # TEXT: as much as then
	[[ $(held) == "$1" ]]
}

# cycle N EXPORT DIR: N times mounted, looked at and unmounted. Every file
# system below the export is looked into; what is written is read back.
cycle() {
	local i options

	for ((i = 1; i <= $1; i++)); do
		case $((i % 4)) in
		0) options=nosharecache ;;
		1) options=nconnect=3 ;;
		2) options=mountproto=udp ;;
		3) options=noresvport,actimeo=0 ;;
		esac
		client_mount "$2" "$3" $options || { fail "mount $i"; return; }
		find "$3" >/dev/null || { fail "find $i"; return; }
		echo "$i" >"$3/${3##*/}" || { fail "write $i"; return; }
		[[ $(<"$3/${3##*/}") == "$i" ]] || { fail "read $i"; return; }
		client_umount "$3" || { fail "umount $i"; return; }
	done
}

# cycle_leaves_nothing N EXPORT DIR: as cycle; nothing is held afterwards that
# was not held before.
cycle_leaves_nothing() {
	local before

	cycle 5 "$2" "$3"
	before=$(held)
	note "held before: $before"
	cycle "$@" || return
	want_eq "mounts" "" "$(awk -v t="$FSTYPE" '$3 == t' /proc/mounts)"
	wait_until 60 holds "$before" || fail "before $before, now $(held)"
}
